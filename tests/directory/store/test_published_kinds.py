"""What an audience sees of records of every kind, and how they are hidden, merged and restored."""

import datetime as dt
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from directory.curation.hiding import end_expired_hidings, hide, list_hidden_records, unhide
from directory.curation.merge import merge
from directory.curation.undo import undo
from directory.errors import BadInput
from directory.geo import Disclosure
from directory.kinds import get_kind
from directory.kinds.instrument import Provision
from directory.live import Directory
from directory.publish import ChangeKind
from directory.records import Audience, Organization, RecordKind, StoredOrganization, StoredRecord
from directory.store.ledger.edits import RecordId, Remove
from tests.builders import (
    NOW,
    a_stored_coalition,
    a_stored_event,
    a_stored_instrument,
    a_stored_location,
    a_stored_provision,
    an_id,
)
from tests.directory.store.directory_of_kinds import (
    GUEST,
    HOST,
    MEMBERS,
    OTHER_KINDS,
    PUBLIC,
    STAFF,
    directory,
    find,
    find_coalition,
    list_published,
    read,
    write,
)
from tests.directory.store.stored_kinds import a_full_coalition, a_full_event, list_records_of_all_kinds

__all__ = ["directory"]

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


@pytest.mark.parametrize(
    ("disclosure", "stated", "published"),
    [
        (Disclosure.HIDDEN, "America/Indiana/Vevay", "America/New_York"),  # one county
        (Disclosure.STATE, "US/Indiana-Starke", "America/Chicago"),
        (Disclosure.STATE, "America/Boise", "America/Denver"),
        (Disclosure.STATE, "America/St_Johns", None),  # half an hour apart from all of them
        (Disclosure.STATE, "America/Chicago", "America/Chicago"),
        (Disclosure.CITY, "America/Boise", "America/Boise"),
        (Disclosure.HIDDEN, "Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_a_time_zone_is_no_smaller_than_the_published_area(
    directory: Directory, disclosure: Disclosure, stated: str, published: str | None
) -> None:
    event = a_stored_event("Supper", sites=(a_stored_location(disclosure=disclosure),), time_zone=stated)
    write(directory, event)
    assert find(directory, event).time_zone == published
    assert read(directory, event) == event


def test_an_online_event_keeps_its_time_zone(directory: Directory) -> None:
    event = a_stored_event("Call", time_zone="America/Indiana/Vevay")
    write(directory, event)
    assert find(directory, event).time_zone == event.time_zone


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
    hidden = list_hidden_records(directory.store)
    assert f"{kind.noun}:{find(directory, record, STAFF).slug}" in {one.key for one in hidden}
    assert {one.name for one in hidden} >= {record.name}
    assert len(hidden) == 1 or kind is RecordKind.INSTRUMENT  # with its provisions
    with pytest.raises(BadInput, match="does not reverse"):
        undo(directory, directory.store.load_head().revision, actor="tester", now=NOW)
    assert end_expired_hidings(directory, NOW) == 0
    assert end_expired_hidings(directory, NOW + dt.timedelta(days=4)) == len(hidden)
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


def test_a_provision_of_an_instrument_for_staff_does_not_name_it(directory: Directory) -> None:
    write(directory, a_stored_instrument("Universal Declaration", audience=STAFF))
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
