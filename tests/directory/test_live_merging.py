"""The keys of a merged record find its survivor in every process, but only for audiences that saw both."""

import datetime as dt
from contextlib import closing

import pytest
from msgspec.structs import replace

from directory.curation.consistency import find_disagreements
from directory.curation.hiding import hide, unhide
from directory.curation.undo import undo
from directory.errors import BadInput
from directory.live import Directory
from directory.records import Audience, Identifier, StoredOrganization
from directory.store.ledger.edits import Edit, Network, Put, Remove
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


def test_the_private_slug_of_a_hidden_record_never_leads_the_public_to_it(database_url: str) -> None:
    """Also not in a process that started while the record was private, when it is shown again under its public slug."""
    alder, birch = a_stored_organization("Alder", audience=STAFF), a_stored_organization("Birch")
    with closing(Directory.open(database_url)) as directory:
        directory.write([Put(alder), Put(birch)], actor="ann", now=NOW, reason="test")
        hide(directory, birch.slug, now=NOW)
        private = [entry.slug for entry, _ in directory.store.load_organizations()]
        with closing(Directory.open(database_url)) as server:
            server.build_snapshots(Audience)
            server.write([Put(replace(alder, audience=PUBLIC))], actor="ann", now=NOW, reason="test")
            unhide(server, birch.id, now=NOW)
            snapshot = server.get_snapshot(PUBLIC)
            assert [snapshot.find_by_slug(slug) for slug in private] == [None, None]
            assert {record.slug for slug in ("alder", "birch") if (record := snapshot.find_by_slug(slug))} == {"alder", "birch"}
            assert find_disagreements(server) == []


def test_an_undo_that_would_merge_two_records_into_each_other_is_refused(sqlite_url: str) -> None:
    alder, birch = a_stored_organization("Alder"), a_stored_organization("Birch")
    with closing(Directory.open(sqlite_url)) as directory:
        write_records(directory, alder, birch)
        merge(directory, "Alder", "Birch")
        write_records(directory, alder)  # revision 3
        merge(directory, "Birch", "Alder")
        with pytest.raises(BadInput, match=r"has been merged into this one since\. .* undo revision 4 first") as refusal:
            undo(directory, 3, actor="ann", now=NOW)
        assert refusal.value.params["current"] == 4
        assert [entry.id for entry, _ in directory.store.load_organizations()] == [alder.id]
        undo(directory, 4, actor="ann", now=NOW)
        undo(directory, 3, actor="ann", now=NOW)
        assert directory.get_snapshot(PUBLIC).find_by_id(alder.id) == directory.get_snapshot(PUBLIC).get_organization(birch.id)
        assert find_disagreements(directory) == []


def test_a_new_network_changes_the_time_of_its_own_record_in_every_process(database_url: str) -> None:
    alder, later = a_stored_organization("Alder"), NOW + dt.timedelta(days=1)
    with closing(Directory.open(database_url)) as directory, closing(Directory.open(database_url)) as started:
        directory.build_snapshots(Audience)
        directory.write([Put(alder)], actor="ann", now=NOW, reason="test")
        directory.write([], actor="ann", now=later, reason="test", network=Network(alder.id))
        records = [each.get_snapshot(PUBLIC).get_organization(alder.id) for each in (directory, started)]
        assert [record.updated_at for record in records if record] == [later, later]
        assert find_disagreements(directory) == []


def test_a_redirect_that_an_audience_loses_changes_its_version(database_url: str) -> None:
    """A merged record that is created again for staff no longer leads the public to its survivor."""
    alder = a_stored_organization("Alder")
    with closing(Directory.open(database_url)) as directory, closing(Directory.open(database_url)) as elsewhere:
        for each in (directory, elsewhere):
            each.build_snapshots(Audience)
        write_records(directory, alder, a_stored_organization("Birch"))
        merge(directory, "Alder", "Birch")
        before = get_versions(directory)
        write_records(directory, replace(alder, audience=STAFF))
        elsewhere.update_snapshots()
        assert directory.get_snapshot(PUBLIC).find_by_slug("alder") is None
        assert all(get_versions(directory)[audience] != before[audience] for audience in Audience)
        assert get_versions(directory) == get_versions(elsewhere)
        assert find_disagreements(directory) == []
