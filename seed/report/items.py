"""Every row with its fate, as plain values: what the JSON holds, and the tables are made of."""

from collections.abc import Iterator

from msgspec import UNSET, Struct, UnsetType

from directory.problems import Problem
from directory.records import Entry
from seed.items import Fate, Item, Plan
from seed.readers.hsds_untaken import UNTAKEN
from seed.report.changes import FieldChange, changes, proposals
from seed.rows import Row


class TroubleTold(Struct, frozen=True):
    """`column` is the file's heading, None where the row has none; `path` the field, `value` the cell as it was read."""

    column: str | None
    path: str
    value: str | None
    code: str
    message: str


class EvidenceTold(Struct, frozen=True):
    """Why a row is, or may be, about a kept record."""

    organization: str  # its slug
    name: str
    verdict: str
    score: float
    because: tuple[str, ...]


class RepairTold(Struct, frozen=True):
    column: str
    before: str
    after: str
    reason: str


class ItemTold(Struct, frozen=True, kw_only=True):
    file: str
    row: int
    fate: str
    name: str
    organization: str | None  # the slug of the record, where the row is about one or makes one
    changes: tuple[FieldChange, ...]
    proposed: tuple[FieldChange, ...]
    evidence: tuple[EvidenceTold, ...]
    problems: tuple[TroubleTold, ...]
    repairs: tuple[RepairTold, ...]
    unknown_terms: dict[str, tuple[str, ...]]
    not_taken: dict[str, str]  # what the source says and no field here holds


class MissingTold(Struct, frozen=True):
    organization: str  # its slug
    name: str
    is_its_own: bool  # nobody else states anything of it, so that --retire-missing would remove it


class Told(Struct, frozen=True, kw_only=True):
    """Rows are the sum of the five fates. `missing` records came from this source and are not in it any more."""

    rows: int
    created: int
    changed: int
    unchanged: int
    doubtful: int
    refused: int
    missing: int
    notes: tuple[str, ...]
    items: tuple[ItemTold, ...]
    missing_organizations: tuple[MissingTold, ...]
    revision: int | UnsetType = UNSET  # under which it was written; absent for a plan that was only shown


def told(plan: Plan, notes: tuple[str, ...] = (), revision: int | None = None) -> Told:
    """The whole plan in plain values."""
    counts = {fate.value.lower(): count for fate, count in plan.counts.items()}
    return Told(
        rows=len(plan.items),
        missing=len(plan.missing),
        notes=notes,
        items=tuple(item_told(item) for item in plan.items),
        missing_organizations=tuple(MissingTold(one.entry.slug, one.entry.name, one.is_its_own) for one in plan.missing),
        revision=UNSET if revision is None else revision,
        **counts,
    )


def item_told(item: Item) -> ItemTold:
    return ItemTold(
        file=item.row.file,
        row=item.row.number,
        fate=item.fate.value.lower(),
        name=named(item),
        organization=_record(item).slug if _record(item) else None,  # type: ignore[union-attr]
        changes=changes(item),
        proposed=proposals(item),
        evidence=tuple(_evidence(item)),
        problems=tuple(trouble(problem, item.row) for problem in item.problems),
        repairs=tuple(RepairTold(one.column, one.before, one.after, one.reason) for one in item.row.repairs),
        unknown_terms=dict(item.row.unknown_terms),
        not_taken={name.removeprefix(UNTAKEN): text for name, text in item.row.cells.items() if name.startswith(UNTAKEN)},
    )


def named(item: Item) -> str:
    """The name that the row states, else the record's; "" where neither is."""
    stated = item.row.stated.get("name")
    record = _record(item)
    return stated if isinstance(stated, str) else record.name if record else ""


def trouble(problem: Problem, row: Row) -> TroubleTold:
    """The problem at its column: the heading from which the field came, and what stood there."""
    column = next((row.columns[key] for key in _keys(problem) if key in row.columns), None)
    if column is None and problem.where in row.cells:
        column = problem.where
    return TroubleTold(column, problem.where, row.cells.get(column) if column else None, problem.code.value, problem.message)


def _keys(problem: Problem) -> Iterator[str]:
    """The path, the flat field of it, then what it lies in: locations[0].state, location.state, locations[0], locations."""
    yield problem.where
    if len(problem.path) == 3:
        group, position, field = problem.path
        number = int(position) + 1
        yield f"{str(group).removesuffix('s')}{number if number > 1 else ''}.{field}"
    for length in range(len(problem.path) - 1, 0, -1):
        yield Problem(problem.path[:length], problem.code, "").where


def _record(item: Item) -> Entry | None:
    return item.entry or item.before


def _evidence(item: Item) -> Iterator[EvidenceTold]:
    if item.evidence and item.before is not None:
        score = sum(one.points for one in item.evidence)
        yield EvidenceTold(
            item.before.slug, item.before.name, "SAME", round(score, 2), tuple(one.detail for one in item.evidence)
        )
    for one in item.likely:
        judgement = one.judgement
        because = tuple(evidence.detail for evidence in judgement.evidence)
        yield EvidenceTold(one.slug, one.name, judgement.verdict.value, round(judgement.score, 2), because)


def is_to_correct(item: Item) -> bool:
    return item.fate in (Fate.REFUSED, Fate.DOUBTFUL)
