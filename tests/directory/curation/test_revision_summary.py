"""The summary of a revision: what changed, what is public now that was not before, and what stays private."""

import datetime as dt

import pytest
from msgspec.structs import replace

from directory.curation.hiding import hide
from directory.curation.merge import merge
from directory.curation.revision_summary import MAX_NAMES, RevisionSummary, SummaryPart, summarize_revision
from directory.curation.undo import undo
from directory.errors import BadInput, NotFound
from directory.geo import Disclosure, Precision
from directory.live import Directory
from directory.records import Audience, Link, PrivatePlace, StoredContact
from directory.store.ledger.edits import Edit, Network, Put, Remove
from directory.store.ledger.erase import erase
from directory.store.store import Store
from tests.builders import NOW, a_stored_coalition, a_stored_location, a_stored_organization, an_id

LATER = NOW + dt.timedelta(days=1)
STREET = "1 Hidden Lane"


def write(store: Store, *edits: Edit, network: Network | None = None) -> RevisionSummary:
    receipt = store.write(edits, actor="ann", now=NOW, reason="a change", network=network)
    return summarize(store, receipt.revision)


def summarize(store: Store, revision: int) -> RevisionSummary:
    with store.begin_read() as reading:
        return summarize_revision(reading, revision)


def list_parts(parts: tuple[SummaryPart, ...]) -> dict[str, list[str]]:
    assert all(part.count == len(part.records) for part in parts)
    return {part.label: [record.name for record in part.records] for part in parts}


def test_a_new_record_is_public_with_all_that_everyone_sees_of_it(any_store: Store) -> None:
    shelter = a_stored_location(private=PrivatePlace(STREET), postal_code="30303")
    contacts = (
        StoredContact(role="Office", phone="+14045550100", audience=Audience.PUBLIC),
        StoredContact(name="Ana Ruiz", email="ana@x.example", audience=Audience.MEMBERS),
    )
    record = a_stored_organization("Alder", sites=(shelter,), contacts=contacts, summary="Homes.", issue_areas=("housing",))
    summary = write(any_store, Put(record))
    assert (summary.revision, summary.actor, summary.reason, summary.changed_at) == (1, "ann", "a change", NOW)
    assert list_parts(summary.changes) == {"created": ["Alder"]}
    assert [(part.label, part.is_main) for part in summary.public] == [
        ("records", True),
        ("places as their city", True),
        ("contacts of offices", True),
        ("summary", True),
        ("issue areas", False),
    ]
    assert list_parts(summary.private) == {"contacts for members only": ["Alder"], "streets and exact points": ["Alder"]}
    assert summary.undo_command == "directory undo 1"


def test_only_what_was_not_public_before_is_listed(any_store: Store) -> None:
    before = a_stored_organization("Alder", summary="Homes.", contacts=(StoredContact(name="Bo", audience=Audience.PUBLIC),))
    write(any_store, Put(before))
    person = StoredContact(name="Cy", phone="+14045550111", audience=Audience.PUBLIC)
    office = StoredContact(role="Intake", audience=Audience.STAFF)
    after = a_stored_organization(
        "Alder Union", id=before.id, slug="alder", links=(Link("donate", "https://x.example"),), contacts=(person, office)
    )
    summary = write(any_store, Put(after))
    assert list_parts(summary.public) == {
        "contacts of named people": ["Alder Union"],
        "name": ["Alder Union"],
        "links": ["Alder Union"],
    }
    assert list_parts(summary.private) == {"contacts for staff only": ["Alder Union"]}


@pytest.mark.parametrize(
    ("disclosure", "label"),
    [
        (Disclosure.EXACT, "places with their street"),
        (Disclosure.POSTAL_CODE, "places as their ZIP code"),
        (Disclosure.COUNTY, "places as their county"),
        (Disclosure.STATE, "places as their state"),
    ],
)
def test_a_place_that_becomes_more_precise_is_listed(store: Store, disclosure: Disclosure, label: str) -> None:
    place = a_stored_location(private=PrivatePlace(STREET), postal_code="30303", county="US-GA-121", known=Precision.POSTAL_CODE)
    write(store, Put(a_stored_organization("Alder", sites=(replace(place, disclosure=Disclosure.HIDDEN),))))
    shown = replace(place, disclosure=disclosure)
    summary = write(store, Put(a_stored_organization("Alder", sites=(shown,))))
    assert label in list_parts(summary.public)
    assert STREET not in str(summary)
    withheld = {} if disclosure is Disclosure.EXACT else {"streets and exact points": ["Alder"]}
    assert list_parts(summary.private) == withheld


