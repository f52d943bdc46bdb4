"""/coverage.csv: the coverage table as a file, with the parameters of the page."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from directory.export.formula_escaping import escape_csv_cell
from web.pages.coverage.coverage_form import PATH, ask_coverage, get_goal, read_form
from web.pages.coverage.coverage_table import COVERED, UNKNOWN
from web.pages.kinds.list_form import ListForm
from web.pages.languages import Language
from web.pages.page import Download, PageBuilder, PageRequest

CSV_PATH = f"{PATH}.csv"
CSV_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know that the text is UTF-8


def build_coverage_csv(request: PageRequest) -> Download:
    """Return a line for each cell: its theme, region, number of organizations, what is known, and the goal."""
    data, form = ask_coverage(request, read_form(request))
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    for line in _iter_lines(data["coverage"], get_goal(form), request.language):
        writer.writerow(map(escape_csv_cell, line))
    return Download(text.getvalue().encode(), CSV_TYPE, request.language.gettext("coverage") + ".csv")


def link_files(request: PageRequest, form: ListForm) -> dict[str, str]:
    """Return the addresses of the files with the table of a form."""
    return {"csv": request.link(CSV_PATH, form.format())}


def _iter_lines(coverage: Mapping[str, Any], goal: int, language: Language) -> Iterator[tuple[str, ...]]:
    _ = language.gettext
    yield _("theme"), _("theme code"), _("region"), _("region code"), _("organizations"), _("what is known"), _("goal")
    words = {COVERED: _("covered"), UNKNOWN: _("unknown")}
    for row in coverage["rows"]:
        for region, count, verdict in zip(coverage["regions"], row["regionGroups"], row["regionVerdicts"], strict=True):
            number = "" if verdict == UNKNOWN else str(count)
            known = words.get(verdict) or _("nobody")
            yield row["label"], row["value"], region["name"], region["code"], number, known, str(goal)


COVERAGE_FILES: dict[str, PageBuilder] = {CSV_PATH: build_coverage_csv}
