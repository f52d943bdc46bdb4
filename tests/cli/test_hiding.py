"""Hiding a record and showing it again, as a person does it."""

import re
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from cli.command_group import DirectoryGroup
from cli.hiding import COMMANDS, COPIES_NOTICE, HIDDEN_NOTICE
from cli.ledger import COMMANDS as LEDGER_COMMANDS
from directory.store.store import Store
from tests.builders import a_stored_organization, an_id
from tests.directory.store.stored_organizations import load_organization, put_organizations

Run = Callable[..., Result]


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    store = Store.open(sqlite_url, new_suffix=lambda: "bcdfg23456")
    store.migrate()
    put_organizations(store, a_stored_organization("Alder"), actor="ann", reason="began")
    yield store
    store.close()


@pytest.fixture
def run(store: Store, sqlite_url: str) -> Run:
    group = DirectoryGroup(name="directory", commands=[*COMMANDS, *LEDGER_COMMANDS])

    def run(*arguments: str, answer: str | None = None, columns: int = 200) -> Result:
        environment = {"DIRECTORY_DATABASE_URL": sqlite_url, "COLUMNS": str(columns)}
        return CliRunner().invoke(group, arguments, input=answer, env=environment)

    return run


def is_hidden(store: Store) -> bool:
    return load_organization(store, an_id("Alder")).is_hidden


@pytest.mark.parametrize("key", ["alder", an_id("Alder")])
def test_it_hides_without_asking_and_says_what_is_gone_and_how_to_reverse_it(run: Run, store: Store, key: str) -> None:
    done = run("hide", key, "--reason", "threatened")
    assert (done.exit_code, is_hidden(store)) == (0, True)
    slug = load_organization(store, an_id("Alder")).slug
    assert done.output.splitlines() == [
        f"Hidden: Alder ({slug}), at revision 2. Only staff can see it now.",
        HIDDEN_NOTICE,
        f"To show it again: directory unhide {slug}",
        COPIES_NOTICE,
    ]
    assert "max-age=0" in COPIES_NOTICE
    told = run("history", slug)
    assert told.output.splitlines()[-1].endswith("directory hide: threatened (hidden)")


def test_it_says_when_the_record_comes_back(run: Run, store: Store) -> None:
    done = run("hide", "alder", "--until", "2999-01-31")
    assert "It comes back by itself on 2999-01-31 at 12:00 UTC, if a server runs then." in done.output
    assert "2999-01-31 12:00 UTC" in run("hidden").output


def test_it_shows_again_when_asked_and_agreed(run: Run, store: Store) -> None:
    run("hide", "alder")
    asked = run("unhide", "alder", answer="n\n")
    assert "Show Alder (alder-" in asked.output
    assert "to everybody again?" in asked.output
    assert (asked.exit_code, is_hidden(store)) == (1, True)
    done = run("unhide", "alder", "--yes", "--reason", "all is well")
    assert done.output == "No longer hidden: Alder (alder), at revision 3. Seen by everybody.\n"
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
def test_what_cannot_be_done_is_refused_with_a_reason(run: Run, store: Store, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    code, sentence = REFUSED[arguments]
    assert (done.exit_code, sentence in done.output, is_hidden(store)) == (code, True, False)


def test_a_narrow_terminal_shows_slugs_whole(run: Run) -> None:
    run("hide", "alder", "--until", "2999-01-31")
    assert re.search("^alder-[a-z0-9]{10} ", run("hidden", columns=50).output, re.MULTILINE)


def test_a_record_that_is_hidden_already_is_told_to_be(run: Run) -> None:
    run("hide", "alder")
    done = run("hide", "alder")
    assert done.exit_code == 2
    assert "is already hidden, without an end. To show it again, run: directory unhide alder-" in done.output


def test_an_undo_names_the_command_that_shows_it(run: Run, store: Store) -> None:
    run("hide", "alder")
    done = run("undo", "2", "--loosen-visibility", "--yes")
    assert (done.exit_code, is_hidden(store)) == (2, True)
    assert "directory unhide" in done.output
