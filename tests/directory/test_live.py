"""Snapshots follow the ledger, in the writing process and in others, and show each audience only what it may see."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from benchmarks.edits.edit_latency import record_statements
from directory.curation.consistency import find_disagreements
from directory.geo import Disclosure, Point, Precision
from directory.live import Directory
from directory.question import Question, RegionFilter, TermFilter
from directory.records import Audience, Membership, MembershipStatus, PrivatePlace, StoredContact, StoredOrganization
from directory.store.ledger.edits import Edit, Network, Put, Remove
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF


@pytest.fixture
def directory(database_url: str) -> Iterator[Directory]:
    directory = Directory.open(database_url)
    yield directory
    directory.close()


def write_records(directory: Directory, *entries: StoredOrganization) -> None:
    directory.write([Put(entry) for entry in entries], actor="a test", now=NOW, reason="to try it")


def get_versions(directory: Directory) -> dict[Audience, str]:
    return {audience: directory.get_snapshot(audience).version for audience in Audience}


def get_update_times(directory: Directory, identity: str) -> tuple[dt.datetime, ...]:
    organizations = [directory.get_snapshot(audience).get_organization(identity) for audience in Audience]
    return tuple(organization.updated_at for organization in organizations if organization)


def find_names(directory: Directory, audience: Audience, **fields: object) -> list[str]:
    question = Question(**fields)  # type: ignore[arg-type]
    return [hit.organization.name for hit in directory.get_snapshot(audience).find(question).page.hits]


def test_an_empty_directory_can_be_searched(directory: Directory) -> None:
    snapshot = directory.get_snapshot(PUBLIC)
    assert (snapshot.organization_count, snapshot.find(Question()).total, snapshot.list_changes(0, 10)) == (0, 0, ([], False))


def test_a_written_record_is_found_at_once(directory: Directory) -> None:
    assert find_names(directory, PUBLIC) == []
    write_records(directory, a_stored_organization("Alder", issue_areas=("tenants",), sites=(a_stored_location(),)))
    filters = {"issue_areas": TermFilter(any_of=("housing",)), "regions": RegionFilter(any_of=("US-GA",))}
    assert find_names(directory, PUBLIC, **filters) == ["Alder"]
    write_records(directory, a_stored_organization("Alder", issue_areas=("health",)))
    assert find_names(directory, PUBLIC, **filters) == []
    directory.write([Remove(an_id("Alder"))], actor="a test", now=NOW, reason="gone")
    assert directory.get_snapshot(PUBLIC).get_organization(an_id("Alder")) is None


EDITS: dict[str, Callable[[StoredOrganization], Sequence[Edit]]] = {
    "one field": lambda record: [Put(replace(record, summary="New."))],
    "a place": lambda record: [Put(replace(record, sites=(a_stored_location(city="Macon"),)))],
    "a slug": lambda record: [Put(replace(record, slug="another"))],
    "hiding": lambda record: [Put(replace(record, hidden_since=NOW), override_hiding=True)],
    "a new record": lambda record: [Put(a_stored_organization("Birch", parent=record.id))],
    "a removal": lambda record: [Remove(record.id)],
    "a merge": lambda record: [Put(a_stored_organization("Cedar")), Remove(record.id, survivor_id=an_id("Cedar"))],
}


@pytest.mark.parametrize("edit", EDITS)
def test_snapshots_follow_a_write_without_reading_the_store(directory: Directory, edit: str) -> None:
    write_records(directory, a_stored_organization("Alder", sites=(a_stored_location(),)), a_stored_organization("Cedar"))
    record = next(entry for entry, _ in directory.store.load_organizations([an_id("Alder")]))
    directory.build_snapshots(Audience)
    with record_statements(directory.store) as statements:
        directory.write(EDITS[edit](record), actor="a test", now=NOW, reason="to try it")
    assert sum("BEGIN" in statement for statement in statements) <= 1  # SQLite's; a second one would be another transaction
    assert len(statements) <= (25 if edit == "a merge" else 20)
    assert not directory.update_snapshots()
    assert find_disagreements(directory) == []


def test_a_write_after_one_of_another_process_shows_both(directory: Directory, database_url: str) -> None:
    directory.build_snapshots(Audience)
    with closing(Directory.open(database_url)) as elsewhere:
        write_records(elsewhere, a_stored_organization("Alder"))
    write_records(directory, a_stored_organization("Birch"))
    assert find_names(directory, PUBLIC) == ["Alder", "Birch"]
    assert find_disagreements(directory) == []


def test_another_process_updates_its_snapshots(directory: Directory, database_url: str) -> None:
    elsewhere = Directory.open(database_url)
    assert elsewhere.get_snapshot(PUBLIC).organization_count == 0
    assert not elsewhere.update_snapshots()
    write_records(directory, a_stored_organization("Alder"), a_stored_organization("Birch", audience=STAFF))
    assert elsewhere.update_snapshots()
    assert find_names(elsewhere, PUBLIC) == ["Alder"]
    assert find_names(elsewhere, STAFF) == ["Alder", "Birch"]
    assert get_versions(elsewhere) == get_versions(directory)
    elsewhere.close()


def test_each_audience_finds_its_own(directory: Directory) -> None:
    write_records(
        directory,
        a_stored_organization("Alder"),
        a_stored_organization("Birch", audience=MEMBERS),
        a_stored_organization("Cedar", audience=STAFF),
    )
    assert [len(find_names(directory, audience)) for audience in Audience] == [1, 2, 3]
    shared = directory.get_snapshot(PUBLIC).get_organization(an_id("Alder"))
    assert shared is directory.get_snapshot(STAFF).get_organization(an_id("Alder"))


def test_a_version_changes_only_for_those_who_see_the_change(directory: Directory) -> None:
    write_records(directory, a_stored_organization("Alder"))
    before = get_versions(directory)
    write_records(directory, a_stored_organization("Birch", audience=MEMBERS))
    after = get_versions(directory)
    assert [after[audience] != before[audience] for audience in Audience] == [False, True, True]


@pytest.mark.parametrize("disclosure", [None, *(process for process in Disclosure if process is not Disclosure.EXACT)])
def test_moving_a_private_point_inside_its_area_is_visible_to_no_audience(
    directory: Directory, disclosure: Disclosure | None
) -> None:
    def a_shelter(point: Point, street: str) -> StoredOrganization:
        site = a_stored_location(
            disclosure=disclosure, postal_code="30312", known=Precision.STREET, private=PrivatePlace(street, point)
        )
        return a_stored_organization("Shelter", sites=(site,))

    write_records(directory, a_shelter(Point(33.74, -84.37), "1 Here Street"))
    before = {audience: directory.get_snapshot(audience) for audience in Audience}
    write_records(directory, a_shelter(Point(33.75, -84.38), "2 There Street"))
    for audience, earlier in before.items():
        now = directory.get_snapshot(audience)
        assert now.version == earlier.version
        assert now.get_organization(an_id("Shelter")) == earlier.get_organization(an_id("Shelter"))
        assert now.list_changes(0, 10) == earlier.list_changes(0, 10)


def test_a_record_has_the_time_of_the_last_change_that_its_audience_saw(
    directory: Directory, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    shelter = a_stored_organization("Shelter", sites=(a_stored_location(private=PrivatePlace("1 Here Street")),))
    contact = StoredContact(email="a@example.org", audience=MEMBERS)
    moved = (replace(shelter.sites[0], private=PrivatePlace("2 There Street")),)
    states = [shelter, replace(shelter, contacts=(contact,)), replace(shelter, contacts=(contact,), sites=moved)]
    times = [NOW + dt.timedelta(hours=hours) for hours in range(3)]
    expected = [(times[0],) * 3, (times[0], times[1], times[1]), (times[0], times[1], times[1])]
    get_versions(directory)  # builds the snapshots, which are then advanced
    for state, now, update_times in zip(states, times, expected, strict=True):
        directory.write([Put(state)], actor="a test", now=now, reason="to try it")
        rebuilt = Directory.open(database_url)
        assert get_update_times(directory, shelter.id) == get_update_times(rebuilt, shelter.id) == update_times
        rebuilt.close()
    assert caplog.messages == [], "the snapshots were advanced, not rebuilt"


def test_a_parent_appears_when_its_audience_widens(directory: Directory) -> None:
    write_records(
        directory, a_stored_organization("Alder", audience=STAFF), a_stored_organization("Birch", parent=an_id("Alder"))
    )
    child = directory.get_snapshot(PUBLIC).get_organization(an_id("Birch"))
    assert child is not None
    assert child.parent is None
    write_records(directory, a_stored_organization("Alder"))
    child = directory.get_snapshot(PUBLIC).get_organization(an_id("Birch"))
    assert child is not None
    assert child.parent == an_id("Alder")
    assert [process.name for process in directory.get_snapshot(PUBLIC).list_branches(an_id("Alder"))] == ["Birch"]


def test_an_old_slug_finds_the_organization(directory: Directory) -> None:
    write_records(directory, a_stored_organization("Alder"))
    directory.get_snapshot(PUBLIC)
    write_records(directory, replace(a_stored_organization("Alder"), slug="alder-alliance"))
    now = directory.get_snapshot(PUBLIC)
    assert now.find_by_slug("alder") is now.find_by_slug("alder-alliance") is now.get_organization(an_id("Alder"))


def test_a_former_slug_works_only_for_audiences_that_saw_it(directory: Directory, database_url: str) -> None:
    hidden = replace(a_stored_organization("Alder", audience=STAFF), slug="jane-doe-safe-house")
    write_records(directory, hidden)
    for audience in Audience:
        directory.get_snapshot(audience)
    write_records(directory, replace(hidden, slug="harbor-circle"))
    write_records(directory, replace(hidden, slug="harbor-circle", audience=PUBLIC))
    rebuilt = Directory.open(database_url)
    for process in (directory, rebuilt):
        assert [bool(process.get_snapshot(audience).find_by_slug("jane-doe-safe-house")) for audience in Audience] == [
            False,
            False,
            True,
        ]
        assert all(process.get_snapshot(audience).find_by_slug("harbor-circle") for audience in Audience)
    rebuilt.close()


def test_a_slug_that_existed_only_between_two_updates_finds_the_record(directory: Directory, database_url: str) -> None:
    write_records(directory, a_stored_organization("Alder"))
    elsewhere = Directory.open(database_url)
    elsewhere.get_snapshot(PUBLIC)
    for slug in ("alder-alliance", "alder-union"):
        write_records(directory, replace(a_stored_organization("Alder"), slug=slug))
    elsewhere.update_snapshots()
    assert elsewhere.get_snapshot(PUBLIC).find_by_slug("alder-alliance") is elsewhere.get_snapshot(PUBLIC).get_organization(
        an_id("Alder")
    )
    elsewhere.close()


def test_prospects_are_found_only_on_request(directory: Directory) -> None:
    write_records(directory, a_stored_organization("Alder", membership=Membership(MembershipStatus.PROSPECT)))
    assert find_names(directory, PUBLIC) == []
    assert find_names(directory, PUBLIC, membership=(MembershipStatus.PROSPECT,)) == ["Alder"]


def test_removals_stay_in_the_feed_for_those_who_saw_the_record(directory: Directory) -> None:
    write_records(directory, a_stored_organization("Alder"), a_stored_organization("Birch", audience=STAFF))
    directory.write([Remove(an_id("Alder")), Remove(an_id("Birch"))], actor="a test", now=NOW, reason="gone")
    feed, more = directory.get_snapshot(PUBLIC).list_changes(0, 10)
    assert [(change.kind, change.record_id) for change in feed] == [("REMOVED", an_id("Alder"))]
    assert not more


def test_snapshots_state_the_network(directory: Directory) -> None:
    directory.get_snapshot(PUBLIC)
    network = Network(an_id("The Network"), fictional=True)
    directory.write([Put(a_stored_organization("The Network"))], actor="a test", now=NOW, reason="founded", network=network)
    assert (directory.get_snapshot(PUBLIC).network_id, directory.get_snapshot(PUBLIC).fictional) == (an_id("The Network"), True)


def test_an_old_snapshot_does_not_change(directory: Directory) -> None:
    write_records(directory, a_stored_organization("Alder"))
    old_snapshot = directory.get_snapshot(PUBLIC)
    write_records(directory, a_stored_organization("Birch"))
    assert old_snapshot.find(Question()).total == 1
    assert directory.get_snapshot(PUBLIC).find(Question()).total == 2


def test_snapshots_can_be_read_without_the_database(directory: Directory) -> None:
    write_records(directory, a_stored_organization("Alder"))
    snapshot = directory.get_snapshot(PUBLIC)
    directory.close()
    assert snapshot.find(Question()).total == 1


def test_a_change_outside_the_audience_keeps_cached_results(directory: Directory) -> None:
    write_records(directory, a_stored_organization("Alder"))
    result = directory.get_snapshot(PUBLIC).find(Question())
    write_records(directory, a_stored_organization("Birch", audience=STAFF))
    assert directory.get_snapshot(PUBLIC).find(Question()) is result


def test_results_of_free_text_are_not_cached(directory: Directory) -> None:
    snapshot = directory.get_snapshot(PUBLIC)
    assert snapshot.find(Question()) is snapshot.find(Question())
    assert snapshot.find(Question(text="alder")) is not snapshot.find(Question(text="alder"))


def test_a_replaced_database_is_loaded_again(tmp_path: Path) -> None:
    replaced, other = tmp_path / "replaced.sqlite3", tmp_path / "other.sqlite3"
    directory, replacing = Directory.open(f"sqlite:///{replaced}"), Directory.open(f"sqlite:///{other}")
    write_records(directory, a_stored_organization("Alder"))
    write_records(directory, a_stored_organization("Cedar"))
    assert [len(find_names(directory, audience)) for audience in Audience] == [2, 2, 2]
    write_records(replacing, a_stored_organization("Birch"))
    replacing.close()
    for beside in tmp_path.glob("replaced.sqlite3-*"):
        beside.unlink()
    other.replace(replaced)
    assert directory.update_snapshots()
    assert [find_names(directory, audience) for audience in Audience] == [["Birch"]] * 3
    assert not directory.update_snapshots()
    write_records(directory, a_stored_organization("Dogwood"))
    assert find_names(directory, PUBLIC) == ["Birch", "Dogwood"]
    directory.close()
