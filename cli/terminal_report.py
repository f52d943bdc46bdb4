"""An import plan as text for the terminal: first what needs a decision, then what changes."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from cli.terminal import NOT_STATED, escape_line
from cli.value_report import (
    DEFAULT_ROWS_SHOWN,
    EXAMPLES,
    INDENT,
    format_personal_contacts,
    format_repairs,
    format_row_position,
    format_unknown_terms,
    format_visibility,
    truncate,
)
from seed.field_changes import FieldChange, list_changes, list_proposals
from seed.plan.planned_row import Plan, PlannedRow, RowAction
from seed.plan_report import EvidenceReport, ProblemReport, RowReport, build_row_report, display_name
from seed.report_files import describe_lone_row, describe_match, format_problem

MAX_FIELDS = 8  # named at a group of equal problems
MAX_ROW_NUMBERS = 10  # of one possible organization
_SENTENCE_END = re.compile(r"(?<=[.?]) (?=[A-Z\"])")
_POSITION = re.compile(r"\[\d+\]")
_QUOTED = re.compile(r'"[^"]*"|\d+')  # what differs between messages of one kind
NOTHING_WRITTEN = "Nothing was written: there are no changes."


def format_counts(plan: Plan) -> str:
    """Return one line that accounts for every row."""
    shown = {action: count for action, count in plan.counts.items() if count or action is not RowAction.CONTACT}
    counts = ", ".join(f"{count:,} {_label_action(action)}" for action, count in shown.items())
    rows = len(plan.items)
    missing = f"; {len(plan.missing_records):,} missing" if plan.missing_records else ""
    left_out = plan.left_out_count
    removed = f" Left removed: {plan.left_removed_count:,}." if plan.left_removed_count else ""
    without = f" Imported with {left_out:,} {'value' if left_out == 1 else 'values'} left out." if left_out else ""
    return f"{rows:,} {'row' if rows == 1 else 'rows'}: {counts}{missing}.{removed}{without}"


def _label_action(action: RowAction) -> str:
    """Return the word for people. Report files keep the value of REJECT, "refused", as a key."""
    return {RowAction.REJECT: "rejected", RowAction.CONTACT: "read as contacts"}.get(action, action.value.lower())


def format_plan(plan: Plan, limit: int = DEFAULT_ROWS_SHOWN) -> Iterator[str]:
    """Yield the lines of all sections, escaped for the terminal. Each section shows at most `limit` rows and counts the rest."""
    for line in _iter_report_lines(plan, limit):
        blank_line = "\n" if line.startswith("\n") else ""
        yield blank_line + truncate(escape_line(line.removeprefix("\n")))


def _iter_report_lines(plan: Plan, limit: int) -> Iterator[str]:
    edited = [item for item in plan.items if item.proposed_fields]
    rejected = plan.select(RowAction.REJECT).items
    imported = [item for item in plan.items if item.left_out]
    repetitions = [item for item in plan.items if item.repeats]
    yield from _format_problem_section(f"Rejected ({len(rejected):,})", rejected, limit, lambda report: report.problems)
    left_out = f"Values left out ({plan.left_out_count:,})"
    yield from _format_problem_section(left_out, imported, limit, lambda report: report.left_out)
    doubtful = plan.select(RowAction.REVIEW).items
    yield from _format_section(
        "Doubtful: may already exist", [item for item in doubtful if item.candidates], limit, format_review_row
    )
    possible = [item for item in doubtful if not item.candidates]
    yield from _format_possible_organizations([item for item in possible if item.row.is_person], limit)
    yield from _format_possible_people([item for item in possible if not item.row.is_person], limit)
    yield from _format_section("Changed", plan.select(RowAction.UPDATE).items, limit, _format_updated_row)
    yield from _format_section("Not changed because a person edited it later", edited, limit, _format_proposed_row)
    yield from _format_section("Not used because an earlier row is the same organization", repetitions, limit, _format_repetition)
    left_removed = [item for item in plan.items if item.left_removed]
    yield from _format_section("Not imported because their records were removed", left_removed, limit, _format_left_removed)
    namesakes = [item for item in plan.items if item.namesakes]
    yield from _format_section("Created, although another organization has this name", namesakes, limit, format_review_row)
    yield from _format_section("Created", plan.select(RowAction.CREATE).items, limit, _format_created_row)
    yield from _format_contact_rows(plan.select(RowAction.CONTACT).items, limit)
    yield from format_personal_contacts(plan.items, limit)
    yield from format_visibility(plan.items)
    yield from _format_missing_records(plan, limit)
    yield from format_unknown_terms(plan.items)
    yield from format_repairs(plan.items, limit)


def _format_possible_organizations(items: Sequence[PlannedRow], limit: int) -> Iterator[str]:
    """Yield the organizations that only rows about people name, with these rows."""
    if not items:
        return
    names = len({display_name(item) for item in items})
    yield f"\nPossible organizations, named only by rows about people ({names:,}). To create them, add --create-possible"
    yield from _format_rows_by_organization(items, limit)


def _format_possible_people(items: Sequence[PlannedRow], limit: int) -> Iterator[str]:
    """Yield the rows with the name of a person. A directory of organizations must not publish a person as one of them."""
    if items:
        yield f"\nPossible people, by their names ({len(items):,}). To create them as organizations, add --create-possible"
        yield from _format_rows_by_organization(items, limit)


def _format_contact_rows(items: Sequence[PlannedRow], limit: int) -> Iterator[str]:
    """Yield the organizations that get contacts from rows about people."""
    if items:
        yield f"\nRead as contacts ({len(items):,}): only names, roles, and phone numbers and e-mail addresses at work"
        yield from _format_rows_by_organization(items, limit)


def _format_rows_by_organization(items: Sequence[PlannedRow], limit: int) -> Iterator[str]:
    rows: dict[str, list[str]] = {}
    for item in items:
        rows.setdefault(display_name(item), []).append(str(item.row.number))
    for name, numbers in islice(rows.items(), limit):
        shown = ", ".join(numbers[:MAX_ROW_NUMBERS]) + (" …" if len(numbers) > MAX_ROW_NUMBERS else "")
        yield f"  {name}: {'row' if len(numbers) == 1 else 'rows'} {shown}"
    if len(rows) > limit:
        yield f"  … and {len(rows) - limit:,} more. To see all of them: --show {len(rows)} or --report FILE"


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


def _format_problem_section(
    title: str, items: Sequence[PlannedRow], limit: int, list_reports: Callable[[RowReport], Iterable[ProblemReport]]
) -> Iterator[str]:
    """Yield each problem once. Equal problems of several rows are one group with three examples, or `limit` if that was set."""
    groups: dict[tuple[str, str], list[tuple[PlannedRow, ProblemReport]]] = {}
    for item in items:
        for problem in list_reports(build_row_report(item)):
            groups.setdefault((problem.column or "", _QUOTED.sub("", problem.message)), []).append((item, problem))
    if not groups:
        return
    yield f"\n{title}"
    ordered = sorted(groups.values(), key=len, reverse=True)
    for group in ordered[:limit]:
        yield from _format_problem_group(group, max(EXAMPLES, limit if limit > DEFAULT_ROWS_SHOWN else 0))
    if len(ordered) > limit:
        yield f"  … and {len(ordered) - limit:,} other problems. To see all of them: --show {len(ordered)} or --report FILE"


def _format_problem_group(group: Sequence[tuple[PlannedRow, ProblemReport]], examples: int) -> Iterator[str]:
    item, problem = group[0]
    if len(group) == 1:
        yield f"  {_format_row(item)}"
        yield f"{INDENT}{format_problem(problem)}"
        return
    common = _find_common_sentences([other.message for _, other in group]) or "These values cannot be used."
    rows = {(item.row.file, item.row.number): (item, other) for item, other in reversed(group)}
    fields = list(dict.fromkeys(_POSITION.sub("", other.path) for _, other in group))
    place = f"{problem.column}: " if problem.column else f"{_format_fields(fields)}: " if any(fields) else ""
    yield f"  {len(rows):,} {'row' if len(rows) == 1 else 'rows'}: {place}{common}"
    for item, example in list(reversed(rows.values()))[:examples]:
        value = f': "{example.value}"' if example.column and example.value else ""
        own = " ".join(sentence for sentence in _split_sentences(example.message) if sentence not in common)
        yield f"{INDENT}{_format_row(item)}{value}{f': {own}' if own else ''}"
    if len(rows) > examples:
        yield f"{INDENT}… and {len(rows) - examples:,} more"


def _format_row(item: PlannedRow) -> str:
    """Return the position and the name. A row that is about a person states no fields, so it is not called nameless."""
    name = display_name(item) or ("no name" if item.row.fields else "")
    return f"{format_row_position(item)}: {name}" if name else format_row_position(item)


def _format_fields(fields: Sequence[str]) -> str:
    more = f" and {len(fields) - MAX_FIELDS} other fields" if len(fields) > MAX_FIELDS else ""
    return ", ".join(fields[:MAX_FIELDS]) + more


def _find_common_sentences(messages: Sequence[str]) -> str:
    """Return the sentences that all messages have."""
    others = [frozenset(_split_sentences(message)) for message in set(messages)]
    return " ".join(sentence for sentence in _split_sentences(messages[0]) if all(sentence in other for other in others))


def _split_sentences(message: str) -> list[str]:
    return _SENTENCE_END.split(message)


def format_review_row(item: PlannedRow) -> Iterator[str]:
    """Yield the row and the records it may be about, with the evidence for each."""
    yield f"  {format_row_position(item)}: {display_name(item)}"
    for evidence in build_row_report(item).evidence:
        yield from _format_evidence(evidence)
    if item.action is RowAction.REVIEW and not item.candidates:
        yield f"{INDENT}{describe_lone_row(item)}"


def _format_evidence(evidence: EvidenceReport) -> Iterator[str]:
    yield f"{INDENT}{evidence.name} ({evidence.organization}): {describe_match(evidence)}"
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


def _format_left_removed(item: PlannedRow) -> Iterator[str]:
    yield f"  {format_row_position(item)}: {display_name(item)}"
    name = item.left_removed.name if item.left_removed else ""
    yield f"{INDENT}a person decided to leave {name} removed"


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
