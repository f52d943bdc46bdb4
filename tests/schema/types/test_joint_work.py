"""What links coalitions, events, instruments and organizations: status, branches, hosts, answers, a provision by its slug."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from directory.kinds.event import EventHost
from directory.live import Directory
from directory.records import Audience
from directory.vocabulary.choices import CoalitionStatus
from tests.builders import (
    NOW,
    a_stored_coalition,
    a_stored_event,
    a_stored_instrument,
    a_stored_organization,
    a_stored_provision,
    an_id,
)
from tests.schema.conftest import Ask
from tests.schema.types.record_lists import list_slugs, make_ask, make_global_id, read_data, write_records

TODAY = NOW.date()
ONE_DAY = dt.timedelta(days=1)
HOST, SECRET_HOST = a_stored_organization("Host"), a_stored_organization("Secret Host", hidden_since=NOW)
PARENT = a_stored_coalition("Parent")
COALITIONS = {
    "parent": PARENT,
    "ended-yesterday": a_stored_coalition("Ended yesterday", ended_on=TODAY - ONE_DAY, parent=PARENT.id),
    "last-day": a_stored_coalition("Last day", ended_on=TODAY, parent=PARENT.id),
    "first-day": a_stored_coalition("First day", started_on=TODAY),
    "tomorrow": a_stored_coalition("Tomorrow", started_on=TODAY + ONE_DAY, ended_on=TODAY + ONE_DAY),
    "hidden": a_stored_coalition("Hidden", parent=PARENT.id, hidden_since=NOW),
}
STATUSES = {
    CoalitionStatus.UPCOMING: ["tomorrow"],
    CoalitionStatus.CURRENT: ["first-day", "last-day", "parent"],
    CoalitionStatus.ENDED: ["ended-yesterday"],
}
EVENTS = (
    a_stored_event("Hosted", hosts=(EventHost(organization=HOST.id),), coalition=PARENT.id),
    a_stored_event("Hosted before", starts_at=NOW - 9 * ONE_DAY, hosts=(EventHost(organization=HOST.id),), coalition=PARENT.id),
    a_stored_event("Hosted in secret", hosts=(EventHost(organization=SECRET_HOST.id),)),
    a_stored_event("Hidden vigil", hosts=(EventHost(organization=HOST.id),), hidden_since=NOW),
)
REVIEW = a_stored_instrument("Review")
PROVISIONS = (
    a_stored_provision("1", "Review", cycle="3", response="Noted"),
    a_stored_provision("2", "Review", cycle="3", response="NOTED"),
    a_stored_provision("3", "Review", cycle="2", response="Supported"),
    a_stored_provision("4", "Review"),
    a_stored_provision("5", "Review", cycle="secret", response="Secret answer", audience=Audience.STAFF),
    a_stored_provision("6", "Another", response="Elsewhere"),
)
RECORDS = (HOST, SECRET_HOST, *COALITIONS.values(), *EVENTS, REVIEW, a_stored_instrument("Another"), *PROVISIONS)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    file: Path = tmp_path_factory.mktemp("joint") / "directory.sqlite3"
    with closing(Directory.open(f"sqlite:///{file}")) as directory:
        write_records(directory, *RECORDS)
        yield directory


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return make_ask(directory)


@pytest.mark.parametrize("status", STATUSES)
def test_coalitions_of_a_status_say_that_they_have_it(ask: Ask, status: CoalitionStatus) -> None:
    listed = read_data(ask, f"{{ coalitions(status: {status}) {{ totalCount nodes {{ slug status }} }} }}")["coalitions"]
    assert [node["slug"] for node in listed["nodes"]] == STATUSES[status]
    assert {node["status"] for node in listed["nodes"]} == {status}
    assert listed["totalCount"] == len(STATUSES[status])


def test_every_coalition_has_one_status(ask: Ask) -> None:
    assert sorted(slug for slugs in STATUSES.values() for slug in slugs) == sorted(list_slugs(ask, "coalitions"))


def test_branches_are_the_coalitions_of_which_this_one_is_the_parent(ask: Ask) -> None:
    branches = read_data(ask, '{ coalition(slug: "parent") { branches { totalCount nodes { slug parent { slug } } } } }')
    assert branches["coalition"]["branches"] == {
        "totalCount": 2,
        "nodes": [{"slug": slug, "parent": {"slug": "parent"}} for slug in ("ended-yesterday", "last-day")],
    }


def test_events_of_a_host(ask: Ask) -> None:
    assert list_slugs(ask, "events", host=make_global_id("Organization", HOST)) == ["hosted-before", "hosted"]
    document = """query($from: DateTime) { organization(by: {slug: "host"}) {
      all: events { totalCount nodes { slug } } coming: events(from: $from) { nodes { slug } }
      past: events(until: $from, last: 1) { nodes { slug } }
    } }"""
    answer = read_data(ask, document, **{"from": (NOW - ONE_DAY).isoformat()})["organization"]
    assert answer["all"] == {"totalCount": 2, "nodes": [{"slug": "hosted-before"}, {"slug": "hosted"}]}
    assert (answer["coming"]["nodes"], answer["past"]["nodes"]) == ([{"slug": "hosted"}], [{"slug": "hosted-before"}])


def test_a_hidden_host_hosts_nothing_like_one_that_does_not_exist(directory: Directory) -> None:
    staff, ask = make_ask(directory, Audience.STAFF), make_ask(directory)
    hidden, missing = (make_global_id("Organization", record) for record in (SECRET_HOST, replace(HOST, id=an_id("nobody"))))
    assert list_slugs(staff, "events", host=hidden) == ["hosted-in-secret"]
    assert list_slugs(ask, "events", host=hidden) == list_slugs(ask, "events", host=missing) == []


def test_a_host_that_is_hidden_later_hosts_nothing(tmp_path: Path) -> None:
    with closing(Directory.open(f"sqlite:///{tmp_path / 'later.sqlite3'}")) as directory:
        write_records(directory, *RECORDS)
        public, staff = (make_ask(directory, audience) for audience in (Audience.PUBLIC, Audience.STAFF))
        host = make_global_id("Organization", HOST)
        assert len(list_slugs(public, "events", host=host)) == 2
        write_records(directory, replace(HOST, hidden_since=NOW))
        assert list_slugs(make_ask(directory), "events", host=host) == []
        assert len(list_slugs(make_ask(directory, Audience.STAFF), "events", host=host)) == 3
        assert len(list_slugs(staff, "events", host=host)) == 3


def test_events_of_a_coalition_are_limited_by_time(ask: Ask) -> None:
    document = 'query($from: DateTime) { coalition(slug: "parent") { events(from: $from) { nodes { slug } } } }'
    events = read_data(ask, document, **{"from": NOW.isoformat()})["coalition"]["events"]
    assert events["nodes"] == [{"slug": "hosted"}]


def test_answers_and_cycles_are_counted_as_far_as_they_are_seen(ask: Ask) -> None:
    instrument = read_data(ask, '{ instrument(slug: "review") { responses { value count } cycles { value count } } }')[
        "instrument"
    ]
    assert instrument == {
        "responses": [{"value": "NOTED", "count": 2}, {"value": "Supported", "count": 1}],
        "cycles": [{"value": "3", "count": 2}, {"value": "2", "count": 1}],
    }
    for value in instrument["responses"]:
        found = list_slugs(ask, "provisions", instrument="review", response=value["value"])
        assert len(found) == value["count"]


@pytest.mark.parametrize(("response", "slugs"), [("noted", ["article-1", "article-2"]), ("Secret answer", []), ("", [])])
def test_provisions_with_an_answer(ask: Ask, response: str, slugs: list[str]) -> None:
    assert list_slugs(ask, "provisions", response=response) == slugs


@pytest.mark.parametrize(("slug", "expected"), [("article-3", {"number": "3"}), ("article-5", None), ("nothing", None)])
def test_a_provision_is_found_by_its_slug(ask: Ask, slug: str, expected: dict[str, str] | None) -> None:
    answer = read_data(ask, "query($slug: String!) { provision(slug: $slug) { number } }", slug=slug)
    assert answer == {"provision": expected}
