"""What an import has written, for the person who applied it."""

from directory.store.ledger.edits import EditOutcome, Receipt
from seed.plan.planned_row import Plan


def format_outcomes(receipt: Receipt, plan: Plan) -> str:
    """Count what was written. Records that only remember doubtful rows and decisions do not count as changed."""
    counts = {outcome: receipt.count(outcome) for outcome in EditOutcome if outcome is not EditOutcome.UNCHANGED}
    counts[EditOutcome.CHANGED] -= len(plan.reminders)
    return ", ".join(f"{count:,} {outcome.value.lower()}" for outcome, count in counts.items())


def format_remembered_rows(plan: Plan) -> str:
    """Return how many doubtful rows and decisions later imports will know; "" for none."""
    matches = [item.row_match for item in plan.items if item.row_match]
    decided = sum(match.is_decided for match in matches)
    counts = {"doubtful row": len(matches) - decided, "decision": decided}
    words = (f"{count:,} {noun}{'' if count == 1 else 's'}" for noun, count in counts.items() if count)
    return " and ".join(words)
