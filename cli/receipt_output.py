"""A receipt as text for the terminal: what a revision changed, what is public now that was not before, and what stays private."""

from collections.abc import Iterator
from itertools import islice

from cli.terminal import escape_line, format_time
from directory.curation.revision_summary import RevisionSummary, SummaryPart

DEFAULT_NAMES_SHOWN = 3  # of each part
NOT_UNDONE = "Undo does not reverse this revision. To show a hidden record again: directory unhide SLUG"
NOTHING_PUBLIC = "Nothing is public now that was not before."


def format_receipt(summary: RevisionSummary, names_shown: int = DEFAULT_NAMES_SHOWN) -> Iterator[str]:
    """Yield the lines of a whole receipt, escaped for the terminal."""
    yield escape_line(f"Revision {summary.revision}, {format_time(summary.changed_at)}, {summary.actor}: {summary.reason}")
    yield from (_format_part(part, names_shown) for part in summary.changes)
    yield from format_visibility(summary, names_shown)
    yield f"To undo it: {summary.undo_command}" if summary.may_be_undone else NOT_UNDONE


def format_visibility(summary: RevisionSummary, names_shown: int = DEFAULT_NAMES_SHOWN) -> Iterator[str]:
    """Yield the lines that say what is public now that was not before, and what stays private."""
    if not summary.public:
        yield NOTHING_PUBLIC
    else:
        yield "Public now, and not before:"
        yield from (f"  {_format_part(part, names_shown)}" for part in summary.public if part.is_main)
        details = [f"{part.label} ({part.count:,})" for part in summary.public if not part.is_main]
        if details:
            yield f"  other details: {', '.join(details)}"
    if summary.private:
        yield "Not public:"
        yield from (f"  {_format_part(part, names_shown)}" for part in summary.private)


def _format_part(part: SummaryPart, names_shown: int) -> str:
    names = "; ".join(record.name for record in islice(part.records, names_shown))
    more = part.count - min(names_shown, len(part.records))
    rest = f" and {more:,} more" if names and more > 0 else ""
    return escape_line(f"{part.label} ({part.count:,}){': ' if names else ''}{names}{rest}")
