"""An export, by the commands of a person: fed into an empty directory it makes the same one, fed back it says nothing new.

Among the records are places that nobody is told, records and contacts for members or staff alone, and private streets of every
disclosure.
"""

import csv
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from directory.geo import Disclosure
from directory.live import Directory
from directory.records import Audience, Organization, PrivatePlace, StoredOrganization
from directory.slugs import build_private_slug
from directory.store.ledger.edits import Put
from directory.store.store import Store
from seed.export.export_info import list_visible
from tests.builders import NOW
from tests.seed.import_session import ImportSession, nonzero_counts
from tests.stories.private_places import LEVELS, SPOTS, build_entries

pytestmark = pytest.mark.slow

FORMATS = ("csv", "ndjson", "xlsx", "json")
AUDIENCES = (Audience.PUBLIC, Audience.MEMBERS)
SEEN = {Audience.PUBLIC: len(LEVELS), Audience.MEMBERS: 2 * len(LEVELS)}  # of the private records, at least so many

Export = Callable[[str, Audience], Path]


def filled(url: str) -> None:
    with closing(Store.open(url)) as store:
        store.migrate()
        store.write([Put(entry) for entry in build_entries()], actor="test", now=NOW, reason="test")


@pytest.fixture
def full(sqlite_url: str, tmp_path: Path) -> ImportSession:
    filled(sqlite_url)
    return ImportSession(sqlite_url, tmp_path)


@pytest.fixture
def full_on_each_engine(database_url: str, tmp_path: Path) -> ImportSession:
    filled(database_url)
    return ImportSession(database_url, tmp_path)


@pytest.fixture
def empty(tmp_path: Path) -> ImportSession:
    return ImportSession(f"sqlite:///{tmp_path / 'empty.sqlite3'}", tmp_path)


def export(walk: ImportSession, name: str, audience: Audience) -> Path:
    path = walk.folder / f"export.{name}"
    done = walk.run("export", "--format", name, "--audience", audience.lower(), "--output", path)
    assert done.exit_code == 0, done.output
    return path


def published(walk: ImportSession, audience: Audience) -> list[Organization]:
    """Slugs without what they end in: an export for members makes every record one that is not public."""
    slug = str if audience is Audience.PUBLIC else partial(build_private_slug, suffix="bcdfg23456")
    with closing(Directory.open(walk.url)) as directory:
        return [replace(one, updated_at=NOW, slug=slug(one.slug)) for one in list_visible(directory.get_snapshot(audience))]


def kept(walk: ImportSession) -> dict[str, StoredOrganization]:
    """By id, private parts included."""
    with closing(Store.open(walk.url)) as store:
        return dict(_last(store))


def _last(store: Store) -> Iterator[tuple[str, StoredOrganization]]:
    for entry, _ in store.load_organizations():
        after = store.load_history(entry.id)[-1].after
        assert after is not None
        yield entry.id, after


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_directory_becomes_the_same_as_published(
    full: ImportSession, empty: ImportSession, name: str, audience: Audience
) -> None:
    before = published(full, audience)
    assert sum(one.name.startswith(("Rookery", "Unlisted")) for one in before) == SEEN[audience]
    told = empty.import_with_report(export(full, name, audience), "--apply")
    assert nonzero_counts(told) == {"created": len(before)}
    assert published(empty, audience) == before
    assert empty.run("check").exit_code == 0


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("name", ["csv", "ndjson"])
def test_the_directory_it_came_from_hears_nothing_new(full_on_each_engine: ImportSession, name: str, audience: Audience) -> None:
    walk = full_on_each_engine
    before = kept(walk)
    told = walk.import_with_report(export(walk, name, audience), "--apply", "--retire-missing", "--overwrite-edits")
    assert nonzero_counts(told) == {"unchanged": told["rows"]}
    assert kept(walk) == before
    with closing(Store.open(walk.url)) as store:
        assert store.load_head().revision == 1


@pytest.mark.parametrize("name", ["csv", "ndjson", "json"])
def test_no_private_part_is_in_it(full: ImportSession, name: str) -> None:
    streets = [spot.street for spot in SPOTS]
    for audience in AUDIENCES:
        content = export(full, name, audience).read_text()
        assert not [street for street in streets if street in content]


def test_a_column_that_was_edited_changes_that_and_no_private_part(full: ImportSession) -> None:
    before = kept(full)
    path = export(full, "csv", Audience.PUBLIC)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"summary": "Edited in a spreadsheet."} for row in rows)
    told = full.import_with_report(path, "--apply", "--overwrite-edits")
    assert nonzero_counts(told) == {"changed": len(rows)}
    after = kept(full)
    edited = {row["id"] for row in rows}
    for id, entry in after.items():
        expected = replace(before[id], summary="Edited in a spreadsheet.") if id in edited else before[id]
        assert entry == expected
    private = [site.private for entry in after.values() for site in entry.sites if site.disclosure is Disclosure.HIDDEN]
    assert any(one not in (None, PrivatePlace()) for one in private)


def test_an_export_of_members_fed_to_what_the_public_was_told_adds_what_members_know(
    full: ImportSession, empty: ImportSession
) -> None:
    empty.import_all(export(full, "ndjson", Audience.PUBLIC))
    told = empty.import_with_report(export(full, "ndjson", Audience.MEMBERS), "--apply")
    assert told["refused"] == told["doubtful"] == told["missing"] == 0
    assert published(empty, Audience.PUBLIC) == published(full, Audience.PUBLIC)
    assert published(empty, Audience.MEMBERS) == published(full, Audience.MEMBERS)
