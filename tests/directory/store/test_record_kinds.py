"""Coalitions, events, instruments and provisions are written, logged, published, hidden, merged, undone and checked."""

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from msgspec.structs import replace

from directory.curation.consistency import find_disagreements
from directory.curation.hiding import end_expired_hidings, hide, list_hidden_records, unhide
from directory.curation.merge import merge
from directory.curation.undo import undo
from directory.errors import BadInput, Conflict, NotFound
from directory.geo import Disclosure
from directory.kinds import KINDS, get_kind
from directory.kinds.coalition import Coalition, CoalitionMember
from directory.kinds.event import Event, EventHost
from directory.kinds.instrument import Provision
from directory.live import Directory
from directory.publish import ChangeKind
from directory.records import Audience, Organization, RecordKind, StoredOrganization, StoredRecord
from directory.search.snapshot import Snapshot
from directory.store.database import migrate
from directory.store.ledger.edits import Put, Receipt, RecordId, Remove
from directory.store.store import Store
from tests.builders import (
    NOW,
    a_stored_coalition,
    a_stored_event,
    a_stored_instrument,
    a_stored_organization,
    a_stored_provision,
    an_id,
)
from tests.directory.store.stored_kinds import a_full_coalition, a_full_event, list_records_of_all_kinds

PUBLIC, MEMBERS, STAFF = Audience
OTHER_KINDS = [kind for kind in RecordKind if kind is not RecordKind.ORGANIZATION]
HOST = a_stored_organization("Host")
GUEST = a_stored_organization("Guest")


@pytest.fixture
def directory(store: Store) -> Iterator[Directory]:
    """Records of every kind, and snapshots of every audience that follow them. Agrees with its tables at the end."""
    directory = Directory(store)
    directory.build_snapshots(Audience)
    write(directory, HOST, GUEST, *list_records_of_all_kinds("Host"))
    yield directory
    assert find_disagreements(directory) == []
    rebuilt = Directory(store).build_snapshots(Audience)
    assert [list_published(snapshot) for snapshot in rebuilt] == [list_published(directory.get_snapshot(one)) for one in Audience]


def write(directory: Directory, *records: StoredRecord, now: dt.datetime = NOW) -> Receipt:
    return directory.write([Put(record) for record in records], actor="tester", now=now, reason="a test")


def list_published(snapshot: Snapshot) -> list[Any]:
    records = ([record for _, record in view.index.rows.number_records()] for view in snapshot.views.values())
    return [sorted(own, key=lambda record: record.id) for own in records]


def read(directory: Directory, record: StoredRecord) -> StoredRecord:
    """Return the stored record, with its private place only if that is published."""
    ((stored, _),) = directory.store.load_records(get_kind(record).name, [record.id])
    return stored


def find(directory: Directory, record: StoredRecord, audience: Audience = PUBLIC) -> Any:
    return directory.get_snapshot(audience).get_record(get_kind(record).name, record.id)


def find_coalition(directory: Directory, audience: Audience = PUBLIC) -> Coalition:
    found = find(directory, a_full_coalition(), audience)
    assert isinstance(found, Coalition)
    return found


def refuse(directory: Directory, *records: StoredRecord) -> BadInput:
    """Check that the write is refused and changes nothing. Returns the refusal."""
    before = directory.store.load_head()
    with pytest.raises(BadInput) as refusal:
        write(directory, *records)
    assert directory.store.load_head() == before
    return refusal.value


# ---------------------------------------------------------------- writing and reading


def test_every_kind_is_stored_as_it_was_written(directory: Directory) -> None:
    for record in list_records_of_all_kinds("Host"):
        stored = read(directory, record)
        expected = replace(record, slug=stored.slug)  # a record for members has a private slug
        assert (replace(stored, sites=record.sites) if record.sites else stored) == expected
        with directory.store.begin_read() as reading:
            (change,) = reading.load_history(record.id)
        assert (change.record_kind, change.after) == (get_kind(record).name, expected)


