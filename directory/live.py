"""The directory at work: the store, and the snapshots that follow its ledger. What every door holds."""

import logging
import threading
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Self

from directory.errors import Busy, Unavailable
from directory.publish import PUBLICATION_RULES_VERSION, publish
from directory.records import Audience, Organization, StoredOrganization
from directory.search.search_index import SearchIndex
from directory.search.snapshot import Snapshot, SnapshotState
from directory.store.ledger.edits import Edit, Head, Network, Receipt, RecordVersion
from directory.store.read_transaction import ReadTransaction
from directory.store.store import Store


def find_failing_ids(ids: Sequence[str], work: Callable[[Sequence[str]], object]) -> dict[str, Exception]:
    """The ids for which `work` fails when it is handed that id alone, each with its exception.

    Halves what fails, so a few failing ids among n cost about as much as doing all the work two or three times.
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


log = logging.getLogger(__name__)

DEFAULT_DATABASE_URL = "sqlite:///directory.sqlite3"


class Directory:
    """One store and, per audience, the current snapshot. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._snapshots: dict[Audience, Snapshot] = {}
        self._head: Head | None = None
        self._audiences: dict[str, Audience] = {}  # by id, to tell which references an audience may see
        self._update_lock = threading.RLock()
        self._unpublishable_ids: set[str] = set()  # ids of records that cannot be published

    @classmethod
    def open(cls, database_url: str) -> Self:
        """Opens and migrates the store. Raises Unavailable or BadInput."""
        store = Store.open(database_url)
        store.migrate()
        return cls(store)

    def get_snapshot(self, audience: Audience) -> Snapshot:
        """The audience's current snapshot. Built from the store when first asked for; after that there is no I/O."""
        return self._snapshots.get(audience) or self._build_first_snapshot(audience)

    def write(self, edits: Sequence[Edit], *, actor: str, now: datetime, reason: str, network: Network | None = None) -> Receipt:
        """Writes to the ledger and brings the snapshots of this process up to it. Raises what Store.write raises.

        A committed change is answered with its receipt even where the snapshots could not follow: that is logged, and the next
        `follow` makes up for it.
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
        """The ids of records that are in no snapshot because they cannot be published."""
        return frozenset(self._unpublishable_ids)

    def update_snapshots(self) -> bool:
        """Brings the snapshots up to the ledger; False when they were.

        A record that cannot be published is left out and logged, so that it does not hold back all later changes. Snapshots that
        cannot be changed are built anew. Raises Unavailable, Busy or what went wrong, and leaves the snapshots as they are.
        """
        with self._update_lock:
            if self._head is None:
                return False
            with self.store.begin_read() as reading:
                touched = reading.find_changed_since(self._head.revision)
                if touched.head == self._head:
                    return False
                if touched.head.key != self._head.key or touched.head.revision < self._head.revision:
                    self._unpublishable_ids = set()
                    self._rebuild_snapshots(reading, touched.head)
                else:
                    self._apply_or_rebuild(reading, touched.head, touched.ids)
            return True

    def close(self) -> None:
        self.store.close()

    def _rebuild_snapshots(self, reading: ReadTransaction, head: Head) -> None:
        """Another database stands where the known one was, such as a backup of it: its ledger does not go on from ours."""
        anew: dict[Audience, Snapshot] = {}
        for audience in self._snapshots:
            anew[audience] = self._build_snapshot(audience, reading, head, anew)
        self._snapshots, self._head = anew, head

    def _apply_or_rebuild(self, reading: ReadTransaction, head: Head, ids: Sequence[str]) -> None:
        self._unpublishable_ids -= set(ids)  # they may be sound again
        if self._attempt(reading, lambda: self._apply_changes(reading, head, ids), "changed"):
            return
        self._exclude_unpublishable(reading, ids)
        if not self._attempt(
            reading, lambda: self._apply_changes(reading, head, ids), "changed without the records that were left out"
        ):
            self._rebuild_snapshots(reading, head)

    def _attempt(self, reading: ReadTransaction, work: Callable[[], object], what: str) -> bool:
        """Whether the work succeeded. Raises what the database raises where it was the database that failed."""
        try:
            work()
        except Exception as problem:
            reading.load_head()
            log.error("The snapshots could not be %s: %s", what, _format_traceback(problem))
            return False
        return True

    def _exclude_unpublishable(self, reading: ReadTransaction, ids: Sequence[str]) -> None:
        """Finds those of the records that cannot be published, and logs which they are."""

        def trial(some: Sequence[str]) -> None:
            reading.load_head()
            loaded = list(reading.load_organizations(some))
            for audience in Audience:
                SearchIndex.build(one for entry, stamps in loaded if (one := self._publish_record(entry, stamps, audience)))

        self._audiences = reading.load_audiences()
        found = find_failing_ids([identity for identity in ids if identity in self._audiences], trial)
        reading.load_head()  # raises where it was the database that failed
        for identity, problem in found.items():
            log.error("The organization %s cannot be published and is left out: %s", identity, _format_traceback(problem))
        self._unpublishable_ids |= found.keys()

    def _apply_changes(self, reading: ReadTransaction, head: Head, ids: Sequence[str]) -> None:
        sound = [identity for identity in ids if identity not in self._unpublishable_ids]
        entries = {entry.id: (entry, stamps) for entry, stamps in reading.load_organizations(sound)}
        for identity in ids:
            self._audiences.pop(identity, None)
        self._audiences |= {entry.id: entry.effective_audience for entry, _ in entries.values()}
        newer = {}
        for audience, snapshot in self._snapshots.items():
            seen = reading.load_visible_changes(audience, after=self._count_visible_changes(audience))
            gone, come = self._find_differences(snapshot, ids, entries)
            merged = reading.load_final_survivors(audience)
            newer[audience] = snapshot.with_changes(
                build_snapshot_state(head, audience), gone, come, reading.load_slug_targets(audience, ids), seen, merged
            )
        self._snapshots, self._head = newer, head

    def _find_differences(
        self, snapshot: Snapshot, ids: Iterable[str], entries: dict[str, tuple[StoredOrganization, RecordVersion]]
    ) -> tuple[list[str], list[Organization]]:
        gone, come = [], []
        for identity in ids:
            before = snapshot.get_organization(identity)
            after = self._publish_record(*entries[identity], snapshot.audience) if identity in entries else None
            if after is None and before is not None:
                gone.append(identity)
            elif after is not None and after != before:
                come.append(after)
        return gone, come

    def _build_first_snapshot(self, audience: Audience) -> Snapshot:
        with self._update_lock:
            if audience in self._snapshots:
                return self._snapshots[audience]
            if self._head is not None:
                self.update_snapshots()  # so that one head holds for all audiences
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
            reading.load_head()  # raises where it was the database that failed
            log.error("The snapshot of %s could not be built of all records: %s", audience, _format_traceback(problem))
        self._exclude_unpublishable(reading, list(self._audiences))
        return self._build_from_records(self._list_publishable_ids(), audience, reading, head, others)

    def _list_publishable_ids(self) -> list[str] | None:
        """The ids of the records that can be published; None where all can, as far as is known."""
        return (
            [identity for identity in self._audiences if identity not in self._unpublishable_ids]
            if self._unpublishable_ids
            else None
        )

    def _build_from_records(
        self,
        ids: Collection[str] | None,
        audience: Audience,
        reading: ReadTransaction,
        head: Head,
        others: Mapping[Audience, Snapshot],
    ) -> Snapshot:
        published = (self._publish_record(entry, stamps, audience) for entry, stamps in reading.load_organizations(ids))
        return Snapshot.build(
            audience,
            build_snapshot_state(head, audience),
            [_share_equal_parts(organization, others.values()) for organization in published if organization is not None],
            reading.load_slug_targets(audience),
            reading.load_visible_changes(audience),
            reading.load_final_survivors(audience),
        )

    def _publish_record(self, entry: StoredOrganization, stamps: RecordVersion, audience: Audience) -> Organization | None:
        if not audience.sees(entry.effective_audience):
            return None
        return publish(entry, audience, stamps.updated_at[audience], self._make_visibility_check(audience))

    def _make_visibility_check(self, audience: Audience) -> Callable[[str], bool]:
        def visible(identity: str) -> bool:
            shown_to = self._audiences.get(identity)
            return shown_to is not None and audience.sees(shown_to) and identity not in self._unpublishable_ids

        return visible

    def _count_visible_changes(self, audience: Audience) -> int:
        assert self._head is not None  # noqa: S101 - only followed once built
        return self._head.visible_change_counts[audience]


def _share_equal_parts(organization: Organization, others: Iterable[Snapshot]) -> Organization:
    """The very same object where another audience sees the record alike, else its fields: records are most of the memory."""
    for snapshot in others:
        known = snapshot.get_organization(organization.id)
        if known == organization:
            return known
        if known is not None:
            pairs = ((field, getattr(known, field), getattr(organization, field)) for field in Organization.__struct_fields__)
            organization = Organization(**{field: theirs if theirs == own else own for field, theirs, own in pairs})
    return organization


def _format_traceback(problem: Exception) -> str:
    """The type of an exception and each line of code it passed, for the log: its message may hold private values."""
    lines = (f"{frame.filename}:{frame.lineno}" for frame in reversed(traceback.extract_tb(problem.__traceback__)))
    return f"{type(problem).__name__} at {', called from '.join(lines)}"


def build_snapshot_state(head: Head, audience: Audience) -> SnapshotState:
    """The version is a keyed hash of how many changes the audience could see, so that it tells nothing of those it could not.

    The rules of publishing belong to it: a program that publishes the same records differently gives them another version.
    """
    counted = f"{PUBLICATION_RULES_VERSION}:{audience}:{head.visible_change_counts[audience]}".encode()
    version = blake2b(counted, key=head.key, digest_size=12).hexdigest()
    return SnapshotState(head.revision, version, head.network_id, head.fictional)
