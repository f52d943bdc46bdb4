"""The directory in operation: one store, and in-memory snapshots that follow its ledger."""

import logging
import threading
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Self

from directory.errors import Busy, Unavailable
from directory.publish import PUBLICATION_RULES_VERSION, VisibleChange, publish
from directory.records import Audience, Organization, StoredOrganization
from directory.search.search_index import SearchIndex
from directory.search.snapshot import Snapshot, SnapshotState
from directory.store.ledger.edits import Head, Network, Receipt
from directory.store.read_transaction import ReadTransaction
from directory.store.store import Store
from directory.store.write import Edits

log = logging.getLogger(__name__)

DEFAULT_DATABASE_URL = "sqlite:///directory.sqlite3"
UpdateTimes = Mapping[str, datetime]  # when an audience last saw an organization change, by its id


class Directory:
    """One store and, for each audience, its current snapshot. Threads can share a Directory."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._snapshots: dict[Audience, Snapshot] = {}
        self._head: Head | None = None  # what all snapshots show; None until the first one is built
        self._audiences: dict[str, Audience] = {}  # by record id: decides which references an audience may see
        self._update_lock = threading.RLock()
        self._unpublishable_ids: set[str] = set()

    @classmethod
    def open(cls, database_url: str) -> Self:
        """Open and migrate the store. Raises Unavailable or BadInput."""
        store = Store.open(database_url)
        store.migrate()
        return cls(store)

    def get_snapshot(self, audience: Audience) -> Snapshot:
        """Return the audience's current snapshot. The first call builds it from the store; later calls do no I/O."""
        return self._snapshots.get(audience) or self._build_first_snapshot(audience)

    def write(self, edits: Edits, *, actor: str, now: datetime, reason: str, network: Network | None = None) -> Receipt:
        """Write to the ledger and update this process's snapshots. Arguments and errors are those of Store.write.

        If the change is committed but the snapshots cannot be updated, the problem is logged and the receipt is still returned.
        The next call of `update_snapshots` tries again.
        """
        receipt = self.store.write(edits, actor=actor, now=now, reason=reason, network=network)
        try:
            self.update_snapshots()
        except (Busy, Unavailable) as problem:
            log.warning("Revision %d is written, but not in the snapshots yet: %s", receipt.revision, problem.user_message)
        except Exception as problem:
            log.error("Revision %d is written, but not in the snapshots yet: %s", receipt.revision, _format_traceback(problem))
        return receipt

    @property
    def unpublishable_ids(self) -> frozenset[str]:
        """The ids of the records that no snapshot contains because they cannot be published."""
        return frozenset(self._unpublishable_ids)

    def update_snapshots(self) -> bool:
        """Advance the snapshots to the head of the ledger. Returns False if they were current.

        A record that cannot be published is left out and logged, because it must not block later changes. Snapshots that cannot
        be advanced are rebuilt. If this raises Unavailable, Busy or another error, the snapshots are unchanged.
        """
        with self._update_lock:
            if self._head is None:
                return False
            with self.store.begin_read() as reading:
                changed = reading.find_changed_since(self._head.revision)
                if changed.head == self._head:
                    return False
                if changed.head.key != self._head.key or changed.head.revision < self._head.revision:
                    self._unpublishable_ids = set()
                    self._rebuild_snapshots(reading, changed.head)
                else:
                    self._apply_or_rebuild(reading, changed.head, changed.ids)
            return True

    def close(self) -> None:
        self.store.close()

    def _rebuild_snapshots(self, reading: ReadTransaction, head: Head) -> None:
        """Rebuild every snapshot, for example after the database was replaced by another one or by a backup."""
        rebuilt: dict[Audience, Snapshot] = {}
        for audience in self._snapshots:
            rebuilt[audience] = self._build_snapshot(audience, reading, head, rebuilt)
        self._snapshots, self._head = rebuilt, head

    def _apply_or_rebuild(self, reading: ReadTransaction, head: Head, ids: Sequence[str]) -> None:
        self._unpublishable_ids -= set(ids)  # the change may have corrected them
        if self._attempt(reading, lambda: self._apply_changes(reading, head, ids), "updated"):
            return
        self._exclude_unpublishable(reading, ids)
        if not self._attempt(
            reading, lambda: self._apply_changes(reading, head, ids), "updated without the records that were left out"
        ):
            self._rebuild_snapshots(reading, head)

    def _attempt(self, reading: ReadTransaction, work: Callable[[], object], result: str) -> bool:
        """Return whether `work` succeeded; log its failure. Raises the database's error if the database failed."""
        try:
            work()
        except Exception as problem:
            reading.load_head()  # raises if the database is the cause
            log.error("The snapshots could not be %s: %s", result, _format_traceback(problem))
            return False
        return True

    def _exclude_unpublishable(self, reading: ReadTransaction, ids: Sequence[str]) -> None:
        """Find which of the records cannot be published, log them, and leave them out of all snapshots."""

        def publish_and_index(subset: Sequence[str]) -> None:
            reading.load_head()
            records = [record for record, _ in reading.load_organizations(subset)]
            for audience in Audience:
                published = (self._publish_record(record, times[audience], audience) for record in records)
                SearchIndex.build(organization for organization in published if organization)

        self._audiences = reading.load_audiences()
        times = {audience: get_update_times(reading.load_visible_changes(audience)) for audience in Audience}
        failures = find_failing_ids([identity for identity in ids if identity in self._audiences], publish_and_index)
        reading.load_head()  # raises if the database is the cause
        for identity, problem in failures.items():
            log.error("The organization %s cannot be published and is left out: %s", identity, _format_traceback(problem))
        self._unpublishable_ids |= failures.keys()

    def _apply_changes(self, reading: ReadTransaction, head: Head, ids: Sequence[str]) -> None:
        publishable = [identity for identity in ids if identity not in self._unpublishable_ids]
        records = {record.id: record for record, _ in reading.load_organizations(publishable)}
        for identity in ids:
            self._audiences.pop(identity, None)
        self._audiences |= {record.id: record.effective_audience for record in records.values()}
        advanced = {}
        for audience, snapshot in self._snapshots.items():
            state = build_snapshot_state(head, audience)
            visible_changes = reading.load_visible_changes(audience, self._get_revision())
            update_times = get_update_times([*snapshot.find_last_changes(ids), *visible_changes])
            removed_ids, upserted_records = self._find_differences(snapshot, ids, records, update_times)
            survivors = reading.load_final_survivors(audience)
            slug_targets = reading.load_slug_targets(audience, ids)
            advanced[audience] = snapshot.with_changes(
                state, removed_ids, upserted_records, slug_targets, visible_changes, survivors
            )
        self._snapshots, self._head = advanced, head

    def _find_differences(
        self, snapshot: Snapshot, ids: Iterable[str], records: Mapping[str, StoredOrganization], update_times: UpdateTimes
    ) -> tuple[list[str], list[Organization]]:
        """Return the ids that the snapshot must drop, and the published records that it must add or replace."""
        removed_ids, upserted_records = [], []
        for identity in ids:
            before = snapshot.get_organization(identity)
            after = self._publish_record(records[identity], update_times, snapshot.audience) if identity in records else None
            if after is None and before is not None:
                removed_ids.append(identity)
            elif after is not None and after != before:
                upserted_records.append(after)
        return removed_ids, upserted_records

    def _build_first_snapshot(self, audience: Audience) -> Snapshot:
        with self._update_lock:
            if audience in self._snapshots:
                return self._snapshots[audience]
            if self._head is not None:
                self.update_snapshots()  # all audiences share one head
            with self.store.begin_read() as reading:
                head = reading.load_head()
                snapshot = self._build_snapshot(audience, reading, head, self._snapshots)
            self._head = self._head or head
            self._snapshots = {**self._snapshots, audience: snapshot}
            return snapshot

    def _build_snapshot(
        self, audience: Audience, reading: ReadTransaction, head: Head, others: Mapping[Audience, Snapshot]
    ) -> Snapshot:
        self._audiences = reading.load_audiences()
        try:
            return self._build_from_records(self._list_publishable_ids(), audience, reading, head, others)
        except Exception as problem:
            reading.load_head()  # raises if the database is the cause
            log.error("The snapshot of %s could not be built from all records: %s", audience, _format_traceback(problem))
        self._exclude_unpublishable(reading, list(self._audiences))
        return self._build_from_records(self._list_publishable_ids(), audience, reading, head, others)

    def _list_publishable_ids(self) -> list[str] | None:
        """Return the ids of the records that can be published; None for all records."""
        if not self._unpublishable_ids:
            return None
        return [identity for identity in self._audiences if identity not in self._unpublishable_ids]

    def _build_from_records(
        self,
        ids: Collection[str] | None,
        audience: Audience,
        reading: ReadTransaction,
        head: Head,
        others: Mapping[Audience, Snapshot],
    ) -> Snapshot:
        visible_changes = reading.load_visible_changes(audience)
        update_times = get_update_times(visible_changes)
        published = (self._publish_record(record, update_times, audience) for record, _ in reading.load_organizations(ids))
        return Snapshot.build(
            audience,
            build_snapshot_state(head, audience),
            [_share_equal_parts(organization, others.values()) for organization in published if organization is not None],
            reading.load_slug_targets(audience),
            visible_changes,
            reading.load_final_survivors(audience),
        )

    def _publish_record(self, record: StoredOrganization, update_times: UpdateTimes, audience: Audience) -> Organization | None:
        if not audience.sees(record.effective_audience):
            return None
        return publish(record, audience, update_times[record.id], self._make_visibility_check(audience))

    def _make_visibility_check(self, audience: Audience) -> Callable[[str], bool]:
        def is_visible(identity: str) -> bool:
            record_audience = self._audiences.get(identity)
            return record_audience is not None and audience.sees(record_audience) and identity not in self._unpublishable_ids

        return is_visible

    def _get_revision(self) -> int:
        assert self._head is not None  # noqa: S101 - set when the first snapshot is built
        return self._head.revision


