"""What goes into the store and what it answers: edits and receipts, the head, stamps and changes."""

import datetime as dt
import secrets
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from directory.records import Audience, StoredOrganization
from directory.store.records.private_slugs import is_private_slug

KEY_BYTES = 32
IMPORT_ACTOR = "directory seed"  # how the actor of every import begins; nobody else's does


class Put(Struct, frozen=True):
    """Keep this entry: creates it where its id is new, else replaces what is kept under it.

    A site whose `private` is None keeps the private place that is kept for its id, here or in a record that the same write merges
    into this one; an empty PrivatePlace() removes it.
    `if_revision` is the revision at which the caller read the record (0: it must not be there yet); None asks nothing.
    The record gets the entry's slug, or a private one where it is not public (store/slugs.py). `any_slug`: where the entry's is
    taken by now, another will do. `keeps_slug`: a record that is there keeps its present one. A hidden record stays hidden,
    whatever the entry says, also where it was removed and comes back, unless the edit `decides_hiding`.
    """

    organization: StoredOrganization
    if_revision: int | None = None
    allow_other_slug: bool = False
    keep_current_slug: bool = False
    override_hiding: bool = False

    @property
    def id(self) -> str:
        return self.organization.id


class Remove(Struct, frozen=True):
    """Remove the organization. Its slugs are free for others, and its past stays in the ledger. `if_revision` as in Put.

    `into` is the id of the organization that it is, as was found out: its slugs and its id lead there from now on.
    """

    id: str
    if_revision: int | None = None
    survivor_id: str | None = None


Edit = Put | Remove


class Network(Struct, frozen=True):
    """Whose directory this is: the id of the network's own record, if there is one, and whether all of it is made up."""

    organization_id: str | None = None
    fictional: bool = False


class EditOutcome(StrEnum):
    CREATED = "CREATED"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    REMOVED = "REMOVED"


class LedgerKind(StrEnum):
    """What a row of the ledger records. NETWORK has no organization; ERASED purged the private parts of one's past."""

    CREATED = "CREATED"
    CHANGED = "CHANGED"
    REMOVED = "REMOVED"
    ERASED = "ERASED"
    NETWORK = "NETWORK"


class EditResult(Struct, frozen=True):
    id: str
    outcome: EditOutcome


class Receipt(Struct, frozen=True):
    """`revision` is the directory's after the write; `results` come in the order of the edits.

    A write that changed nothing raised no revision.
    """

    revision: int
    results: tuple[EditResult, ...]

    def count(self, outcome: EditOutcome) -> int:
        return sum(written.outcome is outcome for written in self.results)


def generate_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


class Head(Struct, frozen=True):
    """The state of the directory: `revision` is staff's, `seen` counts what each audience could see change.

    `key` (32 random bytes, made with the database) makes opaque what is told of both.
    """

    revision: int
    visible_change_counts: dict[Audience, int]
    key: bytes
    network_id: str | None
    fictional: bool


class RecordVersion(Struct, frozen=True):
    """`revision`: at which the record was last changed. `updated`: when an audience last saw it change, if it ever did."""

    revision: int
    updated_at: dict[Audience, dt.datetime]


class ChangedRecords(Struct, frozen=True):
    """`ids`: every organization that changed, or looks different to somebody, since the revision asked for."""

    head: Head
    ids: tuple[str, ...]


class Revision(Struct, frozen=True):
    """One write as the ledger signs it; `counts`: how many rows of each kind it has."""

    revision: int
    changed_at: dt.datetime
    actor: str
    reason: str
    counts: dict[LedgerKind, int]


class Change(Struct, frozen=True):
    """A row of the ledger. `before` and `after` are whole, unless their private parts were erased (`erased`).

    `merged_into`: of what was removed, the id of the record that it was merged into; of what was created, that of the record
    that it had been merged into until then. `organization_id` is None where the network itself changed.
    """

    revision: int
    changed_at: dt.datetime
    actor: str
    reason: str
    kind: LedgerKind
    before: StoredOrganization | None
    after: StoredOrganization | None
    is_erased: bool
    organization_id: str | None
    merged_into: str | None

    @property
    def id(self) -> str:
        """Of the organization. Not to be asked of a change of the network itself."""
        assert self.organization_id is not None  # noqa: S101 - as promised
        return self.organization_id

    @property
    def is_ignored_by_undo(self) -> bool:
        """Whether no undo takes it back: it did nothing but hide a record, show it again, or give it a private slug."""
        if self.before is None or self.after is None:
            return False
        before, after = self.before, self.after
        hiding = (before.hidden_since, before.hidden_until) != (after.hidden_since, after.hidden_until)
        rest = replace(before, hidden_since=after.hidden_since, hidden_until=after.hidden_until, slug=after.slug)
        return rest == after and (hiding or (after.effective_audience is not Audience.PUBLIC and is_private_slug(after.slug)))
