"""/coverage.csv: the coverage table as a file, with the parameters of the page."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from directory.export.formula_escaping import escape_csv_cell
from web.pages.coverage.coverage_form import PATH, ask_coverage, get_goal, read_form
from web.pages.coverage.coverage_table import COVERED, NONE, UNKNOWN
from web.pages.kinds.list_form import ListForm
from web.pages.languages import Language, mark
from web.pages.page import Download, PageBuilder, PageRequest

CSV_PATH = f"{PATH}.csv"
CSV_TYPE = "text/csv; charset=utf-8"
HEADINGS = (
    *(mark("theme"), mark("theme code"), mark("region"), mark("region code")),
    *(mark("organizations"), mark("what is known"), mark("goal")),
)
KNOWLEDGE = {COVERED: mark("covered"), UNKNOWN: mark("unknown"), NONE: mark("nobody")}
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
    yield tuple(map(language.gettext, HEADINGS))
    for row in coverage["rows"]:
        for region, count, verdict in zip(coverage["regions"], row["regionGroups"], row["regionVerdicts"], strict=True):
            number = "" if verdict == UNKNOWN else str(count)
            known = language.gettext(KNOWLEDGE[verdict])
            yield row["label"], row["value"], region["name"], region["code"], number, known, str(goal)


COVERAGE_FILES: dict[str, PageBuilder] = {CSV_PATH: build_coverage_csv}