def test_every_field_has_a_value_in_the_test() -> None:
    """Otherwise a column that is forgotten would not be noticed."""
    records = list_records_of_all_kinds("Host")
    for kind in OTHER_KINDS:
        own = [record for record in records if get_kind(record).name is kind]
        for field in KINDS[kind].stored.__struct_fields__:
            if field not in ("hidden_since", "hidden_until", "audience", "is_all_day"):
                assert any(getattr(record, field) for record in own), (kind, field)


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_the_feed_tells_of_every_kind(directory: Directory, kind: RecordKind) -> None:
    changes, _ = directory.get_snapshot(STAFF).list_changes(0, 100)
    own = [change for change in changes if change.record_kind is kind]
    assert own
    assert all(directory.get_snapshot(STAFF).get_record(kind, change.record_id) for change in own)
    assert {change.kind for change in own} == {ChangeKind.ADDED}


def test_records_of_different_kinds_may_have_the_same_slug(directory: Directory) -> None:
    write(directory, a_stored_coalition("Twin", slug="twin"), a_stored_event("Other twin", slug="twin"))
    snapshot = directory.get_snapshot(PUBLIC)
    assert isinstance(snapshot.find_record_by_slug(RecordKind.COALITION, "twin"), Coalition)
    assert isinstance(snapshot.find_record_by_slug(RecordKind.EVENT, "twin"), Event)
    assert snapshot.find_by_slug("twin") is None
    assert refuse(directory, a_stored_coalition("Third", slug="twin")).user_message.startswith("The slug twin belongs to another")


def test_an_id_belongs_to_one_kind(directory: Directory) -> None:
    refusal = refuse(directory, a_stored_coalition("Same id", id=HOST.id))
    assert "belongs to a record of another kind (organization)" in refusal.user_message


def test_older_tables_are_upgraded_and_refuse_to_forget_other_kinds(store: Store) -> None:
    store.write([Put(HOST)], actor="tester", now=NOW, reason="a test")
    before = store.load_history(HOST.id), store.load_visible_changes(PUBLIC), store.load_slug_targets()
    store.database.run_write(lambda connection: migrate.downgrade(connection, "0008"))
    store.migrate()
    assert (store.load_history(HOST.id), store.load_visible_changes(PUBLIC), store.load_slug_targets()) == before
    store.write([Put(a_stored_coalition())], actor="tester", now=NOW, reason="a test")
    with pytest.raises(RuntimeError, match="cannot hold their history"):
        store.database.run_write(lambda connection: migrate.downgrade(connection, "0008"))


# ---------------------------------------------------------------- invalid input

INVALID: dict[str, tuple[Callable[[], StoredRecord], str]] = {
    "an event that ends before it starts": (
        lambda: a_stored_event(ends_at=NOW - dt.timedelta(hours=1)),
        "The event ends before it starts. Correct one of the two times.",
    ),
    "a time without an offset": (lambda: a_stored_event(starts_at=dt.datetime(2026, 1, 1)), "has no time zone"),  # noqa: DTZ001
    "an unknown time zone": (lambda: a_stored_event(time_zone="Atlanta"), '"Atlanta" is not a time zone. Use a name such as'),
    "a time zone that is a path": (lambda: a_stored_event(time_zone="../../etc/passwd"), "is not a time zone"),
    "a host that is nobody": (lambda: a_stored_event(hosts=(EventHost(),)), "must be either an organization"),
    "a coalition that ends before it starts": (
        lambda: a_stored_coalition(started_on=dt.date(2020, 1, 2), ended_on=dt.date(2020, 1, 1)),
        "ends on 2020-01-01, before it starts on 2020-01-02",
    ),
    "a coalition that contains itself": (
        lambda: a_stored_coalition("Alone", parent=an_id("Alone")),
        "A coalition cannot be part of itself",
    ),
    "a member twice": (lambda: a_stored_coalition("New", ["Host", "Host"]), "is a member 2 times. Keep one entry for it."),
    "a membership that ends before it starts": (
        lambda: replace(
            a_stored_coalition("New"), members=(CoalitionMember(HOST.id, None, dt.date(2020, 1, 2), dt.date(2020, 1, 1)),)
        ),
        "A membership ends on 2020-01-01",
    ),
    "an unknown member": (
        lambda: a_stored_coalition("New", ["Nobody"]),
        "refers to an organization that is not in the directory",
    ),
    "an unknown coalition": (lambda: a_stored_event("New", coalition=an_id("x")), "refers to a coalition that is not"),
    "an unknown instrument": (
        lambda: a_stored_provision("7", "No such instrument"),
        "refers to an instrument that is not in the directory",
    ),
    "a provision without a number": (lambda: a_stored_provision(" ", name="x"), "The provision has no number."),
    "a number that is used twice": (
        lambda: a_stored_provision(id=an_id("Another"), slug="another", cycle="3"),
        "The number 25 is used by another provision of this instrument and cycle.",
    ),
    "a street in a summary": (
        lambda: a_stored_event("New", summary="Meet at 250 Georgia Ave SE, Atlanta, GA 30312."),
        "`summary` contains",
    ),
    "an unpublished city in a title": (
        lambda: replace(a_full_event("Host", a_full_coalition().name, Disclosure.STATE), name="Rally in Atlanta"),
        "`name` names the city Atlanta, which this event does not publish.",
    ),
}


