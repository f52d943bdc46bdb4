"""/plan.csv: the members of a plan as a file, with the parameters of the page."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from directory.export.formula_escaping import escape_csv_cell
from directory.partners.plans.request import MAX_REGIONS
from web.pages.coverage.coverage_files import BYTE_ORDER_MARK, CSV_TYPE
from web.pages.kinds.list_choices import link_organization
from web.pages.languages import mark
from web.pages.page import Download, Page, PageRequest
from web.pages.plan.plan_names import describe_cells
from web.pages.plan.plan_page import ask_plan, build_plan_page, read_plan

HEADINGS = (
    *(mark("number"), mark("organization"), mark("page"), mark("must take part")),
    *(mark("covers alone"), mark("covers with others"), mark("could stand in")),
)


def build_plan_csv(request: PageRequest) -> Download | Page:
    """Return a line for each member. Without a plan, return the page, which says why. Raises PageUnavailable."""
    data, _ = ask_plan(request, read_plan(request)[0])
    if not (plan := data.get("coalitionPlan")):
        return build_plan_page(request)
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(map(request.language.gettext, HEADINGS))
    for line in _iter_lines(request, plan):
        writer.writerow(map(escape_csv_cell, line))
    return Download(text.getvalue().encode(), CSV_TYPE, request.language.gettext("coalition-plan") + ".csv")


def _iter_lines(request: PageRequest, plan: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    yes = request.language.gettext("yes")
    for number, member in enumerate(plan["members"], 1):
        organization, alone = member["organization"], member["coversAlone"]
        name, address = link_organization(request, organization)
        shared = [cell for cell in member["covers"] if cell not in alone]
        cells = (describe_cells(request, each, MAX_REGIONS) for each in (alone, shared))
        stand_ins = [each["name"] for each in member["alternatives"]]
        texts = ("; ".join(part) for part in (*cells, stand_ins))
        yield str(number), name, request.build_absolute(address), yes if member["included"] else "", *texts
