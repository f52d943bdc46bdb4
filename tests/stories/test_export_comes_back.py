"""An export by command: imported into an empty directory it recreates it, imported into the same directory it changes nothing.

The records include hidden places, records and contacts for members or staff only, and private streets of every disclosure.
"""

import csv
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from directory.export.export_info import list_visible
from directory.geo import Disclosure
from directory.live import Directory
from directory.records import Audience, Organization, PrivatePlace, StoredOrganization
from directory.store.ledger.edits import Put
from directory.store.store import Store
from directory.vocabulary.slugs import build_private_slug
from tests.builders import NOW
from tests.seed.import_session import ImportSession, nonzero_counts
from tests.stories.private_places import LEVELS, SPOTS, build_entries

pytestmark = pytest.mark.slow

FORMATS = ("csv", "ndjson", "xlsx", "json")
AUDIENCES = (Audience.PUBLIC, Audience.MEMBERS)
VISIBLE_COUNTS = {Audience.PUBLIC: len(LEVELS), Audience.MEMBERS: 2 * len(LEVELS)}  # of private records

Export = Callable[[str, Audience], Path]


def fill_database(url: str) -> None:
    with closing(Store.open(url)) as store:
        store.migrate()
        store.write([Put(entry) for entry in build_entries()], actor="test", now=NOW, reason="test")


@pytest.fixture
def full(sqlite_url: str, tmp_path: Path) -> ImportSession:
    fill_database(sqlite_url)
    return ImportSession(sqlite_url, tmp_path)


@pytest.fixture
def full_on_each_engine(database_url: str, tmp_path: Path) -> ImportSession:
    fill_database(database_url)
    return ImportSession(database_url, tmp_path)


@pytest.fixture
def empty(tmp_path: Path) -> ImportSession:
    return ImportSession(f"sqlite:///{tmp_path / 'empty.sqlite3'}", tmp_path)


def export_to_file(walk: ImportSession, name: str, audience: Audience) -> Path:
    path = walk.folder / f"export.{name}"
    result = walk.run("export", "--format", name, "--audience", audience.lower(), "--output", path)
    assert result.exit_code == 0, result.output
    return path


def list_published(walk: ImportSession, audience: Audience) -> list[Organization]:
    """Return the published records with comparable slugs: importing an export for members gives every slug a private suffix."""
    slug = str if audience is Audience.PUBLIC else partial(build_private_slug, suffix="bcdfg23456")
    with closing(Directory.open(walk.url)) as directory:
        return [
            replace(record, updated_at=NOW, slug=slug(record.slug)) for record in list_visible(directory.get_snapshot(audience))
        ]


def load_records(walk: ImportSession) -> dict[str, StoredOrganization]:
    """Return the stored records by id, including private parts."""
    with closing(Store.open(walk.url)) as store:
        return dict(_iter_last_versions(store))


def _iter_last_versions(store: Store) -> Iterator[tuple[str, StoredOrganization]]:
    for entry, _ in store.load_organizations():
        after = store.load_history(entry.id)[-1].after
        assert isinstance(after, StoredOrganization)
        yield entry.id, after


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_directory_becomes_the_same_as_published(
    full: ImportSession, empty: ImportSession, name: str, audience: Audience
) -> None:
    before = list_published(full, audience)
    assert sum(record.name.startswith(("Rookery", "Unlisted")) for record in before) == VISIBLE_COUNTS[audience]
    report = empty.import_with_report(export_to_file(full, name, audience), "--apply")
    assert nonzero_counts(report) == {"created": len(before)}
    assert list_published(empty, audience) == before
    assert empty.run("check").exit_code == 0


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("name", ["csv", "ndjson"])
def test_an_import_of_the_own_export_changes_nothing(full_on_each_engine: ImportSession, name: str, audience: Audience) -> None:
    walk = full_on_each_engine
    before = load_records(walk)
    report = walk.import_with_report(export_to_file(walk, name, audience), "--apply", "--retire-missing", "--overwrite-edits")
    assert nonzero_counts(report) == {"unchanged": report["rows"]}
    assert load_records(walk) == before
    with closing(Store.open(walk.url)) as store:
        assert store.load_head().revision == 1


@pytest.mark.parametrize("name", ["csv", "ndjson", "json"])
def test_an_export_contains_no_private_street(full: ImportSession, name: str) -> None:
    streets = [spot.street for spot in SPOTS]
    for audience in AUDIENCES:
        content = export_to_file(full, name, audience).read_text()
        assert not [street for street in streets if street in content]


def test_an_edited_column_changes_only_that_column(full: ImportSession) -> None:
    before = load_records(full)
    path = export_to_file(full, "csv", Audience.PUBLIC)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"summary": "Edited in a spreadsheet."} for row in rows)
    report = full.import_with_report(path, "--apply", "--overwrite-edits")
    assert nonzero_counts(report) == {"changed": len(rows)}
    after = load_records(full)
    edited_ids = {row["id"] for row in rows}
    for id, entry in after.items():
        expected = replace(before[id], summary="Edited in a spreadsheet.") if id in edited_ids else before[id]
        assert entry == expected
    private = [site.private for entry in after.values() for site in entry.sites if site.disclosure is Disclosure.HIDDEN]
    assert any(place not in (None, PrivatePlace()) for place in private)


def test_an_export_for_members_adds_to_one_for_the_public(full: ImportSession, empty: ImportSession) -> None:
    empty.import_all(export_to_file(full, "ndjson", Audience.PUBLIC))
    report = empty.import_with_report(export_to_file(full, "ndjson", Audience.MEMBERS), "--apply")
    assert report["refused"] == report["doubtful"] == report["missing"] == 0
    assert list_published(empty, Audience.PUBLIC) == list_published(full, Audience.PUBLIC)
    assert list_published(empty, Audience.MEMBERS) == list_published(full, Audience.MEMBERS)
