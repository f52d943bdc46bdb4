"""The directory at work: the store, and the snapshots that follow its ledger. What every door holds."""

import logging
import threading
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Self

from directory.bisecting import failing
from directory.errors import Busy, Unavailable
from directory.publish import RULES, publish
from directory.records import Audience, Entry, Organization
from directory.search.index import Index
from directory.search.snapshot import Snapshot, State
from directory.store import Edit, Head, Network, Receipt, Stamps, Store
from directory.store.loading import Reading

log = logging.getLogger(__name__)

DEFAULT_DATABASE_URL = "sqlite:///directory.sqlite3"


class Directory:
    """One store and, per audience, the current snapshot. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._snapshots: dict[Audience, Snapshot] = {}
        self._head: Head | None = None
        self._audiences: dict[str, Audience] = {}  # by id, to tell which references an audience may see
        self._following = threading.RLock()
        self._left_out: set[str] = set()  # ids of records that cannot be published

    @classmethod
    def open(cls, database_url: str) -> Self:
        """Opens and migrates the store. Raises Unavailable or BadInput."""
        store = Store.open(database_url)
        store.migrate()
        return cls(store)

    def snapshot(self, audience: Audience) -> Snapshot:
        """The audience's current snapshot. Built from the store when first asked for; after that there is no I/O."""
        return self._snapshots.get(audience) or self._built(audience)

    def write(self, edits: Sequence[Edit], *, actor: str, now: datetime, reason: str, network: Network | None = None) -> Receipt:
        """Writes to the ledger and brings the snapshots of this process up to it. Raises what Store.write raises.

        A committed change is answered with its receipt even where the snapshots could not follow: that is logged, and the next
        `follow` makes up for it.
        """
        receipt = self.store.write(edits, actor=actor, now=now, reason=reason, network=network)
        try:
            self.follow()
        except (Busy, Unavailable) as problem:
            log.warning("Revision %d is written, but not in the snapshots yet: %s", receipt.revision, problem.sentence)
        except Exception as problem:
            log.error("Revision %d is written, but not in the snapshots yet: %s", receipt.revision, _origin(problem))
        return receipt

    @property
    def left_out(self) -> frozenset[str]:
        """The ids of records that are in no snapshot because they cannot be published."""
        return frozenset(self._left_out)

    def follow(self) -> bool:
        """Brings the snapshots up to the ledger; False when they were.

        A record that cannot be published is left out and logged, so that it does not hold back all later changes. Snapshots that
        cannot be changed are built anew. Raises Unavailable, Busy or what went wrong, and leaves the snapshots as they are.
        """
        with self._following:
            if self._head is None:
                return False
            with self.store.reading() as reading:
                touched = reading.since(self._head.revision)
                if touched.head == self._head:
                    return False
                if touched.head.key != self._head.key or touched.head.revision < self._head.revision:
                    self._left_out = set()
                    self._begin_anew(reading, touched.head)
                else:
                    self._follow(reading, touched.head, touched.ids)
            return True

    def close(self) -> None:
        self.store.close()

    def _begin_anew(self, reading: Reading, head: Head) -> None:
        """Another database stands where the known one was, such as a backup of it: its ledger does not go on from ours."""
        anew: dict[Audience, Snapshot] = {}
        for audience in self._snapshots:
            anew[audience] = self._build(audience, reading, head, anew)
        self._snapshots, self._head = anew, head

    def _follow(self, reading: Reading, head: Head, ids: Sequence[str]) -> None:
        self._left_out -= set(ids)  # they may be sound again
        if self._tried(reading, lambda: self._change(reading, head, ids), "changed"):
            return
        self._leave_out(reading, ids)
        if not self._tried(reading, lambda: self._change(reading, head, ids), "changed without the records that were left out"):
            self._begin_anew(reading, head)

    def _tried(self, reading: Reading, work: Callable[[], object], what: str) -> bool:
        """Whether the work succeeded. Raises what the database raises where it was the database that failed."""
        try:
            work()
        except Exception as problem:
            reading.head()
            log.error("The snapshots could not be %s: %s", what, _origin(problem))
            return False
        return True

    def _leave_out(self, reading: Reading, ids: Sequence[str]) -> None:
        """Finds those of the records that cannot be published, and logs which they are."""

        def trial(some: Sequence[str]) -> None:
            reading.head()
            loaded = list(reading.entries(some))
            for audience in Audience:
                Index.build(one for entry, stamps in loaded if (one := self._published(entry, stamps, audience)))

        self._audiences = reading.audiences()
        found = failing([identity for identity in ids if identity in self._audiences], trial)
        reading.head()  # raises where it was the database that failed
        for identity, problem in found.items():
            log.error("The organization %s cannot be published and is left out: %s", identity, _origin(problem))
        self._left_out |= found.keys()

    def _change(self, reading: Reading, head: Head, ids: Sequence[str]) -> None:
        sound = [identity for identity in ids if identity not in self._left_out]
        entries = {entry.id: (entry, stamps) for entry, stamps in reading.entries(sound)}
        for identity in ids:
            self._audiences.pop(identity, None)
        self._audiences |= {entry.id: entry.shown_to for entry, _ in entries.values()}
        newer = {}
        for audience, snapshot in self._snapshots.items():
            seen = reading.seen_changes(audience, after=self._seen(audience))
            gone, come = self._differences(snapshot, ids, entries)
            merged = reading.merged(audience)
            newer[audience] = snapshot.changed(state(head, audience), gone, come, reading.slugs(audience, ids), seen, merged)
        self._snapshots, self._head = newer, head

    def _differences(
        self, snapshot: Snapshot, ids: Iterable[str], entries: dict[str, tuple[Entry, Stamps]]
    ) -> tuple[list[str], list[Organization]]:
        gone, come = [], []
        for identity in ids:
            before = snapshot.organization(identity)
            after = self._published(*entries[identity], snapshot.audience) if identity in entries else None
            if after is None and before is not None:
                gone.append(identity)
            elif after is not None and after != before:
                come.append(after)
        return gone, come

    def _built(self, audience: Audience) -> Snapshot:
        with self._following:
            if audience in self._snapshots:
                return self._snapshots[audience]
            if self._head is not None:
                self.follow()  # so that one head holds for all audiences
            with self.store.reading() as reading:
                head = reading.head()
                snapshot = self._build(audience, reading, head, self._snapshots)
            self._head = self._head or head
            self._snapshots = {**self._snapshots, audience: snapshot}
            return snapshot

    def _build(self, audience: Audience, reading: Reading, head: Head, others: Mapping[Audience, Snapshot]) -> Snapshot:
        self._audiences = reading.audiences()
        try:
            return self._build_of(self._sound(), audience, reading, head, others)
        except Exception as problem:
            reading.head()  # raises where it was the database that failed
            log.error("The snapshot of %s could not be built of all records: %s", audience, _origin(problem))
        self._leave_out(reading, list(self._audiences))
        return self._build_of(self._sound(), audience, reading, head, others)

    def _sound(self) -> list[str] | None:
        """The ids of the records that can be published; None where all can, as far as is known."""
        return [identity for identity in self._audiences if identity not in self._left_out] if self._left_out else None

    def _build_of(
        self, ids: Collection[str] | None, audience: Audience, reading: Reading, head: Head, others: Mapping[Audience, Snapshot]
    ) -> Snapshot:
        published = (self._published(entry, stamps, audience) for entry, stamps in reading.entries(ids))
        return Snapshot.build(
            audience,
            state(head, audience),
            [_shared(organization, others.values()) for organization in published if organization is not None],
            reading.slugs(audience),
            reading.seen_changes(audience),
            reading.merged(audience),
        )

    def _published(self, entry: Entry, stamps: Stamps, audience: Audience) -> Organization | None:
        if not audience.sees(entry.shown_to):
            return None
        return publish(entry, audience, stamps.updated[audience], self._visible_to(audience))

    def _visible_to(self, audience: Audience) -> Callable[[str], bool]:
        def visible(identity: str) -> bool:
            shown_to = self._audiences.get(identity)
            return shown_to is not None and audience.sees(shown_to) and identity not in self._left_out

        return visible

    def _seen(self, audience: Audience) -> int:
        assert self._head is not None  # noqa: S101 - only followed once built
        return self._head.seen[audience]


def _shared(organization: Organization, others: Iterable[Snapshot]) -> Organization:
    """The very same object where another audience sees the record alike, else its fields: records are most of the memory."""
    for snapshot in others:
        known = snapshot.organization(organization.id)
        if known == organization:
            return known
        if known is not None:
            pairs = ((field, getattr(known, field), getattr(organization, field)) for field in Organization.__struct_fields__)
            organization = Organization(**{field: theirs if theirs == own else own for field, theirs, own in pairs})
    return organization


def _origin(problem: Exception) -> str:
    """The type of an exception and each line of code it passed, for the log: its message may hold private values."""
    lines = (f"{frame.filename}:{frame.lineno}" for frame in reversed(traceback.extract_tb(problem.__traceback__)))
    return f"{type(problem).__name__} at {', called from '.join(lines)}"


def state(head: Head, audience: Audience) -> State:
    """The version is a keyed hash of how many changes the audience could see, so that it tells nothing of those it could not.

    The rules of publishing belong to it: a program that publishes the same records differently gives them another version.
    """
    counted = f"{RULES}:{audience}:{head.seen[audience]}".encode()
    version = blake2b(counted, key=head.key, digest_size=12).hexdigest()
    return State(head.revision, version, head.network_id, head.fictional)
