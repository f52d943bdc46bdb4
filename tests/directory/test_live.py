"""Snapshots follow the ledger: at once where it was written, by following elsewhere; and tell each audience only its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from directory.geo import Disclosure, Point, Precision
from directory.live import Directory
from directory.question import Question, RegionFilter, TermFilter
from directory.records import Audience, Entry, Membership, MembershipStatus, PrivatePlace
from directory.store import Network, Put, Remove
from tests.builders import NOW, a_site, an_entry, an_id

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF


@pytest.fixture
def directory(database_url: str) -> Iterator[Directory]:
    directory = Directory.open(database_url)
    yield directory
    directory.close()


def put(directory: Directory, *entries: Entry) -> None:
    directory.write([Put(entry) for entry in entries], actor="a test", now=NOW, reason="to try it")


def versions(directory: Directory) -> dict[Audience, str]:
    return {audience: directory.snapshot(audience).version for audience in Audience}


def found(directory: Directory, audience: Audience, **asked: object) -> list[str]:
    question = Question(**asked)  # type: ignore[arg-type]
    return [hit.organization.name for hit in directory.snapshot(audience).find(question).page.hits]


def test_an_empty_directory_answers(directory: Directory) -> None:
    snapshot = directory.snapshot(PUBLIC)
    assert (snapshot.organization_count, snapshot.find(Question()).total, snapshot.changes(0, 10)) == (0, 0, ([], False))


def test_what_was_written_is_found_at_once(directory: Directory) -> None:
    assert found(directory, PUBLIC) == []
    put(directory, an_entry("Alder", issue_areas=("tenants",), sites=(a_site(),)))
    asked = {"issue_areas": TermFilter(any_of=("housing",)), "regions": RegionFilter(any_of=("US-GA",))}
    assert found(directory, PUBLIC, **asked) == ["Alder"]
    put(directory, an_entry("Alder", issue_areas=("health",)))
    assert found(directory, PUBLIC, **asked) == []
    directory.write([Remove(an_id("Alder"))], actor="a test", now=NOW, reason="gone")
    assert directory.snapshot(PUBLIC).organization(an_id("Alder")) is None


def test_another_process_follows(directory: Directory, database_url: str) -> None:
    elsewhere = Directory.open(database_url)
    assert elsewhere.snapshot(PUBLIC).organization_count == 0
    assert not elsewhere.follow()
    put(directory, an_entry("Alder"), an_entry("Birch", audience=STAFF))
    assert elsewhere.follow()
    assert found(elsewhere, PUBLIC) == ["Alder"]
    assert found(elsewhere, STAFF) == ["Alder", "Birch"]
    assert versions(elsewhere) == versions(directory)
    elsewhere.close()


def test_each_audience_finds_its_own(directory: Directory) -> None:
    put(directory, an_entry("Alder"), an_entry("Birch", audience=MEMBERS), an_entry("Cedar", audience=STAFF))
    assert [len(found(directory, audience)) for audience in Audience] == [1, 2, 3]
    shared = directory.snapshot(PUBLIC).organization(an_id("Alder"))
    assert shared is directory.snapshot(STAFF).organization(an_id("Alder"))


def test_a_version_changes_only_for_those_who_see_the_change(directory: Directory) -> None:
    put(directory, an_entry("Alder"))
    before = versions(directory)
    put(directory, an_entry("Birch", audience=MEMBERS))
    after = versions(directory)
    assert [after[audience] != before[audience] for audience in Audience] == [False, True, True]


@pytest.mark.parametrize("disclosure", [None, *(one for one in Disclosure if one is not Disclosure.EXACT)])
def test_a_private_point_that_moves_inside_its_area_is_told_to_nobody(
    directory: Directory, disclosure: Disclosure | None
) -> None:
    def at(point: Point, street: str) -> Entry:
        site = a_site(disclosure=disclosure, postal_code="30312", known=Precision.STREET, private=PrivatePlace(street, point))
        return an_entry("Shelter", sites=(site,))

    put(directory, at(Point(33.74, -84.37), "1 Here Street"))
    before = {audience: directory.snapshot(audience) for audience in Audience}
    put(directory, at(Point(33.75, -84.38), "2 There Street"))
    for audience, seen in before.items():
        now = directory.snapshot(audience)
        assert now.version == seen.version
        assert now.organization(an_id("Shelter")) == seen.organization(an_id("Shelter"))
        assert now.changes(0, 10) == seen.changes(0, 10)


def test_a_parent_appears_when_it_is_shown_to_more(directory: Directory) -> None:
    put(directory, an_entry("Alder", audience=STAFF), an_entry("Birch", parent=an_id("Alder")))
    child = directory.snapshot(PUBLIC).organization(an_id("Birch"))
    assert child is not None
    assert child.parent is None
    put(directory, an_entry("Alder"))
    child = directory.snapshot(PUBLIC).organization(an_id("Birch"))
    assert child is not None
    assert child.parent == an_id("Alder")
    assert [one.name for one in directory.snapshot(PUBLIC).branches(an_id("Alder"))] == ["Birch"]


def test_an_old_slug_leads_to_the_organization(directory: Directory) -> None:
    put(directory, an_entry("Alder"))
    directory.snapshot(PUBLIC)
    put(directory, replace(an_entry("Alder"), slug="alder-alliance"))
    now = directory.snapshot(PUBLIC)
    assert now.by_slug("alder") is now.by_slug("alder-alliance") is now.organization(an_id("Alder"))


def test_a_slug_of_hidden_times_leads_only_those_who_saw_it(directory: Directory, database_url: str) -> None:
    hidden = replace(an_entry("Alder", audience=STAFF), slug="jane-doe-safe-house")
    put(directory, hidden)
    for audience in Audience:
        directory.snapshot(audience)
    put(directory, replace(hidden, slug="harbor-circle"))
    put(directory, replace(hidden, slug="harbor-circle", audience=PUBLIC))
    rebuilt = Directory.open(database_url)
    for one in (directory, rebuilt):
        assert [bool(one.snapshot(audience).by_slug("jane-doe-safe-house")) for audience in Audience] == [False, False, True]
        assert all(one.snapshot(audience).by_slug("harbor-circle") for audience in Audience)
    rebuilt.close()


def test_a_slug_that_came_and_went_between_two_looks_leads_on(directory: Directory, database_url: str) -> None:
    put(directory, an_entry("Alder"))
    elsewhere = Directory.open(database_url)
    elsewhere.snapshot(PUBLIC)
    for slug in ("alder-alliance", "alder-union"):
        put(directory, replace(an_entry("Alder"), slug=slug))
    elsewhere.follow()
    assert elsewhere.snapshot(PUBLIC).by_slug("alder-alliance") is elsewhere.snapshot(PUBLIC).organization(an_id("Alder"))
    elsewhere.close()


def test_prospects_are_found_only_when_asked_for(directory: Directory) -> None:
    put(directory, an_entry("Alder", membership=Membership(MembershipStatus.PROSPECT)))
    assert found(directory, PUBLIC) == []
    assert found(directory, PUBLIC, membership=(MembershipStatus.PROSPECT,)) == ["Alder"]


def test_removals_stay_in_the_feed_for_those_who_saw_the_record(directory: Directory) -> None:
    put(directory, an_entry("Alder"), an_entry("Birch", audience=STAFF))
    directory.write([Remove(an_id("Alder")), Remove(an_id("Birch"))], actor="a test", now=NOW, reason="gone")
    feed, more = directory.snapshot(PUBLIC).changes(0, 10)
    assert [(change.kind, change.organization_id) for change in feed] == [("REMOVED", an_id("Alder"))]
    assert not more


def test_whose_directory_it_is(directory: Directory) -> None:
    directory.snapshot(PUBLIC)
    network = Network(an_id("The Network"), fictional=True)
    directory.write([Put(an_entry("The Network"))], actor="a test", now=NOW, reason="founded", network=network)
    assert (directory.snapshot(PUBLIC).network_id, directory.snapshot(PUBLIC).fictional) == (an_id("The Network"), True)


def test_a_snapshot_that_is_held_stays_as_it_was(directory: Directory) -> None:
    put(directory, an_entry("Alder"))
    held = directory.snapshot(PUBLIC)
    put(directory, an_entry("Birch"))
    assert held.find(Question()).total == 1
    assert directory.snapshot(PUBLIC).find(Question()).total == 2


def test_reading_goes_on_while_the_database_is_away(directory: Directory) -> None:
    put(directory, an_entry("Alder"))
    snapshot = directory.snapshot(PUBLIC)
    directory.close()
    assert snapshot.find(Question()).total == 1


def test_a_change_that_nobody_here_sees_is_not_felt_by_an_answer_worked_out_anew(directory: Directory) -> None:
    put(directory, an_entry("Alder"))
    answer = directory.snapshot(PUBLIC).find(Question())
    put(directory, an_entry("Birch", audience=STAFF))
    assert directory.snapshot(PUBLIC).find(Question()) is answer


def test_what_somebody_typed_is_not_remembered(directory: Directory) -> None:
    snapshot = directory.snapshot(PUBLIC)
    assert snapshot.find(Question()) is snapshot.find(Question())
    assert snapshot.find(Question(text="alder")) is not snapshot.find(Question(text="alder"))


def test_another_database_in_the_place_of_the_first_is_read_anew(tmp_path: Path) -> None:
    here, other = tmp_path / "here.sqlite3", tmp_path / "other.sqlite3"
    directory, replacing = Directory.open(f"sqlite:///{here}"), Directory.open(f"sqlite:///{other}")
    put(directory, an_entry("Alder"))
    put(directory, an_entry("Cedar"))
    assert [len(found(directory, audience)) for audience in Audience] == [2, 2, 2]
    put(replacing, an_entry("Birch"))
    replacing.close()
    for beside in tmp_path.glob("here.sqlite3-*"):
        beside.unlink()
    other.replace(here)
    assert directory.follow()
    assert [found(directory, audience) for audience in Audience] == [["Birch"]] * 3
    assert not directory.follow()
    put(directory, an_entry("Dogwood"))
    assert found(directory, PUBLIC) == ["Birch", "Dogwood"]
    directory.close()
