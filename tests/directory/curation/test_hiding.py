"""A record that is hidden in an emergency stays hidden through everything but an explicit command or the day that was set."""

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
from directory.search.suggestions import suggest
from directory.slugs import is_private_slug
from directory.store.ledger.edits import Put, Remove
from directory.store.store import Store
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF
HARBOR = a_stored_organization("Harbor Union", slug="harbor", sites=(a_stored_location(),), issue_areas=("housing",))
DAY = dt.date(2026, 7, 1)
TOMORROW = NOW + dt.timedelta(days=1)


@pytest.fixture
def directory(database_url: str) -> Iterator[Directory]:
    """At revision 1: Harbor Union, one of its branches and a friend of it."""
    opened = Directory.open(database_url)
    child = a_stored_organization("Harbor Branch", parent=HARBOR.id)
    friend = a_stored_organization("Friend", relations=(Relation(RelationKind.SISTER, HARBOR.id),))
    write(opened, Put(HARBOR), Put(child), Put(friend))
    for audience in Audience:
        opened.get_snapshot(audience)
    yield opened
    opened.close()


@pytest.fixture
def here(sqlite_url: str) -> Iterator[Directory]:
    """For what no engine has a part in: Harbor Union alone."""
    opened = Directory.open(sqlite_url)
    write(opened, Put(HARBOR))
    yield opened
    opened.close()


def write(directory: Directory, *edits: Put | Remove) -> int:
    return directory.write(edits, actor="ann", now=NOW, reason="a change").revision


def kept(store: Store, name: str = "Harbor Union") -> StoredOrganization:
    (found,) = store.load_organizations([an_id(name)])
    return found[0]


def seers(directory: Directory, name: str = "Harbor Union") -> list[Audience]:
    """Who sees the record, after everything was seen to agree."""
    directory.update_snapshots()
    assert find_disagreements(directory) == []
    return [audience for audience in Audience if directory.get_snapshot(audience).get_organization(an_id(name))]


def traces(snapshot: Snapshot) -> list[object]:
    """What a snapshot shows that leads to Harbor Union."""
    others = [snapshot.get_organization(an_id(name)) for name in ("Harbor Branch", "Friend")]
    found = snapshot.find(Question(text="Harbor Union"))
    labels = [one.label for one in suggest(snapshot, "Harbor U") if "Harbor Union" in one.label]
    return [
        snapshot.find_by_slug("harbor"),
        snapshot.find_by_id(HARBOR.id),
        *(one.parent or one.relations for one in others if one),
        found.total,
        labels,
        snapshot.is_name("Harbor Union"),
    ]


# ---------------------------------------------------------------- at once, everywhere


def test_only_staff_see_a_hidden_record_in_any_process(directory: Directory, database_url: str) -> None:
    elsewhere = Directory.open(database_url)
    before = {audience: elsewhere.get_snapshot(audience) for audience in Audience}
    assert all(traces(before[PUBLIC]))
    hide(directory.store, "harbor", now=TOMORROW, reason="threatened")
    assert elsewhere.update_snapshots()
    assert seers(elsewhere) == seers(directory) == [STAFF]
    for audience in (PUBLIC, MEMBERS):
        snapshot = elsewhere.get_snapshot(audience)
        assert not any(traces(snapshot))
        assert snapshot.version != before[audience].version
        change = snapshot.list_changes(0, 100)[0][-1]
        assert HARBOR.id in {one.organization_id for one in snapshot.list_changes(0, 100)[0] if one.kind is ChangeKind.REMOVED}
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


def test_an_answer_that_was_remembered_is_forgotten(here: Directory) -> None:
    question = Question()
    assert here.get_snapshot(PUBLIC).find(question).total == 1
    hide(here.store, "harbor", now=TOMORROW)
    here.update_snapshots()
    assert here.get_snapshot(PUBLIC).find(question).total == 0


def test_it_releases_its_slug_and_gets_it_back(directory: Directory) -> None:
    hide(directory.store, "harbor", now=TOMORROW)
    assert is_private_slug(kept(directory.store).slug)
    done = unhide(directory.store, "harbor", now=TOMORROW)
    assert (done.slug, kept(directory.store)) == ("harbor", replace(HARBOR, sites=kept(directory.store).sites))
    assert seers(directory) == list(Audience)
    assert all(traces(directory.get_snapshot(PUBLIC)))


def test_it_keeps_its_private_slug_where_the_plain_one_was_taken(directory: Directory) -> None:
    private = hide(directory.store, "harbor", now=TOMORROW).slug
    write(directory, Put(a_stored_organization("Other", slug="harbor")))
    assert unhide(directory.store, private, now=TOMORROW).slug == private
    assert seers(directory) == list(Audience)
    assert directory.get_snapshot(PUBLIC).find_by_slug("harbor") == directory.get_snapshot(PUBLIC).get_organization(
        an_id("Other")
    )


