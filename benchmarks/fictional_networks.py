"""The fictional networks that are measured: as published records in memory, and as databases."""

import datetime as dt
import gc
import shutil
import time
from pathlib import Path

from msgspec import Struct

from cli.fictional.organizations import generate_fictional_organizations, seed_fictional_network
from directory.publish import publish
from directory.records import Audience, Organization
from directory.search.snapshot import Snapshot, SnapshotState
from directory.store.store import Store

SEED = 7
NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def build_organizations(count: int) -> list[Organization]:
    """The first so many records as the public sees them. They are the first records of any larger network too."""
    entries = list(generate_fictional_organizations(count, SEED, NOW))
    public = {entry.id for entry in entries if Audience.PUBLIC.sees(entry.audience)}
    published = (publish(entry, Audience.PUBLIC, NOW, public.__contains__) for entry in entries)
    return [organization for organization in published if organization is not None]


def build_snapshot(size: int) -> Snapshot:
    """A fictional network of that size in memory, frozen as a serving process freezes it."""
    records = build_organizations(size)
    slugs = {record.slug: record.id for record in records}
    built = Snapshot.build(Audience.PUBLIC, SnapshotState(1, "measured", fictional=True), records, slugs, [])
    gc.collect()
    gc.freeze()
    return built


class NetworkDatabase(Struct, frozen=True):
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

    def copy(self, folder: Path) -> "NetworkDatabase":
        """Its own copy for whoever edits it."""
        file = folder / f"copy-{self.size}.sqlite3"
        shutil.copy(self.file, file)
        return NetworkDatabase(self.size, file, None)


def find_or_create_database(size: int, folder: Path) -> NetworkDatabase:
    """The database of that size in the folder; made where it is not there."""
    file = folder / f"fictional-{size}.sqlite3"
    if file.exists():
        return NetworkDatabase(size, file, None)
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    began = time.perf_counter()
    _fill_database(unfinished, size)
    seconds = time.perf_counter() - began
    unfinished.rename(file)
    return NetworkDatabase(size, file, seconds)


def _fill_database(file: Path, size: int) -> None:
    store = Store.open(f"sqlite:///{file}")
    try:
        store.migrate()
        seed_fictional_network(store, size, seed=SEED, now=NOW)
    finally:
        store.close()
