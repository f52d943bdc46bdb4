"""What `directory find` shows of an answer."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from io import StringIO

import msgspec
import pytest
from rich.console import Console

from cli.search_report import FICTIONAL_NOTICE, PlaceSuggestions, SearchReport, build_search_report, print_search_report
from directory.geo import Precision
from directory.live import Directory
from directory.records import (
    Audience,
    Membership,
    MembershipStatus,
    NameKind,
    OrganizationName,
    StoredLocation,
    StoredOrganization,
)
from directory.search.snapshot import Snapshot
from directory.store.ledger.edits import Network, Put

NOW = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
IDS = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(5)]


def site(number: int, **fields: str) -> StoredLocation:
    return StoredLocation(id=f"00000000-0000-4000-9000-00000000000{number}", known=Precision.CITY, **fields)  # type: ignore[arg-type]


ENTRIES = [
    StoredOrganization(
        id=IDS[0],
        slug="lantern-tenants",
        name="Lantern [bold]Tenants",
        names=(OrganizationName("LTU", NameKind.ACRONYM),),
        issue_areas=("tenants", "health", "faith", "women"),
        sites=(site(0, city="Atlanta", state="US-GA"),),
        service_areas=("US-GA",),
    ),
    StoredOrganization(
        id=IDS[1],
        slug="thistle-homes",
        name="Thistle Homes",
        issue_areas=("housing",),
        sites=(site(1, city="Macon", state="US-GA"),),
    ),
    StoredOrganization(id=IDS[2], slug="nowhere-homes", name="Nowhere Homes", issue_areas=("housing",), service_areas=("US",)),
    StoredOrganization(
        id=IDS[3], slug="abroad", name="Casa Abroad", issue_areas=("faith",), sites=(site(3, country="MX", city="Oaxaca"),)
    ),
    StoredOrganization(id=IDS[4], slug="former", name="Former Friends", membership=Membership(MembershipStatus.LAPSED)),
]


@pytest.fixture
def snapshot(sqlite_url: str) -> Iterator[Snapshot]:
    with closing(Directory.open(sqlite_url)) as directory:
        directory.store.write([Put(entry) for entry in ENTRIES], actor="test", now=NOW, reason="test")
        yield directory.get_snapshot(Audience.PUBLIC)


def shown(answer: SearchReport) -> str:
    output = StringIO()
    print_search_report(answer, Console(file=output, width=200))
    return output.getvalue()


def test_what_was_understood_and_found(snapshot: Snapshot) -> None:
    answer = build_search_report(snapshot, "housing in Georgia", 20)
    assert [part.label for part in answer.understood][:2] == ["Housing", "Georgia"]
    assert {one.slug for one in answer.organizations} == {"lantern-tenants", "thistle-homes", "nowhere-homes"}
    assert answer.total == 3
    reasons = {one.slug: one.why for one in answer.organizations}
    assert reasons["lantern-tenants"] == ("is there", "Tenants' rights and eviction (Housing)")
    assert reasons["nowhere-homes"] == ("serves the whole country", "Housing")


def test_the_nearest_comes_first_with_its_distance(snapshot: Snapshot) -> None:
    answer = build_search_report(snapshot, "housing near Macon, GA", 20)
    assert answer.organizations[0].slug == "thistle-homes"
    assert answer.organizations[0].distance_km == 0.0
    assert "Miles" in shown(answer)


def test_without_an_origin_there_are_no_miles(snapshot: Snapshot) -> None:
    assert "Miles" not in shown(build_search_report(snapshot, "housing", 20))


def test_where_is_told_as_far_as_it_is_published(snapshot: Snapshot) -> None:
    where = {one.slug: one.where for one in build_search_report(snapshot, "", 20).organizations}
    assert where == {
        "lantern-tenants": ("Atlanta, GA",),
        "thistle-homes": ("Macon, GA",),
        "nowhere-homes": (),
        "abroad": ("Oaxaca, MX",),
    }
    assert "not stated" in shown(build_search_report(snapshot, "Nowhere Homes", 20))


def test_nothing_found_is_answered_with_what_to_drop(snapshot: Snapshot) -> None:
    answer = build_search_report(snapshot, "housing in Wyoming without nationwide qwertz", 20)
    assert answer.total == 0
    assert answer.relaxations
    assert all(one.count for one in answer.relaxations)
    text = shown(answer)
    assert "Nothing was found." in text
    assert f"Without {answer.relaxations[0].without[0].label}: {answer.relaxations[0].count}" in text


def test_what_could_be_asked_instead_is_told(snapshot: Snapshot) -> None:
    assert "Also among those that are no members: 1" in shown(build_search_report(snapshot, "Former Friends", 20))
    assert 'With "Georgia" in place of "Gabon": 2' in shown(build_search_report(snapshot, "housing based in Gabon", 20))
    assert 'Without "within 50 miles of Boise, ID": 3' in shown(build_search_report(snapshot, "housing near Boise", 20))


def test_a_misspelt_place_is_asked_back(snapshot: Snapshot) -> None:
    answer = build_search_report(snapshot, "housing near Atlantta", 20)
    assert answer.ask_back == (PlaceSuggestions("Atlantta", ("Atlanta, GA",)),)
    assert 'No place called "Atlantta" is known. Did you mean "Atlanta, GA"?' in shown(answer)
    assert '"Springfield, MA" or "Springfield, IL"' in shown(build_search_report(snapshot, "Springfield", 20))


def test_counts_are_of_what_was_found(snapshot: Snapshot) -> None:
    answer = build_search_report(snapshot, "tenants in Georgia", 20)
    assert answer.total == 1
    counts = [
        [one.count for one in answer.issue_areas],
        [one.count for one in answer.kinds],
        [one.count for one in answer.states],
    ]
    assert {count for some in counts for count in some} == {1}


def test_the_first_of_several_themes_is_not_one_more(snapshot: Snapshot) -> None:
    assert "Understood as: Housing, also Immigrants' rights" in shown(
        build_search_report(snapshot, "housing and immigration", 20)
    )


def test_a_page_says_how_much_more_there_is(snapshot: Snapshot) -> None:
    answer = build_search_report(snapshot, "housing", 1)
    assert (len(answer.organizations), answer.total) == (1, 3)
    assert "3 found, the first 1 are shown" in shown(answer)


def test_what_could_not_be_a_place_is_told(snapshot: Snapshot) -> None:
    assert "Several places are called Springfield" in shown(build_search_report(snapshot, "housing in Springfield", 20))
    assert "only you know where that is: near us" in shown(build_search_report(snapshot, "housing near us", 20))


def test_names_are_shown_as_they_are(snapshot: Snapshot) -> None:
    assert "Lantern [bold]Tenants" in shown(build_search_report(snapshot, "LTU", 20))


def test_long_lists_of_themes_are_cut(snapshot: Snapshot) -> None:
    assert "and 1 more" in shown(build_search_report(snapshot, "LTU", 20))


@pytest.mark.parametrize(("words", "expected"), [("LTU", True), ("Former Friends", True), ("tenants", False), ("", False)])
def test_names_are_known(snapshot: Snapshot, words: str, expected: bool) -> None:
    assert snapshot.is_name(words) is expected


def test_states_are_ordered_by_what_is_their_own(snapshot: Snapshot) -> None:
    states = build_search_report(snapshot, "housing", 20).states
    assert [(one.value, one.count, one.local) for one in states] == [("US-GA", 3, 2)]


def test_json_keeps_its_shape(snapshot: Snapshot) -> None:
    answer = msgspec.json.decode(msgspec.json.encode(build_search_report(snapshot, "housing near Atlanta", 1)))
    assert list(answer) == [
        "words",
        "text",
        "understood",
        "ambiguous",
        "leftOut",
        "askBack",
        "search",
        "audience",
        "version",
        "fictional",
        "total",
        "organizations",
        "issueAreas",
        "states",
        "kinds",
        "relaxations",
    ]
    assert list(answer["organizations"][0]) == [
        "id",
        "slug",
        "name",
        "summary",
        "website",
        "where",
        "issueAreas",
        "distanceKm",
        "why",
    ]


def test_a_fictional_network_says_so(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        network = Network(IDS[1], fictional=True)
        directory.write([Put(ENTRIES[1])], actor="test", now=NOW, reason="test", network=network)
        answer = build_search_report(directory.get_snapshot(Audience.PUBLIC), "housing", 20)
    assert answer.fictional
    assert FICTIONAL_NOTICE in shown(answer)
