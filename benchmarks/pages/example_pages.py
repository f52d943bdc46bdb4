"""Example addresses of every kind of page, in a fictional network."""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from cli.fictional.coalitions import build_coalitions
from cli.fictional.events import build_events
from cli.fictional.organizations import generate_fictional_organizations
from directory.records import Audience, MembershipStatus, StoredOrganization, StoredRecord
from web.pages.languages import LANGUAGES

MIN_RECORDS = 300  # organizations of the network: smaller ones lack some of the examples, larger ones have other coalitions
RecordT = TypeVar("RecordT", bound=StoredRecord)

# Name -> path of a page. "{organization}", "{coalition}" and "{event}" stand for the slugs of records that have almost everything
# that such a record can have, "{first_member}" and "{second_member}" for those of others.
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
    "coverage": "/coverage",
    "coverage-row": "/coverage?theme=housing&within=US-SOUTH&goal=2",
    "coverage-counties": "/coverage?kind=COUNTY&within=US-GA&theme=housing",
    "coverage-problem": "/coverage?kind=COUNTY&goal=0&theme=housng",
    "coverage-no-results": "/coverage?words=zzzz+qqqq",
    "partners": "/partners",
    "partners-organization": "/partners?organization={organization}&compare={first_member}&compare={second_member}",
    "partners-group": "/partners?theme=housing&community=tenants&county=US-GA-121&weight-distance=100",
    "partners-problem": "/partners?organization=Nobody+at+all&theme=housng&weight-distance=101",
    "partners-no-results": "/partners?theme=housing&mode=SEEKS_AND_OFFERS",
    "plan": "/plan",
    "plan-members": "/plan?issue=housing&issue=incarceration&issue=racial-justice&region=US-SOUTH-ATLANTIC"
    "&region=US-EAST-SOUTH-CENTRAL&region=US-WEST-SOUTH-CENTRAL&include={organization}",
    "plan-gaps": "/plan?issue=refugees&issue=tenants&region=US-WY&region=US-GA&region=US-GU&per=2&max=2&no={organization}",
    "plan-problem": "/plan?issue=housng&region=US-GEORGA&per=9&include=nobody&place=Springfield&member=Nobody+at+all",
    "coalitions": "/coalitions",
    "coalitions-search": "/coalitions?theme=housing&status=CURRENT",
    "coalitions-problem": "/coalitions?theme=housng&member=Nobody+at+all",
    "coalition": "/coalitions/{coalition}",
    "events": "/events",
    "events-month": "/events?month={month}",
    "events-past": "/events?when=past&theme=housing",
    "events-no-results": "/events?words=supper&region=US-WY",
    "event": "/events/{event}",
    "instruments": "/instruments",
    "instruments-search": "/instruments?theme=housing&members=yes",
    "review": "/instruments/fictional-imaginary-review",
    "declaration": "/instruments/fictional-declaration-of-imaginary-rights",
    "recommendation": "/instruments/fictional-imaginary-review/fictional-recommendation-1-1",
    "article": "/instruments/fictional-declaration-of-imaginary-rights/fictional-article-2",
    "embed-snippet": "/embed/snippet?issue=housing&region=US-GA",
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
    values = _find_values(seed)
    return {name: prefix + path.format_map(values) for name, path in _PATHS.items()}


def find_richest_record(seed: int) -> StoredOrganization:
    """Return the public member of the network that has the most facts. The page of a member also suggests allies."""
    organizations = generate_fictional_organizations(MIN_RECORDS, seed)
    return _find_richest([each for each in organizations if each.membership.status is MembershipStatus.ACTIVE])


@cache
def _find_values(seed: int) -> dict[str, str]:
    """Return what stands for the names in paths. Events take place around today, as in networks that are generated today."""
    organizations = list(generate_fictional_organizations(MIN_RECORDS, seed))
    coalitions = build_coalitions(organizations, seed)
    events = build_events(organizations, coalitions, seed, dt.datetime.now(dt.UTC))
    event = _find_richest(events)
    public = [record for record in organizations if record.effective_audience is Audience.PUBLIC]
    members = [record.slug for record in public if record.membership.status is MembershipStatus.ACTIVE]
    return {
        "first_member": members[0],
        "second_member": members[1],
        "organization": find_richest_record(seed).slug,
        "coalition": _find_richest(coalitions).slug,
        "event": event.slug,
        "month": f"{event.starts_at:%Y-%m}",
    }


def _find_richest(records: Sequence[RecordT]) -> RecordT:
    return max((record for record in records if record.effective_audience is Audience.PUBLIC), key=_count_facts)


def _count_facts(record: StoredRecord) -> int:
    values = [getattr(record, name) for name in record.__struct_fields__]
    return sum(map(bool, values)) + sum(len(value) for value in values if isinstance(value, tuple))
