"""The coverage table: a row for each theme, and a cell for each region with a number that leads to the list of organizations."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus

from markupsafe import Markup, escape
from msgspec import Struct

from web.maps.shades import Shades
from web.pages.coverage.past_counts import NONE, UNKNOWN, PastCounts
from web.pages.kinds.list_form import ListForm
from web.pages.languages import Language
from web.pages.page import PageRequest
from web.pages.search.search_addresses import SearchAddresses
from web.pages.search.search_form import CLAUSE, SAFE, format_pairs
from web.pages.search.state_map import REGION

COVERED = "COVERED"
MORE, FEWER = "▲", "▼"  # before the number of a past day: there are more now, or fewer
STATE_CODE_LENGTH = 5  # of "US-GA", whose column is headed by "GA"


class CoverageRow(Struct, frozen=True):
    """A row of the table. `cells` are the HTML elements of its cells; `none` and `unknown` the names of regions."""

    value: str
    label: str
    address: str
    member_count: int
    covered: int
    none: tuple[str, ...]
    unknown: tuple[str, ...]
    cells: Markup


class CellAddresses(SearchAddresses):
    """The searches for the cells of a row. A row that has conditions for regions keeps them."""

    def __init__(self, search: str, rule: Sequence[tuple[str, str]]) -> None:
        """`search` is that of the row, `rule` says who counts in a region."""
        super().__init__(search)
        self._rule = rule

    def choose_each(self, key: str, values: Any) -> list[str]:
        before = f"{self.search}&" if self.search else ""
        if self.get(REGION) or self.get(CLAUSE):
            conditions = (format_pairs([(key, value), *self._rule]) for value in values)
            return [f"{before}{CLAUSE}={quote_plus(condition, SAFE)}" for condition in conditions]
        after = f"&{format_pairs(self._rule)}" if self._rule else ""
        return [f"{before}{key}={quote_plus(value, SAFE)}{after}" for value in values]


class CellWriter(Struct, frozen=True, dict=True):
    """Writes the cells of a table as HTML. They are written here and not in a template, because there are thousands."""

    language: Language
    regions: Sequence[Mapping[str, Any]]
    shades: Shades
    goal: int
    home: str  # the address of the search page
    past: PastCounts | None = None

    def write(self, row: Mapping[str, Any], searches: Sequence[str]) -> Markup:
        cells = zip(self.regions, row["regionGroups"], row["regionVerdicts"], searches, strict=True)
        below, unknown = self.language.gettext(", below the goal"), self.language.gettext("unknown")
        label, home = escape(row["label"]), escape(self.home)
        parts = []
        for region, count, verdict, search in cells:
            change, spoken = self._describe_change(row["value"], region["code"], count)
            if count:
                is_below = count < self.goal
                name = f"{label}, {escape(region['name'])}: {count}{below if is_below else ''}{spoken}"
                style = self.shades.find_name(count) + (" below" if is_below else "")
                parts.append(f'<td class="{style}"><a href="{home}?{escape(search)}" aria-label="{name}">{count}{change}</a>')
            else:
                text = f"<i>{unknown}</i>" if verdict == UNKNOWN else "0"
                style = "unknown below" if verdict == UNKNOWN else "none below"
                parts.append(f'<td class="{style}">{text}{change}' + (f"<i>{spoken}</i>" if spoken else ""))
        return Markup("".join(parts))  # noqa: S704 - names and addresses are escaped; the rest are our own words and numbers

    def _describe_change(self, row: str, region: str, count: int) -> tuple[str, str]:
        """Return the number of then as HTML for the eye, and in words for the name of the cell; "" if it is the same."""
        then = self.past.count(row, region) if self.past else count
        if self.past is None or then == count:
            return "", ""
        is_unknown = (row, region) in self.past.unknown
        sign, words = (MORE, self._after_unknown if is_unknown else self._more) if count > then else (FEWER, self._fewer)
        text = f'<span aria-hidden="true">{sign}{"?" if is_unknown else then}</span>'
        return text, words % {"number": then, "day": self._day}

    @cached_property
    def _day(self) -> str:
        return self.language.format_day(self.past.day) if self.past else ""

    @cached_property
    def _more(self) -> str:
        return str(escape(self.language.gettext(", more than on %(day)s, when there were %(number)s")))

    @cached_property
    def _after_unknown(self) -> str:
        return str(escape(self.language.gettext(", and unknown on %(day)s")))

    @cached_property
    def _fewer(self) -> str:
        return str(escape(self.language.gettext(", fewer than on %(day)s, when there were %(number)s")))


def build_rows(
    request: PageRequest, form: ListForm, data: Mapping[str, Any], goal: int, past: PastCounts | None
) -> list[CoverageRow]:
    """Return the rows of the data of a coverage page, with the numbers of `past` where they were different."""
    regions, nodes = data["regions"], data["rows"]
    writer = CellWriter(request.language, regions, choose_shades(nodes), goal, request.link("/"), past)
    codes = [region["code"] for region in regions]
    rule = list_rule(form)
    return [
        CoverageRow(
            value=node["value"],
            label=node["label"],
            address=request.link(form.path, form.format(theme=node["value"])),
            member_count=node["memberCount"],
            covered=node["regionVerdicts"].count(COVERED),
            none=tuple(_iter_names(regions, node, NONE)),
            unknown=tuple(_iter_names(regions, node, UNKNOWN)),
            cells=writer.write(node, CellAddresses(node["search"], rule).choose_each(REGION, codes)),
        )
        for node in nodes
    ]


def choose_shades(nodes: Sequence[Mapping[str, Any]]) -> Shades:
    """Return the classes of numbers for all cells."""
    return Shades.choose([0, max((count for node in nodes for count in node["regionGroups"]), default=0)])


def list_rule(form: ListForm) -> list[tuple[str, str]]:
    """Return the pairs of a search that say who counts in a region."""
    by = form.get("by")
    pairs = [("by", by)] if by and by != "LOCATED_OR_SERVING" else []
    return pairs if form.get("nationwide") else [*pairs, ("nationwide", "EXCLUDE")]


def list_headings(regions: Sequence[Mapping[str, Any]]) -> list[tuple[str, str | None]]:
    """Return the heading of each column: its text, and what it stands for if it is short."""
    return [_build_heading(region["code"], region["name"]) for region in regions]


def _build_heading(code: str, name: str) -> tuple[str, str | None]:
    is_short = len(code) == STATE_CODE_LENGTH and code.startswith("US-")
    return (code[3:], name) if is_short else (name, None)


def _iter_names(regions: Sequence[Mapping[str, Any]], row: Mapping[str, Any], verdict: str) -> Iterator[str]:
    return (region["name"] for region, other in zip(regions, row["regionVerdicts"], strict=True) if other == verdict)
