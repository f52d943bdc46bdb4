"""Plans of imports of provisions, and what they write."""

import datetime as dt

import pytest

from benchmarks.provisions import REVIEW
from directory.curation.undo import undo
from directory.errors import BadInput
from directory.live import Directory
from directory.records import Audience, RecordKind, Source
from directory.store.ledger.edits import Put
from directory.store.store import Store
from seed.plan.planned_row import RowAction
from tests.builders import a_stored_organization, an_id
from tests.seed.plan.provision_imports import (
    LATER,
    NOW,
    OTHER_REVIEW,
    ROW,
    directory,
    edit,
    import_rows,
    list_actions,
    list_messages,
    load_provisions_by_number,
    plan_rows,
)

__all__ = ["directory"]


# ---------------------------------------------------------------- new provisions


def test_a_new_row_creates_a_provision_with_sources(directory: Directory) -> None:
    (item,) = import_rows(directory, {**ROW, "issue_areas": ["housing"]}).items
    assert item.action is RowAction.CREATE
    provision = load_provisions_by_number(directory)["26.101"]
    assert (provision.name, provision.summary) == ("End evictions", "End evictions. Now.")
    assert (provision.slug, provision.instrument, provision.audience) == ("upr-usa-2020-3-26-101", REVIEW.id, Audience.PUBLIC)
    assert {source.field for source in provision.sources} == {*ROW, "name", "issue_areas"}
    assert {(source.title, source.origin, source.row) for source in provision.sources} == {("A list", "upr", 2)}


def test_a_subject_column_is_the_name(directory: Directory) -> None:
    import_rows(directory, {**ROW, "name": "Evictions"}, {"number": "26.102", "name": "Only a subject"})
    provisions = load_provisions_by_number(directory)
    assert [(one.name, one.summary) for one in provisions.values()] == [
        ("Evictions", "End evictions. Now."),
        ("Only a subject", None),
    ]


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"summary": "End it."}, "no official number"),
        ({"number": "", "summary": "End it."}, "no official number"),
        ({"number": "26.1"}, "neither a subject nor a summary"),
        ({"number": "x" * 31, "summary": "End it."}, "at most 30 characters"),
        ({"number": "26.1", "summary": "x" * 1_001}, "at most 1000 characters"),
        ({"number": "26.1", "summary": "End it.", "recommending_state": "x" * 301}, "at most 300 characters"),
        ({"number": "26.1", "summary": "End it.", "id": "26.1"}, "not a UUID"),
        ({"number": "26.1", "summary": "End it.", "instrument": "udhr"}, 'no instrument "udhr"'),
        ({"number": "26.1", "summary": "End it.", "instrument": "upr-usa-2015"}, "is of upr-usa-2015, not of upr-usa-2020"),
        ({"number": "26.1", "summary": "End it.", "id": an_id("an organization")}, "not a provision"),
    ],
)
def test_a_wrong_row_is_rejected_with_a_reason(directory: Directory, stated: dict[str, object], words: str) -> None:
    directory.write([Put(a_stored_organization("an organization"))], actor="staff", now=NOW, reason="test")
    plan = plan_rows(directory, stated, ROW)
    assert list_actions(plan) == [RowAction.REJECT, RowAction.CREATE]
    assert words in " ".join(list_messages(plan))


def test_all_problems_of_a_row_are_reported(directory: Directory) -> None:
    plan = plan_rows(directory, {"summary": "x" * 1_001, "cycle": "x" * 31})
    assert len(list_messages(plan)) == 3


def test_an_unknown_instrument_is_refused_with_those_that_exist(directory: Directory) -> None:
    with pytest.raises(BadInput, match=r'no instrument "upr"\. Use one of upr-usa-2015, upr-usa-2020'):
        plan_rows(directory, ROW, instrument="upr")
    assert list_actions(plan_rows(directory, ROW, instrument=REVIEW.id)) == [RowAction.CREATE]


