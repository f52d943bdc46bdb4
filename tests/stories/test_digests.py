"""Digests judge the past by today's rules: nothing that was hidden, moved, removed or deleted since shows again."""

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace

from cli.partners.digest_output import DIGEST_FORMATS, DigestHeader
from directory.curation.hiding import hide, unhide
from directory.curation.merge import merge
from directory.curation.undo import undo
from directory.export.export_info import build_export_info
from directory.geo import Disclosure, Point, Precision
from directory.live import Directory
from directory.partners.digest import Digest, DigestKind, build_digest
from directory.question import Question, RegionFilter, TermFilter
from directory.records import Audience, PrivatePlace, StoredContact
from directory.snapshots.past_snapshot import load_past_and_present
from directory.store.ledger.edits import Put, Remove
from directory.store.ledger.erase import erase
from tests.builders import a_stored_location, a_stored_organization, an_id

PUBLIC = Audience.PUBLIC
BEFORE, MOMENT = dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC), dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
AFTER = MOMENT + dt.timedelta(days=3)
TODAY = dt.date(2026, 11, 1)
OLD_WORDS = ("Quillwort", "Savannah", "Chatham", "31401", "+14045550123", "reentry", "Reentry")  # only in states of the past
EXACT_PLACE = a_stored_location(
    "Savannah",
    id=an_id("shelter"),
    postal_code="31401",
    name="Quillwort House",
    disclosure=Disclosure.EXACT,
    known=Precision.EXACT,
    private=PrivatePlace("12 Quillwort Street", Point(32.08, -81.09)),
)
SHELTER = a_stored_organization(
    "Harbor Shelter",
    issue_areas=("housing", "reentry"),
    summary="Come to 12 Quillwort Street.",
    sites=(EXACT_PLACE,),
    contacts=(StoredContact(name="Ana Quillwort", phone="+14045550123", audience=PUBLIC),),
    service_areas=("US-GA-051",),  # Chatham County
)
OTHER = a_stored_organization("River Workers", issue_areas=("workers",))
MACON = a_stored_location("Macon", id=an_id("shelter"))
EDITED = replace(SHELTER, issue_areas=("housing",), summary="Call us.", sites=(MACON,), contacts=(), service_areas=())
QUESTIONS = (
    Question(),
    Question(issue_areas=TermFilter(any_of=("housing",))),
    Question(issue_areas=TermFilter(any_of=("reentry",))),
    Question(issue_areas=TermFilter(any_of=("workers",))),
    Question(regions=RegionFilter(any_of=("US-GA-051",))),
    Question(regions=RegionFilter(any_of=("US-GA-021",))),
    Question(text="Quillwort"),
    Question(text="Savannah"),
    Question(text="harbor"),
)


@pytest.fixture
def directory(database_url: str) -> Iterator[Directory]:
    """A directory with a shelter at a public address, long before the digest."""
    directory = Directory.open(database_url)
    write(directory, Put(SHELTER), Put(OTHER), now=BEFORE)
    yield directory
    directory.close()


def write(directory: Directory, *edits: Put | Remove, now: dt.datetime = AFTER) -> int:
    return directory.write(edits, actor="ann", now=now, reason="a change").revision


def make_digest(directory: Directory, question: Question, audience: Audience = PUBLIC) -> Digest:
    with directory.store.begin_read() as reading:
        return build_digest(load_past_and_present(reading, audience, MOMENT), question, TODAY)


def list_entries(directory: Directory, question: Question, audience: Audience = PUBLIC) -> list[tuple[DigestKind, str]]:
    return [(entry.kind, entry.organization.name) for entry in make_digest(directory, question, audience).entries]


def format_everything(directory: Directory, audience: Audience = PUBLIC) -> str:
    """Return the digests of all questions in all formats."""
    info = build_export_info(directory.get_snapshot(audience), AFTER, "https://directory.example")
    header = DigestHeader(info=info, day=MOMENT.date(), notices=(), key="")
    digests = [make_digest(directory, question, audience) for question in QUESTIONS]
    return "\n".join(write(digest, header).decode() for digest in digests for write in DIGEST_FORMATS.values())


def assert_shows_nothing_old(directory: Directory) -> None:
    for audience in Audience:
        output = format_everything(directory, audience)
        assert [word for word in OLD_WORDS if word in output] == []


def hide_shelter(directory: Directory) -> None:
    hide(directory, "harbor-shelter", now=AFTER)


def narrow_shelter(directory: Directory) -> None:
    write(directory, Put(replace(SHELTER, audience=Audience.STAFF)))


def remove_shelter(directory: Directory) -> None:
    write(directory, Remove(SHELTER.id))


