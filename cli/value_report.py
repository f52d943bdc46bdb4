"""The sections of an import plan about values: who may see them, what was repaired, and which tags are unknown."""

from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import nlargest

from directory.vocabulary.regions import REGIONS
from seed.field_changes import list_visibility
from seed.personal_contacts import list_personal_contacts
from seed.plan.planned_row import PlannedRow
from seed.plan_report import display_name
from seed.rows import Repair

DEFAULT_ROWS_SHOWN = 20  # in each section
EXAMPLES = 3  # rows shown of each group of equal problems
MAX_VALUE_LENGTH = 40  # characters of a repaired value
INDENT = "    "
MAX_LINE_LENGTH = 1_000  # characters; a report file has the whole text


def truncate(text: str, max_length: int = MAX_LINE_LENGTH) -> str:
    return text if len(text) <= max_length else f"{text[:max_length]} …"


def format_row_position(item: PlannedRow) -> str:
    return f"{item.row.file}, row {item.row.number}"


def format_personal_contacts(items: Iterable[PlannedRow], limit: int) -> Iterator[str]:
    """Yield what a person must look at before it is public."""
    contacts = [(item, contact) for item in items for contact in list_personal_contacts(item)]
    if contacts:
        yield f"\nWould be public in texts: telephone numbers and personal mailboxes ({len(contacts):,}). Check each of them"
    for item, contact in contacts[:limit]:
        yield f'  {format_row_position(item)}: {display_name(item)}: {contact.field}: "{contact.text}"'
    if len(contacts) > limit:
        yield f"  … and {len(contacts) - limit:,} more. To see all of them: --show {len(contacts)}"


def format_visibility(items: Iterable[PlannedRow]) -> Iterator[str]:
    """Yield who may see what is new, with the reasons and how often each applies."""
    counts = Counter((decision.seen_by, decision.reason) for item in items for decision in list_visibility(item))
    if not counts:
        return
    yield "\nWho may see what is new. To see every decision: --report FILE"
    for seen_by in dict.fromkeys(seen_by for seen_by, _ in sorted(counts)):
        reasons = [f"{reason} ({count:,})" for (seen, reason), count in sorted(counts.items()) if seen == seen_by]
        yield f"  {seen_by}: {', '.join(reasons)}"


def format_unknown_terms(items: Iterable[PlannedRow]) -> Iterator[str]:
    nearest: dict[str, tuple[str, ...]] = {}
    counts: Counter[str] = Counter()
    for item in items:
        counts.update(item.row.unknown_terms.keys())
        nearest.update(item.row.unknown_terms)
    if counts:
        yield f"\nUnknown tags, not imported ({len(counts):,}). To give them a meaning: --save-tags FILE, or --interactive"
    for tag, count in counts.most_common(DEFAULT_ROWS_SHOWN):
        suggestions = f"; nearest: {', '.join(map(_format_suggestion, nearest[tag]))}" if nearest[tag] else ""
        yield f"  {tag} ({count:,}){suggestions}"


def _format_suggestion(code: str) -> str:
    """Return a slug as it is, and a region's code with its name."""
    region = REGIONS.get(code)
    return f"{code} is {region.name}" if region else code


def format_repairs(items: Iterable[PlannedRow], limit: int) -> Iterator[str]:
    """Yield the repairs by their reasons, the most frequent first, each with examples. Equal repairs are one example."""
    groups: dict[str, Counter[Repair]] = {}
    for item in items:
        for repair in item.row.repairs:
            groups.setdefault(repair.reason or "other", Counter())[repair] += 1
    if not groups:
        return
    ordered = sorted(groups.items(), key=lambda group: group[1].total(), reverse=True)
    yield f"\nRepaired ({sum(group.total() for _, group in ordered):,}). To see every repair: --report FILE"
    for reason, group in ordered[:limit]:
        yield f"  {reason} ({group.total():,})"
        shown = (repair for repair in group if repair.before or repair.after)
        yield from (_format_repair(repair, group[repair]) for repair in nlargest(EXAMPLES, shown, key=group.__getitem__))
    if len(ordered) > limit:
        yield f"  … and {len(ordered) - limit:,} other kinds of repairs"


def _format_repair(repair: Repair, count: int) -> str:
    texts = [text for text in dict.fromkeys((repair.before, repair.after)) if text]  # a part may be moved as it is
    values = " → ".join(f'"{truncate(text, MAX_VALUE_LENGTH)}"' for text in texts)
    return f"{INDENT}{repair.column}: {values}{f' ({count:,})' if count > 1 else ''}"
