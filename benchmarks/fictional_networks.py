"""Build the fictional networks that are measured, as snapshots in memory and as databases."""

import datetime as dt
import gc
import shutil
import time
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from cli.fictional.organizations import generate_fictional_organizations, seed_fictional_network
from directory.live import Directory
from directory.publish import publish
from directory.records import Audience, Organization, RecordKind
from directory.search.snapshot import Snapshot, SnapshotState
from directory.store.store import Store

SEED = 7
NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@lru_cache(maxsize=2)  # several parts of a run use them, and 100,000 take half a minute
def build_organizations(count: int) -> tuple[Organization, ...]:
    """Return the first `count` records as the public sees them. Larger networks begin with the same records."""
    entries = list(generate_fictional_organizations(count, SEED, NOW))
    public = {entry.id for entry in entries if Audience.PUBLIC.sees(entry.audience)}
    published = (publish(entry, Audience.PUBLIC, NOW, public.__contains__) for entry in entries)
    return tuple(organization for organization in published if organization is not None)


def build_snapshot(size: int) -> Snapshot:
    """Build a snapshot of this size, and freeze it for the garbage collector as a server does."""
    records = build_organizations(size)
    slugs = {RecordKind.ORGANIZATION: {record.slug: record.id for record in records}}
    snapshot = Snapshot.build(Audience.PUBLIC, SnapshotState(1, "measured", fictional=True), records, slugs, [])
    gc.collect()
    gc.freeze()
    return snapshot


class NetworkDatabase(Struct, frozen=True):
    """A database of a fictional network. `seconds` is the time to create it, None if an earlier run did."""

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
        """Copy the database, so that it can be edited."""
        file = folder / f"copy-{self.size}.sqlite3"
        shutil.copy(self.file, file)
        return NetworkDatabase(self.size, file, None)


def find_or_create_database(size: int, folder: Path) -> NetworkDatabase:
    """Return the database of this size in the folder, and create it if it does not exist."""
    file = folder / f"fictional-{size}.sqlite3"
    if file.exists():
        return NetworkDatabase(size, file, None)
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    start = time.perf_counter()
    _fill_database(unfinished, size)
    seconds = time.perf_counter() - start
    unfinished.rename(file)
    return NetworkDatabase(size, file, seconds)


def _fill_database(file: Path, size: int) -> None:
    store = Store.open(f"sqlite:///{file}")
    try:
        store.migrate()
        seed_fictional_network(Directory(store), size, seed=SEED, now=NOW)
    finally:
        store.close()
