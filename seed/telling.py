"""A plan told to a person in the terminal: the counts first, then what wants a decision, then what changes."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from directory.terminal import plain_line
from seed.items import Fate, Item, Plan
from seed.report.changes import FieldChange, changes, proposals
from seed.report.files import trouble_line
from seed.report.items import EvidenceTold, item_told, named

SHOWN = 20  # of each kind, unless more are asked for
INDENT = "    "
LOOSENING = "Allow this expressly"  # in the refusals of directory/visibility.py
NO_VALUE = "not stated"
LONGEST = 1_000  # characters of a line; a report tells all


def counted(plan: Plan) -> str:
    """Every row accounted for, in one line."""
    told = ", ".join(f"{count:,} {fate.value.lower()}" for fate, count in plan.counts.items())
    rows = len(plan.items)
    missing = f"; {len(plan.missing):,} missing" if plan.missing else ""
    return f"{rows:,} {'row' if rows == 1 else 'rows'}: {told}{missing}."


def lines(plan: Plan, shown: int = SHOWN) -> Iterator[str]:
    """All sections; of each at most so many rows, and how many more there are. What cells hold no terminal obeys."""
    for line in _lines(plan, shown):
        above = "\n" if line.startswith("\n") else ""
        yield above + _short(plain_line(line.removeprefix("\n")))


def _short(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} …"


def _lines(plan: Plan, shown: int) -> Iterator[str]:
    yield from _section("Refused", plan.of(Fate.REFUSED).items, shown, _refused)
    yield from _hints(plan)
    yield from _section("Doubtful: may be here already", plan.of(Fate.DOUBTFUL).items, shown, doubtful)
    yield from _section("Changed", plan.of(Fate.CHANGED).items, shown, _changed)
    kept = [item for item in plan.items if item.proposed]
    yield from _section("Kept as a person edited it later; the rows say otherwise", kept, shown, _proposed)
    yield from _section("Created", plan.of(Fate.CREATED).items, shown, _created)
    yield from _missing(plan, shown)
    yield from _unknown_terms(plan.items)
    yield from _repairs(plan.items)


def place(item: Item) -> str:
    return f"{item.row.file}, row {item.row.number}"


def _section(title: str, items: Sequence[Item], shown: int, tell: Callable[[Item], Iterator[str]]) -> Iterator[str]:
    if not items:
        return
    yield f"\n{title} ({len(items):,})"
    for item in islice(items, shown):
        yield from tell(item)
    if len(items) > shown:
        yield f"  … and {len(items) - shown:,} more; --show {len(items)} or --report FILE tells all."


def _hints(plan: Plan) -> Iterator[str]:
    if any(LOOSENING in problem.message for item in plan.of(Fate.REFUSED).items for problem in item.problems):
        yield f"{INDENT}--loosen-visibility lets rows show something to more people than now."


def _refused(item: Item) -> Iterator[str]:
    yield f"  {place(item)}: {named(item) or 'no name'}"
    for trouble in item_told(item).problems:
        yield f"{INDENT}{trouble_line(trouble)}"


def doubtful(item: Item) -> Iterator[str]:
    """The row, and whom it may be about, with the evidence."""
    yield f"  {place(item)}: {named(item)}"
    for one in item_told(item).evidence:
        yield from _evidence(one)


def _evidence(one: EvidenceTold) -> Iterator[str]:
    yield f"{INDENT}{one.name} ({one.organization}): {one.verdict.lower()}, {one.score:g}"
    yield from (f"{INDENT}  {reason}" for reason in one.because)


def _changed(item: Item) -> Iterator[str]:
    yield f"  {place(item)}: {named(item)} ({item.before.slug if item.before else ''})"
    yield from _field_lines(changes(item))
    for evidence in item.evidence:
        yield f"{INDENT}because {evidence.detail}"


def _proposed(item: Item) -> Iterator[str]:
    yield f"  {place(item)}: {named(item)}"
    yield from _field_lines(proposals(item))


def _field_lines(fields: Iterable[FieldChange]) -> Iterator[str]:
    for one in fields:
        yield f"{INDENT}{one.field}: {one.old or NO_VALUE} → {one.new or NO_VALUE}"


def _created(item: Item) -> Iterator[str]:
    yield f"  {place(item)}: {named(item)}"


def _missing(plan: Plan, shown: int) -> Iterator[str]:
    if not plan.missing:
        return
    yield f"\nMissing: not in this source any more ({len(plan.missing):,}); --retire-missing removes those that it alone stated"
    for one in islice(plan.missing, shown):
        also = "" if one.is_its_own else " (others state it too, or refer to it: stays)"
        yield f"  {one.entry.name} ({one.entry.slug}){also}"


def _unknown_terms(items: Iterable[Item]) -> Iterator[str]:
    nearest: dict[str, tuple[str, ...]] = {}
    counts: Counter[str] = Counter()
    for item in items:
        counts.update(item.row.unknown_terms.keys())
        nearest.update(item.row.unknown_terms)
    if counts:
        yield f"\nTags that no vocabulary knows ({len(counts):,}); a profile's [terms] can map them"
    for tag, count in counts.most_common(SHOWN):
        near = f"; nearest: {', '.join(nearest[tag])}" if nearest[tag] else ""
        yield f"  {tag} ({count:,}){near}"


def _repairs(items: Iterable[Item]) -> Iterator[str]:
    counts = Counter(one.reason or "put right" for item in items for one in item.row.repairs)
    if counts:
        told = ", ".join(f"{reason} ({count:,})" for reason, count in counts.most_common(SHOWN))
        yield f"\nPut right on the way: {told}. --report FILE tells each."
