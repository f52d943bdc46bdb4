"""Snapshots follow the ledger, in the process that writes and in others, and each audience sees only its own data."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from directory.geo import Disclosure, Point, Precision
from directory.live import Directory
from directory.question import Question, RegionFilter, TermFilter
from directory.records import Audience, Membership, MembershipStatus, PrivatePlace, StoredOrganization
from directory.store.ledger.edits import Network, Put, Remove
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF


@pytest.fixture
def directory(database_url: str) -> Iterator[Directory]:
    directory = Directory.open(database_url)
    yield directory
    directory.close()


def put(directory: Directory, *entries: StoredOrganization) -> None:
    directory.write([Put(entry) for entry in entries], actor="a test", now=NOW, reason="to try it")


def versions(directory: Directory) -> dict[Audience, str]:
    return {audience: directory.get_snapshot(audience).version for audience in Audience}


def find_names(directory: Directory, audience: Audience, **filters: object) -> list[str]:
    question = Question(**filters)  # type: ignore[arg-type]
    return [hit.organization.name for hit in directory.get_snapshot(audience).find(question).page.hits]


def test_an_empty_directory_can_be_searched(directory: Directory) -> None:
    snapshot = directory.get_snapshot(PUBLIC)
    assert (snapshot.organization_count, snapshot.find(Question()).total, snapshot.list_changes(0, 10)) == (0, 0, ([], False))


def test_a_write_is_visible_at_once(directory: Directory) -> None:
    assert find_names(directory, PUBLIC) == []
    put(directory, a_stored_organization("Alder", issue_areas=("tenants",), sites=(a_stored_location(),)))
    filters = {"issue_areas": TermFilter(any_of=("housing",)), "regions": RegionFilter(any_of=("US-GA",))}
    assert find_names(directory, PUBLIC, **filters) == ["Alder"]
    put(directory, a_stored_organization("Alder", issue_areas=("health",)))
    assert find_names(directory, PUBLIC, **filters) == []
    directory.write([Remove(an_id("Alder"))], actor="a test", now=NOW, reason="gone")
    assert directory.get_snapshot(PUBLIC).get_organization(an_id("Alder")) is None


def test_another_process_can_update_its_snapshots(directory: Directory, database_url: str) -> None:
    elsewhere = Directory.open(database_url)
    assert elsewhere.get_snapshot(PUBLIC).organization_count == 0
    assert not elsewhere.update_snapshots()
    put(directory, a_stored_organization("Alder"), a_stored_organization("Birch", audience=STAFF))
    assert elsewhere.update_snapshots()
    assert find_names(elsewhere, PUBLIC) == ["Alder"]
    assert find_names(elsewhere, STAFF) == ["Alder", "Birch"]
    assert versions(elsewhere) == versions(directory)
    elsewhere.close()


def test_each_audience_finds_only_what_it_sees(directory: Directory) -> None:
    put(
        directory,
        a_stored_organization("Alder"),
        a_stored_organization("Birch", audience=MEMBERS),
        a_stored_organization("Cedar", audience=STAFF),
    )
    assert [len(find_names(directory, audience)) for audience in Audience] == [1, 2, 3]
    shared = directory.get_snapshot(PUBLIC).get_organization(an_id("Alder"))
    assert shared is directory.get_snapshot(STAFF).get_organization(an_id("Alder"))


def test_the_version_changes_only_for_audiences_that_see_the_change(directory: Directory) -> None:
    put(directory, a_stored_organization("Alder"))
    before = versions(directory)
    put(directory, a_stored_organization("Birch", audience=MEMBERS))
    after = versions(directory)
    assert [after[audience] != before[audience] for audience in Audience] == [False, True, True]


@pytest.mark.parametrize("disclosure", [None, *(one for one in Disclosure if one is not Disclosure.EXACT)])
def test_a_private_point_that_moves_inside_its_area_is_not_a_visible_change(
    directory: Directory, disclosure: Disclosure | None
) -> None:
    def make_shelter(point: Point, street: str) -> StoredOrganization:
        site = a_stored_location(
            disclosure=disclosure, postal_code="30312", known=Precision.STREET, private=PrivatePlace(street, point)
        )
        return a_stored_organization("Shelter", sites=(site,))

    put(directory, make_shelter(Point(33.74, -84.37), "1 Here Street"))
    before = {audience: directory.get_snapshot(audience) for audience in Audience}
    put(directory, make_shelter(Point(33.75, -84.38), "2 There Street"))
    for audience, old in before.items():
        new = directory.get_snapshot(audience)
        assert new.version == old.version
        assert new.get_organization(an_id("Shelter")) == old.get_organization(an_id("Shelter"))
        assert new.list_changes(0, 10) == old.list_changes(0, 10)


def test_a_parent_appears_when_it_becomes_visible(directory: Directory) -> None:
    put(directory, a_stored_organization("Alder", audience=STAFF), a_stored_organization("Birch", parent=an_id("Alder")))
    child = directory.get_snapshot(PUBLIC).get_organization(an_id("Birch"))
    assert child is not None
    assert child.parent is None
    put(directory, a_stored_organization("Alder"))
    child = directory.get_snapshot(PUBLIC).get_organization(an_id("Birch"))
    assert child is not None
    assert child.parent == an_id("Alder")
    assert [one.name for one in directory.get_snapshot(PUBLIC).list_branches(an_id("Alder"))] == ["Birch"]


def test_an_old_slug_finds_the_organization(directory: Directory) -> None:
    put(directory, a_stored_organization("Alder"))
    directory.get_snapshot(PUBLIC)
    put(directory, replace(a_stored_organization("Alder"), slug="alder-alliance"))
    now = directory.get_snapshot(PUBLIC)
    assert now.find_by_slug("alder") is now.find_by_slug("alder-alliance") is now.get_organization(an_id("Alder"))


def test_a_slug_from_a_hidden_time_works_only_for_those_who_saw_it(directory: Directory, database_url: str) -> None:
    hidden = replace(a_stored_organization("Alder", audience=STAFF), slug="jane-doe-safe-house")
    put(directory, hidden)
    for audience in Audience:
        directory.get_snapshot(audience)
    put(directory, replace(hidden, slug="harbor-circle"))
    put(directory, replace(hidden, slug="harbor-circle", audience=PUBLIC))
    rebuilt = Directory.open(database_url)
    for one in (directory, rebuilt):
        assert [bool(one.get_snapshot(audience).find_by_slug("jane-doe-safe-house")) for audience in Audience] == [
            False,
            False,
            True,
        ]
        assert all(one.get_snapshot(audience).find_by_slug("harbor-circle") for audience in Audience)
    rebuilt.close()


def test_a_slug_that_existed_only_between_two_updates_works(directory: Directory, database_url: str) -> None:
    put(directory, a_stored_organization("Alder"))
    elsewhere = Directory.open(database_url)
    elsewhere.get_snapshot(PUBLIC)
    for slug in ("alder-alliance", "alder-union"):
        put(directory, replace(a_stored_organization("Alder"), slug=slug))
    elsewhere.update_snapshots()
    assert elsewhere.get_snapshot(PUBLIC).find_by_slug("alder-alliance") is elsewhere.get_snapshot(PUBLIC).get_organization(
        an_id("Alder")
    )
    elsewhere.close()


def test_prospects_are_found_only_on_request(directory: Directory) -> None:
    put(directory, a_stored_organization("Alder", membership=Membership(MembershipStatus.PROSPECT)))
    assert find_names(directory, PUBLIC) == []
    assert find_names(directory, PUBLIC, membership=(MembershipStatus.PROSPECT,)) == ["Alder"]


def test_the_feed_shows_removals_to_those_who_saw_the_record(directory: Directory) -> None:
    put(directory, a_stored_organization("Alder"), a_stored_organization("Birch", audience=STAFF))
    directory.write([Remove(an_id("Alder")), Remove(an_id("Birch"))], actor="a test", now=NOW, reason="gone")
    feed, more = directory.get_snapshot(PUBLIC).list_changes(0, 10)
    assert [(change.kind, change.organization_id) for change in feed] == [("REMOVED", an_id("Alder"))]
    assert not more


def test_the_network_of_the_directory(directory: Directory) -> None:
    directory.get_snapshot(PUBLIC)
    network = Network(an_id("The Network"), fictional=True)
    directory.write([Put(a_stored_organization("The Network"))], actor="a test", now=NOW, reason="founded", network=network)
    assert (directory.get_snapshot(PUBLIC).network_id, directory.get_snapshot(PUBLIC).fictional) == (an_id("The Network"), True)


def test_a_snapshot_is_immutable(directory: Directory) -> None:
    put(directory, a_stored_organization("Alder"))
    old_snapshot = directory.get_snapshot(PUBLIC)
    put(directory, a_stored_organization("Birch"))
    assert old_snapshot.find(Question()).total == 1
    assert directory.get_snapshot(PUBLIC).find(Question()).total == 2


def test_a_snapshot_works_without_the_database(directory: Directory) -> None:
    put(directory, a_stored_organization("Alder"))
    snapshot = directory.get_snapshot(PUBLIC)
    directory.close()
    assert snapshot.find(Question()).total == 1


def test_an_invisible_change_keeps_cached_results(directory: Directory) -> None:
    put(directory, a_stored_organization("Alder"))
    answer = directory.get_snapshot(PUBLIC).find(Question())
    put(directory, a_stored_organization("Birch", audience=STAFF))
    assert directory.get_snapshot(PUBLIC).find(Question()) is answer


def test_text_searches_are_not_cached(directory: Directory) -> None:
    snapshot = directory.get_snapshot(PUBLIC)
    assert snapshot.find(Question()) is snapshot.find(Question())
    assert snapshot.find(Question(text="alder")) is not snapshot.find(Question(text="alder"))


def test_a_replaced_database_file_is_loaded_again(tmp_path: Path) -> None:
    here, other = tmp_path / "here.sqlite3", tmp_path / "other.sqlite3"
    directory, replacement = Directory.open(f"sqlite:///{here}"), Directory.open(f"sqlite:///{other}")
    put(directory, a_stored_organization("Alder"))
    put(directory, a_stored_organization("Cedar"))
    assert [len(find_names(directory, audience)) for audience in Audience] == [2, 2, 2]
    put(replacement, a_stored_organization("Birch"))
    replacement.close()
    for extra_file in tmp_path.glob("here.sqlite3-*"):
        extra_file.unlink()
    other.replace(here)
    assert directory.update_snapshots()
    assert [find_names(directory, audience) for audience in Audience] == [["Birch"]] * 3
    assert not directory.update_snapshots()
    put(directory, a_stored_organization("Dogwood"))
    assert find_names(directory, PUBLIC) == ["Birch", "Dogwood"]
    directory.close()
