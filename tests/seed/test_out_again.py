"""Out again and in again: what an export holds makes the same directory anew, and says nothing new to the one it came from."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from directory.live import Directory
from directory.records import Audience, Entry, Organization
from directory.slugs import private_slug
from directory.store import Put, Store
from seed.apply import apply
from seed.dataset import Dataset
from seed.exporting import about, everything
from seed.fictional import fictional_entries
from seed.items import Fate, Plan
from seed.plan import plan
from seed.readers import delimited, exported, native, spreadsheet
from seed.rows import Row
from seed.writers.formats import FORMATS
from tests.builders import NOW, an_id
from tests.seed.writers.nasty import kept as kept_of
from tests.seed.writers.nasty import nasty_entries

FORMATS_BACK = ("csv", "xlsx", "ndjson", "json")
formats = pytest.mark.parametrize("name", FORMATS_BACK)


@pytest.fixture(scope="module")
def kept() -> list[Entry]:
    return [*nasty_entries(60), *fictional_entries(60)]


@pytest.fixture
def full(store: Store, kept: list[Entry]) -> Directory:
    store.write([Put(entry) for entry in kept], actor="test", now=NOW, reason="test")
    return Directory(store)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Directory]:
    directory = Directory.open(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    yield directory
    directory.close()


def written(directory: Directory, audience: Audience, path: Path) -> Path:
    snapshot = directory.snapshot(audience)
    with path.open("wb") as out:
        FORMATS[path.suffix[1:]].write(everything(snapshot), out, about(snapshot, NOW))
    return path


def read(path: Path) -> Iterator[Row]:
    if path.suffix in (".ndjson", ".json"):
        return native.read(path)
    of = delimited.read if path.suffix == ".csv" else spreadsheet.read
    return exported.rows(of(path.read_bytes(), path.name))


def planned(directory: Directory, path: Path, *, may_loosen: bool = False) -> Plan:
    dataset = Dataset("ours", "This directory", read(path), states_sources=True)
    return plan(dataset, directory.store, today=NOW.date(), may_loosen=may_loosen)


def seen(directory: Directory, audience: Audience) -> Sequence[Organization]:
    """Slugs without what they end in: an export for members or staff makes every record one that is not public."""
    directory.follow()
    slug = str if audience is Audience.PUBLIC else partial(private_slug, suffix="bcdfg23456")
    return [replace(one, updated_at=NOW, slug=slug(one.slug)) for one in everything(directory.snapshot(audience))]


@formats
@pytest.mark.parametrize("audience", Audience)
def test_an_empty_directory_becomes_the_same_as_published(
    full: Directory, empty: Directory, tmp_path: Path, name: str, audience: Audience
) -> None:
    made = planned(empty, written(full, audience, tmp_path / f"export.{name}"))
    assert made.counts[Fate.CREATED] == len(made.items)
    apply(made, empty.store, now=NOW, reason="test")
    assert seen(empty, audience) == seen(full, audience)
    assert len(seen(empty, audience)) > 90


@formats
@pytest.mark.parametrize("audience", Audience)
def test_the_directory_it_came_from_hears_nothing_new(full: Directory, tmp_path: Path, name: str, audience: Audience) -> None:
    before = sorted(full.store.entries(), key=lambda kept: kept[0].id)
    heard = planned(full, written(full, audience, tmp_path / f"export.{name}"))
    assert heard.counts[Fate.UNCHANGED] == len(heard.items)
    apply(heard, full.store, now=NOW, reason="test")
    assert sorted(full.store.entries(), key=lambda kept: kept[0].id) == before
    assert full.store.head().revision == 1


# ---------------------------------------------------------------- after a person worked on it

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


def test_what_was_edited_is_changed_and_nothing_that_was_not_told(empty: Directory, tmp_path: Path) -> None:
    before = kept_of(SHELTER, an_id("shelter"))
    empty.store.write([Put(before)], actor="test", now=NOW, reason="test")
    path = written(empty, Audience.PUBLIC, tmp_path / "export.csv")
    assert "Secret" not in path.read_text()
    path.write_text(path.read_text().replace("+14045889761", "+14045889762").replace("Atlanta", "Decatur"))
    assert [item.fate for item in planned(empty, path).items] == [Fate.REFUSED]  # a new city beside a hidden place
    changed = planned(empty, path, may_loosen=True)
    (item,) = changed.items
    assert (item.fate, set(item.fields)) == (Fate.CHANGED, {"contacts", "sites"})
    apply(changed, empty.store, now=NOW, reason="test")
    after = empty.store.history(before.id)[-1].after
    assert after is not None
    hidden = next(site for site in after.sites if site.city == "Selma")
    assert hidden.private == before.sites[0].private
    assert {contact.phone or contact.email for contact in after.contacts} >= {"ana@example.org", "+14045889762"}
    ana = next(contact for contact in after.contacts if contact.name == "Ana")
    assert ana == before.contacts[1]
