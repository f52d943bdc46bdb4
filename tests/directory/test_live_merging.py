"""A merged record leads to its survivor in every process, and tells nobody of what they did not see."""

from directory.curation.consistency import find_disagreements
from directory.live import Directory
from directory.records import Audience, Identifier, StoredOrganization
from directory.store.ledger.edits import Edit, Put, Remove
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF


def write(directory: Directory, *edits: Edit) -> None:
    directory.write(edits, actor="a test", now=NOW, reason="to try it")


def put(directory: Directory, *entries: StoredOrganization) -> None:
    write(directory, *(Put(entry) for entry in entries))


def merge(directory: Directory, loser: str, survivor: str) -> None:
    write(directory, Remove(an_id(loser), survivor_id=an_id(survivor)))


def versions(directory: Directory) -> dict[Audience, str]:
    return {audience: directory.get_snapshot(audience).version for audience in Audience}


def test_it_leads_there_by_its_slugs_and_its_id(database_url: str) -> None:
    directory, elsewhere = Directory.open(database_url), Directory.open(database_url)
    put(directory, *[a_stored_organization(name) for name in ("Alder", "Birch", "Cedar")])
    for audience in Audience:
        elsewhere.get_snapshot(audience)
    for loser, survivor in (("Alder", "Birch"), ("Birch", "Cedar")):
        merge(directory, loser, survivor)
        elsewhere.update_snapshots()
    rebuilt = Directory.open(database_url)
    for one in (directory, elsewhere, rebuilt):
        for snapshot in (one.get_snapshot(audience) for audience in Audience):
            cedar = snapshot.get_organization(an_id("Cedar"))
            assert cedar
            assert (
                cedar is snapshot.find_by_slug("alder") is snapshot.find_by_slug("birch") is snapshot.find_by_id(an_id("Alder"))
            )
            assert snapshot.get_organization(an_id("Alder")) is None
        assert find_disagreements(one) == []
    put(directory, a_stored_organization("Birch"))
    elsewhere.update_snapshots()
    for one in (directory, elsewhere):
        birch = one.get_snapshot(PUBLIC).get_organization(an_id("Birch"))
        assert birch
        assert birch is one.get_snapshot(PUBLIC).find_by_slug("alder") is one.get_snapshot(PUBLIC).find_by_id(an_id("Alder"))
        assert birch is one.get_snapshot(PUBLIC).find_by_slug("birch")
        assert find_disagreements(one) == []
    for one in (directory, elsewhere, rebuilt):
        one.close()


def test_it_leads_nobody_who_did_not_see_it_or_does_not_see_the_survivor(sqlite_url: str) -> None:
    directory = Directory.open(sqlite_url)
    put(
        directory,
        a_stored_organization("Hidden", audience=STAFF),
        a_stored_organization("Alder"),
        a_stored_organization("Birch"),
        a_stored_organization("Inner", audience=MEMBERS),
    )
    before = versions(directory)
    merge(directory, "Hidden", "Alder")
    assert [versions(directory)[audience] == before[audience] for audience in Audience] == [True, True, False]
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


def test_what_it_leads_to_changes_only_with_the_version(sqlite_url: str) -> None:
    """Whoever was told that it leads nowhere may go on believing that until the version says otherwise."""
    directory = Directory.open(sqlite_url)
    put(directory, a_stored_organization("Alder"), a_stored_organization("Birch", audience=STAFF), a_stored_organization("Cedar"))
    changed = 0
    for step in STEPS:
        before = [directory.get_snapshot(audience) for audience in Audience]
        write(directory, *step)
        for then, now in zip(before, (directory.get_snapshot(audience) for audience in Audience), strict=True):
            led = [(one.find_by_slug("alder"), one.find_by_id(an_id("Alder"))) for one in (then, now)]
            assert led[0] == led[1] or then.version != now.version
            changed += led[0] != led[1]
    assert changed
    directory.close()


def test_a_record_that_staff_see_more_of_shares_the_rest_in_memory(sqlite_url: str) -> None:
    directory = Directory.open(sqlite_url)
    put(
        directory,
        a_stored_organization("Alder", identifiers=(Identifier("X-LIST", "1"),), sites=(a_stored_location(),), summary="Trees."),
    )
    everybodys, staffs = (directory.get_snapshot(audience).get_organization(an_id("Alder")) for audience in (PUBLIC, STAFF))
    assert everybodys
    assert staffs
    assert (everybodys.identifiers, staffs.identifiers) == ((), (Identifier("X-LIST", "1"),))
    assert everybodys.locations
    assert everybodys.locations is staffs.locations
    directory.close()


def test_a_sources_own_number_finds_the_record_for_staff_alone(sqlite_url: str) -> None:
    directory = Directory.open(sqlite_url)
    put(directory, a_stored_organization("Alder", identifiers=(Identifier("X-LIST", "1"),)))
    found = [directory.get_snapshot(audience).find_by_identifier("X-LIST", "1") for audience in Audience]
    assert [bool(one) for one in found] == [False, False, True]
    before = versions(directory)
    put(directory, a_stored_organization("Alder", identifiers=(Identifier("X-LIST", "2"),)))
    assert [versions(directory)[audience] == before[audience] for audience in Audience] == [True, True, False]
    directory.close()
