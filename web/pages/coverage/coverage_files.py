"""/coverage.csv and /coverage.svg: the coverage table as a file and as a picture, with the parameters of the page."""

import csv
import io
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from directory.export.coverage_picture import draw_coverage
from directory.export.formula_escaping import escape_csv_cell
from directory.filters.query_strings import parse_query_string
from directory.partners.coverage.coverage import Coverage
from directory.partners.coverage.question import CountingRule, CoverageFacet, CoverageGoal, CoverageQuestion
from directory.question import Nationwide, RegionMatch
from directory.vocabulary.region_files import RegionKind
from schema.types.near_filter import find_organization_origin
from web.pages.coverage.coverage_form import PATH, ask_coverage, build_question_variables, get_goal, read_form
from web.pages.coverage.coverage_table import COVERED
from web.pages.coverage.past_counts import NONE, UNKNOWN, PastCounts, ask_past, check_day
from web.pages.kinds.list_form import ListForm
from web.pages.languages import Language, mark
from web.pages.page import Download, PageBuilder, PageRequest

CSV_PATH, PICTURE_PATH = f"{PATH}.csv", f"{PATH}.svg"
CSV_TYPE, PICTURE_TYPE = "text/csv; charset=utf-8", "image/svg+xml"
HEADINGS = (
    *(mark("theme"), mark("theme code"), mark("region"), mark("region code")),
    *(mark("organizations"), mark("what is known"), mark("goal")),
)
KNOWLEDGE = {COVERED: mark("covered"), UNKNOWN: mark("unknown"), NONE: mark("nobody")}
BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know that the text is UTF-8


def build_coverage_csv(request: PageRequest) -> Download:
    """Return a line for each cell: its theme, region, number of organizations, what is known, the goal, and the past number."""
    data, form = ask_coverage(request, check_day(request, read_form(request)))
    past, form = ask_past(request, form, data["search"])
    coverage = past.add_lost_rows(data["coverage"]) if past else data["coverage"]
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    for line in _iter_lines(coverage, get_goal(form), request.language, past):
        writer.writerow(map(escape_csv_cell, line))
    return Download(text.getvalue().encode(), CSV_TYPE, request.language.gettext("coverage") + ".csv")


def build_coverage_picture(request: PageRequest) -> Download:
    """Return the table as a picture with a number in each cell."""
    data, form = ask_coverage(request, read_form(request))
    context, code = request.context, request.language.code
    coverage = Coverage(context.snapshot, _build_question(request, form, data["search"]), context.now.date())
    picture = draw_coverage(coverage, code, fictional=data["network"]["fictional"])
    return Download(picture.encode(), PICTURE_TYPE, request.language.gettext("coverage") + ".svg")


def _build_question(request: PageRequest, form: ListForm, search: str) -> CoverageQuestion:
    variables = build_question_variables(form)
    goal = variables["goal"]
    return CoverageQuestion(
        facet=CoverageFacet(variables["facet"]),
        values=tuple(variables["values"] or ()),
        region_kind=RegionKind(variables["kind"]),
        within=variables["within"],
        question=parse_query_string(search, partial(find_organization_origin, request.context.snapshot)),
        rule=CountingRule(RegionMatch(goal["by"]), Nationwide(goal["nationwide"])),
        goal=CoverageGoal(goal["atLeast"]),
    )


def link_files(request: PageRequest, form: ListForm) -> dict[str, str]:
    """Return the addresses of the files with the table of a form."""
    search = form.format()
    return {"csv": request.link(CSV_PATH, search), "svg": request.link(PICTURE_PATH, search)}


def _iter_lines(coverage: Mapping[str, Any], goal: int, language: Language, past: PastCounts | None) -> Iterator[tuple[str, ...]]:
    then = [language.gettext("organizations on %(day)s") % {"day": past.day.isoformat()}] if past else []
    yield *map(language.gettext, HEADINGS), *then
    for row in coverage["rows"]:
        for region, count, verdict in zip(coverage["regions"], row["regionGroups"], row["regionVerdicts"], strict=True):
            number = "" if verdict == UNKNOWN else str(count)
            known = language.gettext(KNOWLEDGE[verdict])
            earlier = [_format_earlier(past, row["value"], region["code"])] if past else []
            yield row["label"], row["value"], region["name"], region["code"], number, known, str(goal), *earlier


def _format_earlier(past: PastCounts, row: str, region: str) -> str:
    """Return the number of a cell on the past day; "" if it was unknown."""
    return "" if (row, region) in past.unknown else str(past.count(row, region))


COVERAGE_FILES: dict[str, PageBuilder] = {CSV_PATH: build_coverage_csv, PICTURE_PATH: build_coverage_picture}
