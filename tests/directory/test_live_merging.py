"""The keys of a merged record find its survivor in every process, but only for audiences that saw both."""

from directory.curation.consistency import find_disagreements
from directory.live import Directory
from directory.records import Audience, Identifier, StoredOrganization
from directory.store.ledger.edits import Edit, Put, Remove
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF


def write(directory: Directory, *edits: Edit) -> None:
    directory.write(edits, actor="a test", now=NOW, reason="to try it")


def write_records(directory: Directory, *entries: StoredOrganization) -> None:
    write(directory, *(Put(entry) for entry in entries))


def merge(directory: Directory, loser: str, survivor: str) -> None:
    write(directory, Remove(an_id(loser), survivor_id=an_id(survivor)))


def get_versions(directory: Directory) -> dict[Audience, str]:
    return {audience: directory.get_snapshot(audience).version for audience in Audience}


def test_slugs_and_id_of_a_merged_record_find_the_survivor(database_url: str) -> None:
    directory, elsewhere = Directory.open(database_url), Directory.open(database_url)
    write_records(directory, *[a_stored_organization(name) for name in ("Alder", "Birch", "Cedar")])
    for audience in Audience:
        elsewhere.get_snapshot(audience)
    for loser, survivor in (("Alder", "Birch"), ("Birch", "Cedar")):
        merge(directory, loser, survivor)
        elsewhere.update_snapshots()
    rebuilt = Directory.open(database_url)
    for process in (directory, elsewhere, rebuilt):
        for snapshot in (process.get_snapshot(audience) for audience in Audience):
            cedar = snapshot.get_organization(an_id("Cedar"))
            assert cedar
            assert (
                cedar is snapshot.find_by_slug("alder") is snapshot.find_by_slug("birch") is snapshot.find_by_id(an_id("Alder"))
            )
            assert snapshot.get_organization(an_id("Alder")) is None
        assert find_disagreements(process) == []
    write_records(directory, a_stored_organization("Birch"))
    elsewhere.update_snapshots()
    for process in (directory, elsewhere):
        birch = process.get_snapshot(PUBLIC).get_organization(an_id("Birch"))
        assert birch
        assert (
            birch is process.get_snapshot(PUBLIC).find_by_slug("alder") is process.get_snapshot(PUBLIC).find_by_id(an_id("Alder"))
        )
        assert birch is process.get_snapshot(PUBLIC).find_by_slug("birch")
        assert find_disagreements(process) == []
    for process in (directory, elsewhere, rebuilt):
        process.close()


def test_an_audience_must_have_seen_the_merged_record_and_see_the_survivor(sqlite_url: str) -> None:
    directory = Directory.open(sqlite_url)
    write_records(
        directory,
        a_stored_organization("Hidden", audience=STAFF),
        a_stored_organization("Alder"),
        a_stored_organization("Birch"),
        a_stored_organization("Inner", audience=MEMBERS),
    )
    before = get_versions(directory)
    merge(directory, "Hidden", "Alder")
    assert [get_versions(directory)[audience] == before[audience] for audience in Audience] == [True, True, False]
    merge(directory, "Birch", "Inner")
    for audience in Audience:
        snapshot = directory.get_snapshot(audience)
        assert bool(snapshot.find_by_slug("hidden")) is bool(snapshot.find_by_id(an_id("Hidden"))) is (audience is STAFF)
        assert bool(snapshot.find_by_slug("birch")) is bool(snapshot.find_by_id(an_id("Birch"))) is (audience is not PUBLIC)
    directory.close()


STEPS: list[list[Edit]] = [
    [Put(a_stored_organization("Alder", audience=MEMBERS))],
    [Remove(an_id("Alder"), survivor_id=an_id("Birch"))],
    [Remove(an_id("Birch"), survivor_id=an_id("Cedar"))],
    [Put(a_stored_organization("Birch", audience=STAFF))],
    [Put(a_stored_organization("Birch"))],
    [Put(a_stored_organization("Alder"))],
    [Remove(an_id("Alder"), survivor_id=an_id("Cedar"))],
    [Remove(an_id("Cedar"))],
]


def test_the_target_of_a_merged_record_changes_only_with_the_version(sqlite_url: str) -> None:
    """Clients may cache that a key finds nothing until the version changes."""
    directory = Directory.open(sqlite_url)
    write_records(
        directory, a_stored_organization("Alder"), a_stored_organization("Birch", audience=STAFF), a_stored_organization("Cedar")
    )
    changed = 0
    for step in STEPS:
        before = [directory.get_snapshot(audience) for audience in Audience]
        write(directory, *step)
        for then, now in zip(before, (directory.get_snapshot(audience) for audience in Audience), strict=True):
            targets = [(process.find_by_slug("alder"), process.find_by_id(an_id("Alder"))) for process in (then, now)]
            assert targets[0] == targets[1] or then.version != now.version
            changed += targets[0] != targets[1]
    assert changed
    directory.close()


def test_equal_parts_of_a_record_are_shared_between_audiences(sqlite_url: str) -> None:
    directory = Directory.open(sqlite_url)
    write_records(
        directory,
        a_stored_organization("Alder", identifiers=(Identifier("X-LIST", "1"),), sites=(a_stored_location(),), summary="Trees."),
    )
    public, staff = (directory.get_snapshot(audience).get_organization(an_id("Alder")) for audience in (PUBLIC, STAFF))
    assert public
    assert staff
    assert (public.identifiers, staff.identifiers) == ((), (Identifier("X-LIST", "1"),))
    assert public.locations
    assert public.locations is staff.locations
    directory.close()


def test_source_specific_identifiers_find_the_record_only_for_staff(sqlite_url: str) -> None:
    directory = Directory.open(sqlite_url)
    write_records(directory, a_stored_organization("Alder", identifiers=(Identifier("X-LIST", "1"),)))
    records = [directory.get_snapshot(audience).find_by_identifier("X-LIST", "1") for audience in Audience]
    assert [bool(record) for record in records] == [False, False, True]
    before = get_versions(directory)
    write_records(directory, a_stored_organization("Alder", identifiers=(Identifier("X-LIST", "2"),)))
    assert [get_versions(directory)[audience] == before[audience] for audience in Audience] == [True, True, False]
    directory.close()
