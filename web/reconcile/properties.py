"""The properties of an organization that this service offers. Some can also be used in queries."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from directory.fields import COLUMN_ORDER, Field, ValueForm, arrange_fields
from directory.filters.labels import KIND_LABELS, MEMBERSHIP_LABELS
from directory.records import Location, Organization, OrganizationKind
from directory.vocabulary.regions import REGIONS

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


def _get_from_addresses(part: str) -> ValueGetter:
    return lambda organization: [getattr(each.address, part) for each in organization.locations if each.address]


def _get_from_contacts(part: str) -> ValueGetter:
    return lambda organization: [getattr(contact, part) for contact in organization.contacts]


def _build_plain_property(field: Field) -> Property:
    format_value = _build_formatter(field)

    def get_values(organization: Organization) -> list[Value | None]:
        value = getattr(organization, field.name)
        return [format_value(item) for item in (value if field.is_list else [value])]

    return Property(field.name, field.reconcile or "", get_values, usable_in_query=field.is_reconcile_hint)


def _build_formatter(field: Field) -> Callable[[Any], Value | None]:
    """Return the function that formats one value for people: choices, terms and regions by their names."""
    if field.value_type is OrganizationKind:
        return lambda kind: KIND_LABELS[kind][0]
    if field.form is ValueForm.REGIONS:
        return lambda code: REGIONS.require(code).name
    vocabulary = field.vocabulary
    return (lambda slug: vocabulary.require(slug).label()) if vocabulary else lambda value: value


_PLAIN_PROPERTIES = {
    name: _build_plain_property(field) for name, field in arrange_fields(COLUMN_ORDER).items() if field.reconcile is not None
}
_EARLIER_PROPERTIES = ("kind", "website")  # listed before the others
_ALL_PROPERTIES = (
    Property("id", "Id", lambda organization: [organization.id]),
    Property("slug", "Slug", lambda organization: [organization.slug]),
    Property("name", "Name", lambda organization: [organization.name]),
    Property("names", "Other names", lambda organization: [name.name for name in organization.names]),
    _PLAIN_PROPERTIES["kind"],
    Property("membership", "Membership", lambda organization: [MEMBERSHIP_LABELS[organization.membership.status][0]]),
    Property(
        "ein",
        "EIN",
        lambda organization: [number.value for number in organization.identifiers if number.scheme == EIN],
        usable_in_query=True,
    ),
    _PLAIN_PROPERTIES["website"],
    Property("email", "E-mail address", _get_from_contacts("email"), usable_in_query=True),
    Property("phone", "Telephone", _get_from_contacts("phone"), usable_in_query=True),
    Property("street", "Street", _get_from_addresses("street"), usable_in_query=True),
    Property("city", "City", _get_from_addresses("city"), usable_in_query=True),
    Property("county", "County", _get_from_addresses("county")),
    Property("state", "State", _get_from_addresses("state"), usable_in_query=True),
    Property("postal_code", "ZIP code", _get_from_addresses("postal_code"), usable_in_query=True),
    Property("country", "Country", _get_from_addresses("country"), usable_in_query=True),
    *(property for id, property in _PLAIN_PROPERTIES.items() if id not in _EARLIER_PROPERTIES),
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
