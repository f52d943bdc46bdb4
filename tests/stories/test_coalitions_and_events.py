"""Questions about the network's coalitions, the instruments of human rights and the calendar, over HTTP and in a terminal.

The expected results were derived from seed/data by hand. No source names the members of the UPR Task Force, so staff enter two.
Nobody of the seven members works on the issue areas of Articles 16, 21, 28, 29 and 30 of the Universal Declaration.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from icalendar import Calendar
from icalendar import Event as EventComponent
from msgspec.structs import replace
from starlette.testclient import TestClient

from cli.main import main
from directory.curation.record_keys import find_record
from directory.kinds.coalition import CoalitionMember
from directory.live import Directory
from directory.records import Audience
from directory.store.ledger.edits import Put
from seed.network_records import seed_network
from tests.builders import NOW
from tests.stories.http_client import ask, serve

LAW_CENTER = "National Homelessness Law Center"
CHICAGO = "Chicago Anti-Eviction Campaign"
WORKERS = "Workers Center for Racial Justice"
NOT_TAKEN_UP = ["16", "21", "28", "29", "30"]
RECOMMENDATIONS = """Themes,Official number,Cycle,Recommending state,Our summary,State's response
housing,26.9,3,Norway,Protect people from eviction.,Supported
voting,26.10,3,Ghana,Let everyone vote.,Noted
"""


class Network(NamedTuple):
    """The network's own directory, over HTTP and in a terminal."""

    directory: Directory
    client: TestClient
    run: Callable[..., Result]

    def edit(self, key: str, minutes: int, **fields: Any) -> None:
        """Change fields of a record as staff do, some minutes after the directory was filled."""
        with self.directory.store.begin_read() as reading:
            record = find_record(reading, key)
        now = NOW + dt.timedelta(minutes=minutes)
        self.directory.write([Put(replace(record, **fields))], actor="ana", now=now, reason="by phone")

    def read_calendar(self, address: str) -> dict[str, EventComponent]:
        """Return the events of a calendar by title."""
        response = self.client.get(address)
        assert response.status_code == 200, response.text
        return {str(event["summary"]): event for event in Calendar.from_ical(response.content).events}


@pytest.fixture
def network(database_url: str) -> Iterator[Network]:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "--database-url", database_url], env={"COLUMNS": "80"})

    directory = Directory.open(database_url)
    seed_network(directory, NOW)
    with serve(directory) as client:
        yield Network(directory, client, run)


def find_id(network: Network, slug: str) -> str:
    organization = network.directory.get_snapshot(Audience.PUBLIC).find_by_slug(slug)
    assert organization is not None
    return organization.id


def test_who_is_in_the_upr_task_force(network: Network) -> None:
    """At first nobody is known. Staff enter two members, and later hide one of them."""
    document = """{
      coalition(slug: "upr-task-force") { name kind members { totalCount edges { node { name } role since note } } }
      organizations(filter: {coalition: "upr-task-force"}) { totalCount nodes { name } question { label } }
    }"""
    assert ask(network.client, document) == {
        "coalition": {"name": "UPR Task Force", "kind": "TASK_FORCE", "members": {"totalCount": 0, "edges": []}},
        "organizations": {"totalCount": 0, "nodes": [], "question": [{"label": "in the coalition UPR Task Force"}]},
    }
    assert "No members are listed." in network.run("show", "coalition:upr-task-force").output

    law_center, chicago = find_id(network, "national-homelessness-law-center"), find_id(network, "chicago-anti-eviction-campaign")
    members = (CoalitionMember(law_center, "Chair", dt.date(2019, 5, 1), note="It knows the law."), CoalitionMember(chicago))
    network.edit("coalition:upr-task-force", 1, members=members)
    answer = ask(network.client, document)
    assert answer["coalition"]["members"]["edges"] == [
        {"node": {"name": CHICAGO}, "role": None, "since": None, "note": None},
        {"node": {"name": LAW_CENTER}, "role": "Chair", "since": "2019-05-01", "note": "It knows the law."},
    ]
    assert [node["name"] for node in answer["organizations"]["nodes"]] == [CHICAGO, LAW_CENTER]
    shown = network.run("show", "coalition:upr-task-force").output
    assert "Members: 2" in shown
    assert "since 2019-05-01" in shown
    assert "upr-task-force" in network.run("coalitions", "--member", "chicago-anti-eviction-campaign").output

    assert network.run("hide", "chicago-anti-eviction-campaign").exit_code == 0
    network.directory.update_snapshots()
    assert ask(network.client, document)["coalition"]["members"]["totalCount"] == 1
    assert CHICAGO not in network.run("show", "coalition:upr-task-force").output
    assert "in the coalition UPR Task Force" in network.run("find", "members of the UPR Task Force").output


