"""The commands `hide`, `unhide` and `hidden`."""

import re
from collections.abc import Iterator

import pytest

from cli.hiding import COPIES_NOTICE, HIDDEN_NOTICE
from directory.records import StoredRecord
from directory.store.ledger.edits import Put
from directory.store.store import Store
from tests.builders import NOW, a_stored_instrument, a_stored_organization, a_stored_provision, an_id
from tests.cli.command_runner import Run, make_runner
from tests.directory.store.stored_organizations import load_organization, put_organizations


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    store = Store.open(sqlite_url, new_suffix=lambda: "bcdfg23456")
    store.migrate()
    put_organizations(store, a_stored_organization("Alder"), actor="ann", reason="began")
    yield store
    store.close()


@pytest.fixture
def run(store: Store, sqlite_url: str) -> Run:
    return make_runner(sqlite_url)


def put_records(store: Store, *records: StoredRecord) -> None:
    store.write([Put(record) for record in records], actor="ann", now=NOW, reason="began")


def is_hidden(store: Store) -> bool:
    return load_organization(store, an_id("Alder")).is_hidden


@pytest.mark.parametrize("key", ["alder", an_id("Alder")])
def test_hide_needs_no_confirmation_and_prints_the_effect_and_how_to_reverse_it(run: Run, store: Store, key: str) -> None:
    result = run("hide", key, "--reason", "threatened")
    assert (result.exit_code, is_hidden(store)) == (0, True)
    slug = load_organization(store, an_id("Alder")).slug
    assert result.output.splitlines() == [
        f"Hidden: Alder ({slug}), at revision 2. Only staff can see it now.",
        HIDDEN_NOTICE,
        f"To show it again: directory unhide {slug}",
        COPIES_NOTICE,
    ]
    assert "max-age=0" in COPIES_NOTICE
    history = run("history", slug)
    assert history.output.splitlines()[-1].endswith("directory hide: threatened (hidden)")


def test_hide_prints_the_day_on_which_it_ends(run: Run, store: Store) -> None:
    result = run("hide", "alder", "--until", "2999-01-31")
    assert "It will be shown again on 2999-01-31 at 12:00 UTC. This needs a running server." in result.output
    assert "2999-01-31 12:00 UTC" in run("hidden").output


def test_unhide_asks_for_confirmation(run: Run, store: Store) -> None:
    run("hide", "alder")
    declined = run("unhide", "alder", answer="n\n")
    assert "Show Alder (alder-" in declined.output
    assert "to everyone again?" in declined.output
    assert (declined.exit_code, is_hidden(store)) == (1, True)
    result = run("unhide", "alder", "--yes", "--reason", "all is well")
    assert result.output == "No longer hidden: Alder (alder), at revision 3. Visible to everyone.\n"
    assert not is_hidden(store)
    assert run("history", "alder").output.splitlines()[-1].endswith("directory unhide: all is well (no longer hidden)")
    assert run("hidden").output == "No record is hidden.\n"


REFUSED = {
    ("hide", "nobody"): (3, 'no organization "nobody"'),
    ("unhide", "nobody", "--yes"): (3, 'no organization "nobody"'),
    ("unhide", "alder", "--yes"): (2, "alder is not hidden; its audience is PUBLIC."),
    ("hide", "alder", "--until", "2020-01-01"): (2, "2020-01-01 is not in the future."),
    ("hide", "alder", "--until", "2020-02-30"): (2, "'2020-02-30' is not a date."),
    ("hide", "alder", "--until", "soon"): (2, "'soon' is not a date. Write it as year-month-day, as in 2027-03-31."),
    ("hide", "alder", "--reason", "x" * 501): (2, "more than 500 characters"),
}


@pytest.mark.parametrize("arguments", REFUSED)
def test_impossible_requests_are_refused(run: Run, store: Store, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    code, sentence = REFUSED[arguments]
    assert (result.exit_code, sentence in result.output, is_hidden(store)) == (code, True, False)


@pytest.mark.parametrize("columns", [15, 50])
def test_slugs_are_not_cut_in_a_narrow_terminal(run: Run, columns: int) -> None:
    run("hide", "alder", "--until", "2999-01-31")
    assert re.search("^alder-[a-z0-9]{10} ", run("hidden", columns=columns).output, re.MULTILINE)


def test_hiding_a_hidden_record_is_refused(run: Run) -> None:
    run("hide", "alder")
    result = run("hide", "alder")
    assert result.exit_code == 2
    assert "is already hidden, with no end date. To show it again, run: directory unhide alder-" in result.output


def test_the_refusal_of_an_undo_names_the_command_unhide(run: Run, store: Store) -> None:
    run("hide", "alder")
    result = run("undo", "2", "--loosen-visibility", "--yes")
    assert (result.exit_code, is_hidden(store)) == (2, True)
    assert "directory unhide" in result.output


def test_other_kinds_are_shown_again_by_the_command_that_hide_prints(run: Run, store: Store) -> None:
    put_records(store, a_stored_instrument("Pact"), a_stored_provision("1", "Pact"))
    hidden = run("hide", "instrument:pact").output
    assert "and its provision, at revision" in hidden
    (key,) = re.findall(r"directory unhide (\S+)", hidden)
    assert key.startswith("instrument:pact-")
    assert key in run("hidden").output
    assert key in run("hide", key).stderr
    assert run("unhide", key, "--yes").exit_code == 0
    assert "No record is hidden." in run("hidden").output
