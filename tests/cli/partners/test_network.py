"""The command `network`."""

import json
import stat
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from directory.live import Directory
from directory.records import Audience, MembershipStatus, Relation, RelationKind
from directory.store.ledger.edits import Network, Put
from tests.builders import NOW, a_membership, a_stored_coalition, a_stored_organization, an_id
from tests.cli.command_runner import Run, make_runner

NAMES = ["Ash", "Birch", "Cedar", "Dogwood", "Elm"]
TIED = [a_stored_organization(name, issue_areas=("housing",) if name != "Birch" else ("workers",)) for name in NAMES]
HIDDEN = a_stored_organization("Quiet House", audience=Audience.STAFF, relations=(Relation(RelationKind.PARTNER, an_id("Elm")),))
LONE = a_stored_organization("Lone Pine")
LAPSED = a_stored_organization("Lapsed", membership=a_membership(MembershipStatus.LAPSED))
COALITIONS = [
    a_stored_coalition("Tenants Alliance", ["Ash", "Birch", "Cedar", "Lapsed"]),
    a_stored_coalition("Zone", ["Cedar", "Dogwood", "Elm"]),
]


@pytest.fixture
def run(sqlite_url: str) -> Run:
    with closing(Directory.open(sqlite_url)) as directory:
        records = [*TIED, HIDDEN, LONE, LAPSED, *COALITIONS]
        directory.write([Put(one) for one in records], actor="test", now=NOW, reason="test", network=Network(fictional=True))
    return partial(make_runner(sqlite_url), "network")


def test_the_text_names_groups_isolated_members_and_connectors(run: Run) -> None:
    result = run()
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "This is a fictional network: nothing in it is real.",
        "Understood as: everything",
        "7 members, 1 direct tie, and 6 memberships in 2 shared coalitions.",
        "Groups of members who are tied to each other: 1",
        "  6 members: Ash, Birch, Cedar and 3 more",
        "Members without a tie: 1",
        "  Lone Pine",
        "Members who connect groups that would have no tie without them: 2",
        "  Without Cedar, these groups would have no tie: Dogwood, Elm, Quiet House (3 members) and Ash, Birch (2 members).",
        "  Without Elm, these groups would have no tie: Ash, Birch, Cedar and 1 more (4 members) and Quiet House (1 member).",
    ]


def test_words_and_a_search_choose_the_members(run: Run) -> None:
    assert "4 members, 0 direct ties, and 5 memberships" in run("--words", "housing").stdout
    by_search = run("--search", "issue=housing")
    assert "Understood as: Housing" in by_search.stdout
    assert "4 members" in by_search.stdout
    both = run("--words", "Cedar", "--search", "issue=housing")
    assert "1 member, 0 direct ties, and 0 memberships in 0 shared coalitions." in both.stdout
    assert "8 members" in run("--search", "membership=ACTIVE&membership=LAPSED").stdout


def test_members_of_a_coalition_are_shown_with_their_other_ties(run: Run) -> None:
    result = run("--coalition", "zone")
    assert "3 members, 0 direct ties, and 0 memberships" in result.stdout
    assert "Members without a tie: 3" in result.stdout
    unknown = run("--coalition", "tenants-aliance")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert unknown.stderr == 'Error: There is no coalition "tenants-aliance". Did you mean tenants-alliance?\n'


@pytest.mark.parametrize("name", ["csv", "graphml", "json", "text"])
def test_a_file_can_be_read_by_its_owner_only(run: Run, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"network.{name}"
    result = run("--format", name, "--output", file)
    assert (result.exit_code, result.stdout) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "Dogwood" in file.read_text()
    if name != "text":
        assert "Written: 7 members and 7 ties." in result.stderr
        assert "for staff only" in result.stderr
    assert ("they have no tie: 1 member." in result.stderr) == (name == "csv")


def test_json_on_standard_output_is_nothing_but_json(run: Run) -> None:
    blueprint = json.loads(run("--format", "json").stdout)
    assert [element["label"] for element in blueprint["elements"]][:3] == ["Ash", "Birch", "Cedar"]


def test_a_network_without_members_is_said(run: Run) -> None:
    result = run("--words", "climate")
    assert result.exit_code == 1
    assert "No members were found." in result.stdout


def test_there_is_no_audience_to_choose(run: Run) -> None:
    assert "No such option" in run("--audience", "public").stderr


def test_long_lists_are_cut(sqlite_url: str) -> None:
    chain = [a_stored_organization(f"Member {number:02}", slug=f"m-{number:02}") for number in range(40)]
    tied = [replace(one, relations=(Relation(RelationKind.SISTER, other.id),)) for one, other in pairwise(chain[:13])]
    with closing(Directory.open(sqlite_url)) as directory:
        directory.write([Put(one) for one in [*chain[::-1]]], actor="test", now=NOW, reason="test")
        directory.write([Put(one) for one in tied], actor="test", now=NOW, reason="test")
    lines = make_runner(sqlite_url)("network").stdout
    assert "13 members: Member 00, Member 01, Member 02 and 10 more" in lines
    assert "Member 22 and 17 more" in lines
    assert "Members who connect groups that would have no tie without them: 11" in lines
    assert "  and 1 more\n" in lines


def test_control_characters_are_escaped(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        directory.write([Put(a_stored_organization("A\x1b[2JB", slug="ab"))], actor="test", now=NOW, reason="test")
    output = make_runner(sqlite_url)("network").stdout
    assert "\x1b" not in output
    assert r"A\x1b[2JB" in output
