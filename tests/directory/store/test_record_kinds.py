"""Records of every kind are written and read, and what is invalid is refused with a sentence."""

import datetime as dt
from collections.abc import Callable
from itertools import pairwise

import pytest
from msgspec.structs import replace

from directory.errors import BadInput, Conflict, NotFound
from directory.geo import Disclosure
from directory.kinds import KINDS, get_kind
from directory.kinds.coalition import Coalition, CoalitionMember
from directory.kinds.event import Event, EventHost
from directory.live import Directory
from directory.publish import ChangeKind
from directory.records import RecordKind, StoredRecord
from directory.store.database import migrate
from directory.store.ledger.edits import Put, Remove
from directory.store.store import Store
from tests.builders import (
    NOW,
    a_stored_coalition,
    a_stored_event,
    a_stored_provision,
    an_id,
)
from tests.directory.store.directory_of_kinds import (
    HOST,
    OTHER_KINDS,
    PUBLIC,
    STAFF,
    directory,
    read,
    refuse,
    write,
)
from tests.directory.store.stored_kinds import a_full_coalition, a_full_event, list_records_of_all_kinds

__all__ = ["directory"]

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
        for field in KINDS[kind].stored_type.__struct_fields__:
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
