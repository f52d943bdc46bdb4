"""A record that is hidden in an emergency stays hidden until `unhide` or until the day that was set."""

import datetime as dt
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from directory.curation.consistency import find_disagreements
from directory.curation.hiding import end_expired_hidings, hide, list_hidden_records, unhide
from directory.curation.merge import merge
from directory.curation.undo import undo
from directory.errors import BadInput, NotFound
from directory.live import Directory
from directory.publish import ChangeKind
from directory.question import Question
from directory.records import Audience, Relation, RelationKind, StoredOrganization
from directory.search.snapshot import Snapshot
from directory.store.ledger.edits import Put, Remove
from directory.store.store import Store
from directory.suggestions.suggest import suggest
from directory.vocabulary.slugs import is_private_slug
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id

pytestmark = pytest.mark.slow

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF
HARBOR = a_stored_organization("Harbor Union", slug="harbor", sites=(a_stored_location(),), issue_areas=("housing",))
DAY = dt.date(2026, 7, 1)
TOMORROW = NOW + dt.timedelta(days=1)


@pytest.fixture
def directory(database_url: str) -> Iterator[Directory]:
    """A directory at revision 1: Harbor Union, its branch and a sister organization."""
    directory = Directory.open(database_url)
    child = a_stored_organization("Harbor Branch", parent=HARBOR.id)
    friend = a_stored_organization("Friend", relations=(Relation(RelationKind.SISTER, HARBOR.id),))
    write(directory, Put(HARBOR), Put(child), Put(friend))
    for audience in Audience:
        directory.get_snapshot(audience)
    yield directory
    directory.close()


@pytest.fixture
def sqlite_directory(sqlite_url: str) -> Iterator[Directory]:
    """A directory with Harbor Union only, for tests that do not depend on the database engine."""
    directory = Directory.open(sqlite_url)
    write(directory, Put(HARBOR))
    yield directory
    directory.close()


def write(directory: Directory, *edits: Put | Remove) -> int:
    return directory.write(edits, actor="ann", now=NOW, reason="a change").revision


def load_record(store: Store, name: str = "Harbor Union") -> StoredOrganization:
    ((record, _),) = store.load_organizations([an_id(name)])
    return record


def list_audiences(directory: Directory, name: str = "Harbor Union") -> list[Audience]:
    """Return the audiences that see the record, after checking that the directory is consistent."""
    directory.update_snapshots()
    assert find_disagreements(directory) == []
    return [audience for audience in Audience if directory.get_snapshot(audience).get_organization(an_id(name))]


def list_traces(snapshot: Snapshot) -> list[object]:
    """Return everything in the snapshot that reveals Harbor Union."""
    others = [snapshot.get_organization(an_id(name)) for name in ("Harbor Branch", "Friend")]
    result = snapshot.find(Question(text="Harbor Union"))
    labels = [suggestion.label() for suggestion in suggest(snapshot, "Harbor U") if "Harbor Union" in suggestion.label()]
    return [
        snapshot.find_by_slug("harbor"),
        snapshot.find_by_id(HARBOR.id),
        *(other.parent or other.relations for other in others if other),
        result.total,
        labels,
        snapshot.is_name("Harbor Union"),
    ]


# ---------------------------------------------------------------- hiding and showing


def test_only_staff_see_a_hidden_record_in_any_process(directory: Directory, database_url: str) -> None:
    elsewhere = Directory.open(database_url)
    before = {audience: elsewhere.get_snapshot(audience) for audience in Audience}
    assert all(list_traces(before[PUBLIC]))
    hide(directory, "harbor", now=TOMORROW, reason="threatened")
    assert elsewhere.update_snapshots()
    assert list_audiences(elsewhere) == list_audiences(directory) == [STAFF]
    for audience in (PUBLIC, MEMBERS):
        snapshot = elsewhere.get_snapshot(audience)
        assert not any(list_traces(snapshot))
        assert snapshot.version != before[audience].version
        change = snapshot.list_changes(0, 100)[0][-1]
        assert HARBOR.id in {item.record_id for item in snapshot.list_changes(0, 100)[0] if item.kind is ChangeKind.REMOVED}
        assert change.at == TOMORROW
    assert elsewhere.get_snapshot(STAFF).find_by_slug("harbor")
    logged = directory.store.load_history(HARBOR.id)[-1]
    assert (logged.actor, logged.reason, logged.changed_at, logged.is_ignored_by_undo) == (
        "directory hide",
        "threatened",
        TOMORROW,
        True,
    )
    elsewhere.close()


