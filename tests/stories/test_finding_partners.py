"""Three questions of coalitions, over HTTP and in a terminal: on the network's own records and on invented ones.

The expected results on the network's own records were derived from seed/data by hand: one member is a tenants' group in Chicago
and a second one is there, nobody works on immigration detention, and no member serves only a part of the country.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

from cli.fictional.organizations import seed_fictional_network
from directory.live import Directory
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from seed.network_records import seed_network
from tests.builders import NOW
from tests.cli.command_runner import Run, make_runner
from tests.stories.http_client import ask, serve

DIVISIONS = [region.code for region in REGIONS.list_of_kind(RegionKind.CENSUS_DIVISION)]
THEMES = ["housing", "incarceration", "racial-justice"]
CHICAGO, WORKERS = "Chicago Anti-Eviction Campaign", "Workers Center for Racial Justice"

ALLIES = """query($words: String!) {
  allies(draft: {words: $words}, first: 5) { totalCount edges { score node { slug name } reasons { contribution text } } }
}"""
COVERAGE = """{
  coverage(values: ["detention-deportation"], within: "US-SOUTH", goal: {atLeast: 1}) {
    rows { label memberCount }
    regions { code }
    cells { nodes { region { code } located serving nationwide verdict search } }
    gaps(first: 100) { cell { region { name } verdict } missing nearest { name } }
  }
}"""
PLAN = """query($input: CoalitionPlanInput, $search: String, $without: [ID!]) {
  coalitionPlan(input: $input, search: $search, without: $without) {
    members { organization { id slug name } covers { label } alternatives { name } }
    covered total search
    uncovered { cell { label } text }
    certificate { optimal lowerBound timedOut reason }
  }
}"""


class Network(NamedTuple):
    """A directory over HTTP and in a terminal."""

    client: TestClient
    run: Run

    def read_json(self, *arguments: str, exit_code: int = 0) -> Any:
        result = self.run(*arguments, "--format", "json")
        assert result.exit_code == exit_code, result.output
        return json.loads(result.stdout)


def _open_network(database_url: str, fill: Callable[[Directory], object]) -> Iterator[Network]:
    directory = Directory.open(database_url)
    fill(directory)
    with serve(directory) as client:
        yield Network(client, make_runner(database_url))


@pytest.fixture
def own(database_url: str) -> Iterator[Network]:
    yield from _open_network(database_url, lambda directory: seed_network(directory, NOW))


@pytest.fixture
def fictional(database_url: str) -> Iterator[Network]:
    yield from _open_network(database_url, lambda directory: seed_fictional_network(directory, 400, seed=3, now=NOW))


# ---------------------------------------------------------------- a tenants' group in Chicago: who else?


def test_a_tenants_group_in_chicago_finds_the_other_one(own: Network) -> None:
    allies = ask(own.client, ALLIES, words="We are a tenants' group in Chicago")["allies"]
    assert [edge["node"]["name"] for edge in allies["edges"][:2]] == [CHICAGO, WORKERS]
    assert allies["edges"][0]["reasons"][0]["text"] == "Both work on tenants' rights and eviction, as 1 of 7 members does."
    shown = own.run("allies", "--words", "We are a tenants' group in Chicago", "--first", "2").stdout
    assert shown.index(CHICAGO) < shown.index(WORKERS)
    assert "Both are in Cook County, IL, as 2 of 7 members are." in shown
    spanish = own.run("allies", "--words", "un grupo de inquilinos en Chicago", "--language", "es").stdout
    assert "Ambas están en el condado de Cook, IL, como 2 de 7 miembros." in spanish


def test_allies_in_a_larger_network_are_alike_in_the_api_and_the_terminal(fictional: Network) -> None:
    allies = ask(fictional.client, ALLIES, words="We are a tenants' group in Chicago")["allies"]
    report = fictional.read_json("allies", "--words", "We are a tenants' group in Chicago", "--first", "5")
    assert report["total"] == allies["totalCount"] > 20
    assert [ally["slug"] for ally in report["allies"]] == [edge["node"]["slug"] for edge in allies["edges"]]
    assert [ally["score"] for ally in report["allies"]] == [edge["score"] for edge in allies["edges"]]
    assert all(edge["reasons"] for edge in allies["edges"])


# ---------------------------------------------------------------- where nobody works on immigration detention in the South


def test_nobody_works_on_immigration_detention_in_the_south(own: Network) -> None:
    coverage = ask(own.client, COVERAGE)["coverage"]
    assert coverage["rows"] == [{"label": "Immigration detention and deportation", "memberCount": 0}]
    assert coverage["cells"]["nodes"] == []
    assert {gap["cell"]["verdict"] for gap in coverage["gaps"]} == {"NONE"}
    assert len(coverage["gaps"]) == len(coverage["regions"]) == 17
    shown = own.run("coverage", "--value", "detention-deportation", "--within", "US-SOUTH").stdout
    assert "Immigration detention and deportation. No member works on this, in any region." in " ".join(shown.split())


def test_coverage_of_a_larger_network_tells_nobody_from_not_known(fictional: Network) -> None:
    coverage = ask(fictional.client, COVERAGE)["coverage"]
    verdicts = {gap["cell"]["region"]["name"]: gap["cell"]["verdict"] for gap in coverage["gaps"]}
    assert set(verdicts.values()) <= {"NONE", "UNKNOWN"}
    assert len(verdicts) >= 3
    assert all(gap["nearest"] for gap in coverage["gaps"])
    for cell in coverage["cells"]["nodes"]:
        document = "query($search: String!) { organizations(search: $search) { totalCount } }"
        total = ask(fictional.client, document, search=cell["search"])["organizations"]["totalCount"]
        assert total == cell["located"] + cell["serving"] + cell["nationwide"]
    arguments = ("--value", "detention-deportation", "--within", "US-SOUTH", "--at-least", "1")
    shown = " ".join(fictional.run("coverage", *arguments).stdout.split())
    names = {"NONE": "Nobody:", "UNKNOWN": "Not known:"}
    for verdict, title in names.items():
        expected = [name for name, one in verdicts.items() if one == verdict]
        assert not expected or sorted(expected)[0] in shown.partition(title)[2]


# ---------------------------------------------------------------- the smallest coalition, and the second member says no


def _list_ids(plan: dict[str, Any]) -> list[str]:
    return [member["organization"]["id"] for member in plan["members"]]


def _name_options(*arguments: str) -> list[str]:
    return [option for slug in THEMES for option in ("--issue", slug)] + ["--each", "census-division", *arguments]


def test_the_smallest_coalition_is_found_again_without_the_member_who_says_no(fictional: Network) -> None:
    request = {"issueAreas": THEMES, "regions": DIVISIONS, "nationwide": "INCLUDE"}
    plan = ask(fictional.client, PLAN, input=request)["coalitionPlan"]
    assert plan["total"] == len(THEMES) * len(DIVISIONS)
    assert plan["certificate"]["optimal"]
    assert not plan["certificate"]["timedOut"]
    assert plan["certificate"]["lowerBound"] == len(plan["members"])
    report = fictional.read_json("plan", *_name_options("--nationwide", "include"), exit_code=bool(plan["uncovered"]))
    assert [member["slug"] for member in report["members"]] == [member["organization"]["slug"] for member in plan["members"]]

    second = plan["members"][1]["organization"]
    again = ask(fictional.client, PLAN, search=plan["search"], without=[second["id"]])["coalitionPlan"]
    assert second["id"] not in _list_ids(again)
    assert again["covered"] <= plan["covered"]
    assert again["certificate"]["optimal"]
    line = ask(fictional.client, PLAN, search=again["search"])["coalitionPlan"]
    assert line == again, "a plan in one line gives the same plan"
    result = fictional.run("plan", "--from", plan["search"], "--without", second["slug"])
    assert second["name"] not in result.stdout.partition("Reason")[0] or "said no" in result.stdout


def test_a_plan_for_the_own_members_says_what_stays_uncovered(own: Network) -> None:
    plan = ask(own.client, PLAN, input={"issueAreas": THEMES, "regions": DIVISIONS, "nationwide": "INCLUDE"})["coalitionPlan"]
    assert plan["covered"] + len(plan["uncovered"]) == plan["total"] == 27
    assert all(gap["text"] for gap in plan["uncovered"])
    result = own.run("plan", *_name_options("--nationwide", "include"))
    assert result.exit_code == bool(plan["uncovered"])
    for member in plan["members"]:
        assert member["organization"]["name"] in result.stdout
