"""A saved organization is loaded unchanged."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from directory.geo import Disclosure, Point, Precision
from directory.records import (
    SOURCED_FIELDS,
    Audience,
    Identifier,
    Link,
    Membership,
    MembershipStatus,
    NameKind,
    OrganizationKind,
    OrganizationName,
    PrivatePlace,
    Relation,
    RelationKind,
    Source,
    StoredContact,
    StoredLocation,
    StoredOrganization,
)
from directory.store.ledger.edits import EditOutcome, Put, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.records.provenance import order_sources
from directory.store.store import Store
from directory.vocabulary.slugs import is_private_slug
from tests.builders import NOW, a_stored_organization, an_id
from tests.directory.store.stored_organizations import (
    LATER,
    a_full_organization,
    a_stored_location,
    an_exact_location,
    load_organization,
    put_organizations,
    remove_private_places,
)


def test_every_field_comes_back_as_it_was_put(store: Store) -> None:
    parent = a_stored_organization("Parent")
    record = a_full_organization(
        parent=parent.id, relations=(Relation(RelationKind.SISTER, parent.id), Relation(RelationKind.HOST, actor="A"))
    )
    receipt = put_organizations(store, record, parent)
    assert [result.outcome for result in receipt.results] == [EditOutcome.CREATED, EditOutcome.CREATED]
    assert {loaded.id: loaded for loaded, _ in store.load_organizations()} == {
        record.id: remove_private_places(record),
        parent.id: parent,
    }


def test_a_full_record_leaves_no_field_at_its_default() -> None:
    record = a_full_organization(parent=an_id("Parent"))
    defaults = a_stored_organization("Full")
    assert [field for field in StoredOrganization.__struct_fields__ if getattr(record, field) == getattr(defaults, field)] == [
        "id",
        "slug",
        "name",
        "audience",
        "hidden_since",
        "hidden_until",
    ]


def test_records_come_in_the_order_of_their_creation(store: Store) -> None:
    put_organizations(store, *[a_stored_organization(name) for name in ("C", "A", "B")])
    put_organizations(store, a_stored_organization("Z"), replace(a_stored_organization("C"), summary="Changed."))
    assert [record.name for record, _ in store.load_organizations()] == ["C", "A", "B", "Z"]


def test_unknown_ids_are_left_out(store: Store) -> None:
    put_organizations(store, *[a_stored_organization(name) for name in ("A", "B", "C")])
    assert {record.name for record, _ in store.load_organizations([an_id("C"), an_id("A"), an_id("nobody")])} == {"A", "C"}
    assert list(store.load_organizations([])) == []


CHANGES: dict[str, Callable[[StoredOrganization], StoredOrganization]] = {
    "a plain field": lambda record: replace(record, summary=None),
    "the membership": lambda record: replace(record, membership=Membership(MembershipStatus.NONE)),
    "the order of names": lambda record: replace(record, names=record.names[::-1]),
    "the order of terms": lambda record: replace(record, issue_areas=record.issue_areas[::-1]),
    "fewer terms": lambda record: replace(record, communities=()),
    "a contact's languages": lambda record: replace(record, contacts=(replace(record.contacts[1], languages=("es",)),)),
    "no sites": lambda record: replace(record, sites=()),
    "sites swapped": lambda record: replace(record, sites=record.sites[::-1]),
    "another exact location": lambda record: replace(record, sites=(*record.sites, an_exact_location())),
    "a new slug": lambda record: replace(record, slug="another"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_saved_and_nothing_else_changes(
    store: Store, change: Callable[[StoredOrganization], StoredOrganization]
) -> None:
    other = a_full_organization("Other")
    record = a_full_organization()
    put_organizations(store, record, other)
    changed = change(record)
    receipt = put_organizations(store, changed, now=LATER)
    assert (receipt.revision, receipt.results[0].outcome) == (2, EditOutcome.CHANGED)
    assert load_organization(store, record.id) == remove_private_places(changed)
    assert load_organization(store, other.id) == remove_private_places(other)
    assert find_ledger_inconsistencies(store) == []


def test_saving_a_record_again_changes_nothing(store: Store) -> None:
    record = a_full_organization()
    put_organizations(store, record)
    head = store.load_head()
    for again in (record, load_organization(store, record.id)):
        receipt = put_organizations(store, again, now=LATER)
        assert (receipt.revision, receipt.results[0].outcome) == (1, EditOutcome.UNCHANGED)
    assert store.load_head() == head
    assert len(store.load_history(record.id)) == 1


def test_a_private_place_that_was_not_read_survives_an_edit_of_the_rest(store: Store) -> None:
    record = a_stored_organization(sites=(a_stored_location(),))
    put_organizations(store, record)
    put_organizations(store, replace(load_organization(store, record.id), summary="New."), now=LATER)
    after = store.load_history(record.id)[-1].after
    assert after is not None
    assert after.sites == record.sites


def test_an_empty_private_place_removes_the_stored_one(store: Store) -> None:
    record = a_stored_organization(sites=(a_stored_location(),))
    put_organizations(store, record)
    location = replace(record.sites[0], private=PrivatePlace(), disclosure=Disclosure.EXACT)
    put_organizations(store, replace(record, sites=(location,)))
    assert load_organization(store, record.id).sites == (replace(location, private=None),)
    assert find_ledger_inconsistencies(store) == []


def test_an_identifier_and_a_location_can_move_between_organizations_of_one_write(store: Store) -> None:
    location, identifier = a_stored_location(), Identifier("US-EIN", "1")
    one, other = a_stored_organization("One", sites=(location,), identifiers=(identifier,)), a_stored_organization("Other")
    put_organizations(store, one, other)
    put_organizations(store, replace(other, sites=(location,), identifiers=(identifier,)), replace(one, sites=(), identifiers=()))
    assert load_organization(store, other.id).identifiers == (identifier,)
    assert find_ledger_inconsistencies(store) == []


# ---------------------------------------------------------------- generated organizations

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
WORD = st.from_regex(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,4})?", fullmatch=True)
DATE = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
MOMENT = st.datetimes(dt.datetime(2, 1, 1), dt.datetime(9998, 1, 1), timezones=st.timezones())  # noqa: DTZ001 - zones are added
MAX_VALUES = 3
PLACES = st.builds(
    PrivatePlace,
    st.none() | TEXT,
    st.none() | st.builds(Point, st.floats(-90, 90), st.floats(-180, 180)),
)
LOCATIONS = st.builds(
    StoredLocation,
    id=st.uuids(version=4).map(str),
    name=st.none() | TEXT,
    state=st.sampled_from([None, "US-GA", "US-NY"]),
    county=st.sampled_from([None, "US-GA-121"]),
    city=st.none() | TEXT,
    postal_code=st.none() | st.from_regex(r"[0-9]{5}", fullmatch=True),
    disclosure=st.none() | st.sampled_from(Disclosure),
    known=st.sampled_from(Precision),
    is_primary=st.booleans(),
    private=PLACES,
)
CONTACTS = st.builds(
    StoredContact,
    role=st.none() | TEXT,
    email=st.none() | TEXT,
    languages=st.lists(WORD, max_size=MAX_VALUES).map(tuple),
    audience=st.sampled_from(Audience),
)


def tuples(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, max_size=MAX_VALUES).map(tuple)


ORGANIZATIONS = st.builds(
    StoredOrganization,
    id=st.just(an_id("any")),
    slug=st.just("any"),
    name=TEXT.filter(str.strip),
    names=tuples(st.builds(OrganizationName, TEXT, st.sampled_from(NameKind), st.none() | WORD)),
    kind=st.sampled_from(OrganizationKind),
    summary=st.none() | TEXT,
    founded=st.none() | st.integers(1, 9999),
    links=tuples(st.builds(Link, TEXT, TEXT)),
    identifiers=st.lists(st.builds(Identifier, TEXT, TEXT), unique=True, max_size=MAX_VALUES).map(tuple),
    languages=st.lists(WORD, unique=True, max_size=MAX_VALUES).map(tuple),
    issue_areas=st.lists(st.sampled_from(["housing", "tenants", "workers", "health"]), unique=True).map(tuple),
    service_areas=st.lists(WORD, unique=True, max_size=MAX_VALUES).map(tuple),
    membership=st.builds(Membership, st.sampled_from(MembershipStatus), st.none() | DATE, st.none() | DATE),
    verified_at=st.none() | MOMENT,
    audience=st.sampled_from(Audience),
    sites=st.lists(LOCATIONS, unique_by=lambda location: location.id, max_size=MAX_VALUES).map(tuple),
    contacts=tuples(CONTACTS),
    relations=tuples(st.builds(Relation, st.sampled_from(RelationKind), actor=TEXT, note=st.none() | TEXT)),
    sources=tuples(
        st.builds(Source, st.sampled_from(SOURCED_FIELDS), TEXT, st.none() | TEXT, st.none() | DATE, st.sampled_from(Disclosure))
    ),
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(record=ORGANIZATIONS)
def test_every_generated_organization_is_loaded_unchanged(store: Store, record: StoredOrganization) -> None:
    store.write([Put(record)], actor="tester", now=NOW, reason="a test")
    private = {
        location.id: location.private
        for location in record.sites
        if location.disclosure is Disclosure.EXACT and location.private != PrivatePlace()
    }
    sites = tuple(replace(location, private=private.get(location.id)) for location in record.sites)
    # in UTC, because Python compares a time in a repeated hour as unequal to every time in another zone
    verified = record.verified_at.astimezone(dt.UTC) if record.verified_at else None
    loaded = load_organization(store, record.id)
    assert loaded.slug == record.slug if record.effective_audience is Audience.PUBLIC else is_private_slug(loaded.slug)
    sources = order_sources(record.sources, ())
    assert loaded == replace(record, slug=loaded.slug, sites=sites, verified_at=verified, sources=sources)
    last = store.load_history(record.id)[-1].after
    assert last == replace(record, slug=loaded.slug, verified_at=verified, sources=sources)
    assert find_ledger_inconsistencies(store) == []


def test_a_removed_record_leads_to_the_one_it_was_merged_into(store: Store) -> None:
    loser, survivor = a_stored_organization("A"), a_stored_organization("B")
    put_organizations(store, loser, survivor)
    store.write([Remove(loser.id, survivor_id=survivor.id)], actor="tester", now=LATER, reason="a test")
    assert store.load_slug_targets() == {"a": survivor.id, "b": survivor.id}
