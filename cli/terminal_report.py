"""A plan told to a person in the terminal: the counts first, then what wants a decision, then what changes."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from cli.command_group import escape_line
from seed.plan.planned_row import Plan, PlannedRow, RowAction
from seed.report.field_changes import FieldChange, list_changes, list_proposals
from seed.report.plan_report import EvidenceReport, build_row_report, display_name
from seed.report.report_file import format_problem

DEFAULT_ROWS_SHOWN = 20  # of each kind, unless more are asked for
INDENT = "    "
LOOSENING_REFUSAL = "--loosen-visibility"  # in the messages of directory/visibility.py
NO_VALUE = "not stated"
MAX_LINE_LENGTH = 1_000  # characters of a line; a report tells all


def format_counts(plan: Plan) -> str:
    """Every row accounted for, in one line."""
    told = ", ".join(f"{count:,} {fate.value.lower()}" for fate, count in plan.counts.items())
    rows = len(plan.items)
    missing = f"; {len(plan.missing_records):,} missing" if plan.missing_records else ""
    return f"{rows:,} {'row' if rows == 1 else 'rows'}: {told}{missing}."


def format_plan(plan: Plan, limit: int = DEFAULT_ROWS_SHOWN) -> Iterator[str]:
    """All sections; of each at most so many rows, and how many more there are. What cells hold no terminal obeys."""
    for line in _iter_report_lines(plan, limit):
        above = "\n" if line.startswith("\n") else ""
        yield above + _truncate(escape_line(line.removeprefix("\n")))


def _truncate(line: str) -> str:
    return line if len(line) <= MAX_LINE_LENGTH else f"{line[:MAX_LINE_LENGTH]} …"


def _iter_report_lines(plan: Plan, limit: int) -> Iterator[str]:
    yield from _format_section("Refused", plan.select(RowAction.REJECT).items, limit, _format_rejected_row)
    yield from _format_hints(plan)
    yield from _format_section("Doubtful: may be here already", plan.select(RowAction.REVIEW).items, limit, format_review_row)
    yield from _format_section("Changed", plan.select(RowAction.UPDATE).items, limit, _format_updated_row)
    kept = [item for item in plan.items if item.proposed_fields]
    yield from _format_section("Kept as a person edited it later; the rows say otherwise", kept, limit, _format_proposed_row)
    yield from _format_section("Created", plan.select(RowAction.CREATE).items, limit, _format_created_row)
    yield from _format_missing_records(plan, limit)
    yield from _format_unknown_terms(plan.items)
    yield from _format_repairs(plan.items)


def format_row_position(item: PlannedRow) -> str:
    return f"{item.row.file}, row {item.row.number}"


def _format_section(
    title: str, items: Sequence[PlannedRow], limit: int, format_row: Callable[[PlannedRow], Iterator[str]]
) -> Iterator[str]:
    if not items:
        return
    yield f"\n{title} ({len(items):,})"
    for item in islice(items, limit):
        yield from format_row(item)
    if len(items) > limit:
        yield f"  … and {len(items) - limit:,} more; --show {len(items)} or --report FILE tells all."


def _format_hints(plan: Plan) -> Iterator[str]:
    if any(LOOSENING_REFUSAL in problem.message for item in plan.select(RowAction.REJECT).items for problem in item.problems):
        yield f"{INDENT}--loosen-visibility lets rows show something to more people than now."


def _format_rejected_row(item: PlannedRow) -> Iterator[str]:
    yield f"  {format_row_position(item)}: {display_name(item) or 'no name'}"
    for trouble in build_row_report(item).problems:
        yield f"{INDENT}{format_problem(trouble)}"


def format_review_row(item: PlannedRow) -> Iterator[str]:
    """The row, and whom it may be about, with the evidence."""
    yield f"  {format_row_position(item)}: {display_name(item)}"
    for one in build_row_report(item).evidence:
        yield from _format_evidence(one)


def _format_evidence(one: EvidenceReport) -> Iterator[str]:
    yield f"{INDENT}{one.name} ({one.organization}): {one.verdict.lower()}, {one.score:g}"
    yield from (f"{INDENT}  {reason}" for reason in one.because)


def _format_updated_row(item: PlannedRow) -> Iterator[str]:
    yield f"  {format_row_position(item)}: {display_name(item)} ({item.record_before.slug if item.record_before else ''})"
    yield from _format_field_changes(list_changes(item))
    for evidence in item.evidence:
        yield f"{INDENT}because {evidence.detail}"


def _format_proposed_row(item: PlannedRow) -> Iterator[str]:
    yield f"  {format_row_position(item)}: {display_name(item)}"
    yield from _format_field_changes(list_proposals(item))


def _format_field_changes(fields: Iterable[FieldChange]) -> Iterator[str]:
    for one in fields:
        yield f"{INDENT}{one.field}: {one.old or NO_VALUE} → {one.new or NO_VALUE}"


def _format_created_row(item: PlannedRow) -> Iterator[str]:
    yield f"  {format_row_position(item)}: {display_name(item)}"


def _format_missing_records(plan: Plan, limit: int) -> Iterator[str]:
    if not plan.missing_records:
        return
    yield f"\nMissing: not in this source any more ({len(plan.missing_records):,}); --retire-missing removes those that it alone stated"
    for one in islice(plan.missing_records, limit):
        also = "" if one.is_retirable else " (others state it too, or refer to it: stays)"
        yield f"  {one.record.name} ({one.record.slug}){also}"


def _format_unknown_terms(items: Iterable[PlannedRow]) -> Iterator[str]:
    nearest: dict[str, tuple[str, ...]] = {}
    counts: Counter[str] = Counter()
    for item in items:
        counts.update(item.row.unknown_terms.keys())
        nearest.update(item.row.unknown_terms)
    if counts:
        yield f"\nTags that no vocabulary knows ({len(counts):,}); a profile's [terms] can map them"
    for tag, count in counts.most_common(DEFAULT_ROWS_SHOWN):
        near = f"; nearest: {', '.join(nearest[tag])}" if nearest[tag] else ""
        yield f"  {tag} ({count:,}){near}"


def _format_repairs(items: Iterable[PlannedRow]) -> Iterator[str]:
    counts = Counter(one.reason or "put right" for item in items for one in item.row.repairs)
    if counts:
        told = ", ".join(f"{reason} ({count:,})" for reason, count in counts.most_common(DEFAULT_ROWS_SHOWN))
        yield f"\nPut right on the way: {told}. --report FILE tells each."
