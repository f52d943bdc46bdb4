"""Compare the coverage table with that of a past day: the numbers of then, what has changed, and why a day cannot be used."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from directory.errors import ErrorCode
from web.pages.coverage.coverage_form import COMPARE, build_question_variables
from web.pages.kinds.list_form import MAX_ECHO_LENGTH, ListForm, ListProblem
from web.pages.languages import Language, mark
from web.pages.page import PageRequest, PageUnavailable

UNKNOWN, NONE = "UNKNOWN", "NONE"
# By the reason of the API.
REFUSALS = {
    "FUTURE": mark("%(day)s is in the future. Under “Compare with”, choose a day up to today. Until then, nothing is compared."),
    "TOO_EARLY": mark(
        "On %(day)s none of these organizations were in the directory yet, so it does not know who worked where. "
        "Under “Compare with”, choose %(first)s or a later day. Until then, nothing is compared."
    ),
    "CONDITION": mark(
        "The table of a past day cannot be limited to a coalition or to organizations that changed lately. "
        "Change the words, or clear “Compare with”. Until then, nothing is compared."
    ),
    ErrorCode.UNAVAILABLE: mark("The past of the directory is still being loaded. Open this page again in a few seconds."),
    ErrorCode.TOO_LARGE: mark(
        "Too many organizations have changed since %(day)s. Under “Compare with”, choose a later day. "
        "Until then, nothing is compared."
    ),
}
OTHER_REFUSAL = mark("This table cannot be compared with %(day)s. Clear “Compare with”, or choose another day.")


class RowChanges(Struct, frozen=True):
    """The names of the regions that are covered now and were not then (`gains`), and the other way round."""

    label: str
    gains: tuple[str, ...]
    losses: tuple[str, ...]


class PastCounts(Struct, frozen=True):
    """The table at the start of a past day. `counts` has the cells in which organizations counted, by row and region."""

    day: dt.date
    counts: Mapping[tuple[str, str], int]
    unknown: frozenset[tuple[str, str]]
    nodes: Sequence[Mapping[str, Any]]

    def count(self, row: str, region: str) -> int:
        """Return how many organizations counted in a cell. Rows and regions that the table did not have count none."""
        return self.counts.get((row, region), 0)

    def add_lost_rows(self, coverage: Mapping[str, Any]) -> dict[str, Any]:
        """Return the table of now with the rows that have no organization any more at its end."""
        shown, width = {node["value"] for node in coverage["rows"]}, len(coverage["regions"])
        empty = {"memberCount": 0, "stated": 0, "regionGroups": [0] * width, "regionVerdicts": [NONE] * width}
        lost = [{**node, **empty} for node in self.nodes if node["value"] not in shown]
        return {**coverage, "rows": [*coverage["rows"], *lost]}

    def count_changes(self, coverage: Mapping[str, Any]) -> tuple[int, int]:
        """Return in how many cells more organizations count now, and in how many fewer."""
        cells = [(now, self.count(row, region)) for row, region, now in _iter_cells(coverage)]
        return sum(now > then for now, then in cells), sum(now < then for now, then in cells)

    def list_changes(self, coverage: Mapping[str, Any]) -> list[RowChanges]:
        """Return the rows that cover other regions than then, in their order."""
        names = {region["code"]: region["name"] for region in coverage["regions"]}
        gained, lost = ({node["value"]: list[str]() for node in coverage["rows"]} for _ in range(2))
        for row, region, now in _iter_cells(coverage):
            then = self.count(row, region)
            if bool(now) is not bool(then):
                (gained if now else lost)[row].append(names[region])
        rows = ((node["label"], tuple(gained[node["value"]]), tuple(lost[node["value"]])) for node in coverage["rows"])
        return [RowChanges(label, more, fewer) for label, more, fewer in rows if more or fewer]


def ask_past(request: PageRequest, form: ListForm, search: str) -> tuple[PastCounts | None, ListForm]:
    """Return the table of the day in the form, None without one, and the form. A day that cannot be used gets a sentence.

    `form` is what the table of now was made from, and `search` its words.
    """
    if not form.get(COMPARE):
        return None, form
    day = dt.date.fromisoformat(form.get(COMPARE))
    try:
        answer = request.ask("past_coverage", **build_question_variables(form), search=search or None, day=day.isoformat())
        details = answer.errors[0]["extensions"] if answer.errors else None
    except PageUnavailable as problem:  # such as for a table that costs too much
        details = {"code": problem.code}
    if details:
        return None, form.without((COMPARE,), _describe_refusal(request.language, day, details))
    return _build_comparison(day, answer.data["coverage"]), form


def check_day(request: PageRequest, form: ListForm) -> ListForm:
    """Return the form without a day to compare with that is none."""
    text = form.get(COMPARE)
    if not text or _is_day(text):
        return form
    sentence = request.language.gettext(
        "“%(value)s” is not a day. Under “Compare with”, enter a year, month and day, such as 2026-01-31. "
        "Until then, nothing is compared."
    )
    return form.without((COMPARE,), ListProblem(sentence % {"value": text[:MAX_ECHO_LENGTH]}))


def _is_day(text: str) -> bool:
    try:
        return len(text) == len("2026-01-31") and text.isascii() and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _build_comparison(day: dt.date, coverage: Mapping[str, Any]) -> PastCounts:
    codes = [region["code"] for region in coverage["regions"]]
    unknown = frozenset(
        (node["value"], code)
        for node in coverage["rows"]
        for code, verdict in zip(codes, node["regionVerdicts"], strict=True)
        if verdict == UNKNOWN
    )
    counts = {(row, region): count for row, region, count in _iter_cells(coverage) if count}
    return PastCounts(day, counts, unknown, coverage["rows"])


def _iter_cells(coverage: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """Yield the row, region and number of each cell."""
    codes = [region["code"] for region in coverage["regions"]]
    for node in coverage["rows"]:
        yield from ((node["value"], code, count) for code, count in zip(codes, node["regionGroups"], strict=True))


def _describe_refusal(language: Language, day: dt.date, details: Mapping[str, Any]) -> ListProblem:
    reason = details.get("reason") or details["code"]
    first = details.get("first")
    values = {
        "day": language.format_day(day),
        "first": language.format_day(dt.date.fromisoformat(first)) if first else "",
    }
    return ListProblem(language.gettext(REFUSALS.get(reason, OTHER_REFUSAL)) % values)
