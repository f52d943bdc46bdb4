"""Before the plan is written, while it is worked on, and after it is written."""

from collections.abc import Sequence
from pathlib import Path

from directory.curation.revision_summary import SummaryPart
from directory.errors import BadInput
from directory.store.ledger.edits import EditOutcome
from seed.mapping.profile import save_profile
from seed.plan.planned_row import RowAction
from web.pages.languages import Language, mark
from web.pages.page import Page
from web.review.labels import label_part
from web.review.review_request import Answer, ReviewRequest, Step
from web.review.review_session import AppliedPlan

MAX_DIGITS = 9
NAMES_SHOWN = 3  # of records, for each part that everyone sees now
MAX_NAME_LENGTH = 100  # characters of a file name
PROFILE_EXTENSION = ".toml"
INVALID_NAME = "Name a file that ends in .toml, without a folder. It is saved in the folder of the list."
PROFILE_SAVED = mark("Your answers are saved. The next import of this list uses them.")


def build_start_page(request: ReviewRequest) -> Page:
    """Return the page without a plan: planning failed, and the notice says why."""
    return Page("review_start.html", {})


def build_working_page(request: ReviewRequest) -> Page:
    job = request.session.job
    values = {"title": job.title, "row_count": job.row_count, "expected_rows": job.expected_rows, "seconds": job.seconds}
    return Page("review_working.html", {**values, "is_still": "still" in request.parameters})


def build_apply_page(request: ReviewRequest) -> Answer:
    """Return what will be written, with the button that writes it."""
    session = request.session
    if session.plan is None:
        return build_start_page(request)
    if session.applied:
        return Step("/result")
    counts = session.plan.counts
    values = {
        "plan_number": session.plan_number,
        "created": counts[RowAction.CREATE],
        "changed": counts[RowAction.UPDATE],
        "doubtful": counts[RowAction.REVIEW],
        "rejected": counts[RowAction.REJECT],
        "left_out_count": session.plan.left_out_count,
        "reminders": len(session.plan.reminders) + len(session.plan.removal_decisions),
        "retired": len(session.plan.retirements) if session.steps.retire_missing else 0,
        "decided": len(session.decisions),
        "profile_name": _name_profile(request),
        "needs_a_person": session.plan.needs_a_person,
    }
    return Page("review_apply.html", values)


def build_result_page(request: ReviewRequest) -> Answer:
    """Return what was written, with the button that undoes it."""
    applied = request.session.applied
    if applied is None:
        return Step("/apply")
    values = {
        "applied": applied,
        "counts": count_outcomes(applied),
        "public": _build_parts(applied.summary.public if applied.summary else (), request.language),
        "private": _build_parts(applied.summary.private if applied.summary else (), request.language),
        "needs_a_person": applied.plan.needs_a_person,
        "profile_name": _name_profile(request),
    }
    return Page("review_result.html", values)


def _build_parts(parts: Sequence[SummaryPart], language: Language) -> list[tuple[str, int, list[str], int]]:
    """Return the label of each part, its number of records, the first names, and how many more there are."""
    shown = ((part, [record.name for record in part.records[: NAMES_SHOWN if part.is_main else 0]]) for part in parts)
    return [(label_part(part.label, language), part.count, names, part.count - len(names)) for part, names in shown]


def count_outcomes(applied: AppliedPlan) -> dict[str, int]:
    """Return how many records were created, changed and removed. Those that only remember rows do not count as changed."""
    receipt = applied.receipt
    return {
        "created": receipt.count(EditOutcome.CREATED),
        "changed": max(0, receipt.count(EditOutcome.CHANGED) - len(applied.plan.reminders)),
        "removed": receipt.count(EditOutcome.REMOVED),
    }


def take_apply(request: ReviewRequest) -> Answer:
    """Write the plan that the page showed. Raises what `ReviewSession.apply` raises."""
    number = request.form.get("plan", "")
    is_number = number.isascii() and number.isdigit() and len(number) <= MAX_DIGITS
    request.session.apply(int(number) if is_number else 0)
    return Step("/working")


def take_undo(request: ReviewRequest) -> Answer:
    request.session.undo()
    return Step("/working")


def take_plan(request: ReviewRequest) -> Answer:
    """Plan again, for what remains to import."""
    request.session.start_planning()
    return Step("/working")


def take_profile(request: ReviewRequest) -> Answer:
    """Save the profile beside the list. Raises BadInput for another place, and for a file that exists unless `replace` is set."""
    session = request.session
    name = request.form.get("name", "").strip()
    if session.profile is None or not _is_file_name(name):
        raise BadInput(INVALID_NAME, argument="name")
    save_profile(session.steps.file.parent / name, session.profile, overwrite=request.form.get("replace") == "yes")
    return Step("/result" if session.applied else "/apply", message=PROFILE_SAVED)


def _is_file_name(name: str) -> bool:
    is_plain = name.isprintable() and Path(name).name == name and not name.startswith(".") and "\\" not in name
    return is_plain and len(name) <= MAX_NAME_LENGTH and name.endswith(PROFILE_EXTENSION)


def _name_profile(request: ReviewRequest) -> str | None:
    """Return the name under which the profile is saved if the person changes nothing; None without a profile."""
    session = request.session
    if session.profile is None:
        return None
    known = session.dataset.profile_file
    is_beside = known is not None and known.parent == session.steps.file.parent
    return known.name if known and is_beside else f"{session.steps.file.stem}{PROFILE_EXTENSION}"
