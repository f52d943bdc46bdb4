"""The command `calendar`."""

from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from icalendar import Calendar

from directory.live import Directory
from directory.records import Audience
from directory.store.ledger.edits import Network, Put
from tests.builders import NOW, a_stored_coalition, a_stored_event, a_stored_organization
from tests.cli.command_runner import Run, make_runner

NETWORK, ALLIANCE = a_stored_organization("All Together"), a_stored_coalition("Tenants Alliance")
EVENTS = (a_stored_event("March", coalition=ALLIANCE.id), a_stored_event("Vigil"))
PRIVATE = (a_stored_event("Strategy", audience=Audience.MEMBERS), a_stored_coalition("Quiet", audience=Audience.MEMBERS))


@pytest.fixture
def run(sqlite_url: str) -> Run:
    with closing(Directory.open(sqlite_url)) as directory:
        edits = [Put(record) for record in (NETWORK, ALLIANCE, *EVENTS, *PRIVATE)]
        directory.write(edits, actor="test", now=NOW, reason="test", network=Network(NETWORK.id, fictional=True))
    return partial(make_runner(sqlite_url), "calendar")


def read_titles(content: bytes) -> list[str]:
    return sorted(str(event["summary"]) for event in Calendar.from_ical(content).walk("VEVENT"))


def test_public_events_go_to_standard_output(run: Run) -> None:
    result = run()
    assert result.exit_code == 0
    assert read_titles(result.stdout_bytes) == ["March", "Vigil"]
    assert "nothing in it is real" in result.stderr
    assert "Written: 2 events." in result.stderr


def test_a_coalition_has_its_own_calendar(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "alliance.ics"
    result = run("--coalition", "tenants-alliance", "--output", file)
    assert result.exit_code == 0
    assert read_titles(file.read_bytes()) == ["March"]
    assert "Written: 1 event." in result.stderr


@pytest.mark.parametrize("slug", ["no-such-coalition", "quiet"])
def test_an_unknown_coalition_and_a_private_one_are_refused(run: Run, slug: str) -> None:
    result = run("--coalition", slug)
    assert (result.exit_code, result.stdout) == (3, "")
    assert f'There is no public coalition "{slug}".' in result.stderr


def test_an_existing_file_is_replaced_only_with_force(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "events.ics"
    file.write_text("old")
    refused = run("--output", file)
    assert (refused.exit_code, file.read_text()) == (2, "old")
    assert "--force" in refused.stderr
    assert run("--output", file, "--force").exit_code == 0
    assert read_titles(file.read_bytes()) == ["March", "Vigil"]


def test_a_directory_without_events_has_an_empty_calendar(sqlite_url: str, tmp_path: Path) -> None:
    with closing(Directory.open(sqlite_url)):
        result = make_runner(sqlite_url)("calendar", "--output", tmp_path / "events.ics")
    assert result.exit_code == 1
    assert read_titles((tmp_path / "events.ics").read_bytes()) == []
    assert "Written: 0 events." in result.stderr


def test_an_output_that_cannot_be_written_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("--output", tmp_path / "no-folder" / "events.ics")
    assert result.exit_code == 2
    assert "Cannot write" in result.stderr
