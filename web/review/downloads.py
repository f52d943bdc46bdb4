"""The corrections file and the report of the plan, to save with the browser."""

from pathlib import Path
from tempfile import TemporaryDirectory

from directory.errors import BadInput, NotFound
from seed.plan.planned_row import Plan
from seed.plan_report import build_plan_report, needs_correction
from seed.report_files import REPORT_WRITERS, write_corrections, write_report
from web.pages.page import Download
from web.review.review_request import ReviewRequest

MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".ndjson": "application/x-ndjson",
}
NO_PLAN = "There is no plan yet. Go back to the plan and wait until it is made."
NOTHING_TO_CORRECT = "No row needs a correction, so there is no corrections file."


def build_corrections(request: ReviewRequest) -> Download:
    """Return the rows to correct: a table if the list is one, otherwise NDJSON. Raises NotFound if there are none."""
    plan = _require_plan(request)
    items = [item for item in plan.items if needs_correction(item)]
    if not items:
        raise NotFound(NOTHING_TO_CORRECT)
    default = ".csv" if all(item.row.cells for item in items) else ".ndjson"
    extension = request.parameters.get("format", default)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"corrections{_require_extension(extension, ('.csv', '.xlsx', '.ndjson'))}"
        write_corrections(plan, request.session.dataset, path)
        return Download(path.read_bytes(), MEDIA_TYPES[extension], path.name)


def build_report(request: ReviewRequest) -> Download:
    """Return the report of every row. Raises NotFound if there is no plan."""
    plan, session = _require_plan(request), request.session
    extension = request.parameters.get("format", ".xlsx")
    revision = session.applied.receipt.revision if session.applied else None
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"report{_require_extension(extension, tuple(REPORT_WRITERS))}"
        write_report(build_plan_report(plan, session.dataset.notes, revision), path)
        return Download(path.read_bytes(), MEDIA_TYPES[extension], path.name)


def _require_plan(request: ReviewRequest) -> Plan:
    if request.session.plan is None:
        raise NotFound(NO_PLAN)
    return request.session.plan


def _require_extension(extension: str, known: tuple[str, ...]) -> str:
    if extension not in known:
        raise BadInput(f"There is no such format. Use {', '.join(known)}.", argument="format")
    return extension
