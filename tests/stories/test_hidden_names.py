"""A public record looks the same, byte for byte, with or without a hidden record of the same name."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from directory.curation.consistency import find_disagreements
from directory.curation.hiding import hide, unhide
from directory.curation.merge import merge
from directory.curation.undo import undo
from directory.geo import Disclosure
from directory.live import Directory
from directory.records import Audience, StoredOrganization
from directory.store.ledger.edits import Put, Remove
from directory.store.records.tables import head
from schema.types.global_ids import GlobalId
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id
from tests.seed.plan_builders import seed_rows
from tests.stories.five_directories import LATER, SentResponse, read_response, send_get
from tests.stories.fragments import build_document
from tests.stories.http_client import ask, serve
from tests.stories.private_places import KEY
from tests.stories.query_battery import CURSORS, build_battery

pytestmark = pytest.mark.slow

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF
NAME, PLAIN = "Harbor House", "harbor-house"
Step: TypeAlias = Callable[[Directory], object]

SECRET = a_stored_organization(NAME, id=an_id("Secret"), slug=PLAIN, issue_areas=("housing",))
OPEN = a_stored_organization(NAME, id=an_id("Open"), slug=PLAIN, issue_areas=("housing",), summary="Everybody sees it.")
SECOND = a_stored_organization(NAME, id=an_id("Second"), slug="harbor-house-2", issue_areas=("incarceration",))
OTHERS = [
    a_stored_organization(
        "Bay Union", issue_areas=("housing",), sites=(a_stored_location(id=an_id("site"), disclosure=Disclosure.CITY),)
    ),
    a_stored_organization("Alder League", parent=an_id("Bay Union")),
]

IDS = [str(GlobalId("Organization", entry.id)) for entry in (SECRET, OPEN, SECOND, *OTHERS)]
KEYS = [f'slug: "{PLAIN}{end}"' for end in ("", "-2", "-3", "-union")] + [f'id: "{key}"' for key in IDS]
WORDS = (NAME, "harbor", "House", "harbor hous", "Bay Union")
LOOKUPS = [
    *(build_document(f"organization(by: {{ {key} }}) {{ ...whole }}") for key in KEYS),
    *(build_document(f'organizations(query: "{words}") {{ ...explained }}') for words in WORDS),
    *(f'{{ suggest(query: "{words}") {{ label }} understand(query: "{words}") {{ query search }} }}' for words in WORDS),
    "{ organizations(first: 50) { totalCount nodes { id slug name updatedAt parent { slug } branches { slug } } } }",
    "{ network { version memberCount } }",
]
RECONCILE = f"/reconcile?queries=%7B%22q%22%3A%7B%22query%22%3A%22{NAME.replace(' ', '+')}%22%7D%7D"
_VERSION = re.compile(rb'"version":"[^"]*"')
FEED = "{ changes(first: 100) { nodes { cursor at kind organizationId organization { slug } } } }"


# Steps of the stories


def puts(*entries: StoredOrganization) -> Step:
    return lambda directory: write(directory, *(Put(entry) for entry in entries))


def removes(entry: StoredOrganization) -> Step:
    return lambda directory: write(directory, Remove(entry.id))


def imports(*rows: dict[str, object]) -> Step:
    """Return a step that imports rows. Ids depend on the position, so that two directories can be compared."""

    def step(directory: Directory) -> None:
        numbers = iter(range(100))
        seed_rows(directory.store, *rows, new_id=lambda: an_id(f"imported {next(numbers)}"))

    return step


def hides(entry: StoredOrganization) -> Step:
    return lambda directory: hide(directory, entry.id, now=LATER)


def unhides(entry: StoredOrganization) -> Step:
    return lambda directory: unhide(directory, entry.id, now=LATER)


def merges(loser: StoredOrganization, survivor: StoredOrganization) -> Step:
    return lambda directory: merge(directory, loser.id, survivor.id, actor="test", now=LATER)


def undoes(back: int) -> Step:
    """Return a step that undoes the last revision, or the one `back` revisions before it."""

    def step(directory: Directory) -> None:
        undo(directory, directory.store.load_head().revision - back, actor="test", now=LATER, may_loosen=True)

    return step


def write(directory: Directory, *edits: Put | Remove) -> None:
    directory.write(edits, actor="test", now=NOW, reason="test")


def limit_to(audience: Audience, entry: StoredOrganization = SECRET) -> StoredOrganization:
    return replace(entry, audience=audience)


ONLY_OPEN = (puts(OPEN),)
ROW: dict[str, object] = {"name": NAME, "summary": "Everybody sees it.", "same_as": "new"}
HIDDEN_ROW: dict[str, object] = {"name": NAME, "audience": "MEMBERS", "same_as": "new", "id": SECRET.id}

# Story -> the steps in the directory that has, or had, the hidden record, and in the one that never had it.
STORIES: dict[str, tuple[Sequence[Step], Sequence[Step]]] = {
    "members": ([puts(limit_to(MEMBERS)), puts(OPEN)], ONLY_OPEN),
    "staff": ([puts(limit_to(STAFF)), puts(OPEN)], ONLY_OPEN),
    "members and staff": ([puts(limit_to(STAFF), limit_to(MEMBERS, SECOND)), puts(OPEN)], ONLY_OPEN),
    "at once": ([puts(OPEN, limit_to(STAFF))], ONLY_OPEN),
    "afterwards": ([puts(OPEN), puts(limit_to(STAFF)), puts(limit_to(MEMBERS))], ONLY_OPEN),
    "removed": ([puts(limit_to(STAFF)), removes(SECRET), puts(OPEN)], ONLY_OPEN),
    "removed afterwards": ([puts(limit_to(STAFF)), puts(OPEN), removes(SECRET)], ONLY_OPEN),
    "renamed": (
        [puts(limit_to(STAFF)), puts(limit_to(STAFF, replace(SECRET, slug="elsewhere"))), puts(OPEN)],
        ONLY_OPEN,
    ),
    "imported": ([imports(HIDDEN_ROW), imports(ROW)], [imports(ROW)]),
    "imported at once": ([imports(HIDDEN_ROW, ROW)], [imports(ROW)]),
    "imported twice": ([imports(HIDDEN_ROW), imports(ROW, ROW)], [imports(ROW, ROW)]),
    "undone": ([puts(limit_to(STAFF)), undoes(0), puts(OPEN)], ONLY_OPEN),
    "undone and done again": ([puts(limit_to(STAFF)), undoes(0), undoes(0), puts(OPEN)], ONLY_OPEN),
    "a merger of two": (
        [puts(limit_to(STAFF), limit_to(MEMBERS, SECOND)), merges(SECOND, SECRET), puts(OPEN)],
        ONLY_OPEN,
    ),
    "a merger of two, undone": (
        [puts(limit_to(STAFF), limit_to(MEMBERS, SECOND)), merges(SECOND, SECRET), puts(OPEN), undoes(1)],
        ONLY_OPEN,
    ),
    "hidden in an emergency before it was public": (
        [puts(limit_to(MEMBERS)), hides(SECRET), puts(OPEN), puts(limit_to(PUBLIC))],
        ONLY_OPEN,
    ),
}

# The same for a record that was public once. Only the version and the change feed may differ.
PAST: dict[str, tuple[Sequence[Step], Sequence[Step]]] = {
    "removed": ([puts(SECRET), removes(SECRET), puts(OPEN)], ONLY_OPEN),
    "removed, with a number": ([puts(OPEN), puts(replace(SECRET, slug="harbor-house-2")), removes(SECRET), puts(SECOND)],
                               [puts(OPEN), puts(SECOND)]),
    "made private": ([puts(SECRET), puts(limit_to(STAFF)), puts(OPEN)], ONLY_OPEN),
    "made private at once": ([puts(SECRET), puts(OPEN, limit_to(MEMBERS))], ONLY_OPEN),
    "made private, imported": ([puts(SECRET), puts(limit_to(STAFF)), imports(ROW, ROW)], [imports(ROW, ROW)]),
    "hidden": ([puts(SECRET), hides(SECRET), puts(OPEN)], ONLY_OPEN),
    "hidden, and removed then": ([puts(SECRET), hides(SECRET), removes(SECRET), puts(OPEN)], ONLY_OPEN),
    "hidden, and its creation undone": ([puts(SECRET), hides(SECRET), undoes(1), puts(OPEN)], ONLY_OPEN),
    "hidden under two slugs": ([puts(replace(SECRET, slug="harbor-house-2")), puts(SECRET), hides(SECRET), puts(OPEN, SECOND)],
                               [puts(OPEN, SECOND)]),
    "merged into one that is private": (
        [puts(SECRET, limit_to(STAFF, SECOND)), merges(SECRET, SECOND), puts(OPEN)], ONLY_OPEN
    ),
    "one that another took the slug of, and gave it back": (
        [puts(SECRET), hides(SECRET), puts(OPEN), hides(OPEN), unhides(SECRET)],
        [puts(SECRET), hides(SECRET), unhides(SECRET)],
    ),
    "published by its slug of old": (
        [puts(SECRET), puts(limit_to(STAFF)), puts(OPEN), puts(limit_to(STAFF, OPEN)), puts(SECRET)], [puts(SECRET)]
    ),
}  # fmt: skip


def build_directory(url: str, steps: Sequence[Step]) -> Directory:
    """Run the steps in an empty directory, and check that it is consistent."""
    directory = Directory.open(url)
    directory.store.database.run_write(lambda connection: connection.execute(update(head).values(key=KEY)))
    write(directory, *(Put(entry) for entry in OTHERS))
    for audience in Audience:
        directory.get_snapshot(audience)
    for step in steps:
        step(directory)
    directory.update_snapshots()
    assert find_disagreements(directory) == []
    return directory


def fetch(url: str, steps: Sequence[Step], documents: Sequence[str] | None = None) -> list[SentResponse]:
    """Return the responses after the steps to these documents, or to the whole battery."""
    with serve(build_directory(url, steps)) as client:
        if documents is None:
            documents = [document for group in build_battery(ask(client, CURSORS)).values() for document in group]
        answers = [read_response(send_get(client, document)) for document in documents]
        return [*answers, *(read_response(client.get(path)) for path in ("/readyz", RECONCILE))]


@cache
def fetch_plain(steps: tuple[Step, ...], documents: tuple[str, ...] | None = None) -> list[SentResponse]:
    """Return the responses of a directory that never had the hidden record.

    Stories with the same steps share it, and so do both engines, which must give the same responses.
    """
    with TemporaryDirectory() as folder:
        return fetch(f"sqlite:///{folder}/never.sqlite3", steps, documents)


def remove_versions(answers: list[SentResponse]) -> list[SentResponse]:
    """Remove the version and the ETags that depend on it, which show that the public once saw something else."""
    return [
        (status, [(name, value) for name, value in headers if name not in ("etag", "content-length")], _VERSION.sub(b"", body))
        for status, headers, body in answers
    ]


@pytest.mark.parametrize("story", STORIES)
def test_a_record_that_the_public_never_saw_leaves_no_trace(database_url: str, story: str) -> None:
    hidden_steps, plain_steps = STORIES[story]
    documents = (*LOOKUPS, FEED)
    hidden_responses, plain_responses = fetch(database_url, hidden_steps, documents), fetch_plain(tuple(plain_steps), documents)
    for request, hidden, plain in zip([*documents, "/readyz", RECONCILE], hidden_responses, plain_responses, strict=True):
        assert hidden == plain, request


@pytest.mark.parametrize("story", PAST)
def test_a_record_that_was_public_leaves_only_a_version_and_the_change_feed(database_url: str, story: str) -> None:
    hidden_steps, plain_steps = PAST[story]
    documents = (*LOOKUPS,)
    hidden_responses = remove_versions(fetch(database_url, hidden_steps, documents))
    plain_responses = remove_versions(fetch_plain(tuple(plain_steps), documents))
    for request, hidden, plain in zip([*documents, "/readyz", RECONCILE], hidden_responses, plain_responses, strict=True):
        assert hidden == plain, request


@pytest.mark.parametrize("audience", [MEMBERS, STAFF])
def test_the_whole_battery_finds_no_trace(sqlite_url: str, audience: Audience) -> None:
    assert fetch(sqlite_url, [puts(limit_to(audience)), puts(OPEN)]) == fetch_plain(ONLY_OPEN)


def test_two_public_records_of_one_name_do_differ(tmp_path: Path) -> None:
    """Otherwise, the tests above could not fail."""
    steps = [[puts(SECRET), puts(SECOND)], [puts(replace(SECOND, slug=PLAIN))]]
    hidden_responses, plain_responses = (
        remove_versions(fetch(f"sqlite:///{tmp_path / str(len(some))}", some, LOOKUPS)) for some in steps
    )
    assert sum(hidden != plain for hidden, plain in zip(hidden_responses, plain_responses, strict=True)) > 8
