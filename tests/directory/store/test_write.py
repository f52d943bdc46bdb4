"""A write is one transaction and one revision, or nothing."""

import datetime as dt
from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from directory.errors import BadInput, Conflict, NotFound
from directory.records import (
    Audience,
    Identifier,
    Relation,
    RelationKind,
)
from directory.store.ledger.edits import EditOutcome, Network, Put, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.read_transaction import ReadTransaction
from directory.store.store import Store
from directory.store.write import Edits
from directory.vocabulary.slugs import is_private_slug
from tests.builders import NOW, a_stored_organization, an_id
from tests.directory.store.stored_organizations import (
    LATER,
    a_full_organization,
    a_stored_location,
    expect_refusal,
    load_organization,
    load_targets_of,
    put_organizations,
)


def write(store: Store, edits: Edits, network: Network | None = None) -> object:
    return store.write(edits, actor="tester", now=LATER, reason="a test", network=network)


def test_each_write_raises_the_revision_by_one(store: Store) -> None:
    assert put_organizations(store, a_stored_organization("A"), a_stored_organization("B")).revision == 1
    assert put_organizations(store, a_stored_organization("C")).revision == 2
    assert [revision for _, revision in store.load_organizations()] == [1, 1, 2]


def test_an_edit_that_changes_nothing_leaves_the_others_to_change(store: Store) -> None:
    one, other = a_stored_organization("One"), a_stored_organization("Other")
    put_organizations(store, one, other)
    receipt = put_organizations(store, one, replace(other, summary="New."))
    assert [result.outcome for result in receipt.results] == [EditOutcome.UNCHANGED, EditOutcome.CHANGED]
    assert receipt.count(EditOutcome.CHANGED) == 1
    assert len(store.load_history(one.id)) == 1


def test_a_write_without_edits_does_not_raise_the_revision(store: Store) -> None:
    assert store.write([], actor="tester", now=NOW, reason="a test").revision == 0


def test_a_stale_edit_is_a_conflict_and_nothing_of_its_write_is_written(store: Store) -> None:
    record = a_stored_organization("A")
    put_organizations(store, record)
    put_organizations(store, replace(record, summary="Second."))
    for stale in (Put(replace(record, summary="Third."), 1), Remove(record.id, 1), Put(record, 0)):
        error = expect_refusal(store, [Put(a_stored_organization("New")), stale])
        assert isinstance(error, Conflict)
        assert error.params["current"] == 2


def test_an_edit_of_the_revision_that_was_read_is_written(store: Store) -> None:
    record = a_stored_organization("A")
    put_organizations(store, record)
    put_organizations(store, a_stored_organization("B"))
    write(store, [Put(replace(record, summary="New."), 1)])
    assert load_organization(store, record.id).summary == "New."
    write(store, [Put(a_stored_organization("C"), 0), Remove(record.id, 3)])
    assert {current.name for current, _ in store.load_organizations()} == {"B", "C"}


def test_an_edit_of_a_removed_record_is_a_conflict(store: Store) -> None:
    error = expect_refusal(store, [Put(a_stored_organization("A"), 7)])
    assert isinstance(error, Conflict)
    assert error.params["current"] is None


def test_removing_an_unknown_id_is_rejected(store: Store) -> None:
    assert isinstance(expect_refusal(store, [Remove(an_id("nobody"))]), NotFound)


def test_a_removed_organization_can_come_back_under_its_id_and_slug(store: Store) -> None:
    record = a_full_organization()
    put_organizations(store, record)
    write(store, [Remove(record.id)])
    assert list(store.load_organizations()) == []
    assert put_organizations(store, record).results[0].outcome is EditOutcome.CREATED
    assert find_ledger_inconsistencies(store) == []


def test_a_former_slug_of_a_public_record_is_not_given_to_another(store: Store) -> None:
    record = a_stored_organization("A", slug="first")
    put_organizations(store, record)
    put_organizations(store, replace(record, slug="second"))
    for taken in ("first", "second"):
        assert expect_refusal(store, [Put(a_stored_organization("B", slug=taken))]).params["argument"] == "slug"


def test_a_slug_is_not_given_to_another_in_the_write_that_gives_it_up(store: Store) -> None:
    record = a_stored_organization("A", slug="first")
    put_organizations(store, record)
    edits = [Put(replace(record, slug="second")), Put(a_stored_organization("B", slug="first"))]
    assert expect_refusal(store, edits).params["argument"] == "slug"


def test_a_slug_is_known_to_the_widest_audience_that_saw_the_record_under_it(store: Store) -> None:
    record = a_stored_organization("A", slug="jane-doe-safe-house", audience=Audience.STAFF)
    put_organizations(store, record, a_stored_organization("B", slug="b"))
    put_organizations(store, replace(record, slug="second"))
    put_organizations(store, replace(record, slug="second", audience=Audience.PUBLIC))
    put_organizations(store, replace(record, slug="third", audience=Audience.MEMBERS))
    put_organizations(store, replace(record, slug="second", audience=Audience.MEMBERS))
    known = {audience: without_private_slugs(store.load_slug_targets(audience)) - {"b"} for audience in Audience}
    assert known == {
        Audience.PUBLIC: {"second"},
        Audience.MEMBERS: {"second", "third"},
        Audience.STAFF: {"jane-doe-safe-house", "second", "third"},
    }
    with store.begin_read() as reading:
        assert load_targets_of(reading, Audience.PUBLIC, record.name) == {"second": record.id}
        assert reading.load_key_targets([])[Audience.PUBLIC].slugs == {}
    assert find_ledger_inconsistencies(store) == []