def test_it_comes_back_to_the_audience_it_has_by_then(here: Directory) -> None:
    hide(here.store, "harbor", now=TOMORROW)
    write(here, Put(replace(kept(here.store), audience=MEMBERS)))
    assert seers(here) == [STAFF]
    unhide(here.store, HARBOR.id, now=TOMORROW)
    assert seers(here) == [MEMBERS, STAFF]
    assert is_private_slug(kept(here.store).slug)


# ---------------------------------------------------------------- what does not end it


def test_no_edit_ends_it(here: Directory) -> None:
    hide(here.store, "harbor", now=TOMORROW, until=DAY)
    for entry in (HARBOR, replace(HARBOR, summary="New.")):
        write(here, Put(entry))
        assert (seers(here), kept(here.store).hidden_until) == ([STAFF], DAY)


def test_no_undo_ends_it(directory: Directory) -> None:
    edited = write(directory, Put(replace(HARBOR, summary="New.")))
    hidden = hide(directory.store, "harbor", now=TOMORROW).revision
    with pytest.raises(BadInput, match="directory unhide"):
        undo(directory.store, hidden, actor="ben", now=TOMORROW, may_loosen=True)
    undo(directory.store, edited, actor="ben", now=TOMORROW, may_loosen=True)
    assert kept(directory.store).summary is None
    assert seers(directory) == [STAFF]


def test_an_import_can_be_undone_though_a_record_was_hidden_since_and_done_again_it_is_still_hidden(here: Directory) -> None:
    hide(here.store, "harbor", now=TOMORROW)
    undone = undo(here.store, 1, actor="ben", now=TOMORROW).revision
    assert seers(here) == []
    undo(here.store, undone, actor="ben", now=TOMORROW)
    assert seers(here) == [STAFF]


def test_a_removed_record_comes_back_hidden(here: Directory) -> None:
    hide(here.store, "harbor", now=TOMORROW, until=DAY)
    removed = write(here, Remove(HARBOR.id))
    undo(here.store, removed, actor="ben", now=TOMORROW, may_loosen=True)
    assert (seers(here), kept(here.store).hidden_until) == ([STAFF], DAY)
    write(here, Remove(HARBOR.id))
    write(here, Put(HARBOR))
    assert (seers(here), kept(here.store).hidden_until) == ([STAFF], DAY)


def test_an_unhiding_is_not_undone_and_does_not_stand_in_the_way(here: Directory) -> None:
    edited = write(here, Put(replace(HARBOR, summary="New.")))
    hide(here.store, "harbor", now=TOMORROW)
    shown = unhide(here.store, "harbor", now=TOMORROW).revision
    with pytest.raises(BadInput, match="directory hide"):
        undo(here.store, shown, actor="ben", now=TOMORROW)
    undo(here.store, edited, actor="ben", now=TOMORROW)
    assert seers(here) == list(Audience)


@pytest.mark.parametrize("hidden", ["Harbor Union", "Harbor Twin"])
def test_a_merger_with_a_hidden_record_is_hidden_and_so_is_what_its_undo_brings_back(here: Directory, hidden: str) -> None:
    write(here, Put(a_stored_organization("Harbor Twin", slug="twin", summary="Of two.")))
    hide(here.store, an_id(hidden), now=TOMORROW, until=DAY)
    revision = merge(here.store, "twin", "harbor", actor="ann", now=TOMORROW).revision
    here.update_snapshots()
    assert (seers(here), kept(here.store).hidden_until) == ([STAFF], DAY)
    assert [here.get_snapshot(PUBLIC).find_by_slug(slug) for slug in ("harbor", "twin")] == [None, None]
    undo(here.store, revision, actor="ben", now=TOMORROW, may_loosen=True)
    assert seers(here, hidden) == [STAFF]
    assert seers(here, "Harbor Union") == [STAFF]  # an undo shows nothing that is hidden by now


def test_what_an_undo_of_a_merger_brings_back_is_hidden_where_the_merged_record_was_hidden_since(here: Directory) -> None:
    write(here, Put(a_stored_organization("Harbor Twin", slug="twin")), Put(a_stored_organization("Harbor Third", slug="third")))
    first = merge(here.store, "third", "twin", actor="ann", now=NOW).revision
    second = merge(here.store, "twin", "harbor", actor="ann", now=NOW).revision
    hide(here.store, "harbor", now=TOMORROW, until=DAY)
    for revision in (second, first):
        undo(here.store, revision, actor="ben", now=TOMORROW, may_loosen=True)
    for name in ("Harbor Union", "Harbor Twin", "Harbor Third"):
        assert (seers(here, name), kept(here.store, name).hidden_until) == ([STAFF], DAY)