def test_a_cached_result_is_discarded(sqlite_directory: Directory) -> None:
    question = Question()
    assert sqlite_directory.get_snapshot(PUBLIC).find(question).total == 1
    hide(sqlite_directory, "harbor", now=TOMORROW)
    sqlite_directory.update_snapshots()
    assert sqlite_directory.get_snapshot(PUBLIC).find(question).total == 0


def test_a_hidden_record_releases_its_slug_and_gets_it_back(directory: Directory) -> None:
    hide(directory, "harbor", now=TOMORROW)
    assert is_private_slug(load_record(directory.store).slug)
    change = unhide(directory, "harbor", now=TOMORROW)
    assert (change.slug, load_record(directory.store)) == ("harbor", replace(HARBOR, sites=load_record(directory.store).sites))
    assert list_audiences(directory) == list(Audience)
    assert all(list_traces(directory.get_snapshot(PUBLIC)))


def test_it_keeps_its_private_slug_if_the_public_one_was_taken(directory: Directory) -> None:
    private = hide(directory, "harbor", now=TOMORROW).slug
    write(directory, Put(a_stored_organization("Other", slug="harbor")))
    assert unhide(directory, private, now=TOMORROW).slug == private
    assert list_audiences(directory) == list(Audience)
    assert directory.get_snapshot(PUBLIC).find_by_slug("harbor") == directory.get_snapshot(PUBLIC).get_organization(
        an_id("Other")
    )


def test_it_is_shown_to_the_audience_that_was_set_meanwhile(sqlite_directory: Directory) -> None:
    hide(sqlite_directory, "harbor", now=TOMORROW)
    write(sqlite_directory, Put(replace(load_record(sqlite_directory.store), audience=MEMBERS)))
    assert list_audiences(sqlite_directory) == [STAFF]
    unhide(sqlite_directory, HARBOR.id, now=TOMORROW)
    assert list_audiences(sqlite_directory) == [MEMBERS, STAFF]
    assert is_private_slug(load_record(sqlite_directory.store).slug)


# ---------------------------------------------------------------- what does not end it


def test_no_edit_ends_it(sqlite_directory: Directory) -> None:
    hide(sqlite_directory, "harbor", now=TOMORROW, until=DAY)
    for entry in (HARBOR, replace(HARBOR, summary="New.")):
        write(sqlite_directory, Put(entry))
        assert (list_audiences(sqlite_directory), load_record(sqlite_directory.store).hidden_until) == ([STAFF], DAY)


def test_no_undo_ends_it(directory: Directory) -> None:
    edited = write(directory, Put(replace(HARBOR, summary="New.")))
    hidden = hide(directory, "harbor", now=TOMORROW).revision
    with pytest.raises(BadInput, match="directory unhide"):
        undo(directory, hidden, actor="ben", now=TOMORROW, may_loosen=True)
    undo(directory, edited, actor="ben", now=TOMORROW, may_loosen=True)
    assert load_record(directory.store).summary is None
    assert list_audiences(directory) == [STAFF]


def test_hiding_neither_blocks_an_undo_nor_is_lost_when_that_is_undone(sqlite_directory: Directory) -> None:
    hide(sqlite_directory, "harbor", now=TOMORROW)
    undone = undo(sqlite_directory, 1, actor="ben", now=TOMORROW).revision
    assert list_audiences(sqlite_directory) == []
    undo(sqlite_directory, undone, actor="ben", now=TOMORROW)
    assert list_audiences(sqlite_directory) == [STAFF]