@pytest.mark.parametrize("name", INVALID)
def test_what_is_invalid_is_refused_with_a_sentence(directory: Directory, name: str) -> None:
    build, sentence = INVALID[name]
    refusal = refuse(directory, build())
    assert sentence in refusal.user_message
    assert refusal.user_message[0].isupper() or refusal.user_message[0] in "`\"'" or refusal.user_message[0].islower()
    assert refusal.user_message.endswith(".")


def test_a_coalition_cannot_contain_itself_through_others(directory: Directory) -> None:
    names = [f"Ring {number}" for number in range(5)]
    rings = [a_stored_coalition(name, parent=an_id(parent)) for name, parent in pairwise(names)]
    write(directory, *rings, a_stored_coalition(names[-1]))
    refusal = refuse(directory, a_stored_coalition(names[-1], parent=an_id(names[0])))
    assert "would be part of itself through its parents" in refusal.user_message
    both = [a_stored_coalition("A", parent=an_id("B")), a_stored_coalition("B", parent=an_id("A"))]
    assert "through its parents" in refuse(directory, *both).user_message


def test_a_member_cannot_be_removed_while_a_coalition_names_it(directory: Directory) -> None:
    with pytest.raises(BadInput, match="still refers to a record that you want to remove"):
        directory.write([Remove(HOST.id)], actor="tester", now=NOW, reason="a test")
    with pytest.raises(NotFound, match="There is no coalition with this id"):
        directory.write([Remove(an_id("x"), kind=RecordKind.COALITION)], actor="tester", now=NOW, reason="a test")
    with pytest.raises(Conflict):
        directory.write([Put(a_full_coalition("Host"), if_revision=99)], actor="tester", now=NOW, reason="a test")


# ---------------------------------------------------------------- what an audience sees


def test_a_coalition_shows_a_member_only_to_those_who_see_it(directory: Directory) -> None:
    write(directory, a_full_coalition("Host", "Guest", parent=an_id("Alliance")))
    assert [len(find_coalition(directory, audience).members) for audience in Audience] == [2, 2, 2]
    before = directory.get_snapshot(PUBLIC).version
    write(directory, replace(GUEST, audience=MEMBERS))
    assert [len(find_coalition(directory, audience).members) for audience in Audience] == [1, 2, 2]
    assert directory.get_snapshot(PUBLIC).version != before
    changed = {change.record_id: change.kind for change in directory.get_snapshot(PUBLIC).list_changes(0, 100)[0]}
    assert (changed[GUEST.id], changed[a_full_coalition().id]) == (ChangeKind.REMOVED, ChangeKind.CHANGED)
    assert find_coalition(directory).parent is None  # the alliance is for members
    assert find_coalition(directory, MEMBERS).parent == an_id("Alliance")


