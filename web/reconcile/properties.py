"""The properties of an organization that this service knows: some tell who is meant, the others are handed out."""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from directory.filters.labels import KIND_LABELS, MEMBERSHIP_LABELS
from directory.records import Location, Organization, OrganizationKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Vocabulary

ORGANIZATION = "organization"  # the type that every entity has; beside it each has its kind
EIN = "US-EIN"

Value = str | int
ValueGetter = Callable[[Organization], Iterable[Value | None]]


class Property(Struct, frozen=True):
    """`values` is what an organization has of it. `telling`: a query may state it, too, which tells namesakes apart."""

    id: str
    name: str
    values: ValueGetter
    usable_in_query: bool = False

    @property
    def as_json(self) -> dict[str, str]:
        return {"id": self.id, "name": self.name}


def _get_term_labels(vocabulary: Vocabulary, field: str) -> ValueGetter:
    return lambda one: [vocabulary.require(slug).label() for slug in getattr(one, field)]


def _get_from_addresses(part: str) -> ValueGetter:
    return lambda one: [getattr(location.address, part) for location in one.locations if location.address]


def _get_from_contacts(part: str) -> ValueGetter:
    return lambda one: [getattr(contact, part) for contact in one.contacts]


_ALL_PROPERTIES = (
    Property("id", "Id", lambda one: [one.id]),
    Property("slug", "Slug", lambda one: [one.slug]),
    Property("name", "Name", lambda one: [one.name]),
    Property("names", "Other names", lambda one: [name.name for name in one.names]),
    Property("kind", "Kind", lambda one: [KIND_LABELS[one.kind][0]]),
    Property("membership", "Membership", lambda one: [MEMBERSHIP_LABELS[one.membership.status][0]]),
    Property(
        "ein", "EIN", lambda one: [number.value for number in one.identifiers if number.scheme == EIN], usable_in_query=True
    ),
    Property("website", "Website", lambda one: [one.website], usable_in_query=True),
    Property("email", "E-mail address", _get_from_contacts("email"), usable_in_query=True),
    Property("phone", "Telephone", _get_from_contacts("phone"), usable_in_query=True),
    Property("street", "Street", _get_from_addresses("street"), usable_in_query=True),
    Property("city", "City", _get_from_addresses("city"), usable_in_query=True),
    Property("county", "County", _get_from_addresses("county")),
    Property("state", "State", _get_from_addresses("state"), usable_in_query=True),
    Property("postal_code", "ZIP code", _get_from_addresses("postal_code"), usable_in_query=True),
    Property("country", "Country", _get_from_addresses("country"), usable_in_query=True),
    Property("summary", "Summary", lambda one: [one.summary]),
    Property("founded", "Founded", lambda one: [one.founded]),
    Property("issue_areas", "Issue areas", _get_term_labels(ISSUE_AREAS, "issue_areas")),
    Property("communities", "Communities", _get_term_labels(COMMUNITIES, "communities")),
    Property("work_areas", "Work areas", _get_term_labels(WORK_AREAS, "work_areas")),
    Property("languages", "Languages", _get_term_labels(LANGUAGES, "languages")),
    Property("service_areas", "Service areas", lambda one: [REGIONS.require(code).name for code in one.service_areas]),
)
PROPERTIES: Mapping[str, Property] = {one.id: one for one in _ALL_PROPERTIES}
TYPES: tuple[dict[str, str], ...] = (
    {"id": ORGANIZATION, "name": "Organization"},
    *({"id": kind.value, "name": KIND_LABELS[kind][0]} for kind in OrganizationKind),
)


def extend_organization(organization: Organization, property_ids: Iterable[str]) -> dict[str, list[dict[str, Value]]]:
    """The values of the properties with these ids, each once; [] where there is none or no such property."""
    return {id: [_format_value(value) for value in _list_values(organization, id)] for id in property_ids}


def list_types(organization: Organization) -> list[dict[str, str]]:
    return [TYPES[0], {"id": organization.kind.value, "name": KIND_LABELS[organization.kind][0]}]


def describe(organization: Organization) -> str:
    """A few words that tell it from its namesakes: its kind and where it is, as far as that is published."""
    primary = sorted(organization.locations, key=lambda location: not location.is_primary)
    place = next((said for location in primary if (said := _format_city(location))), None)
    return ", ".join(part for part in (KIND_LABELS[organization.kind][0], place) if part)


def _format_city(location: Location) -> str:
    address = location.address
    return ", ".join(part for part in (address.city, address.state) if part) if address else ""


def _list_values(organization: Organization, id: str) -> list[Value]:
    values = PROPERTIES[id].values(organization) if id in PROPERTIES else ()
    return list(dict.fromkeys(value for value in values if value is not None))


def _format_value(value: Value) -> dict[str, Value]:
    return {"int": value} if isinstance(value, int) else {"str": value}
