"""An import plan as text for the terminal: first what needs a decision, then what changes."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from cli.terminal import NOT_STATED, escape_line
from seed.plan.planned_row import Plan, PlannedRow, RowAction
from seed.report.field_changes import FieldChange, list_changes, list_proposals
from seed.report.plan_report import EvidenceReport, build_row_report, display_name
from seed.report.report_file import format_problem

DEFAULT_ROWS_SHOWN = 20  # in each section
INDENT = "    "
MAX_LINE_LENGTH = 1_000  # characters; a report file has the whole text
NOTHING_WRITTEN = "Nothing was written: there are no changes."


def format_counts(plan: Plan) -> str:
    """Return one line that accounts for every row."""
    counts = ", ".join(f"{count:,} {_label_action(action)}" for action, count in plan.counts.items())
    rows = len(plan.items)
    missing = f"; {len(plan.missing_records):,} missing" if plan.missing_records else ""
    return f"{rows:,} {'row' if rows == 1 else 'rows'}: {counts}{missing}."


def _label_action(action: RowAction) -> str:
    """Return the word for people. Report files keep the value of REJECT, "refused", as a key."""
    return "rejected" if action is RowAction.REJECT else action.value.lower()


def format_plan(plan: Plan, limit: int = DEFAULT_ROWS_SHOWN) -> Iterator[str]:
    """Yield the lines of all sections, escaped for the terminal. Each section shows at most `limit` rows and counts the rest."""
    for line in _iter_report_lines(plan, limit):
        blank_line = "\n" if line.startswith("\n") else ""
        yield blank_line + _truncate(escape_line(line.removeprefix("\n")))


def _truncate(line: str) -> str:
    return line if len(line) <= MAX_LINE_LENGTH else f"{line[:MAX_LINE_LENGTH]} …"


def _iter_report_lines(plan: Plan, limit: int) -> Iterator[str]:
    edited = [item for item in plan.items if item.proposed_fields]
    repetitions = [item for item in plan.items if item.repeats]
    yield from _format_section("Rejected", plan.select(RowAction.REJECT).items, limit, _format_rejected_row)
    yield from _format_section("Doubtful: may already exist", plan.select(RowAction.REVIEW).items, limit, format_review_row)
    yield from _format_section("Changed", plan.select(RowAction.UPDATE).items, limit, _format_updated_row)
    yield from _format_section("Not changed because a person edited it later", edited, limit, _format_proposed_row)
    yield from _format_section("Not used because an earlier row is the same organization", repetitions, limit, _format_repetition)
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
        yield f"  … and {len(items) - limit:,} more. To see all of them: --show {len(items)} or --report FILE"


def _format_rejected_row(item: PlannedRow) -> Iterator[str]:
    yield f"  {format_row_position(item)}: {display_name(item) or 'no name'}"
    for problem in build_row_report(item).problems:
        yield f"{INDENT}{format_problem(problem)}"


def format_review_row(item: PlannedRow) -> Iterator[str]:
    """Yield the row and the records it may be about, with the evidence for each."""
    yield f"  {format_row_position(item)}: {display_name(item)}"
    for evidence in build_row_report(item).evidence:
        yield from _format_evidence(evidence)


def _format_evidence(evidence: EvidenceReport) -> Iterator[str]:
    verdict = "possible, was removed" if evidence.was_removed else evidence.verdict.lower()
    yield f"{INDENT}{evidence.name} ({evidence.organization}): {verdict}, {evidence.score:g} of 100 points"
    yield from (f"{INDENT}  {reason}" for reason in evidence.because)


def _format_updated_row(item: PlannedRow) -> Iterator[str]:
    yield f"  {format_row_position(item)}: {display_name(item)} ({item.record_before.slug if item.record_before else ''})"
    yield from _format_field_changes(list_changes(item))
    for evidence in item.evidence:
        yield f"{INDENT}because {evidence.detail}"


def _format_proposed_row(item: PlannedRow) -> Iterator[str]:
    yield f"  {format_row_position(item)}: {display_name(item)}"
    yield from _format_field_changes(list_proposals(item))


def _format_repetition(item: PlannedRow) -> Iterator[str]:
    yield f"  {format_row_position(item)}: {display_name(item)}"
    yield f"{INDENT}the same organization as {build_row_report(item).repeats}"


def _format_field_changes(changes: Iterable[FieldChange]) -> Iterator[str]:
    for change in changes:
        yield f"{INDENT}{change.field}: {change.old or NOT_STATED} → {change.new or NOT_STATED}"


def _format_created_row(item: PlannedRow) -> Iterator[str]:
    yield f"  {format_row_position(item)}: {display_name(item)}"


def _format_missing_records(plan: Plan, limit: int) -> Iterator[str]:
    if not plan.missing_records:
        return
    count = len(plan.missing_records)
    yield f"\nNo longer in this source ({count:,}). To remove records that only this source states, add --retire-missing"
    for missing in islice(plan.missing_records, limit):
        note = "" if missing.is_retirable else " (cannot be removed: other sources state it, or other records refer to it)"
        yield f"  {missing.record.name} ({missing.record.slug}){note}"


def _format_unknown_terms(items: Iterable[PlannedRow]) -> Iterator[str]:
    nearest: dict[str, tuple[str, ...]] = {}
    counts: Counter[str] = Counter()
    for item in items:
        counts.update(item.row.unknown_terms.keys())
        nearest.update(item.row.unknown_terms)
    if counts:
        yield f"\nUnknown tags, not imported ({len(counts):,}). To give them a meaning, list them under [terms] in a profile"
    for tag, count in counts.most_common(DEFAULT_ROWS_SHOWN):
        suggestions = f"; nearest: {', '.join(nearest[tag])}" if nearest[tag] else ""
        yield f"  {tag} ({count:,}){suggestions}"


def _format_repairs(items: Iterable[PlannedRow]) -> Iterator[str]:
    counts = Counter(repair.reason or "other" for item in items for repair in item.row.repairs)
    if counts:
        reasons = ", ".join(f"{reason} ({count:,})" for reason, count in counts.most_common(DEFAULT_ROWS_SHOWN))
        yield f"\nRepaired: {reasons}. To see every repair: --report FILE"