def test_sources_of_references_are_for_staff(directory: Directory) -> None:
    assert [source.field for source in find_coalition(directory).sources] == ["name"]
    assert [source.field for source in find_coalition(directory, STAFF).sources] == ["name", "members"]


@pytest.mark.parametrize("disclosure", [one for one in Disclosure if one is not Disclosure.EXACT])
def test_an_event_shows_its_place_only_as_precisely_as_it_may(directory: Directory, disclosure: Disclosure) -> None:
    event = a_full_event("Host", a_full_coalition().name, disclosure)
    write(directory, event)
    for audience in Audience:
        published = find(directory, event, audience)
        text = repr(published)
        assert "Georgia Ave" not in text
        assert "City Hall" not in text
        assert "33.7466" not in text
    assert find(directory, event).online_url is None
    assert find(directory, event, MEMBERS).online_url == event.online_url


def test_a_moved_private_point_of_an_event_changes_nothing_that_anybody_sees(directory: Directory) -> None:
    event = a_full_event("Host", a_full_coalition().name, Disclosure.CITY)
    before = [directory.get_snapshot(audience).version for audience in Audience]
    (place,) = event.sites
    assert place.private is not None
    moved = replace(place, private=replace(place.private, street="1 Other Street"), name="Another hall", postal_code="30303")
    write(directory, replace(event, sites=(moved,)))
    assert [directory.get_snapshot(audience).version for audience in Audience] == before
    assert directory.store.load_history(event.id)[-1].after != directory.store.load_history(event.id)[0].after


def test_an_exact_place_of_an_event_is_shown_in_the_original_wording(directory: Directory) -> None:
    event = a_full_event("Host", a_full_coalition().name, Disclosure.EXACT)
    write(directory, event)
    (location,) = find(directory, event).locations
    assert (location.name, location.address.street) == ("City Hall", "250 Georgia Ave SE")


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_a_hidden_record_is_gone_by_every_route(directory: Directory, kind: RecordKind) -> None:
    record = next(one for one in list_records_of_all_kinds("Host") if get_kind(one).name is kind and one.audience is PUBLIC)
    key = f"{kind.noun}:{record.slug}"
    hide(directory, key, now=NOW, until=NOW.date() + dt.timedelta(days=3))
    snapshot = directory.get_snapshot(PUBLIC)
    assert snapshot.get_record(kind, record.id) is None
    assert snapshot.find_record_by_slug(kind, record.slug) is None
    assert record.id not in repr(list_published(snapshot))
    assert find(directory, record, STAFF) is not None
    assert [one.slug for one in list_hidden_records(directory.store)] == [find(directory, record, STAFF).slug]
    with pytest.raises(BadInput, match="does not reverse"):
        undo(directory, directory.store.load_head().revision, actor="tester", now=NOW)
    assert end_expired_hidings(directory, NOW) == 0
    assert end_expired_hidings(directory, NOW + dt.timedelta(days=4)) == 1
    assert find(directory, record).slug == record.slug
    hide(directory, key, now=NOW)
    unhide(directory, record.id, now=NOW)
    assert find(directory, record) is not None


# ---------------------------------------------------------------- undo and merge


def test_an_undo_restores_records_of_every_kind(directory: Directory) -> None:
    records = list_records_of_all_kinds("Host")
    before = {record.id: read(directory, record) for record in records}
    edits = [Remove(record.id, kind=get_kind(record).name) for record in records]
    removal = directory.write(edits, actor="tester", now=NOW, reason="a test")
    assert all(find(directory, record, STAFF) is None for record in records)
    undo(directory, removal.revision, actor="tester", now=NOW)
    assert {record.id: read(directory, record) for record in records} == before
    undo(directory, directory.store.load_head().revision, actor="tester", now=NOW)
    assert all(find(directory, record, STAFF) is None for record in records)


