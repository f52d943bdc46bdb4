"""The properties of an organization that this service knows: some tell who is meant, the others are handed out."""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from directory.part_labels import KINDS, MEMBERSHIP
from directory.records import Location, Organization, OrganizationKind
from directory.regions import REGIONS
from directory.vocabulary import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Vocabulary

ORGANIZATION = "organization"  # the type that every entity has; beside it each has its kind
EIN = "US-EIN"

Value = str | int
Values = Callable[[Organization], Iterable[Value | None]]


class Property(Struct, frozen=True):
    """`values` is what an organization has of it. `telling`: a query may state it, too, which tells namesakes apart."""

    id: str
    name: str
    values: Values
    telling: bool = False

    @property
    def shown(self) -> dict[str, str]:
        return {"id": self.id, "name": self.name}


def _terms(vocabulary: Vocabulary, field: str) -> Values:
    return lambda one: [vocabulary.require(slug).label() for slug in getattr(one, field)]


def _of_addresses(part: str) -> Values:
    return lambda one: [getattr(location.address, part) for location in one.locations if location.address]


def _of_contacts(part: str) -> Values:
    return lambda one: [getattr(contact, part) for contact in one.contacts]


_LISTED = (
    Property("id", "Id", lambda one: [one.id]),
    Property("slug", "Slug", lambda one: [one.slug]),
    Property("name", "Name", lambda one: [one.name]),
    Property("names", "Other names", lambda one: [name.name for name in one.names]),
    Property("kind", "Kind", lambda one: [KINDS[one.kind][0]]),
    Property("membership", "Membership", lambda one: [MEMBERSHIP[one.membership.status][0]]),
    Property("ein", "EIN", lambda one: [number.value for number in one.identifiers if number.scheme == EIN], telling=True),
    Property("website", "Website", lambda one: [one.website], telling=True),
    Property("email", "E-mail address", _of_contacts("email"), telling=True),
    Property("phone", "Telephone", _of_contacts("phone"), telling=True),
    Property("street", "Street", _of_addresses("street"), telling=True),
    Property("city", "City", _of_addresses("city"), telling=True),
    Property("county", "County", _of_addresses("county")),
    Property("state", "State", _of_addresses("state"), telling=True),
    Property("postal_code", "ZIP code", _of_addresses("postal_code"), telling=True),
    Property("country", "Country", _of_addresses("country"), telling=True),
    Property("summary", "Summary", lambda one: [one.summary]),
    Property("founded", "Founded", lambda one: [one.founded]),
    Property("issue_areas", "Issue areas", _terms(ISSUE_AREAS, "issue_areas")),
    Property("communities", "Communities", _terms(COMMUNITIES, "communities")),
    Property("work_areas", "Work areas", _terms(WORK_AREAS, "work_areas")),
    Property("languages", "Languages", _terms(LANGUAGES, "languages")),
    Property("service_areas", "Service areas", lambda one: [REGIONS.require(code).name for code in one.service_areas]),
)
PROPERTIES: Mapping[str, Property] = {one.id: one for one in _LISTED}
TYPES: tuple[dict[str, str], ...] = (
    {"id": ORGANIZATION, "name": "Organization"},
    *({"id": kind.value, "name": KINDS[kind][0]} for kind in OrganizationKind),
)


def extended(organization: Organization, asked: Iterable[str]) -> dict[str, list[dict[str, Value]]]:
    """The values of the properties with these ids, each once; [] where there is none or no such property."""
    return {id: [_cell(value) for value in _values(organization, id)] for id in asked}  # noqa: A001


def types(organization: Organization) -> list[dict[str, str]]:
    return [TYPES[0], {"id": organization.kind.value, "name": KINDS[organization.kind][0]}]


def description(organization: Organization) -> str:
    """A few words that tell it from its namesakes: its kind and where it is, as far as that is published."""
    primary = sorted(organization.locations, key=lambda location: not location.is_primary)
    place = next((said for location in primary if (said := _place(location))), None)
    return ", ".join(part for part in (KINDS[organization.kind][0], place) if part)


def _place(location: Location) -> str:
    address = location.address
    return ", ".join(part for part in (address.city, address.state) if part) if address else ""


def _values(organization: Organization, id: str) -> list[Value]:  # noqa: A002
    values = PROPERTIES[id].values(organization) if id in PROPERTIES else ()
    return list(dict.fromkeys(value for value in values if value is not None))


def _cell(value: Value) -> dict[str, Value]:
    return {"int": value} if isinstance(value, int) else {"str": value}
