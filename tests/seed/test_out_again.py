"""Round trips: an export recreates the directory elsewhere and changes nothing in the directory it came from."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from cli.fictional.organizations import generate_fictional_organizations
from directory.export.export_info import build_export_info, list_visible
from directory.export.formats import EXPORT_FORMATS
from directory.live import Directory
from directory.records import Audience, Organization, StoredOrganization
from directory.store.ledger.edits import Put
from directory.store.store import Store
from directory.vocabulary.slugs import build_private_slug
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import Plan, RowAction
from seed.rows import Row
from seed.sources import own_records, own_tables
from seed.sources.dataset import Dataset
from seed.sources.formats import csv_records, spreadsheet
from tests.builders import NOW, an_id
from tests.directory.export.difficult_records import build_difficult_records
from tests.directory.export.difficult_records import build_stored_record as build_difficult_record

pytestmark = pytest.mark.slow

FORMATS_BACK = ("csv", "xlsx", "ndjson", "json")
formats = pytest.mark.parametrize("name", FORMATS_BACK)


@pytest.fixture(scope="module")
def stored_records() -> list[StoredOrganization]:
    return [*build_difficult_records(60), *generate_fictional_organizations(60)]


@pytest.fixture
def full_directory(store: Store, stored_records: list[StoredOrganization]) -> Directory:
    store.write([Put(entry) for entry in stored_records], actor="test", now=NOW, reason="test")
    return Directory(store)


@pytest.fixture
def empty_directory(tmp_path: Path) -> Iterator[Directory]:
    directory = Directory.open(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    yield directory
    directory.close()


def write_export(directory: Directory, audience: Audience, path: Path) -> Path:
    snapshot = directory.get_snapshot(audience)
    with path.open("wb") as out:
        EXPORT_FORMATS[path.suffix[1:]].write(list_visible(snapshot), out, build_export_info(snapshot, NOW))
    return path


def read(path: Path) -> Iterator[Row]:
    if path.suffix in (".ndjson", ".json"):
        return own_records.read_record_file(path)
    read_table = csv_records.read_delimited if path.suffix == ".csv" else spreadsheet.read_spreadsheet
    return own_tables.read_own_rows(read_table(path.read_bytes(), path.name))


def plan_file(directory: Directory, path: Path, *, may_loosen: bool = False) -> Plan:
    dataset = Dataset("ours", "This directory", read(path), has_provenance=True)
    return plan_import(dataset, directory.store, today=NOW.date(), may_loosen=may_loosen)


def list_visible_records(directory: Directory, audience: Audience) -> Sequence[Organization]:
    """Return the visible records without the endings of slugs, since an export for members or staff makes no public records."""
    directory.update_snapshots()
    slug = str if audience is Audience.PUBLIC else partial(build_private_slug, suffix="bcdfg23456")
    return [replace(one, updated_at=NOW, slug=slug(one.slug)) for one in list_visible(directory.get_snapshot(audience))]


@formats
@pytest.mark.parametrize("audience", Audience)
def test_an_empty_directory_becomes_the_same_as_published(
    full_directory: Directory, empty_directory: Directory, tmp_path: Path, name: str, audience: Audience
) -> None:
    made = plan_file(empty_directory, write_export(full_directory, audience, tmp_path / f"export.{name}"))
    assert made.counts[RowAction.CREATE] == len(made.items)
    apply_plan(made, empty_directory, now=NOW, reason="test")
    assert list_visible_records(empty_directory, audience) == list_visible_records(full_directory, audience)
    assert len(list_visible_records(empty_directory, audience)) > 90


@formats
@pytest.mark.parametrize("audience", Audience)
def test_the_original_directory_does_not_change(full_directory: Directory, tmp_path: Path, name: str, audience: Audience) -> None:
    before = sorted(full_directory.store.load_organizations(), key=lambda stored_records: stored_records[0].id)
    heard = plan_file(full_directory, write_export(full_directory, audience, tmp_path / f"export.{name}"))
    assert heard.counts[RowAction.SKIP] == len(heard.items)
    apply_plan(heard, full_directory, now=NOW, reason="test")
    assert sorted(full_directory.store.load_organizations(), key=lambda stored_records: stored_records[0].id) == before
    assert full_directory.store.load_head().revision == 1


# ---------------------------------------------------------------- edited by hand

SHELTER = {
    "slug": "a-shelter",
    "name": "A Shelter",
    "locations": [
        {"street": "12 Secret St", "city": "Selma", "state": "AL", "disclosure": "HIDDEN", "latitude": 32.4, "longitude": -87.0},
        {"street": "1 Open St", "city": "Atlanta", "state": "GA", "postal_code": "30312", "disclosure": "CITY"},
    ],
    "contacts": [
        {"role": "Office", "phone": "+14045889761", "audience": "PUBLIC"},
        {"name": "Ana", "email": "ana@example.org", "audience": "MEMBERS"},
    ],
}


def test_only_edited_values_change(empty_directory: Directory, tmp_path: Path) -> None:
    before = build_difficult_record(SHELTER, an_id("shelter"))
    empty_directory.store.write([Put(before)], actor="test", now=NOW, reason="test")
    path = write_export(empty_directory, Audience.PUBLIC, tmp_path / "export.csv")
    assert "Secret" not in path.read_text()
    path.write_text(path.read_text().replace("+14045889761", "+14045889762").replace("Atlanta", "Decatur"))
    assert [item.action for item in plan_file(empty_directory, path).items] == [
        RowAction.REJECT
    ]  # a new city beside a hidden place
    changed = plan_file(empty_directory, path, may_loosen=True)
    (item,) = changed.items
    assert (item.action, set(item.changed_fields)) == (RowAction.UPDATE, {"contacts", "sites"})
    apply_plan(changed, empty_directory, now=NOW, reason="test")
    after = empty_directory.store.load_history(before.id)[-1].after
    assert after is not None
    hidden = next(site for site in after.sites if site.city == "Selma")
    assert hidden.private == before.sites[0].private
    assert {contact.phone or contact.email for contact in after.contacts} >= {"ana@example.org", "+14045889762"}
    ana = next(contact for contact in after.contacts if contact.name == "Ana")
    assert ana == before.contacts[1]