def test_a_coalition_follows_its_members_when_they_are_merged(directory: Directory) -> None:
    write(directory, a_full_coalition("Host", "Guest", parent=an_id("Alliance")))
    merge(directory, "guest", "host", actor="tester", now=NOW)
    (member,) = find_coalition(directory).members
    assert member.organization == HOST.id
    (host, actor) = find(directory, a_stored_event()).hosts
    assert (host.organization, actor.actor) == (HOST.id, "Human Rights Council")


def test_two_coalitions_are_merged(directory: Directory) -> None:
    other = a_stored_coalition("UPR Taskforce", ["Guest", "Host"], website="https://other.example/", regions=("US-NY",))
    write(directory, other, a_stored_event("Meeting", coalition=other.id))
    merge(directory, "coalition:upr-taskforce", "coalition:upr-task-force", actor="tester", now=NOW)
    merged = find_coalition(directory)
    assert merged.member_ids == (HOST.id, GUEST.id)
    assert merged.members[0].role == "Chair"
    assert (merged.website, merged.regions) == ("https://upr.example/", ("US", "US-GA", "US-NY"))
    assert find(directory, a_stored_event("Meeting")).coalition == merged.id
    snapshot = directory.get_snapshot(PUBLIC)
    assert snapshot.find_record_by_slug(RecordKind.COALITION, "upr-taskforce") == merged
    assert snapshot.find_record(RecordKind.COALITION, other.id) == merged
    undo(directory, directory.store.load_head().revision, actor="tester", now=NOW)
    assert find(directory, other).member_ids == (GUEST.id, HOST.id)


@pytest.mark.parametrize("build", [a_stored_event, a_stored_instrument, lambda name: a_stored_provision("7", name=name)])
def test_duplicates_of_every_kind_are_merged(directory: Directory, build: Callable[[str], StoredRecord]) -> None:
    write(directory, build("Loser"), *([] if get_kind(build("x")).name is RecordKind.PROVISION else [build("Survivor")]))
    kind = get_kind(build("Loser")).name
    survivor = a_stored_provision().slug if kind is RecordKind.PROVISION else "survivor"
    loser = build("Loser")
    merge(directory, f"{kind.noun}:{loser.slug}", f"{kind.noun}:{survivor}", actor="tester", now=NOW)
    found = directory.get_snapshot(PUBLIC).find_record(kind, loser.id)
    assert found is not None
    assert found.slug == survivor


def test_records_of_different_kinds_are_not_merged(directory: Directory) -> None:
    with pytest.raises(BadInput, match="A coalition cannot be merged into an organization"):
        merge(directory, "coalition:upr-task-force", "host", actor="tester", now=NOW)


def test_actors_never_appear_as_organizations(directory: Directory) -> None:
    for audience in Audience:
        names = [record.name for _, record in directory.get_snapshot(audience).index.rows.number_records()]
        assert sorted(names) == ["Guest", "Host"]
        assert find(directory, a_stored_event(), audience).actors == ["Human Rights Council"]


def test_a_provision_of_a_hidden_instrument_does_not_name_it(directory: Directory) -> None:
    hide(directory, "instrument:universal-declaration", now=NOW)
    provision = find(directory, a_stored_provision())
    assert isinstance(provision, Provision)
    assert provision.instrument is None
    assert an_id("Universal Declaration") not in repr(list_published(directory.get_snapshot(PUBLIC)))


def test_the_store_reports_changes_by_kind_and_id(directory: Directory) -> None:
    since = directory.store.load_head().revision
    write(directory, a_stored_event("New"), StoredOrganization(id=an_id("Org"), slug="org", name="Org"))
    assert set(directory.store.find_changed_since(since).ids) == {
        RecordId(RecordKind.EVENT, an_id("New")),
        RecordId(RecordKind.ORGANIZATION, an_id("Org")),
    }
    assert isinstance(directory.get_snapshot(PUBLIC).get_record(RecordKind.ORGANIZATION, an_id("Org")), Organization)