def without_private_slugs(slugs: Iterable[str]) -> set[str]:
    return {slug for slug in slugs if not is_private_slug(slug)}


def test_an_organization_gets_its_old_slug_back(store: Store) -> None:
    record = a_stored_organization("A", slug="first")
    for slug in ("first", "second", "first"):
        put_organizations(store, replace(record, slug=slug))
    assert load_organization(store, record.id).slug == "first"


def test_an_identifier_belongs_to_one_organization(store: Store) -> None:
    number = (Identifier("US-EIN", "52-1633883"),)
    put_organizations(store, a_stored_organization("A", identifiers=number))
    error = expect_refusal(store, [Put(a_stored_organization("B", identifiers=number))])
    assert "US-EIN 52-1633883" in error.user_message
    put_organizations(store, a_stored_organization("B", identifiers=(Identifier("GB-CHC", "52-1633883"),)))


def test_two_of_one_write_cannot_share_a_slug_an_identifier_or_a_site(store: Store) -> None:
    location = a_stored_location()
    for shared in ({"slug": "same"}, {"identifiers": (Identifier("US-EIN", "1"),)}, {"sites": (location,)}):
        assert isinstance(
            expect_refusal(store, [Put(a_stored_organization("A", **shared)), Put(a_stored_organization("B", **shared))]),
            BadInput,
        )


def test_a_location_of_another_organization_is_rejected(store: Store) -> None:
    location = a_stored_location()
    put_organizations(store, a_stored_organization("A", sites=(location,)))
    assert expect_refusal(store, [Put(a_stored_organization("B", sites=(location,)))]).params["argument"] == "sites"


def test_two_new_organizations_may_refer_to_each_other(store: Store) -> None:
    one, other = an_id("One"), an_id("Other")
    relation = Relation(RelationKind.PARTNER, one)
    put_organizations(store, a_stored_organization("One", parent=other), a_stored_organization("Other", relations=(relation,)))
    assert (load_organization(store, one).parent, load_organization(store, other).relations) == (other, (relation,))


def test_a_reference_to_an_unknown_organization_is_rejected(store: Store) -> None:
    unknown = an_id("nobody")
    assert "Add it first" in expect_refusal(store, [Put(a_stored_organization("A", parent=unknown))]).user_message
    assert (
        "Add it first"
        in expect_refusal(
            store, [Put(a_stored_organization("A", relations=(Relation(RelationKind.HOST, unknown),)))]
        ).user_message
    )


def test_a_record_is_removed_only_with_the_references_to_it(store: Store) -> None:
    parent, child = a_stored_organization("Parent"), a_stored_organization("Child", parent=an_id("Parent"))
    friend = a_stored_organization("Friend", relations=(Relation(RelationKind.SISTER, parent.id),))
    put_organizations(store, parent, child, friend)
    assert expect_refusal(store, [Remove(parent.id)]).params["organization"] in {"child", "friend"}
    assert isinstance(expect_refusal(store, [Remove(parent.id), Put(replace(child, summary="x")), Remove(friend.id)]), BadInput)
    write(store, [Remove(parent.id), Put(replace(child, parent=None)), Remove(friend.id)])
    assert [record.id for record, _ in store.load_organizations()] == [child.id]


def test_one_organization_is_edited_once_in_a_write(store: Store) -> None:
    assert isinstance(expect_refusal(store, [Put(a_stored_organization("A")), Remove(an_id("A"))]), BadInput)


def test_the_time_of_a_change_needs_a_zone(sqlite_store: Store) -> None:
    with pytest.raises(BadInput):
        sqlite_store.write([Put(a_stored_organization("A"))], actor="tester", now=dt.datetime(2026, 1, 1), reason="a test")  # noqa: DTZ001


def test_a_function_reads_and_writes_in_one_transaction(store: Store) -> None:
    record = a_stored_organization("A", founded=1)
    put_organizations(store, record)

    def increment_founded(reading: ReadTransaction) -> list[Put]:
        ((current, revision),) = reading.load_organizations([record.id])
        return [Put(replace(current, founded=(current.founded or 0) + 1), revision)]

    for _ in range(3):
        write(store, increment_founded)
    assert load_organization(store, record.id).founded == 4


def test_the_network_is_changed_alone_or_with_edits(store: Store) -> None:
    own = a_stored_organization("Network")
    write(store, [Put(own)], Network(own.id, fictional=True))
    assert (store.load_head().network_id, store.load_head().fictional, store.load_head().revision) == (own.id, True, 1)
    write(store, [], Network(own.id, fictional=True))
    assert store.load_head().revision == 1
    write(store, [], Network(own.id))
    assert (store.load_head().fictional, store.load_head().revision) == (False, 2)
    assert find_ledger_inconsistencies(store) == []


def test_the_networks_own_record_must_exist(store: Store) -> None:
    own = a_stored_organization("Network")
    assert isinstance(expect_refusal(store, [], Network(own.id)), BadInput)
    write(store, [Put(own)], Network(own.id))
    assert isinstance(expect_refusal(store, [Remove(own.id)]), BadInput)
    write(store, [Remove(own.id)], Network())
    assert store.load_head().network_id is None
