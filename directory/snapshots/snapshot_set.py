"""Build the snapshots of several audiences from one pass over the store, and advance all of them in one step.

Only the audiences that are in use are built, and what they share covers only what the widest of them sees. So a process that
serves the public holds no hidden record and no hidden word in memory.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from directory.kinds import get_kind
from directory.publish import VisibleChange
from directory.records import Audience, PublishedRecord, RecordKind, StoredRecord
from directory.search.search_index import SearchIndex
from directory.search.searched_fields import SEARCHED_FIELDS
from directory.search.snapshot import Snapshot
from directory.snapshots.audience_news import (
    AudienceNews,
    StoredRecords,
    build_changes,
    build_news,
    build_snapshot_state,
    find_update_times,
    get_update_times,
    list_slugs,
)
from directory.snapshots.gc_pause import gc_paused
from directory.snapshots.history_loading import follow_history, load_history, reload_history
from directory.snapshots.record_publisher import RecordPublisher, UpdateTimes, find_failing_ids, format_traceback, share_ids
from directory.store.ledger.edits import Head, KeyTargets, RecordId, WrittenRevision
from directory.store.read_transaction import ReadTransaction

log = logging.getLogger(__name__)


class SnapshotSet:
    """Holds the current snapshots, all at the same head of the ledger. Its methods must not be called by two threads at once.

    A method that fails leaves the snapshots unchanged. A record that cannot be published is left out and logged, because it must
    not block other changes.
    """

    def __init__(self) -> None:
        self.snapshots: Mapping[Audience, Snapshot] = {}  # the widest audience first
        self.head: Head | None = None  # what all snapshots show; None until the first ones are built
        self.unpublishable_ids: set[str] = set()  # of the records that no snapshot contains
        self._audiences: dict[str, Audience] = {}  # by record id: decides which references an audience may see
        self.has_histories = False  # whether they were loaded, as far as that was possible

    def build(self, reading: ReadTransaction, audiences: Collection[Audience]) -> None:
        """Build the snapshots of these audiences from all records, in place of the current ones."""
        head = reading.load_head()
        self._audiences = reading.load_audiences()
        with gc_paused():
            try:
                snapshots = self._build_snapshots(reading, head, audiences)
            except Exception as problem:
                reading.load_head()  # raises if the database is the cause
                log.error("The snapshots could not be built from all records: %s", format_traceback(problem))
                self._exclude_unpublishable(reading, [one for kind in RecordKind for one in reading.list_ids(kind)])
                snapshots = self._build_snapshots(reading, head, audiences)
            if self.has_histories:
                _load_histories(reading, snapshots.values())
        self.snapshots, self.head = snapshots, head

    def load_histories(self, reading: ReadTransaction) -> None:
        """Load the history of every snapshot. From now on they follow the ledger like the snapshots."""
        self.update(reading)
        with gc_paused():
            _load_histories(reading, self.snapshots.values())
        self.has_histories = True

    def update(self, reading: ReadTransaction) -> bool:
        """Advance the snapshots to the head of the ledger. Returns False if they were current.

        Snapshots that cannot be advanced are rebuilt, as after the database was replaced by another one or by a backup.
        """
        if self.head is None:
            return False
        changed = reading.find_changed_since(self.head.revision)
        if changed.head == self.head:
            return False
        if changed.head.key != self.head.key or changed.head.revision < self.head.revision:
            self.unpublishable_ids = set()
            self.build(reading, self.snapshots.keys())
        else:
            self._advance_or_rebuild(reading, changed.head, changed.ids)
        return True

    def apply_revision(self, written: WrittenRevision) -> bool:
        """Advance the snapshots by a revision that was just written.

        Returns False, and leaves them as they are, if another revision comes before it, or if they cannot be advanced: `update`
        does that then, and finds out why.
        """
        if self.head is None or (written.head.key, written.head.revision) != (self.head.key, self.head.revision + 1):
            return False
        if not self.unpublishable_ids.isdisjoint(record_id.id for record_id in written.ids):  # the change may have corrected them
            return False
        news = {audience: build_news(written, audience, snapshot) for audience, snapshot in self.snapshots.items()}
        try:
            self._advance(written.head, written.ids, {record.id: record for record in written.records}, news)
        except Exception as problem:
            log.error("The snapshots could not follow revision %d: %s", written.head.revision, format_traceback(problem))
            return False
        return True

    def _advance(
        self,
        head: Head,
        ids: Collection[RecordId],
        records: StoredRecords,
        news: Mapping[Audience, AudienceNews],
        reading: ReadTransaction | None = None,
    ) -> None:
        """Advance the snapshots to `head`, with changes that are known already.

        `ids` are all records that changed or look different to an audience since the current head, and `records` those of them
        that exist and can be published. `news` has an entry for each audience with a snapshot. `reading` is needed if there were
        several revisions since: what was between them is only in the ledger.
        """
        self._replace_audiences(ids, records)
        publisher = self._create_publisher(
            {audience: find_update_times(snapshot, records, news[audience]) for audience, snapshot in self.snapshots.items()}
        )
        published = {identity: publisher.publish(record) for identity, record in records.items()}
        advanced: dict[Audience, Snapshot] = {}
        wider: Snapshot | None = None
        slugs: dict[RecordKind, set[str]] = {}
        for audience, snapshot in self.snapshots.items():
            changes = build_changes(head, snapshot, ids, published, news[audience])
            if wider is None:
                slugs = {kind: list_slugs(snapshot.views[kind], changed) for kind, changed in changes.records.items()}
                wider = snapshot.with_changes(changes)
            else:
                wider = snapshot.follow(wider, changes, slugs)
            advanced[audience] = wider
            wider.history = reload_history(reading, snapshot, wider, ids) if reading else follow_history(snapshot, changes)
        self.snapshots, self.head = advanced, head

    def _build_snapshots(self, reading: ReadTransaction, head: Head, audiences: Collection[Audience]) -> dict[Audience, Snapshot]:
        visible_changes = {audience: reading.load_visible_changes(audience) for audience in audiences}
        records = self._publish_all(reading, visible_changes)
        targets = reading.load_key_targets()
        snapshots: dict[Audience, Snapshot] = {}
        wider: Snapshot | None = None
        for audience in reversed(Audience):
            if audience in audiences:
                build = Snapshot.build if wider is None else wider.narrow
                snapshots[audience] = wider = build(
                    audience,
                    build_snapshot_state(head, audience),
                    records.pop(audience),
                    targets[audience].slugs,
                    visible_changes.pop(audience),
                    targets.pop(audience).merged_ids,
                )
        return snapshots

    def _publish_all(
        self, reading: ReadTransaction, visible_changes: Mapping[Audience, Sequence[VisibleChange]]
    ) -> dict[Audience, list[PublishedRecord]]:
        """Return the records that each audience sees, published in one pass over the store."""
        publisher = self._create_publisher({audience: get_update_times(changes) for audience, changes in visible_changes.items()})
        records: dict[Audience, list[PublishedRecord]] = {audience: [] for audience in visible_changes}
        earlier = next(iter(self.snapshots.values()), None)  # while both exist, they should not need twice the memory
        ids: dict[str, str] = {}
        for kind in RecordKind:
            for record in share_ids(self._load_all(reading, kind), ids):
                known = earlier.get_record(kind, record.id) if earlier else None
                for audience, seen in publisher.publish(record, known).items():
                    records[audience].append(seen)
        return records

    def _load_all(self, reading: ReadTransaction, kind: RecordKind) -> Iterator[StoredRecord]:
        """Yield all records of a kind that can be published."""
        if not self.unpublishable_ids:
            return (record for record, _ in reading.load_records(kind))
        return reading.load_records_of(self._select_publishable(reading.list_ids(kind)))

    def _advance_or_rebuild(self, reading: ReadTransaction, head: Head, ids: Sequence[RecordId]) -> None:
        excluded = frozenset(self.unpublishable_ids)
        self.unpublishable_ids -= {record_id.id for record_id in ids}  # the change may have corrected them
        if self._attempt(reading, lambda: self._load_and_advance(reading, head, ids), "updated"):
            if self.unpublishable_ids != excluded:  # other records refer to the corrected ones again
                self.build(reading, self.snapshots.keys())
            return
        self._exclude_unpublishable(reading, ids)
        if not self._attempt(
            reading, lambda: self._load_and_advance(reading, head, ids), "updated without the records that were left out"
        ):
            self.build(reading, self.snapshots.keys())

    def _attempt(self, reading: ReadTransaction, work: Callable[[], object], result: str) -> bool:
        """Return whether `work` succeeded; log its failure. Raises the database's error if the database failed."""
        try:
            work()
        except Exception as problem:
            reading.load_head()  # raises if the database is the cause
            log.error("The snapshots could not be %s: %s", result, format_traceback(problem))
            return False
        return True

    def _load_and_advance(self, reading: ReadTransaction, head: Head, ids: Sequence[RecordId]) -> None:
        records = {record.id: record for record in reading.load_records_of(self._select_publishable(ids))}
        targets = reading.load_key_targets(ids)
        news = {audience: self._load_news(reading, audience, targets[audience]) for audience in self.snapshots}
        self._advance(head, ids, records, news, reading)

    def _load_news(self, reading: ReadTransaction, audience: Audience, targets: KeyTargets) -> AudienceNews:
        assert self.head is not None  # noqa: S101 - set when the first snapshots are built
        return AudienceNews(targets.slugs, reading.load_visible_changes(audience, self.head.revision), targets.merged_ids)

    def _exclude_unpublishable(self, reading: ReadTransaction, ids: Sequence[RecordId]) -> None:
        """Find which of the records cannot be published, log them, and leave them out of all snapshots."""

        def publish_and_index(subset: Sequence[RecordId]) -> None:
            reading.load_head()
            published = [publisher.publish(record) for record in list(reading.load_records_of(subset))]
            for kind in {record_id.kind for record_id in subset}:
                own = (seen[Audience.STAFF] for seen in published if get_kind(seen[Audience.STAFF]).name is kind)
                SearchIndex.build(own, SEARCHED_FIELDS[kind])  # the others index the same values

        self._audiences = reading.load_audiences()
        publisher = self._create_publisher(
            {audience: get_update_times(reading.load_visible_changes(audience)) for audience in Audience}
        )
        failures = find_failing_ids([record_id for record_id in ids if record_id.id in self._audiences], publish_and_index)
        reading.load_head()  # raises if the database is the cause
        for (kind, identity), problem in failures.items():
            log.error("The %s %s cannot be published and is left out: %s", kind.noun, identity, format_traceback(problem))
            self.unpublishable_ids.add(identity)

    def _create_publisher(self, update_times: Mapping[Audience, UpdateTimes]) -> RecordPublisher:
        return RecordPublisher(update_times, self._audiences, self.unpublishable_ids)

    def _select_publishable(self, ids: Iterable[RecordId]) -> list[RecordId]:
        return [record_id for record_id in ids if record_id.id not in self.unpublishable_ids]

    def _replace_audiences(self, ids: Iterable[RecordId], records: StoredRecords) -> None:
        for record_id in ids:
            self._audiences.pop(record_id.id, None)
        self._audiences |= {record.id: record.effective_audience for record in records.values()}


def _load_histories(reading: ReadTransaction, snapshots: Iterable[Snapshot]) -> None:
    """Load the history of every snapshot. One that cannot be loaded is logged: the present must not depend on the past."""
    for snapshot in snapshots:
        try:
            snapshot.history = load_history(reading, snapshot)
        except Exception as problem:
            reading.load_head()  # raises if the database is the cause
            log.error("The history for %s could not be loaded: %s", snapshot.audience, format_traceback(problem))
