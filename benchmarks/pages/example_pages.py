"""Example addresses of every kind of page, in a fictional network."""

from cli.fictional.organizations import generate_fictional_organizations
from directory.records import Audience, StoredOrganization
from web.pages.languages import LANGUAGES

MIN_RECORDS = 300  # of the network: smaller ones lack some of the examples

# Name -> path of a page. "{organization}" stands for the slug of a record that has almost everything a record can have.
_PATHS = {
    "home": "/",
    "search-words": "/?words=evicton+help+in+Atlnta",
    "search-theme": "/?issue=housing",
    "search-state": "/?issue=housing&region=US-GA",
    "search-near": "/?near=Chicago,+IL&radius=400&order=DISTANCE",
    "search-optional-word": "/?words=housing+supper",
    "search-no-results": "/?issue=tenants&kind=PUBLIC_BODY&region=US-WY&nationwide=EXCLUDE",
    "search-problem": "/?issue=housng&region=US-GA",
    "search-ambiguous-place": "/?words=evictions+in+Springfield",
    "themes": "/themes",
    "theme": "/themes/housing",
    "theme-sensitive": "/themes/gender-violence",
    "community": "/communities/tenants",
    "way-of-working": "/work-areas/legal-services",
    "places": "/places",
    "metro-areas": "/places/metro-areas",
    "tribal-areas": "/places/tribal-areas",
    "named-regions": "/places/named-regions",
    "state": "/places/US-GA",
    "county": "/places/US-GA-121",
    "organization": "/organizations/{organization}",
    "about": "/about",
    "accessibility": "/accessibility",
    "offline": "/offline",
    "not-found": "/organizations/no-such-organization",
}


def list_example_pages(seed: int, language: str | None = None) -> dict[str, str]:
    """Return the paths of the pages by name, in a network made with this seed.

    In addresses without a language, or with the prefix of one of LANGUAGES.
    """
    assert language is None or language in LANGUAGES
    prefix = f"/{language}" if language else ""
    slug = find_richest_record(seed).slug
    return {name: prefix + path.format(organization=slug) for name, path in _PATHS.items()}


def find_richest_record(seed: int) -> StoredOrganization:
    """Return the public record of the network that has the most facts."""
    records = generate_fictional_organizations(MIN_RECORDS, seed)
    return max((record for record in records if record.audience is Audience.PUBLIC), key=_count_facts)


def _count_facts(record: StoredOrganization) -> int:
    lists = (record.sites, record.contacts, record.relations, record.names, record.links)
    return sum(bool(getattr(record, name)) for name in record.__struct_fields__) + sum(map(len, lists))
