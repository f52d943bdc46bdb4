"""Digests cover every public value of a state and nothing else, and outlive changes of the record's fields."""

import datetime as dt
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from directory.records import (
    Membership,
    PrivatePlace,
    StoredContact,
    StoredLocation,
    StoredOrganization,
)
from directory.store.ledger.change_log import split_private_parts
from directory.store.ledger.state_digest import digest_state
from tests.builders import NOW
from tests.directory.store.stored_organizations import a_full_organization


def as_tuple(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


PUBLIC_PART, _ = split_private_parts(a_full_organization(hidden_since=NOW, hidden_until=NOW.date(), parent="x"))
PART_FIELDS = [
    (field, name)
    for field in PUBLIC_PART.__struct_fields__
    for name in getattr(next(iter(as_tuple(getattr(PUBLIC_PART, field))), None), "__struct_fields__", ())
    if (field, name) != ("sites", "private")
]


def change(value: Any) -> Any:
    """Return another value of the same type."""
    if isinstance(value, tuple):
        return value[:-1]
    if isinstance(value, bool):
        return not value
    if isinstance(value, dt.date):
        return value + dt.timedelta(days=1)
    if isinstance(value, Membership):
        return replace(value, joined_on=None)
    if isinstance(value, StrEnum):
        return next(member for member in type(value) if member is not value)
    return value + type(value)(1)


@pytest.mark.parametrize("field", StoredOrganization.__struct_fields__)
def test_every_field_is_covered(field: str) -> None:
    value = getattr(PUBLIC_PART, field)
    assert value, "the record has a value in every field"
    assert digest_state(replace(PUBLIC_PART, **{field: change(value)})) != digest_state(PUBLIC_PART)


@pytest.mark.parametrize(("field", "name"), PART_FIELDS)
def test_every_field_of_every_part_is_covered(field: str, name: str) -> None:
    value = getattr(PUBLIC_PART, field)
    first = as_tuple(value)[0]
    changed = replace(first, **{name: None if getattr(first, name) is not None else "x"})
    both = changed if isinstance(value, Membership) else (changed, *value[1:])
    assert digest_state(replace(PUBLIC_PART, **{field: both})) != digest_state(PUBLIC_PART)


def test_private_parts_are_not_covered() -> None:
    record = a_full_organization()
    sites = tuple(
        replace(
            site, private=PrivatePlace("9 Other Street"), **({} if site.disclosure else {"name": "Other", "postal_code": "30304"})
        )
        for site in record.sites
    )
    contacts = (StoredContact(email="other@example.org"), record.contacts[1])
    sources = tuple(replace(source, title="Other") if source.field == "locations" else source for source in record.sources)
    other = replace(record, sites=sites, contacts=contacts, sources=sources)
    assert digest_state(split_private_parts(other)[0]) == digest_state(split_private_parts(record)[0])


def test_a_field_that_is_added_later_leaves_old_digests_valid() -> None:
    later_site = msgspec.defstruct("LaterSite", [("floor", int, 0)], bases=(StoredLocation,), frozen=True, kw_only=True)
    fields: list[tuple[str, Any, Any]] = [("seeks", str | None, None), ("level", int, 3), ("tags", tuple[str, ...], ())]
    later = msgspec.defstruct("LaterOrganization", fields, bases=(StoredOrganization,), frozen=True, kw_only=True)
    values = {name: getattr(PUBLIC_PART, name) for name in PUBLIC_PART.__struct_fields__}
    sites = tuple(later_site(**{name: getattr(site, name) for name in site.__struct_fields__}) for site in PUBLIC_PART.sites)
    same: Any = later(**{**values, "sites": sites})
    assert digest_state(same) == digest_state(PUBLIC_PART)
    for different in ({"seeks": "Space"}, {"level": 4}, {"tags": ("x",)}, {"sites": (replace(sites[0], floor=2), *sites[1:])}):
        assert digest_state(replace(same, **different)) != digest_state(PUBLIC_PART)


def test_the_same_value_in_another_field_has_another_digest() -> None:
    base = StoredOrganization(id="1", slug="a", name="A")
    states = [base, replace(base, summary="x"), replace(base, description="x"), replace(base, languages=("x",))]
    states += [replace(base, communities=("x",)), replace(base, communities=("x", "y")), replace(base, communities=("x y",))]
    assert len({digest_state(state) for state in states}) == len(states)


def test_a_time_is_the_same_in_every_zone() -> None:
    east = NOW.astimezone(dt.timezone(dt.timedelta(hours=5)))
    states = [replace(PUBLIC_PART, verified_at=at, hidden_since=at) for at in (NOW, east, NOW + dt.timedelta(microseconds=1))]
    assert digest_state(states[0]) == digest_state(states[1]) != digest_state(states[2])


def test_the_order_of_sources_does_not_matter_and_that_of_other_values_does() -> None:
    assert digest_state(replace(PUBLIC_PART, sources=PUBLIC_PART.sources[::-1])) == digest_state(PUBLIC_PART)
    for field in ("names", "links", "languages", "sites"):
        reversed_values = getattr(PUBLIC_PART, field)[::-1]
        assert digest_state(replace(PUBLIC_PART, **{field: reversed_values})) != digest_state(PUBLIC_PART)
    twice = (*PUBLIC_PART.sources, PUBLIC_PART.sources[0])
    assert digest_state(replace(PUBLIC_PART, sources=twice)) != digest_state(PUBLIC_PART)
