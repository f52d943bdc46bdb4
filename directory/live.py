"""The directory in operation: one store, and in-memory snapshots that follow its ledger."""

import logging
import threading
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Self

from directory.errors import Busy, Unavailable
from directory.records import Audience
from directory.search.snapshot import Snapshot
from directory.snapshots.record_publisher import format_traceback
from directory.snapshots.snapshot_set import SnapshotSet
from directory.store.ledger.edits import Network, Receipt
from directory.store.ledger.removal_decisions import RemovalDecision
from directory.store.store import Store
from directory.store.write import Edits

log = logging.getLogger(__name__)

DEFAULT_DATABASE_URL = "sqlite:///directory.sqlite3"


class Directory:
    """One store and, for each audience in use, its current snapshot. Threads can share a Directory."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._snapshots = SnapshotSet()
        self._update_lock = threading.RLock()

    @classmethod
    def open(cls, database_url: str) -> Self:
        """Open and migrate the store. Raises Unavailable or BadInput."""
        store = Store.open(database_url)
        store.migrate()
        return cls(store)

    def get_snapshot(self, audience: Audience) -> Snapshot:
        """Return the audience's current snapshot. The first call builds it from the store; later calls do no I/O."""
        return self._snapshots.snapshots.get(audience) or self.build_snapshots([audience])[0]

    def build_snapshots(self, audiences: Iterable[Audience]) -> list[Snapshot]:
        """Return the current snapshots of these audiences, in their order. Those that do not exist yet are built from the store.

        All snapshots of a process share their data, so existing ones are built again together with new ones. Ask for all that
        are needed in one call.
        """
        requested = list(audiences)
        with self._update_lock:
            if not self._snapshots.snapshots.keys() >= set(requested):
                with self.store.begin_read() as reading:
                    self._snapshots.build(reading, {*self._snapshots.snapshots, *requested})
            return [self._snapshots.snapshots[audience] for audience in requested]

    def load_histories(self) -> None:
        """Load what the snapshots know of the past, which takes seconds for a large directory that changed much.

        From then on it follows the ledger like the snapshots. Does nothing if it is loaded. Raises Unavailable or Busy.
        """
        if self._snapshots.has_histories:
            return
        with self._update_lock, self.store.begin_read() as reading:
            self._snapshots.load_histories(reading)

    def write(
        self,
        edits: Edits,
        *,
        actor: str,
        now: datetime,
        reason: str,
        network: Network | None = None,
        removal_decisions: Sequence[RemovalDecision] = (),
    ) -> Receipt:
        """Write to the ledger and update this process's snapshots. Arguments and errors are those of Store.write.

        If the change is committed but the snapshots cannot be updated, the problem is logged and the receipt is still returned.
        The next call of `update_snapshots` tries again.
        """
        describe = bool(self._snapshots.snapshots)
        receipt = self.store.write(
            edits,
            actor=actor,
            now=now,
            reason=reason,
            network=network,
            describe=describe,
            removal_decisions=removal_decisions,
        )
        try:
            self._show_receipt(receipt)
        except (Busy, Unavailable) as problem:
            log.warning("Revision %d is written, but not in the snapshots yet: %s", receipt.revision, problem.user_message)
        except Exception as problem:
            log.error("Revision %d is written, but not in the snapshots yet: %s", receipt.revision, format_traceback(problem))
        return receipt

    def _show_receipt(self, receipt: Receipt) -> None:
        """Advance the snapshots from what was just written, or from the store if that is not enough."""
        with self._update_lock:
            if receipt.written_revision is None or not self._snapshots.apply_revision(receipt.written_revision):
                self.update_snapshots()

    @property
    def unpublishable_ids(self) -> frozenset[str]:
        """The ids of the records that no snapshot contains because they cannot be published."""
        return frozenset(self._snapshots.unpublishable_ids)

    def update_snapshots(self) -> bool:
        """Advance the snapshots to the head of the ledger. Returns False if they were current.

        A record that cannot be published is left out and logged, because it must not block later changes. Snapshots that cannot
        be advanced are rebuilt. If this raises Unavailable, Busy or another error, the snapshots are unchanged.
        """
        with self._update_lock:
            if not self._snapshots.snapshots:
                return False
            with self.store.begin_read() as reading:
                return self._snapshots.update(reading)

    def close(self) -> None:
        self.store.close()