def test_which_members_work_on_what_article_25_promises(network: Network) -> None:
    document = """{ provisions(query: "article 25", instrument: "udhr") {
      totalCount nodes { slug number subject subjectEs: subject(language: "es") issueAreas { slug } organizationCount }
    } }"""
    (article,) = ask(network.client, document)["provisions"]["nodes"]
    assert (article["slug"], article["number"], article["organizationCount"]) == ("udhr-25", "25", 3)
    assert article["subjectEs"] == "un nivel de vida adecuado, con vivienda, alimentación y atención de salud"
    issue_areas = [term["slug"] for term in article["issueAreas"]]
    members = "query($slugs: [String!]) { organizations(filter: {issueAreas: {anyOf: $slugs}}) { totalCount nodes { name } } }"
    organizations = ask(network.client, members, slugs=issue_areas)["organizations"]
    assert sorted(node["name"] for node in organizations["nodes"]) == [CHICAGO, LAW_CENTER, WORKERS]
    shown = network.run("show", "provision:udhr-25").output
    assert "Members who work on it: 3." in shown
    for name in (CHICAGO, LAW_CENTER, WORKERS):
        assert name in shown


def test_which_recommendations_has_nobody_taken_up(network: Network, tmp_path: Path) -> None:
    document = """query($instrument: String, $takenUp: Boolean) {
      provisions(instrument: $instrument, takenUp: $takenUp, first: 100) { totalCount nodes { number organizationCount } }
    }"""

    def list_numbers(instrument: str, taken_up: bool | None) -> list[str]:
        provisions = ask(network.client, document, instrument=instrument, takenUp=taken_up)["provisions"]
        assert provisions["totalCount"] == len(provisions["nodes"])
        return [node["number"] for node in provisions["nodes"]]

    assert list_numbers("udhr", False) == NOT_TAKEN_UP
    assert len(list_numbers("udhr", True)) + len(NOT_TAKEN_UP) == len(list_numbers("udhr", None)) == 30
    assert list_numbers("upr-usa-2020", None) == []  # their texts are not ours to ship
    nothing = network.run("provisions", "--not-taken-up", "--instrument", "upr-usa-2020")
    assert (nothing.exit_code, "No provisions were found." in nothing.output) == (1, True)

    file = tmp_path / "recommendations.csv"
    file.write_text(RECOMMENDATIONS, encoding="utf-8")
    imported = network.run("seed", str(file), "--kind", "provisions", "--instrument", "upr-usa-2020", "--apply")
    assert "2 created" in imported.output
    network.directory.update_snapshots()
    assert list_numbers("upr-usa-2020", False) == ["26.10"]
    assert list_numbers("upr-usa-2020", True) == ["26.9"]
    listed = network.run("provisions", "--not-taken-up", "--instrument", "upr-usa-2020", "--format", "json")
    (record,) = json.loads(listed.stdout)["records"]
    assert (record["number"], record["cycle"], record["recommendingState"], record["memberCount"]) == ("26.10", "3", "Ghana", 0)


PRESS_CONFERENCE = "Press conference on the UPR of the United States"


def test_the_events_are_in_my_calendar_and_one_of_them_moves(network: Network) -> None:
    """A calendar program updates the event that it has, because its UID stays and its SEQUENCE grows. Others do not change."""
    first = network.client.get("/events.ics")
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    before = network.read_calendar("/events.ics")
    assert len(before) == 4
    assert before[PRESS_CONFERENCE].start == dt.datetime(2021, 3, 17, 8, tzinfo=ZoneInfo("America/New_York"))
    assert before["US government response to the 2020 UPR"].start == dt.date(2021, 3, 4)
    assert network.client.get("/events.ics", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert network.run("calendar", "--output", "-").stdout_bytes == first.content

    network.edit("event:upr-press-conference-2021", 5, starts_at=dt.datetime(2021, 3, 18, 14, 30, tzinfo=dt.UTC))
    second = network.client.get("/events.ics", headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    after = network.read_calendar("/events.ics")
    moved, earlier = after.pop(PRESS_CONFERENCE), before.pop(PRESS_CONFERENCE)
    assert moved.uid == earlier.uid
    assert moved.sequence == earlier.sequence + 5 * 60
    assert moved.start == dt.datetime(2021, 3, 18, 10, 30, tzinfo=ZoneInfo("America/New_York"))
    assert {title: event.to_ical() for title, event in after.items()} == {
        title: event.to_ical() for title, event in before.items()
    }
    for address in ("/events/upr-press-conference-2021.ics", "/coalitions/upr-task-force/events.ics"):
        assert network.read_calendar(address)[PRESS_CONFERENCE].to_ical() == moved.to_ical()
    assert "2021-03-18 10:30 EDT" in network.run("events", "--coalition", "upr-task-force").output
    assert network.run("events", "--from", "2021-03-18", "--until", "2021-03-18").exit_code == 0


def test_an_event_that_is_cancelled_stays_in_my_calendar(network: Network) -> None:
    before = network.read_calendar("/events.ics")[PRESS_CONFERENCE]
    network.edit("event:upr-press-conference-2021", 1, is_cancelled=True)
    after = network.read_calendar("/events.ics")[PRESS_CONFERENCE]
    assert (before.get("status"), after["status"]) == (None, "CANCELLED")
    assert (after.uid, after.sequence) == (before.uid, before.sequence + 60)
    assert ask(network.client, '{ event(slug: "upr-press-conference-2021") { isCancelled } }') == {"event": {"isCancelled": True}}
    assert f"{PRESS_CONFERENCE} (cancelled)" in network.run("show", "event:upr-press-conference-2021").output