def get_update_times(visible_changes: Iterable[VisibleChange]) -> UpdateTimes:
    """Return when an audience last saw each organization change, by id. `visible_changes` come oldest first."""
    return {change.organization_id: change.at for change in visible_changes}


def build_snapshot_state(head: Head, audience: Audience) -> SnapshotState:
    """Return the revision, version and network of the audience's snapshot at this head.

    The version is a keyed hash of the number of changes the audience could see, which reveals nothing about other changes. It
    includes the version of the publication rules: a program that publishes the same records differently gets another version.
    """
    counted = f"{PUBLICATION_RULES_VERSION}:{audience}:{head.visible_change_counts[audience]}".encode()
    version = blake2b(counted, key=head.key, digest_size=12).hexdigest()
    return SnapshotState(head.revision, version, head.network_id, head.fictional)


def find_failing_ids(ids: Sequence[str], work: Callable[[Sequence[str]], object]) -> dict[str, Exception]:
    """Return the ids for which `work([id])` raises, each with its exception.

    Bisects the ids that fail: finding a few failing ids costs about as much as two or three runs over all of them.
    """
    try:
        if ids:
            work(ids)
    except Exception as problem:
        if len(ids) == 1:
            return {ids[0]: problem}
        middle = len(ids) // 2
        return find_failing_ids(ids[:middle], work) | find_failing_ids(ids[middle:], work)
    return {}


def _share_equal_parts(organization: Organization, others: Iterable[Snapshot]) -> Organization:
    """Reuse equal objects from other audiences' snapshots, whole records or single fields. Records are most of the memory."""
    for snapshot in others:
        known = snapshot.get_organization(organization.id)
        if known == organization:
            return known
        if known is not None:
            pairs = ((field, getattr(known, field), getattr(organization, field)) for field in Organization.__struct_fields__)
            organization = Organization(**{field: theirs if theirs == own else own for field, theirs, own in pairs})
    return organization


def _format_traceback(problem: Exception) -> str:
    """Return the exception's type and code lines for the log. Its message is left out because it may hold private values."""
    lines = (f"{frame.filename}:{frame.lineno}" for frame in reversed(traceback.extract_tb(problem.__traceback__)))
    return f"{type(problem).__name__} at {', called from '.join(lines)}"