def remove_and_erase_shelter(directory: Directory) -> None:
    remove_shelter(directory)
    erase(directory.store, SHELTER.id, "ann", AFTER)


def edit_and_hide_shelter(directory: Directory) -> None:
    write(directory, Put(EDITED))
    hide_shelter(directory)


@pytest.mark.parametrize(
    "disappear", [hide_shelter, narrow_shelter, remove_shelter, remove_and_erase_shelter, edit_and_hide_shelter]
)
def test_what_disappeared_is_only_counted_whatever_the_question(
    directory: Directory, disappear: Callable[[Directory], None]
) -> None:
    disappear(directory)
    for question in QUESTIONS:
        digest = make_digest(directory, question)
        assert (digest.entries, digest.removed_count) == ((), 1)
    output = format_everything(directory)
    assert not re.search("harbor|shelter|quillwort|savannah", output, re.IGNORECASE)
    assert "1 organization of the whole directory is no longer listed." in output


def edit_shelter(directory: Directory) -> None:
    write(directory, Put(EDITED))


def edit_and_erase_shelter(directory: Directory) -> None:
    edit_shelter(directory)
    erase(directory.store, SHELTER.id, "ann", AFTER)


def edit_twice(directory: Directory) -> None:
    write(directory, Put(replace(SHELTER, summary="12 Quillwort Street, Savannah.", issue_areas=("reentry",))))
    edit_shelter(directory)


def edit_and_undo_and_edit(directory: Directory) -> None:
    write(directory, Put(EDITED))
    undo(directory, directory.store.load_head().revision, actor="ann", now=AFTER, may_loosen=True)
    write(directory, Put(EDITED))


@pytest.mark.parametrize("change", [edit_shelter, edit_and_erase_shelter, edit_twice, edit_and_undo_and_edit])
def test_an_edit_names_fields_and_no_old_value(directory: Directory, change: Callable[[Directory], None]) -> None:
    change(directory)
    assert_shows_nothing_old(directory)
    assert list_entries(directory, Question()) == [(DigestKind.CHANGED, "Harbor Shelter")]
    output = format_everything(directory)
    assert "Harbor Shelter: summary changed; issue areas: 1 dropped; regions served: 1 dropped" in output


def test_no_past_state_has_a_place_a_contact_or_a_source(directory: Directory) -> None:
    edit_shelter(directory)
    with directory.store.begin_read() as reading:
        loaded = load_past_and_present(reading, PUBLIC, MOMENT)
    (state,) = loaded.past_states.values()
    assert (state.locations, state.contacts, state.sources) == ((), (), ())
    past, present = loaded.past.get_organization(SHELTER.id), loaded.present.get_organization(SHELTER.id)
    assert past is not None
    assert present is not None
    assert past == replace(present, issue_areas=("housing", "reentry"))


def test_old_places_and_old_texts_match_no_question(directory: Directory) -> None:
    edit_shelter(directory)
    for question in (
        Question(text="Quillwort"),
        Question(text="Savannah"),
        Question(regions=RegionFilter(any_of=("US-GA-051",))),  # where it was and whom it served
    ):
        assert list_entries(directory, question) == []
    # it is in Macon today, and nothing says that it was not before
    assert list_entries(directory, Question(text="Macon")) == [(DigestKind.CHANGED, "Harbor Shelter")]
    assert list_entries(directory, Question(regions=RegionFilter(any_of=("US-GA-021",)))) == [
        (DigestKind.CHANGED, "Harbor Shelter")
    ]


def test_a_place_that_is_published_less_precisely_stays_so(directory: Directory) -> None:
    write(directory, Put(replace(SHELTER, summary=None, contacts=(), sites=(replace(EXACT_PLACE, disclosure=Disclosure.STATE),))))
    for question in (Question(text="Savannah"), Question(text="Quillwort")):
        assert list_entries(directory, question) == []
    assert "Quillwort" not in format_everything(directory)


def test_an_old_name_is_neither_shown_nor_found(directory: Directory) -> None:
    named = a_stored_organization("Quillwort Circle", slug="circle")
    write(directory, Put(named), now=BEFORE)
    write(directory, Put(replace(named, name="Open Circle")))
    assert list_entries(directory, Question(text="Quillwort")) == []
    (entry,) = make_digest(directory, Question()).entries
    assert [change.field for change in entry.changes] == ["name"]
    assert "Open Circle: name changed" in format_everything(directory)
    assert "Quillwort" not in format_everything(directory)


