"""A merge adds the loser's facts to the survivor in one write, and shows nothing to more people."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from directory.curation.merge import build_merged_record, merge, plan_merge
from directory.errors import BadInput, Conflict, DirectoryError, NotFound
from directory.geo import Disclosure
from directory.live import Directory
from directory.records import (
    Audience,
    Identifier,
    Link,
    Membership,
    MembershipStatus,
    OrganizationKind,
    Relation,
    RelationKind,
    RowMatch,
    Source,
    StoredContact,
    StoredLocation,
    StoredOrganization,
    VerificationMethod,
)
from directory.store.ledger.edits import Network, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from directory.visibility import find_loosening, may_be_same_place
from tests.builders import NOW, a_stored_organization, an_alternative_name, an_id
from tests.directory.store.stored_organizations import (
    LATER,
    a_full_organization,
    a_stored_location,
    put_organizations,
    remove_private_places,
)

PARTNER = RelationKind.PARTNER


# ---------------------------------------------------------------- the merged record


def test_missing_values_come_from_the_loser() -> None:
    full = a_full_organization("Loser", parent=an_id("Parent"))
    result = build_merged_record(a_stored_organization("Survivor", membership=Membership(MembershipStatus.NONE)), full)
    may_differ = {"id", "slug", "name", "names", "verified_at", "verification_method", "sites", "sources"}
    differ = {field for field in StoredOrganization.__struct_fields__ if getattr(result, field) != getattr(full, field)}
    assert differ <= may_differ
    assert (result.id, result.slug, result.name) == (an_id("Survivor"), "survivor", "Survivor")
    assert result.names == (an_alternative_name("Loser"), *full.names)
    assert {site.id for site in result.sites} == {site.id for site in full.sites}
    assert {source.field for source in result.sources} == {"founded", "kind", "locations", "names"}


def test_the_survivors_values_win_and_lists_are_united() -> None:
    survivor = a_full_organization("Survivor")
    loser = a_stored_organization(
        "Loser",
        membership=Membership(MembershipStatus.PROSPECT),
        kind=OrganizationKind.UNION,
        summary="Other.",
        founded=1999,
        website="https://other.example/",
        links=(Link("donate", "https://example.org/give"), Link("shop", "https://example.org/shop")),
        identifiers=(Identifier("US-EIN", "1"),),
        languages=("en", "fr"),
        issue_areas=("health",),
        service_areas=("US-GA", "US-FL"),
    )
    result = build_merged_record(survivor, loser)
    for field in ("kind", "summary", "description", "founded", "website", "membership", "verified_at", "contacts"):
        assert getattr(result, field) == getattr(survivor, field)
    assert result.links == (*survivor.links, loser.links[1])
    assert result.identifiers == (*survivor.identifiers, *loser.identifiers)
    assert result.languages == ("es", "en", "fr")
    assert result.issue_areas == (*survivor.issue_areas, "health")
    assert result.service_areas == ("US-GA", "US-AL", "US-FL")


def test_merging_an_equal_record_with_another_name_adds_only_the_name() -> None:
    full = a_full_organization("A")
    assert build_merged_record(full, replace(full, id=an_id("B"), slug="b")) == full
    renamed = replace(full, names=(*full.names, an_alternative_name("B")), sources=(*full.sources, Source("names", "Letter")))
    assert build_merged_record(full, replace(full, id=an_id("B"), slug="b", name="B")) == renamed


def test_only_sources_of_added_facts_are_added() -> None:
    of_loser = tuple(
        Source(field, f"of {field}") for field in ("name", "summary", "founded", "locations", "contacts", "languages")
    )
    survivor = a_stored_organization("A", summary="s", languages=("en",), sources=(Source("summary", "own"),))
    loser = a_stored_organization("B", summary="t", founded=1971, languages=("en", "es"), sources=of_loser)
    titles = [(source.field, source.title) for source in build_merged_record(survivor, loser).sources]
    assert titles == [("summary", "own"), ("names", "of name"), ("founded", "of founded"), ("languages", "of languages")]
    placed = replace(loser, sites=(a_stored_location(),), contacts=(StoredContact(role="office"),))
    assert {"locations", "contacts"} <= {source.field for source in build_merged_record(survivor, placed).sources}


def test_verification_is_the_survivors_own() -> None:
    verified = {"verified_at": NOW, "verification_method": VerificationMethod.VISIT}
    assert build_merged_record(a_stored_organization("A"), a_stored_organization("B", **verified)).verified_at is None
    result = build_merged_record(
        a_stored_organization("A", **verified), a_stored_organization("B", verified_at=NOW + dt.timedelta(days=9))
    )
    assert (result.verified_at, result.verification_method) == (NOW, VerificationMethod.VISIT)


def test_neither_record_becomes_its_own_parent() -> None:
    a, b, c = an_id("A"), an_id("B"), an_id("C")
    for own, other, expected in ((b, None, None), (None, a, None), (b, c, c), (c, a, c), (c, b, c)):
        assert (
            build_merged_record(a_stored_organization("A", parent=own), a_stored_organization("B", parent=other)).parent
            == expected
        )


SITES = st.builds(
    StoredLocation,
    id=st.uuids().map(str),
    state=st.sampled_from(["US-GA", "US-AL"]),
    city=st.sampled_from([None, "Atlanta", "Macon", "Clarkston"]),
    postal_code=st.sampled_from([None, "30303", "30021"]),
    county=st.sampled_from([None, "US-GA-121", "US-GA-089"]),
    disclosure=st.sampled_from([None, *Disclosure]),
    is_primary=st.booleans(),
)
CONTACTS = st.builds(
    StoredContact,
    name=st.sampled_from([None, "Ann", "Ben"]),
    email=st.sampled_from([None, "a@example.org", "b@example.org"]),
    phone=st.sampled_from([None, "+14045550100", "+14045550101"]),
    audience=st.sampled_from(Audience),
)
PARTS = st.fixed_dictionaries(
    {
        "sites": st.lists(SITES, max_size=3).map(tuple),
        "contacts": st.lists(CONTACTS, max_size=3).map(tuple),
        "audience": st.sampled_from(Audience),
        "issue_areas": st.lists(st.sampled_from(["housing", "gender-violence", "immigration"]), unique=True).map(tuple),
    }
)


@given(PARTS, PARTS)
def test_nothing_of_either_is_shown_to_more_people(own: dict[str, Any], other: dict[str, Any]) -> None:
    survivor, loser = a_stored_organization("A", **own), a_stored_organization("B", **other)
    result = build_merged_record(survivor, loser)
    assert find_loosening(survivor, _drop_chosen_places(loser, result, survivor)) == ()
    assert find_loosening(loser, _drop_chosen_places(survivor, result, loser)) == ()


def _drop_chosen_places(other: StoredOrganization, result: StoredOrganization, own: StoredOrganization) -> StoredOrganization:
    """Drop the other record's places in other areas for which it chose a disclosure, since the merged record now has them."""
    decided = {site.id for site in other.sites if site.disclosure is not None}
    elsewhere = {site.id for site in result.sites if not any(may_be_same_place(identity, site) for identity in own.sites)}
    return replace(result, sites=tuple(site for site in result.sites if site.id not in decided & elsewhere))


