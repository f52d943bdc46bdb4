"""Private streets: no output of an import shows one that its file lacks, unless a person asks for it and the ledger says so."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import event

from cli.receipt_output import format_receipt
from directory.curation.revision_summary import summarize_revision
from directory.curation.undo import undo
from directory.errors import BadInput
from directory.live import Directory
from directory.records import RecordKind, StoredOrganization
from directory.store.ledger.edits import RecordId
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from directory.store.viewed_places import view_streets
from seed.plan.planned_row import OrganizationPlan
from seed.plan_report import build_plan_report, list_row_questions, view_changed_streets
from tests.seed.import_session import ImportSession
from tests.seed.plan_builders import NOW, plan_rows, seed_rows

HIDDEN_NAME = "Hidden Hollow"
STREET, NEW_STREET = f"17 {HIDDEN_NAME} Lane", "99 Oak St"
HEADINGS = "Organization,Street,City,State\n"
SHELTER = {"name": "Casa Segura", "locations": [{"street": STREET, "city": "Mesa", "state": "AZ"}]}
MOVED = {"name": "Casa Segura", "locations": [{"street": NEW_STREET, "city": "Mesa", "state": "AZ"}]}


@pytest.fixture
def changed_list(any_walk: ImportSession) -> Path:
    """A list with other streets than the directory, for one organization found by name and one with a similar name."""
    first = f"{HEADINGS}Casa Segura,{STREET},Mesa,AZ\nNorth Valley Shelter,18 {HIDDEN_NAME} Lane,Mesa,AZ\n"
    any_walk.import_all(any_walk.write_file("list.csv", first), "--source", "a-list")
    rows = f"Casa Segura,{NEW_STREET},Mesa,AZ\nNorth Vally Shelter,97 Elm St,Mesa,AZ\nSegura House,17 Hidden Holow Ln,Mesa,AZ\n"
    return any_walk.write_file("list.csv", HEADINGS + rows)


def list_outputs(walk: ImportSession, file: Path, *options: str) -> Iterator[str]:
    """Yield everything that an import prints and writes."""
    answers = "\n" + "q\n" * 3 + "later\n" * 5
    folder = walk.folder
    for report, corrections in (("r.json", "c.csv"), ("r.csv", "c2.csv")):
        files: tuple[str | Path, ...] = ("--report", folder / report, "--corrections", folder / corrections)
        arguments = ("--source", "a-list", *files, *options)
        yield walk.seed(file, *arguments, "--interactive", stdin=answers).output
        yield from ((folder / name).read_text() for name in (report, corrections) if (folder / name).exists())
    yield walk.seed(file, "--source", "a-list", "--apply", *options).output


def test_no_output_shows_a_street_that_the_file_does_not_contain(any_walk: ImportSession, changed_list: Path) -> None:
    outputs = list(list_outputs(any_walk, changed_list))
    assert any("(street differs)" in output for output in outputs)
    assert any("perhaps the same" in output for output in outputs), "there are doubtful rows"
    assert any("17 hidden holow" in output.casefold() for output in outputs), "a street of the file is compared"
    assert not [output for output in outputs if HIDDEN_NAME.casefold() in output.casefold()]
    with closing(Store.open(any_walk.url)) as store, store.begin_read() as reading:
        revision = reading.load_head().revision
        assert HIDDEN_NAME not in "\n".join(format_receipt(summarize_revision(reading, revision)))


def test_a_person_who_asks_sees_it_and_the_history_says_so(any_walk: ImportSession, changed_list: Path) -> None:
    report = any_walk.folder / "report.json"
    output = any_walk.seed(changed_list, "--source", "a-list", "--show-streets", "--report", report).output
    assert "Private streets of 1 row are shown. The history of each record lists that you looked." in output
    assert f"locations: {STREET}, Mesa, AZ → {NEW_STREET}, Mesa, AZ" in output
    assert STREET in report.read_text()
    assert f"18 {HIDDEN_NAME}" not in output + report.read_text(), "only what the rows change"
    history = any_walk.run("history", "casa-segura").output.splitlines()
    assert "directory seed: private streets in the plan of an import of a-list (looked at its streets)" in history[-1]
    assert HIDDEN_NAME not in any_walk.run("history", "casa-segura").output
    assert "looked" not in any_walk.run("history", "north-valley-shelter").output
    with closing(Store.open(any_walk.url)) as store:
        assert find_ledger_inconsistencies(store) == []
        with pytest.raises(BadInput, match="Revision 2 changed no record"):
            undo(Directory(store), 2, now=NOW)
    assert any_walk.seed(changed_list, "--source", "a-list", "--apply").exit_code in (0, 1), "the view is in nobody's way"


def test_nothing_is_recorded_if_no_street_is_private_or_changes(walk: ImportSession) -> None:
    file = walk.write_file("list.csv", f"{HEADINGS}Casa Segura,{STREET},Mesa,AZ\n")
    walk.import_all(file)
    output = walk.seed(file, "--show-streets").output
    assert "No row changes a private street." in output
    with closing(Store.open(walk.url)) as store:
        assert store.load_head().revision == 1


def test_other_kinds_have_no_such_option(walk: ImportSession) -> None:
    file = walk.write_file("meetings.toml", "[[events]]\n")
    assert "--show-streets is for organizations." in walk.seed(file, "--kind", "events", "--show-streets").stderr


def plan_move(store: Store) -> OrganizationPlan:
    seed_rows(store, SHELTER)
    return plan_rows(store, MOVED)


def load_record(store: Store) -> StoredOrganization:
    return next(record for record, _ in store.load_organizations())


def test_the_ledger_entry_is_committed_before_the_street_is_read(any_store: Store) -> None:
    plan, statements = plan_move(any_store), list[str]()
    thread = threading.get_ident()

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if threading.get_ident() == thread:
            statements.append(statement)

    event.listen(any_store.database.engine, "before_cursor_execute", note)
    event.listen(any_store.database.engine, "commit", lambda connection: statements.append("commit"))
    shown = view_changed_streets(plan, any_store, now=NOW, reason="a check")
    recorded = next(number for number, statement in enumerate(statements) if "INSERT INTO viewed_places" in statement)
    read = next(number for number, statement in enumerate(statements) if "FROM private_places" in statement)
    assert recorded < statements.index("commit", recorded) < read
    assert [*shown.items[0].viewed_streets.values()] == [STREET]
    with any_store.begin_read() as reading:
        (viewing,) = reading.load_viewings(load_record(any_store).id)
    assert (viewing.actor, viewing.reason, viewing.viewed_at) == ("directory seed", "a check", NOW)


def test_review_data_has_no_street_without_the_view(store: Store) -> None:
    plan = plan_move(store)
    assert HIDDEN_NAME not in str(build_plan_report(plan))
    assert HIDDEN_NAME not in str(list(list_row_questions(plan)))
    assert HIDDEN_NAME in str(build_plan_report(view_changed_streets(plan, store, now=NOW, reason="a check")))


def test_a_proposed_street_is_shown_too(walk: ImportSession) -> None:
    walk.import_all(walk.write_file("list.csv", f"{HEADINGS}Casa Segura,{STREET},Mesa,AZ\n"), "--source", "a-list")
    walk.edit("Casa Segura", sites=tuple(replace(site, name="Home") for site in walk.records["Casa Segura"].sites))
    file = walk.write_file("list.csv", f"{HEADINGS}Casa Segura,{NEW_STREET},Mesa,AZ\n")
    output = walk.seed(file, "--source", "a-list", "--date", "2020-01-01", "--show-streets").output
    section = output.partition("Not changed because a person edited it later (1)")[2]
    assert f"{STREET}, Mesa, AZ → " in section


def test_views_need_a_time_zone_and_records(store: Store) -> None:
    assert view_streets(store, {}, actor="ann", now=NOW, reason="none") == {}
    assert store.load_head().revision == 0
    with pytest.raises(BadInput, match="time zone"):
        view_streets(store, {RecordId(RecordKind.ORGANIZATION, "x"): ["y"]}, actor="ann", now=dt.datetime(2026, 1, 1), reason="")  # noqa: DTZ001
