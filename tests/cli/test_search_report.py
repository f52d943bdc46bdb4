"""The report of `directory find`, as a value and as printed."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from io import StringIO

import msgspec
import pytest
from rich.console import Console

from cli.search_output import FICTIONAL_NOTICE, print_search_report
from cli.search_report import PlaceSuggestions, SearchReport, build_search_report
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


def a_site(number: int, **fields: str) -> StoredLocation:
    return StoredLocation(id=f"00000000-0000-4000-9000-00000000000{number}", known=Precision.CITY, **fields)  # type: ignore[arg-type]


ENTRIES = [
    StoredOrganization(
        id=IDS[0],
        slug="lantern-tenants",
        name="Lantern [bold]Tenants",
        names=(OrganizationName("LTU", NameKind.ACRONYM),),
        issue_areas=("tenants", "health", "faith", "women"),
        sites=(a_site(0, city="Atlanta", state="US-GA"),),
        service_areas=("US-GA",),
    ),
    StoredOrganization(
        id=IDS[1],
        slug="thistle-homes",
        name="Thistle Homes",
        issue_areas=("housing",),
        sites=(a_site(1, city="Macon", state="US-GA"),),
    ),
    StoredOrganization(id=IDS[2], slug="nowhere-homes", name="Nowhere Homes", issue_areas=("housing",), service_areas=("US",)),
    StoredOrganization(
        id=IDS[3], slug="abroad", name="Casa Abroad", issue_areas=("faith",), sites=(a_site(3, country="MX", city="Oaxaca"),)
    ),
    StoredOrganization(id=IDS[4], slug="former", name="Former Friends", membership=Membership(MembershipStatus.LAPSED)),
]


@pytest.fixture
def snapshot(sqlite_url: str) -> Iterator[Snapshot]:
    with closing(Directory.open(sqlite_url)) as directory:
        directory.store.write([Put(entry) for entry in ENTRIES], actor="test", now=NOW, reason="test")
        yield directory.get_snapshot(Audience.PUBLIC)


def render(report: SearchReport) -> str:
    output = StringIO()
    print_search_report(report, Console(file=output, width=200))
    return output.getvalue()


def test_the_report_has_the_understood_parts_and_the_reasons_for_each_hit(snapshot: Snapshot) -> None:
    report = build_search_report(snapshot, "housing in Georgia", 20)
    assert [part.label for part in report.understood][:2] == ["Housing", "Georgia"]
    assert {item.slug for item in report.organizations} == {"lantern-tenants", "thistle-homes", "nowhere-homes"}
    assert report.total == 3
    reasons = {item.slug: item.why for item in report.organizations}
    assert reasons["lantern-tenants"] == ("is there", "Tenants' rights and eviction (Housing)")
    assert reasons["nowhere-homes"] == ("serves the whole country", "Housing")


def test_the_nearest_comes_first_with_its_distance(snapshot: Snapshot) -> None:
    report = build_search_report(snapshot, "housing near Macon, GA", 20)
    assert report.organizations[0].slug == "thistle-homes"
    assert report.organizations[0].distance_km == 0.0
    assert "Miles" in render(report)


def test_without_an_origin_there_are_no_miles(snapshot: Snapshot) -> None:
    assert "Miles" not in render(build_search_report(snapshot, "housing", 20))


def test_places_are_shown_as_precisely_as_they_are_published(snapshot: Snapshot) -> None:
    where = {item.slug: item.where for item in build_search_report(snapshot, "", 20).organizations}
    assert where == {
        "lantern-tenants": ("Atlanta, GA",),
        "thistle-homes": ("Macon, GA",),
        "nowhere-homes": (),
        "abroad": ("Oaxaca, MX",),
    }
    assert "not stated" in render(build_search_report(snapshot, "Nowhere Homes", 20))


def test_relaxations_are_suggested_when_nothing_is_found(snapshot: Snapshot) -> None:
    report = build_search_report(snapshot, "housing in Wyoming without nationwide qwertz", 20)
    assert report.total == 0
    assert report.relaxations
    assert all(item.count for item in report.relaxations)
    text = render(report)
    assert "Nothing was found." in text
    assert f"Without {report.relaxations[0].without[0].label}: {report.relaxations[0].count}" in text


def test_relaxations_can_replace_parts(snapshot: Snapshot) -> None:
    assert "Including organizations that are not members: 1" in render(build_search_report(snapshot, "Former Friends", 20))
    assert 'With "Georgia" instead of "Gabon": 2' in render(build_search_report(snapshot, "housing based in Gabon", 20))
    assert 'Without "within 50 miles of Boise, ID": 3' in render(build_search_report(snapshot, "housing near Boise", 20))


def test_a_misspelled_place_gets_suggestions(snapshot: Snapshot) -> None:
    report = build_search_report(snapshot, "housing near Atlantta", 20)
    assert report.ask_back == (PlaceSuggestions("Atlantta", ("Atlanta, GA",)),)
    assert 'Unknown place: "Atlantta". Did you mean "Atlanta, GA"?' in render(report)
    assert '"Springfield, MA" or "Springfield, IL"' in render(build_search_report(snapshot, "Springfield", 20))


def test_counts_are_among_the_hits(snapshot: Snapshot) -> None:
    report = build_search_report(snapshot, "tenants in Georgia", 20)
    assert report.total == 1
    counts = [
        [item.count for item in report.issue_areas],
        [item.count for item in report.kinds],
        [item.count for item in report.states],
    ]
    assert {count for group in counts for count in group} == {1}


def test_only_further_themes_are_labeled_as_additional(snapshot: Snapshot) -> None:
    assert "Understood as: Housing, also Immigrants' rights" in render(
        build_search_report(snapshot, "housing and immigration", 20)
    )


def test_a_page_states_the_total(snapshot: Snapshot) -> None:
    report = build_search_report(snapshot, "housing", 1)
    assert (len(report.organizations), report.total) == (1, 3)
    assert "3 found, the first 1 are shown" in render(report)


def test_words_that_name_no_single_place_are_reported(snapshot: Snapshot) -> None:
    assert "Several places are called Springfield" in render(build_search_report(snapshot, "housing in Springfield", 20))
    assert 'Ignored because the directory does not know your location: "near us"' in render(
        build_search_report(snapshot, "housing near us", 20)
    )


def test_markup_in_names_is_not_interpreted(snapshot: Snapshot) -> None:
    assert "Lantern [bold]Tenants" in render(build_search_report(snapshot, "LTU", 20))


def test_long_lists_of_themes_are_cut(snapshot: Snapshot) -> None:
    assert "and 1 more" in render(build_search_report(snapshot, "LTU", 20))


@pytest.mark.parametrize(("words", "expected"), [("LTU", True), ("Former Friends", True), ("tenants", False), ("", False)])
def test_exact_names_are_recognized(snapshot: Snapshot, words: str, expected: bool) -> None:
    assert snapshot.is_name(words) is expected


def test_states_are_ordered_by_local_organizations(snapshot: Snapshot) -> None:
    states = build_search_report(snapshot, "housing", 20).states
    assert [(item.value, item.count, item.local) for item in states] == [("US-GA", 3, 2)]


def test_json_keeps_its_shape(snapshot: Snapshot) -> None:
    report = msgspec.json.decode(msgspec.json.encode(build_search_report(snapshot, "housing near Atlanta", 1)))
    assert list(report) == [
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
    assert list(report["organizations"][0]) == [
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


def test_a_fictional_network_is_marked(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        network = Network(IDS[1], fictional=True)
        directory.write([Put(ENTRIES[1])], actor="test", now=NOW, reason="test", network=network)
        report = build_search_report(directory.get_snapshot(Audience.PUBLIC), "housing", 20)
    assert report.fictional
    assert FICTIONAL_NOTICE in render(report)