# ---------------------------------------------------------------- in the store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store.open(database_url)
    store.migrate()
    yield store
    store.close()


def merge_by_key(store: Store, loser: str, survivor: str, **options: Any) -> int:
    return merge(Directory(store), loser, survivor, actor="ann", now=LATER, **options).revision


def entries(store: Store) -> dict[str, StoredOrganization]:
    assert find_ledger_inconsistencies(store) == []
    return {entry.slug: entry for entry, _ in store.load_organizations()}


def test_a_merge_replaces_both_records_and_redirects_references(store: Store) -> None:
    full = a_full_organization("Loser", issue_areas=("housing",))
    survivor = a_stored_organization("Survivor", parent=full.id)
    both = tuple(Relation(PARTNER, identity) for identity in (full.id, survivor.id))
    hidden = a_stored_location(disclosure=Disclosure.HIDDEN)
    others = [a_stored_organization("Child", parent=full.id, sites=(hidden,)), a_stored_organization("Friend", relations=both)]
    put_organizations(store, full, survivor, *others)
    with store.begin_read() as reading:
        planned = plan_merge(reading, "loser", "survivor")
    assert isinstance(planned.result, StoredOrganization)
    revision = merge_by_key(store, "loser", "survivor", expected_plan=planned, reason="the same")
    records = entries(store)
    assert set(records) == {"survivor", "child", "friend"}
    assert records["survivor"] == remove_private_places(planned.result)
    assert records["survivor"].parent is None
    assert records["child"].parent == survivor.id
    assert records["friend"].relations == (both[1],)
    assert store.load_slug_targets()["loser"] == survivor.id
    after = store.load_history(survivor.id)[-1]
    assert (after.revision, after.reason) == (revision, "the same")
    assert after.after
    private = {site.id: site.private for site in after.after.sites}
    assert all(private[site.id] == site.private for site in full.sites if site.private)
    child = store.load_history(others[0].id)[-1].after
    assert child
    assert child.sites == (hidden,)