def test_a_directory_without_instruments_says_how_to_add_them(store: Store) -> None:
    with pytest.raises(BadInput, match="directory seed --apply"):
        plan_rows(Directory(store), ROW)


def test_a_row_may_state_its_instrument(directory: Directory) -> None:
    plan = plan_rows(directory, {**ROW, "instrument": OTHER_REVIEW.slug}, ROW, instrument=None)
    assert list_actions(plan) == [RowAction.CREATE, RowAction.REJECT]
    assert "Set it with --instrument" in list_messages(plan)[0]


# ---------------------------------------------------------------- numbers


def test_a_number_used_twice_rejects_both_rows(directory: Directory) -> None:
    plan = plan_rows(directory, ROW, {**ROW, "number": " 26.101 ", "summary": "Another."}, {**ROW, "cycle": "2"})
    assert list_actions(plan) == [RowAction.REJECT, RowAction.REJECT, RowAction.CREATE]
    assert set(list_messages(plan)) == {"The number 26.101 of cycle 3 is used in rows 2 and 3. Keep one row for each number."}


def test_a_number_used_twice_rejects_a_row_even_if_the_other_is_wrong(directory: Directory) -> None:
    plan = plan_rows(directory, ROW, {**ROW, "summary": "x" * 1_001})
    assert list_actions(plan) == [RowAction.REJECT, RowAction.REJECT]


def test_a_number_used_twice_does_not_change_the_stored_provision(directory: Directory) -> None:
    import_rows(directory, ROW)
    before = load_provisions_by_number(directory)
    import_rows(directory, {**ROW, "summary": "One."}, {**ROW, "summary": "Two."})
    assert load_provisions_by_number(directory) == before


def test_cycles_and_instruments_have_numbers_of_their_own(directory: Directory) -> None:
    without_cycle = {name: value for name, value in ROW.items() if name != "cycle"}
    import_rows(directory, ROW, {**ROW, "cycle": "2"}, without_cycle)
    import_rows(directory, ROW, instrument=OTHER_REVIEW.slug)
    records = list(directory.store.load_records(RecordKind.PROVISION))
    assert [record.slug for record, _ in records] == [
        "upr-usa-2020-3-26-101",
        "upr-usa-2020-2-26-101",
        "upr-usa-2020-26-101",
        "upr-usa-2015-3-26-101",
    ]


def test_numbers_that_make_the_same_slug_get_different_ones(directory: Directory) -> None:
    import_rows(directory, {**ROW, "number": "26.1"}, {**ROW, "number": "26-1"})
    assert [one.slug for one in load_provisions_by_number(directory).values()] == [
        "upr-usa-2020-3-26-1",
        "upr-usa-2020-3-26-1-2",
    ]


def test_a_row_with_an_id_cannot_take_the_number_of_another_provision(directory: Directory) -> None:
    import_rows(directory, ROW, {**ROW, "number": "26.102"})
    id = load_provisions_by_number(directory)["26.102"].id
    plan = plan_rows(directory, {**ROW, "id": id})
    assert list_messages(plan) == [
        "The number 26.101 is that of upr-usa-2020-3-26-101. Correct it, or update upr-usa-2020-3-26-101 first."
    ]
    assert list_actions(plan_rows(directory, {**ROW, "id": id, "number": "26.103"})) == [RowAction.UPDATE]


def test_two_rows_for_one_provision_are_rejected(directory: Directory) -> None:
    import_rows(directory, ROW)
    id = load_provisions_by_number(directory)["26.101"].id
    plan = plan_rows(directory, {**ROW, "response": "Supported"}, {**ROW, "id": id, "number": "26.103"})
    assert set(list_messages(plan)) == {"Rows 2 and 3 are about the same provision. Keep one of them."}


# ---------------------------------------------------------------- stored provisions


