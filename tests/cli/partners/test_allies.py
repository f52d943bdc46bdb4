"""The command `allies`: text, JSON and CSV, in English and Spanish, and what it refuses."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from directory.records import Relation
from directory.vocabulary.choices import RelationKind
from tests.builders import NOW, a_stored_coalition, a_stored_location, a_stored_organization, an_id
from tests.cli.command_runner import Run, make_runner
from tests.cli.records_of_all_kinds import write

FIELDS: dict[str, Any] = {"issue_areas": ("tenants",), "communities": ("women",), "work_areas": ("litigation",)}
HARBOR = a_stored_organization(
    "Harbor Tenants",
    seeks="litigation",
    sites=(a_stored_location(id=an_id("harbor")),),
    relations=(Relation(RelationKind.PARTNER, organization=an_id("Old Partner")),),
    **FIELDS,
)
RIVER = a_stored_organization(
    "River Workers", offers="Litigation", sites=(a_stored_location(id=an_id("river")),), parent=an_id("Old Partner"), **FIELDS
)
FORMULA = a_stored_organization("=SUM Tenants", slug="sum-tenants", issue_areas=("tenants",))
SECRET = a_stored_organization("Quiet House", hidden_since=NOW, **FIELDS)
RECORDS = (
    a_stored_organization("Old Partner", **FIELDS), HARBOR, RIVER, FORMULA, SECRET,
    a_stored_coalition("UPR Task Force", ["Harbor Tenants", "River Workers", "Quiet House"]),
)  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    file: Path = tmp_path_factory.mktemp("allies") / "directory.sqlite3"
    write(f"sqlite:///{file}", *RECORDS)
    return make_runner(f"sqlite:///{file}")


def read(run: Run, *arguments: str) -> dict[str, Any]:
    result = run("allies", *arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    assert "Quiet House" not in result.output
    return report


def test_the_text_says_who_and_why_and_who_is_known_already(run: Run) -> None:
    result = run("allies", "harbor-tenants")
    assert result.exit_code == 0
    for words in (
        "1. River Workers",
        "river-workers · score ",
        "Both belong to UPR Task Force, as 2 of 4 members do.",
        "more. To see all, add --reasons ",
        "Not suggested, because Harbor Tenants knows it already: Old Partner (partner).",
        "2 found.",
    ):
        assert words in result.output


def test_the_json_has_contributions_that_add_up(run: Run) -> None:
    report = read(run, "harbor-tenants", "--reasons", "100")
    assert {name: report[name] for name in ("fictional", "mode", "total")} == {
        "fictional": False,
        "mode": "SAME_THEMES",
        "total": 2,
    }
    assert [ally["slug"] for ally in report["allies"]] == ["river-workers", "sum-tenants"]
    for ally in report["allies"]:
        assert sum(reason["contribution"] for reason in ally["reasons"]) == pytest.approx(ally["score"])
        assert len(ally["reasons"]) == ally["reasonCount"]
    assert [ally["distanceKm"] for ally in report["allies"]] == [0.0, None]
    assert report["ties"] == [{"slug": "old-partner", "name": "Old Partner", "knownBy": "Harbor Tenants", "why": "partner"}]


def test_reasons_are_in_spanish_on_request(run: Run) -> None:
    report = read(run, "harbor-tenants", "--language", "es", "--reasons", "100")
    texts = [reason["text"] for reason in report["allies"][0]["reasons"]]
    assert "Ambas pertenecen a UPR Task Force, como 2 de 4 miembros." in texts
    assert not [text for text in texts if "Both" in text or "members" in text]


def test_the_table_has_a_line_for_each_reason_and_no_formulas(run: Run) -> None:
    result = run("allies", "harbor-tenants", "--format", "csv", "--reasons", "2")
    lines = [*csv.DictReader(io.StringIO(result.stdout))]
    assert [(line["rank"], line["slug"]) for line in lines[:3]] == [("1", "river-workers")] * 2 + [("2", "sum-tenants")]
    assert lines[-1]["name"] == "'=SUM Tenants"
    assert lines[0]["distance km"] == "0.0"
    assert float(lines[0]["contribution"]) <= float(lines[0]["score"])


def test_modes_weights_and_conditions(run: Run) -> None:
    kinds = {reason["kind"] for reason in read(run, "harbor-tenants", "--mode", "seeks-and-offers")["allies"][0]["reasons"]}
    assert kinds == {"OFFERS_WHAT_IT_SEEKS"}
    default, halved = (read(run, "harbor-tenants", *more)["allies"][0]["score"] for more in ((), ("--weight", "coalition=0.4")))
    assert halved < default
    assert [ally["slug"] for ally in read(run, "harbor-tenants", "--among", "River Workers")["allies"]] == ["river-workers"]
    near = read(run, "harbor-tenants", "--near", "Savannah, GA", "--miles", "400")["allies"]
    assert [ally["slug"] for ally in near] == ["river-workers"]
    assert near[0]["distanceKm"] > 300
    assert len(read(run, "harbor-tenants", "--first", "1")["allies"]) == 1


def test_a_group_that_is_not_listed(run: Run) -> None:
    for arguments in (
        ("--words", "a tenants' group in Atlanta"),
        (
            "--issue",
            "tenants",
            "--community",
            "women",
            "--work-area",
            "litigation",
            "--region",
            "US-GA",
            "--place",
            "Atlanta, GA",
        ),
        ("--seeks", "litigation", "--offers", "a van", "--mode", "seeks-and-offers"),
    ):
        assert "harbor-tenants" in [ally["slug"] for ally in read(run, *arguments)["allies"]] or "seeks-and-offers" in arguments
    both = read(run, "harbor-tenants", "--issue", "tenants")
    assert "harbor-tenants" not in [ally["slug"] for ally in both["allies"]]


def test_nobody_found_exits_with_1_and_says_what_is_needed(run: Run) -> None:
    result = run("allies", "--issue", "health", "--among", "River Workers", "--mode", "seeks-and-offers")
    assert result.exit_code == 1
    assert "No allies were found. To be compared, organizations must state what they seek or offer." in result.output


REFUSED: dict[tuple[str, ...], str] = {
    (): "Say who looks for allies",
    ("harbor-tenant",): 'There is no organization "harbor-tenant". Did you mean harbor-tenants?',
    ("quiet-house",): 'There is no organization "quiet-house". To describe a group that is not listed, use --words.',
    ("zzzz",): 'There is no organization "zzzz". To describe a group that is not listed, use --words.',
    ("harbor-tenants", "harbor-tenants"): "listed twice",
    ("harbor-tenants", "--weight", "charm=1"): 'There is no weight "charm". Use one of issue-area',
    ("harbor-tenants", "--weight", "region"): '"region" is not a weight',
    ("harbor-tenants", "--weight", "region=much"): '"region=much" is not a weight',
    ("harbor-tenants", "--weight", "region=-1"): "from 0 to 100",
    ("harbor-tenants", "--weight", "region=nan"): "from 0 to 100",
    ("harbor-tenants", "--weight", "region=100.0001"): "is 100.0001. Choose a number from 0 to 100",
    ("harbor-tenants", "--weight", "region=1", "--weight", "region=2"): "“region” is set twice",
    ("harbor-tenants", "--mode", "seeks-and-offers", "--weight", "seeks-and-offers=0"): "no reason left",
    ("harbor-tenants", "--miles", "5"): "Add --near",
    ("harbor-tenants", "--near", "Atlanta", "--among", "tenants in Decatur, GA"): "in --near or in --among, not in both",
    ("--issue", "hosing"): "Did you mean housing",
    ("--region", "US-XX"): "There is no region",
    ("--place", "Nowhere at all"): "Nowhere at all",
    ("--words", "x" * 501): "at most 500 characters",
    ("--words", "xyzzy"): "Nothing in this description was understood",
    ("--words", "tenants in Chicago", "--place", "Atlanta, GA"): "Name its place only once",
    ("harbor-tenants", "--first", "0"): "--first",
    ("harbor-tenants", "--reasons", "101"): "--reasons",
    ("harbor-tenants", "--mode", "friends"): "'friends' is not one of",
}


@pytest.mark.parametrize("arguments", REFUSED)
def test_what_cannot_be_used_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    result = run("allies", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert REFUSED[arguments] in " ".join(result.stderr.split())
    assert "Traceback" not in result.output


def test_names_cannot_change_what_the_terminal_shows(empty_sqlite_url: str) -> None:
    names = ("Line\nbreak", "Reordered \u202e name", "Tab\tbed")
    organizations = [a_stored_organization(name, slug=f"name-{number}", **FIELDS) for number, name in enumerate(names)]
    write(empty_sqlite_url, *organizations, a_stored_coalition("Broken\nCoalition", names))
    run = make_runner(empty_sqlite_url)
    output = run("allies", "name-2", "--reasons", "20").output
    assert all(line.isprintable() for line in output.splitlines())
    for escaped in (r"Line\nbreak", r"Reordered \u202e name", r"Both belong to Broken\nCoalition"):
        assert escaped in output
    tied = run("allies", "name-0", "name-2").output
    assert all(line.isprintable() for line in tied.splitlines())


def test_it_does_not_create_a_database(empty_sqlite_url: str, tmp_path: Path) -> None:
    result = make_runner(empty_sqlite_url)("allies", "harbor-tenants")
    assert result.exit_code == 3
    assert not list(tmp_path.iterdir())