@pytest.mark.parametrize("is_removed", [False, True])
def test_a_merged_record_that_is_stated_again_is_hidden_where_its_survivor_is(here: Directory, is_removed: bool) -> None:
    twin = a_stored_organization("Harbor Twin", slug="twin")
    write(here, Put(twin))
    merge(here.store, "twin", "harbor", actor="ann", now=NOW)
    hide(here.store, "harbor", now=TOMORROW)
    if is_removed:
        write(here, Remove(HARBOR.id))
    write(here, Put(twin))
    assert seers(here, "Harbor Twin") == [STAFF]


@pytest.mark.parametrize("key", ["twin", an_id("Harbor Twin")])
def test_a_record_is_hidden_by_what_led_to_one_that_was_merged_into_it(here: Directory, key: str) -> None:
    write(here, Put(a_stored_organization("Harbor Twin", slug="twin")))
    merge(here.store, "twin", "harbor", actor="ann", now=NOW)
    hide(here.store, key, now=TOMORROW)
    assert seers(here) == [STAFF]


def test_of_two_hidden_records_that_are_merged_the_longer_hiding_stays(here: Directory) -> None:
    write(here, Put(a_stored_organization("Harbor Twin", slug="twin")))
    hide(here.store, "harbor", now=TOMORROW, until=DAY)
    hide(here.store, "twin", now=TOMORROW)
    merge(here.store, "twin", "harbor", actor="ann", now=TOMORROW)
    assert (kept(here.store).is_hidden, kept(here.store).hidden_until) == (True, None)


# ---------------------------------------------------------------- the day that was set


def at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), dt.UTC)


def test_it_ends_when_the_day_has_begun_everywhere_and_once(directory: Directory) -> None:
    hide(directory.store, "harbor", now=TOMORROW, until=DAY)
    hide(directory.store, "friend", now=TOMORROW)
    assert end_expired_hidings(directory.store, at(DAY, 11)) == 0
    assert seers(directory) == [STAFF]
    assert end_expired_hidings(directory.store, at(DAY, 12)) == 1
    assert (seers(directory), seers(directory, "Friend")) == (list(Audience), [STAFF])
    assert kept(directory.store).slug == "harbor"
    revision = directory.store.load_head().revision
    assert end_expired_hidings(directory.store, at(DAY, 12)) == 0
    assert directory.store.load_head().revision == revision
    assert directory.store.load_history(HARBOR.id)[-1].actor == "directory: hiding ended"


def test_it_can_be_made_longer_and_never_shorter(here: Directory) -> None:
    hide(here.store, "harbor", now=TOMORROW, until=DAY)
    since = kept(here.store).hidden_since
    for earlier in (DAY, DAY - dt.timedelta(days=3)):
        with pytest.raises(BadInput, match="already hidden, until 2026-07-01; give a later day"):
            hide(here.store, "harbor", now=TOMORROW, until=earlier)
    hide(here.store, "harbor", now=TOMORROW + dt.timedelta(days=1), until=dt.date(2026, 8, 1))
    hide(here.store, "harbor", now=TOMORROW)
    assert (kept(here.store).hidden_since, kept(here.store).hidden_until) == (since, None)
    for until in (None, dt.date(2030, 1, 1)):
        with pytest.raises(BadInput, match="already hidden, without an end"):
            hide(here.store, "harbor", now=TOMORROW, until=until)


@pytest.mark.parametrize("day", [NOW.date(), NOW.date() - dt.timedelta(days=1)])
def test_a_day_that_is_not_in_the_future_is_refused(here: Directory, day: dt.date) -> None:
    with pytest.raises(BadInput, match="not in the future") as refusal:
        hide(here.store, "harbor", now=NOW, until=day)
    assert refusal.value.params["argument"] == "until"
    assert seers(here) == list(Audience)


def test_what_is_not_there_or_not_hidden_is_refused(here: Directory) -> None:
    for command in (hide, unhide):
        with pytest.raises(NotFound, match='"nobody"'):
            command(here.store, "nobody", now=NOW)
    with pytest.raises(BadInput, match="not hidden; its audience is PUBLIC"):
        unhide(here.store, "harbor", now=NOW)


def test_hidden_records_are_listed(here: Directory) -> None:
    write(here, Put(a_stored_organization("Friend")))
    assert list_hidden_records(here.store) == []
    hide(here.store, "harbor", now=TOMORROW, until=DAY)
    hide(here.store, "friend", now=NOW)
    assert [(one.name, one.hidden_since, one.hidden_until) for one in list_hidden_records(here.store)] == [
        ("Friend", NOW, None),
        ("Harbor Union", TOMORROW, DAY),
    ]