def test_a_removed_record_comes_back_hidden(sqlite_directory: Directory) -> None:
    hide(sqlite_directory, "harbor", now=TOMORROW, until=DAY)
    removed = write(sqlite_directory, Remove(HARBOR.id))
    undo(sqlite_directory, removed, actor="ben", now=TOMORROW, may_loosen=True)
    assert (list_audiences(sqlite_directory), load_record(sqlite_directory.store).hidden_until) == ([STAFF], DAY)
    write(sqlite_directory, Remove(HARBOR.id))
    write(sqlite_directory, Put(HARBOR))
    assert (list_audiences(sqlite_directory), load_record(sqlite_directory.store).hidden_until) == ([STAFF], DAY)


def test_unhiding_cannot_be_undone_and_blocks_no_undo(sqlite_directory: Directory) -> None:
    edited = write(sqlite_directory, Put(replace(HARBOR, summary="New.")))
    hide(sqlite_directory, "harbor", now=TOMORROW)
    unhidden = unhide(sqlite_directory, "harbor", now=TOMORROW).revision
    with pytest.raises(BadInput, match="directory hide"):
        undo(sqlite_directory, unhidden, actor="ben", now=TOMORROW)
    undo(sqlite_directory, edited, actor="ben", now=TOMORROW)
    assert list_audiences(sqlite_directory) == list(Audience)


@pytest.mark.parametrize("hidden", ["Harbor Union", "Harbor Twin"])
def test_a_merge_with_a_hidden_record_is_hidden_and_so_are_the_records_its_undo_restores(
    sqlite_directory: Directory, hidden: str
) -> None:
    write(sqlite_directory, Put(a_stored_organization("Harbor Twin", slug="twin", summary="Of two.")))
    hide(sqlite_directory, an_id(hidden), now=TOMORROW, until=DAY)
    revision = merge(sqlite_directory, "twin", "harbor", actor="ann", now=TOMORROW).revision
    sqlite_directory.update_snapshots()
    assert (list_audiences(sqlite_directory), load_record(sqlite_directory.store).hidden_until) == ([STAFF], DAY)
    assert [sqlite_directory.get_snapshot(PUBLIC).find_by_slug(slug) for slug in ("harbor", "twin")] == [None, None]
    undo(sqlite_directory, revision, actor="ben", now=TOMORROW, may_loosen=True)
    assert list_audiences(sqlite_directory, hidden) == [STAFF]
    assert list_audiences(sqlite_directory, "Harbor Union") == [STAFF]  # an undo never shows a hidden record


def test_undoing_a_merge_hides_the_restored_records_if_the_merged_one_is_hidden(sqlite_directory: Directory) -> None:
    write(
        sqlite_directory,
        Put(a_stored_organization("Harbor Twin", slug="twin")),
        Put(a_stored_organization("Harbor Third", slug="third")),
    )
    first = merge(sqlite_directory, "third", "twin", actor="ann", now=NOW).revision
    second = merge(sqlite_directory, "twin", "harbor", actor="ann", now=NOW).revision
    hide(sqlite_directory, "harbor", now=TOMORROW, until=DAY)
    for revision in (second, first):
        undo(sqlite_directory, revision, actor="ben", now=TOMORROW, may_loosen=True)
    for name in ("Harbor Union", "Harbor Twin", "Harbor Third"):
        assert (list_audiences(sqlite_directory, name), load_record(sqlite_directory.store, name).hidden_until) == ([STAFF], DAY)


@pytest.mark.parametrize("is_removed", [False, True])
def test_a_merged_record_that_is_created_again_is_hidden_if_its_survivor_is(
    sqlite_directory: Directory, is_removed: bool
) -> None:
    twin = a_stored_organization("Harbor Twin", slug="twin")
    write(sqlite_directory, Put(twin))
    merge(sqlite_directory, "twin", "harbor", actor="ann", now=NOW)
    hide(sqlite_directory, "harbor", now=TOMORROW)
    if is_removed:
        write(sqlite_directory, Remove(HARBOR.id))
    write(sqlite_directory, Put(twin))
    assert list_audiences(sqlite_directory, "Harbor Twin") == [STAFF]


@pytest.mark.parametrize("key", ["twin", an_id("Harbor Twin")])
def test_a_record_can_be_hidden_by_the_key_of_a_record_merged_into_it(sqlite_directory: Directory, key: str) -> None:
    write(sqlite_directory, Put(a_stored_organization("Harbor Twin", slug="twin")))
    merge(sqlite_directory, "twin", "harbor", actor="ann", now=NOW)
    hide(sqlite_directory, key, now=TOMORROW)
    assert list_audiences(sqlite_directory) == [STAFF]