def test_a_record_that_becomes_public_is_listed_whole_and_one_that_does_not_is_private(store: Store) -> None:
    secret = a_stored_organization("Alder", audience=Audience.MEMBERS, summary="Homes.")
    summary = write(store, Put(secret), Put(a_stored_organization("Birch", audience=Audience.STAFF)))
    assert summary.public == ()
    assert list_parts(summary.private) == {"records for members only": ["Alder"], "records for staff only": ["Birch"]}
    summary = write(store, Put(a_stored_organization("Alder", summary="Homes.")))
    assert list_parts(summary.public)["records"] == ["Alder"]
    assert list_parts(summary.public)["summary"] == ["Alder"]
    assert summary.private == ()


def test_a_hidden_record_shows_nothing(store: Store) -> None:
    write(store, Put(a_stored_organization("Alder")))
    hide(Directory(store), "alder", now=LATER, reason="threats")
    summary = write(store, Put(a_stored_organization("Alder", summary="Homes.")))
    assert summary.public == ()
    assert list_parts(summary.changes) == {"changed": ["Alder"]}


def test_a_revision_that_undo_never_reverses_is_told_from_others(store: Store) -> None:
    assert write(store, Put(a_stored_organization("Alder"))).may_be_undone
    hide(Directory(store), "alder", now=LATER, reason="threats")
    erase(store, an_id("Alder"), "ann", LATER)
    assert [summarize(store, revision).may_be_undone for revision in (2, 3)] == [False, False]
    for revision in (2, 3):
        with pytest.raises(BadInput):
            undo(Directory(store), revision, now=LATER)


def test_a_parent_is_public_only_with_its_record(store: Store) -> None:
    parent = a_stored_organization("Root", audience=Audience.STAFF)
    summary = write(store, Put(parent), Put(a_stored_organization("Alder", parent=parent.id)))
    assert "parent" not in list_parts(summary.public)
    summary = write(
        store, Put(a_stored_organization("Root")), Put(a_stored_organization("Alder", parent=parent.id, founded=1994))
    )
    assert list_parts(summary.public)["parent"] == ["Alder"]


def test_removals_merges_undo_and_other_kinds(any_store: Store) -> None:
    write(any_store, *(Put(a_stored_organization(name, summary=f"{name}.")) for name in ("Alder", "Birch", "Cedar")))
    merge(Directory(any_store), "birch", "alder", actor="ann", now=LATER, reason="twice")
    assert list_parts(summarize(any_store, 2).changes) == {"changed": ["Alder"], "merged into another": ["Birch"]}
    assert write(any_store, Remove(an_id("Cedar"))).public == ()
    undo(Directory(any_store), 3, now=LATER)
    assert list_parts(summarize(any_store, 4).public)["records"] == ["Cedar"]
    coalition = write(any_store, Put(a_stored_coalition("Task Force", ["Alder"], summary="Together.")))
    assert {"records", "summary", "members"} <= list_parts(coalition.public).keys()


def test_the_network_and_erasures_change_no_record(store: Store) -> None:
    write(store, Put(a_stored_organization("Alder", sites=(a_stored_location(private=PrivatePlace(STREET)),))))
    erase(store, an_id("Alder"), "ann", LATER)
    assert summarize(store, 2).changes == ()
    assert write(store, network=Network(an_id("Alder"))).public == ()
    assert list_parts(summarize(store, 1).changes) == {"created": ["Alder"]}


def test_an_unknown_revision_is_refused(store: Store) -> None:
    with pytest.raises(NotFound, match="There is no revision 9"):
        summarize(store, 9)


def test_many_records_are_counted_and_the_first_are_named(store: Store) -> None:
    (part, *_) = write(store, *(Put(a_stored_organization(f"Org {n}")) for n in range(MAX_NAMES + 5))).public
    assert (part.label, part.count, len(part.records)) == ("records", MAX_NAMES + 5, MAX_NAMES)
