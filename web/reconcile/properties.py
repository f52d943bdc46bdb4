"""The properties of an organization that this service offers. Some can also be used in queries."""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from directory.filters.labels import KIND_LABELS, MEMBERSHIP_LABELS
from directory.records import Location, Organization, OrganizationKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Vocabulary

ORGANIZATION = "organization"  # the type of every entity, in addition to its kind
EIN = "US-EIN"

Value = str | int
ValueGetter = Callable[[Organization], Iterable[Value | None]]


class Property(Struct, frozen=True):
    """A property and how to get its values from an organization.

    With `usable_in_query`, a query may also give a value, which helps to distinguish organizations with the same name.
    """

    id: str
    name: str
    values: ValueGetter
    usable_in_query: bool = False

    @property
    def as_json(self) -> dict[str, str]:
        return {"id": self.id, "name": self.name}


def _get_term_labels(vocabulary: Vocabulary, field: str) -> ValueGetter:
    return lambda organization: [vocabulary.require(slug).label() for slug in getattr(organization, field)]


def _get_from_addresses(part: str) -> ValueGetter:
    return lambda organization: [getattr(each.address, part) for each in organization.locations if each.address]


def _get_from_contacts(part: str) -> ValueGetter:
    return lambda organization: [getattr(contact, part) for contact in organization.contacts]


_ALL_PROPERTIES = (
    Property("id", "Id", lambda organization: [organization.id]),
    Property("slug", "Slug", lambda organization: [organization.slug]),
    Property("name", "Name", lambda organization: [organization.name]),
    Property("names", "Other names", lambda organization: [name.name for name in organization.names]),
    Property("kind", "Kind", lambda organization: [KIND_LABELS[organization.kind][0]]),
    Property("membership", "Membership", lambda organization: [MEMBERSHIP_LABELS[organization.membership.status][0]]),
    Property(
        "ein",
        "EIN",
        lambda organization: [number.value for number in organization.identifiers if number.scheme == EIN],
        usable_in_query=True,
    ),
    Property("website", "Website", lambda organization: [organization.website], usable_in_query=True),
    Property("email", "E-mail address", _get_from_contacts("email"), usable_in_query=True),
    Property("phone", "Telephone", _get_from_contacts("phone"), usable_in_query=True),
    Property("street", "Street", _get_from_addresses("street"), usable_in_query=True),
    Property("city", "City", _get_from_addresses("city"), usable_in_query=True),
    Property("county", "County", _get_from_addresses("county")),
    Property("state", "State", _get_from_addresses("state"), usable_in_query=True),
    Property("postal_code", "ZIP code", _get_from_addresses("postal_code"), usable_in_query=True),
    Property("country", "Country", _get_from_addresses("country"), usable_in_query=True),
    Property("summary", "Summary", lambda organization: [organization.summary]),
    Property("founded", "Founded", lambda organization: [organization.founded]),
    Property("issue_areas", "Issue areas", _get_term_labels(ISSUE_AREAS, "issue_areas")),
    Property("communities", "Communities", _get_term_labels(COMMUNITIES, "communities")),
    Property("work_areas", "Work areas", _get_term_labels(WORK_AREAS, "work_areas")),
    Property("languages", "Languages", _get_term_labels(LANGUAGES, "languages")),
    Property(
        "service_areas", "Service areas", lambda organization: [REGIONS.require(code).name for code in organization.service_areas]
    ),
)
PROPERTIES: Mapping[str, Property] = {each.id: each for each in _ALL_PROPERTIES}
TYPES: tuple[dict[str, str], ...] = (
    {"id": ORGANIZATION, "name": "Organization"},
    *({"id": kind.value, "name": KIND_LABELS[kind][0]} for kind in OrganizationKind),
)


def extend_organization(organization: Organization, property_ids: Iterable[str]) -> dict[str, list[dict[str, Value]]]:
    """Return the distinct values of each property; an empty list if there are none or the property is unknown."""
    return {id: [_format_value(value) for value in _list_values(organization, id)] for id in property_ids}


def list_types(organization: Organization) -> list[dict[str, str]]:
    return [TYPES[0], {"id": organization.kind.value, "name": KIND_LABELS[organization.kind][0]}]


def describe(organization: Organization) -> str:
    """Return the kind and the published city, which help people to distinguish organizations with the same name."""
    primary = sorted(organization.locations, key=lambda location: not location.is_primary)
    city = next((text for location in primary if (text := _format_city(location))), None)
    return ", ".join(part for part in (KIND_LABELS[organization.kind][0], city) if part)


def _format_city(location: Location) -> str:
    address = location.address
    return ", ".join(part for part in (address.city, address.state) if part) if address else ""


def _list_values(organization: Organization, id: str) -> list[Value]:
    values = PROPERTIES[id].values(organization) if id in PROPERTIES else ()
    return list(dict.fromkeys(value for value in values if value is not None))


def _format_value(value: Value) -> dict[str, Value]:
    return {"int": value} if isinstance(value, int) else {"str": value}