def test_merging_two_hidden_records_keeps_the_longer_hiding(sqlite_directory: Directory) -> None:
    write(sqlite_directory, Put(a_stored_organization("Harbor Twin", slug="twin")))
    hide(sqlite_directory, "harbor", now=TOMORROW, until=DAY)
    hide(sqlite_directory, "twin", now=TOMORROW)
    merge(sqlite_directory, "twin", "harbor", actor="ann", now=TOMORROW)
    assert (load_record(sqlite_directory.store).is_hidden, load_record(sqlite_directory.store).hidden_until) == (True, None)


# ---------------------------------------------------------------- the day that was set


def at_hour(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), dt.UTC)


def test_hiding_ends_once_when_the_day_has_begun_everywhere(directory: Directory) -> None:
    hide(directory, "harbor", now=TOMORROW, until=DAY)
    hide(directory, "friend", now=TOMORROW)
    assert end_expired_hidings(directory, at_hour(DAY, 11)) == 0
    assert list_audiences(directory) == [STAFF]
    assert end_expired_hidings(directory, at_hour(DAY, 12)) == 1
    assert (list_audiences(directory), list_audiences(directory, "Friend")) == (list(Audience), [STAFF])
    assert load_record(directory.store).slug == "harbor"
    revision = directory.store.load_head().revision
    assert end_expired_hidings(directory, at_hour(DAY, 12)) == 0
    assert directory.store.load_head().revision == revision
    assert directory.store.load_history(HARBOR.id)[-1].actor == "directory: hiding ended"


def test_hiding_can_be_extended_but_not_shortened(sqlite_directory: Directory) -> None:
    hide(sqlite_directory, "harbor", now=TOMORROW, until=DAY)
    since = load_record(sqlite_directory.store).hidden_since
    for earlier in (DAY, DAY - dt.timedelta(days=3)):
        with pytest.raises(BadInput, match=r"already hidden, until 2026-07-01\. To hide it for longer, enter a later day"):
            hide(sqlite_directory, "harbor", now=TOMORROW, until=earlier)
    hide(sqlite_directory, "harbor", now=TOMORROW + dt.timedelta(days=1), until=dt.date(2026, 8, 1))
    hide(sqlite_directory, "harbor", now=TOMORROW)
    assert (load_record(sqlite_directory.store).hidden_since, load_record(sqlite_directory.store).hidden_until) == (since, None)
    for until in (None, dt.date(2030, 1, 1)):
        with pytest.raises(BadInput, match="already hidden, with no end date"):
            hide(sqlite_directory, "harbor", now=TOMORROW, until=until)


@pytest.mark.parametrize("day", [NOW.date(), NOW.date() - dt.timedelta(days=1)])
def test_a_day_that_is_not_in_the_future_is_refused(sqlite_directory: Directory, day: dt.date) -> None:
    with pytest.raises(BadInput, match="not in the future") as refusal:
        hide(sqlite_directory, "harbor", now=NOW, until=day)
    assert refusal.value.params["argument"] == "until"
    assert list_audiences(sqlite_directory) == list(Audience)


def test_unknown_and_visible_records_are_refused(sqlite_directory: Directory) -> None:
    for command in (hide, unhide):
        with pytest.raises(NotFound, match='"nobody"'):
            command(sqlite_directory, "nobody", now=NOW)
    with pytest.raises(BadInput, match="not hidden; its audience is PUBLIC"):
        unhide(sqlite_directory, "harbor", now=NOW)


def test_hidden_records_are_listed(sqlite_directory: Directory) -> None:
    write(sqlite_directory, Put(a_stored_organization("Friend")))
    assert list_hidden_records(sqlite_directory.store) == []
    hide(sqlite_directory, "harbor", now=TOMORROW, until=DAY)
    hide(sqlite_directory, "friend", now=NOW)
    assert [(item.name, item.hidden_since, item.hidden_until) for item in list_hidden_records(sqlite_directory.store)] == [
        ("Friend", NOW, None),
        ("Harbor Union", TOMORROW, DAY),
    ]
