"""What becomes of rows: a plan, one item a row."""

from enum import StrEnum

from msgspec import Struct

from directory.matching import Evidence, Judgement
from directory.problems import Problem
from directory.records import Entry
from directory.store import Edit, Put, Remove
from seed.rows import Row


class Fate(StrEnum):
    CREATED = "CREATED"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    DOUBTFUL = "DOUBTFUL"
    REFUSED = "REFUSED"


class Likely(Struct, frozen=True):
    """A record that a doubtful row may be about, and why."""

    id: str
    slug: str
    name: str
    judgement: Judgement


class Item(Struct, frozen=True, kw_only=True):
    """One row and what becomes of it.

    `entry` is the record as it will be, None where the row is refused or doubtful; `before` as it is kept, None for a new one.
    `fields` of Entry are those that change, `proposed` those that the row states otherwise than a person who edited them later:
    these stay. `evidence` says why the row is about this record, `likely` whom a doubtful one may be about, best first.
    `problems` say why a row is refused.
    """

    row: Row
    fate: Fate
    entry: Entry | None = None
    before: Entry | None = None
    revision: int = 0  # at which the record was last changed when this was planned, 0 for a new one
    fields: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()
    proposal: Entry | None = None  # the record as the row would have it, where fields are proposed
    evidence: tuple[Evidence, ...] = ()
    likely: tuple[Likely, ...] = ()
    problems: tuple[Problem, ...] = ()


class Missing(Struct, frozen=True):
    """A kept record that came from the dataset and is not in it any more.

    `is_its_own`: nobody else has stated anything of it or refers to it, and it is not the network itself: it may be retired.
    """

    entry: Entry
    revision: int
    is_its_own: bool


class Plan(Struct, frozen=True):
    items: tuple[Item, ...]
    missing: tuple[Missing, ...] = ()

    def of(self, *fates: Fate) -> "Plan":
        """The part of the plan with these fates."""
        return Plan(tuple(item for item in self.items if item.fate in fates))

    @property
    def counts(self) -> dict[Fate, int]:
        counted = dict.fromkeys(Fate, 0)
        for item in self.items:
            counted[item.fate] += 1
        return counted

    @property
    def edits(self) -> list[Edit]:
        """What is to be written. Each holds only while its record is as it was when the plan was made."""
        written = (item for item in self.items if item.fate in (Fate.CREATED, Fate.CHANGED))
        return [Put(item.entry, item.revision) for item in written if item.entry]

    @property
    def retirements(self) -> list[Edit]:
        """Removes the missing records that only this dataset knew."""
        return [Remove(one.entry.id, one.revision) for one in self.missing if one.is_its_own]
