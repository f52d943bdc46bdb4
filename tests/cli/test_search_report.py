"""The report of `directory find`, as a value and as printed."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from io import StringIO

import msgspec
import pytest
from rich.console import Console

from cli.search_output import FICTIONAL_NOTICE, print_search_report
from cli.search_report import ChosenPlace, PlaceSuggestions, SearchReport, build_search_report
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
    report = build_search_report(snapshot, "housing based in Wyoming", 20)
    assert report.total == 0
    assert report.relaxations
    assert all(item.count for item in report.relaxations)
    text = render(report)
    assert "Nothing was found." in text
    first = report.relaxations[0]
    assert f'Without "{first.without[0].label}": {first.count}' in text
    assert text.count(" instead of ") + text.count("  Without ") <= 3


def test_relaxations_can_replace_parts(snapshot: Snapshot) -> None:
    assert "Including organizations that are not members: 1" in render(build_search_report(snapshot, "Former Friends", 20))
    assert 'With "Georgia" instead of "Gabon": 2' in render(build_search_report(snapshot, "housing based in Gabon", 20))
    assert 'Without "within 20 miles of Boise, ID": 3' in render(
        build_search_report(snapshot, "housing within 20 miles of Boise", 20)
    )


def test_a_misspelled_place_gets_suggestions(snapshot: Snapshot) -> None:
    report = build_search_report(snapshot, "housing near Xatlanta", 20)
    assert report.ask_back == (PlaceSuggestions("Xatlanta", ("Atlanta, GA",)),)
    assert report.unknown_places == ("Xatlanta",)
    text = render(report)
    assert "“Xatlanta” is not a known place. Did you mean “Atlanta, GA”?" in text
    assert "come first" not in text
    assert "“Springfield, MA”, “Springfield, IL”" in render(build_search_report(snapshot, "Springfield", 20))


def test_an_unknown_place_is_named_even_if_none_is_similar(snapshot: Snapshot) -> None:
    text = render(build_search_report(snapshot, "housing near Xyzzyville", 20))
    assert "“Xyzzyville” is not a known place.\n" in text


def test_a_chosen_place_is_named_with_the_others(snapshot: Snapshot) -> None:
    report = build_search_report(snapshot, "washington youth", 20)
    assert report.chosen_places == (ChosenPlace("washington", "Washington, DC", ("Washington (state)",)),)
    assert "“washington” was read as “Washington, DC”. It may also mean “Washington (state)”." in render(report)
    text = render(build_search_report(snapshot, "housing in Aurora", 20))
    assert text.count("“Aurora” was read as") == 1
    assert "“Aurora” may also mean “Aurora, IL”" in text


def test_optional_words_are_shown_once_as_typed(snapshot: Snapshot) -> None:
    report = build_search_report(snapshot, "Mamás chácharas contra desalojos", 20)
    assert report.optional_words == ("chácharas", "Mamás")
    text = render(report)
    assert "Organizations with more of these words come first: chácharas, Mamás." in text
    assert "optional" not in text


def test_where_organizations_must_be_is_said_with_the_place(snapshot: Snapshot) -> None:
    assert "Understood as: Housing, located in Wyoming\n" in render(build_search_report(snapshot, "housing based in Wyoming", 20))


def test_an_excluded_place_is_not_called_located(snapshot: Snapshot) -> None:
    assert "Understood as: Housing, not in Texas\n" in render(build_search_report(snapshot, "housing not in Texas", 20))


def test_corrections_optional_words_and_notes_are_shown(snapshot: Snapshot) -> None:
    text = render(build_search_report(snapshot, "evicton zeppelins in the Northwest", 20))
    assert "“evicton” was read as “eviction”. To search for a word as typed, put it in quotes." in text
    assert "Organizations with this word come first: zeppelins." in text
    assert "“the Northwest” was read as Idaho, Oregon and Washington." in text


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
    assert "3 found. The first one is shown. To see more, use --first." in render(report)
    assert "3 found. The first 2 are shown." in render(build_search_report(snapshot, "housing", 2))
    assert "3 found.\n" in render(build_search_report(snapshot, "housing", 20))


def test_words_that_name_no_single_place_are_reported(snapshot: Snapshot) -> None:
    assert "Several places are called “Springfield”, so" in render(build_search_report(snapshot, "housing in Springfield", 20))
    assert "The directory does not know where you are, so “near us” was ignored." in render(
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
        "optionalWords",
        "corrections",
        "notes",
        "chosenPlaces",
        "unknownPlaces",
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
