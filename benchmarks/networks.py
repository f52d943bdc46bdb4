"""The fictional networks that are measured: as published records in memory, and as databases."""

import datetime as dt
import gc
import shutil
import time
from pathlib import Path

from msgspec import Struct

from directory.publish import publish
from directory.records import Audience, Organization
from directory.search.snapshot import Snapshot, State
from directory.store import Store
from seed.fictional import fictional_entries, seed_fictional

SEED = 7
NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def organizations(count: int) -> list[Organization]:
    """The first so many records as the public sees them. They are the first records of any larger network too."""
    entries = list(fictional_entries(count, SEED, NOW))
    public = {entry.id for entry in entries if Audience.PUBLIC.sees(entry.audience)}
    published = (publish(entry, Audience.PUBLIC, NOW, public.__contains__) for entry in entries)
    return [organization for organization in published if organization is not None]


def snapshot(size: int) -> Snapshot:
    """A fictional network of that size in memory, frozen as a serving process freezes it."""
    records = organizations(size)
    slugs = {record.slug: record.id for record in records}
    built = Snapshot.build(Audience.PUBLIC, State(1, "measured", fictional=True), records, slugs, [])
    gc.collect()
    gc.freeze()
    return built


class Seeded(Struct, frozen=True):
    """A database of a fictional network; `seconds` is None where an earlier run made it."""

    size: int
    file: Path
    seconds: float | None

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    @property
    def megabytes(self) -> float:
        return self.file.stat().st_size / 1e6

    def copy(self, folder: Path) -> "Seeded":
        """Its own copy for whoever edits it."""
        file = folder / f"copy-{self.size}.sqlite3"
        shutil.copy(self.file, file)
        return Seeded(self.size, file, None)


def seeded(size: int, folder: Path) -> Seeded:
    """The database of that size in the folder; made where it is not there."""
    file = folder / f"fictional-{size}.sqlite3"
    if file.exists():
        return Seeded(size, file, None)
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    began = time.perf_counter()
    _fill(unfinished, size)
    seconds = time.perf_counter() - began
    unfinished.rename(file)
    return Seeded(size, file, seconds)


def _fill(file: Path, size: int) -> None:
    store = Store.open(f"sqlite:///{file}")
    try:
        store.migrate()
        seed_fictional(store, size, seed=SEED, now=NOW)
    finally:
        store.close()