def test_records_can_be_given_by_id_or_by_any_former_slug(store: Store) -> None:
    put_organizations(store, *[a_stored_organization(name) for name in "ABCD"])
    put_organizations(store, replace(a_stored_organization("A"), slug="a-2"))
    merge_by_key(store, "a", an_id("B"))
    merge_by_key(store, "a-2", "c")
    assert set(entries(store)) == {"c", "d"}
    assert [name.name for name in entries(store)["c"].names] == ["B", "A"]
    assert store.load_history(an_id("C"))[-1].reason == "merged a-2 into c"
    with pytest.raises(BadInput, match="the same record"):
        merge_by_key(store, "a", "b")


def test_impossible_merges_are_refused(store: Store) -> None:
    put_organizations(store, *[a_stored_organization(name) for name in ("A", "B", "Own")])
    store.write([Remove(an_id("B"))], actor="ann", now=LATER, reason="gone")
    store.write([], actor="ann", now=LATER, reason="a test", network=Network(an_id("Own")))
    before = store.load_head()
    for loser, survivor, kind in (
        ("a", "a", BadInput),
        ("a", "nobody", NotFound),
        ("b", "a", NotFound),
        (an_id("A"), an_id("B"), NotFound),
        ("own", "a", BadInput),
    ):
        with pytest.raises(DirectoryError) as refusal:
            merge_by_key(store, loser, survivor)
        assert isinstance(refusal.value, kind)
    assert store.load_head() == before


def test_a_record_that_changed_since_the_plan_is_not_merged(store: Store) -> None:
    put_organizations(store, a_stored_organization("A"), a_stored_organization("B", sites=(a_stored_location(),)))
    with store.begin_read() as reading:
        planned = plan_merge(reading, "a", "b")
    put_organizations(store, a_stored_organization("B", sites=(replace(a_stored_location(), id=an_id("moved")),)), now=LATER)
    with pytest.raises(Conflict, match="changed since"):
        merge_by_key(store, "a", "b", expected_plan=planned)
    assert set(entries(store)) == {"a", "b"}


def test_a_merge_respects_the_limit_of_a_list(store: Store) -> None:
    def links(prefix: str, count: int) -> tuple[Link, ...]:
        return tuple(Link(prefix, f"https://example.org/{prefix}/{number}") for number in range(count))

    survivor, loser, larger = (
        a_stored_organization(name, links=links(name.lower(), count)) for name, count in (("A", 60), ("B", 41), ("C", 140))
    )
    put_organizations(store, survivor, loser, larger)
    with pytest.raises(BadInput, match=r"would have 101 links, but at most 100 are allowed\. Remove some from one") as refusal:
        merge(Directory(store), loser.slug, survivor.slug, actor="ann", now=LATER)
    assert refusal.value.params["field"] == "links"
    assert {record.name for record, _ in store.load_organizations()} == {"A", "B", "C"}
    put_organizations(store, replace(loser, links=links("b", 40)), now=LATER)
    merge(Directory(store), loser.slug, survivor.slug, actor="ann", now=LATER)


def test_a_merge_keeps_what_imports_know_of_rows(store: Store) -> None:
    match = RowMatch("a-list", "b", True)
    survivor, loser = a_stored_organization("A"), a_stored_organization("B", row_matches=(match,))
    put_organizations(store, survivor, loser)
    merge(Directory(store), loser.slug, survivor.slug, actor="ann", now=LATER)
    assert [record.row_matches for record, _ in store.load_organizations()] == [(match,)]


def test_a_merge_never_creates_a_cycle_of_parents(store: Store) -> None:
    put_organizations(
        store,
        a_stored_organization("Survivor", parent=an_id("Middle")),
        a_stored_organization("Middle", parent=an_id("Loser")),
        a_stored_organization("Loser"),
    )
    with pytest.raises(BadInput, match="through middle"):
        merge_by_key(store, "loser", "survivor")
    with pytest.raises(BadInput, match="through middle"):
        merge_by_key(store, "survivor", "loser")
    merge_by_key(store, "middle", "loser")
    assert entries(store)["survivor"].parent == an_id("Loser")