def test_a_row_updates_what_it_states(directory: Directory) -> None:
    import_rows(directory, {**ROW, "issue_areas": ["housing"]})
    before = load_provisions_by_number(directory)["26.101"]
    (item,) = import_rows(
        directory, {"number": "26.101", "cycle": "3", "response": "Supported", "issue_areas": ["tenants"]}
    ).items
    assert (item.action, item.changed_fields) == (RowAction.UPDATE, ("response", "issue_areas"))
    assert item.evidence[0].detail == "upr-usa-2020 26.101 of cycle 3"
    after = load_provisions_by_number(directory)["26.101"]
    assert (after.response, after.summary, after.issue_areas) == ("Supported", before.summary, ("tenants",))
    assert (after.id, after.slug, after.name) == (before.id, before.slug, before.name)


def test_a_subject_that_came_from_the_summary_follows_it(directory: Directory) -> None:
    import_rows(directory, ROW)
    import_rows(directory, {**ROW, "summary": "Stop evictions. Now."})
    assert load_provisions_by_number(directory)["26.101"].name == "Stop evictions"
    import_rows(directory, {**ROW, "name": "Evictions"})
    import_rows(directory, {**ROW, "summary": "Forbid evictions."})
    assert load_provisions_by_number(directory)["26.101"].name == "Evictions"


def test_themes_of_other_sources_stay(directory: Directory) -> None:
    import_rows(directory, {**ROW, "issue_areas": ["housing"]})
    import_rows(directory, {**ROW, "issue_areas": ["tenants"]}, key="another-list")
    provision = load_provisions_by_number(directory)["26.101"]
    assert provision.issue_areas == ("housing", "tenants")
    assert {source.origin for source in provision.sources if source.field == "issue_areas"} == {"upr", "another-list"}


def test_edits_of_people_are_kept_unless_the_source_is_later(directory: Directory) -> None:
    import_rows(directory, ROW)
    edit(directory, "26.101", response="Supported in part")
    new = {**ROW, "response": "Supported"}
    (item,) = plan_rows(directory, new).items
    assert (item.action, item.proposed_fields) == (RowAction.SKIP, ("response",))
    assert plan_rows(directory, new, date=LATER.date() + dt.timedelta(days=1)).items[0].changed_fields == ("response",)
    assert plan_rows(directory, new, overwrites_edits=True).items[0].changed_fields == ("response",)


def test_a_cleared_value_loses_its_source(directory: Directory) -> None:
    import_rows(directory, {**ROW, "issue_areas": ["housing"]})
    import_rows(directory, {"number": "26.101", "cycle": "3", "response": None, "issue_areas": None})
    provision = load_provisions_by_number(directory)["26.101"]
    assert (provision.response, provision.issue_areas) == (None, ())
    assert {"response", "issue_areas"} & {source.field for source in provision.sources} == set()


def test_sources_that_rows_state_are_added_once(directory: Directory) -> None:
    source = {"field": "summary", "title": "A report"}
    import_rows(directory, {**ROW, "sources": [source]}, has_provenance=True)
    import_rows(directory, {**ROW, "sources": [source, {**source, "title": "Another"}]}, has_provenance=True)
    assert load_provisions_by_number(directory)["26.101"].sources == (Source("summary", "A report"), Source("summary", "Another"))


# ---------------------------------------------------------------- again, and undo


def test_a_provision_gets_its_id_back_after_an_undone_import(directory: Directory) -> None:
    import_rows(directory, ROW)
    first = load_provisions_by_number(directory)["26.101"]
    undo(directory, directory.store.load_head().revision, actor="directory undo", now=LATER)
    assert load_provisions_by_number(directory) == {}
    import_rows(directory, ROW)
    again = load_provisions_by_number(directory)["26.101"]
    assert (again.id, again.slug) == (first.id, first.slug)


def test_a_corrected_number_does_not_lose_its_provision(directory: Directory) -> None:
    """Its id depends on the number that it had first. A new row with that number is another provision."""
    import_rows(directory, ROW)
    edit(directory, "26.101", number="26.201")
    import_rows(directory, ROW)
    provisions = load_provisions_by_number(directory)
    assert provisions.keys() == {"26.101", "26.201"}
    assert provisions["26.101"].id != provisions["26.201"].id