def test_terms_decide_what_matched(directory: Directory) -> None:
    write(directory, Put(EDITED), Put(replace(OTHER, issue_areas=("workers", "housing"))))
    assert list_entries(directory, Question(issue_areas=TermFilter(any_of=("reentry",)))) == [
        (DigestKind.NO_LONGER_MATCHES, "Harbor Shelter")
    ]
    assert list_entries(directory, Question(issue_areas=TermFilter(any_of=("housing",)))) == [
        (DigestKind.MATCHES_NOW, "River Workers"),
        (DigestKind.CHANGED, "Harbor Shelter"),
    ]


def test_a_record_that_was_hidden_meanwhile_is_new(directory: Directory) -> None:
    """What it was before may be the reason why it was hidden, so nothing is compared with it."""
    hide_shelter(directory)
    write(directory, Put(replace(EDITED, hidden_since=AFTER)))
    unhide(directory, directory.store.load_history(SHELTER.id)[-1].after.slug, now=AFTER)  # type: ignore[union-attr]
    write(directory, Put(replace(EDITED, founded=1999)))  # the last change of the feed is no addition
    assert list_entries(directory, Question()) == [(DigestKind.NEW, "Harbor Shelter")]
    assert list_entries(directory, Question(issue_areas=TermFilter(any_of=("reentry",)))) == []
    assert_shows_nothing_old(directory)
    (entry,) = make_digest(directory, Question()).entries
    assert entry.changes == ()


def test_what_was_for_staff_is_new_without_its_past(directory: Directory) -> None:
    draft = a_stored_organization("Garden", audience=Audience.STAFF, issue_areas=("reentry",), summary="Quillwort.")
    write(directory, Put(draft), now=BEFORE)
    write(directory, Put(replace(draft, audience=PUBLIC, issue_areas=("housing",), summary=None)))
    (entry,) = make_digest(directory, Question()).entries
    assert (entry.kind, entry.organization.name, entry.changes) == (DigestKind.NEW, "Garden", ())
    assert list_entries(directory, Question(issue_areas=TermFilter(any_of=("reentry",)))) == []


def test_a_parent_that_was_invisible_then_matched_nothing(directory: Directory) -> None:
    umbrella = a_stored_organization("Umbrella", audience=Audience.STAFF)
    write(directory, Put(umbrella), now=BEFORE)
    write(directory, Put(replace(OTHER, parent=umbrella.id)), now=BEFORE + dt.timedelta(days=1))
    write(directory, Put(replace(umbrella, audience=PUBLIC)), Put(replace(OTHER, parent=None, founded=1990)))
    assert list_entries(directory, Question(parent=umbrella.id)) == []
    (entry,) = [one for one in make_digest(directory, Question()).entries if one.organization.name == "River Workers"]
    assert [change.field for change in entry.changes] == ["founded"]


def test_a_merged_record_is_counted_and_the_survivor_compared(directory: Directory) -> None:
    twin = a_stored_organization("Harbor Shelter Inc", slug="twin", issue_areas=("housing",))
    write(directory, Put(twin), now=BEFORE)
    write(directory, Put(EDITED))
    merge(directory, SHELTER.id, twin.id, actor="ann", now=AFTER, reason="the same")
    digest = make_digest(directory, Question())
    assert digest.removed_count == 1
    assert "Quillwort" not in format_everything(directory)
    assert {entry.organization.name for entry in digest.entries} <= {"Harbor Shelter Inc"}


def test_the_count_of_removals_is_that_of_the_audience(directory: Directory) -> None:
    quiet = a_stored_organization("Quiet", audience=Audience.MEMBERS)
    write(directory, Put(quiet), now=BEFORE)
    write(directory, Remove(quiet.id))
    hide_shelter(directory)
    counts = [make_digest(directory, Question(), audience).removed_count for audience in Audience]
    assert counts == [1, 2, 1]  # staff still see the hidden one


SECRET = a_stored_organization("Secret", audience=Audience.STAFF, issue_areas=("housing",))


def test_nothing_depends_on_what_the_audience_cannot_see(directory: Directory) -> None:
    """A hidden record that comes and changes, and a private point that moves, leave the digest as it is, byte for byte."""
    city = replace(EXACT_PLACE, disclosure=Disclosure.CITY)
    write(directory, Put(replace(SHELTER, sites=(city,))))
    expected = format_everything(directory)
    moved = replace(city, private=PrivatePlace("99 Elsewhere", Point(32.05, -81.15)))
    write(directory, Put(replace(SHELTER, sites=(moved,))), Put(SECRET), now=AFTER + dt.timedelta(days=1))
    write(directory, Put(replace(SECRET, issue_areas=())), now=AFTER + dt.timedelta(days=2))
    write(directory, Remove(SECRET.id), now=AFTER + dt.timedelta(days=3))
    assert format_everything(directory) == expected
