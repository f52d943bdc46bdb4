"""Print a search report for people."""

from collections.abc import Iterable, Iterator

from rich.console import Console, ConsoleRenderable
from rich.table import Table
from rich.text import Text

from cli.search_report import LabeledPart, ListedOrganization, PlaceSuggestions, RelaxedSearch, SearchReport
from cli.terminal import NOT_STATED, build_table
from directory.geo import KM_PER_MILE
from directory.search.relaxations import MEMBERS_PART
from directory.vocabulary.terms import ISSUE_AREAS

MAX_ISSUE_AREAS = 3  # labels in a row of the table
FICTIONAL_NOTICE = "This is a fictional network: nothing in it is real."


def print_search_report(report: SearchReport, console: Console) -> None:
    for line in _render_report(report):
        console.print(line)


def format_understood_parts(labels: Iterable[str]) -> str:
    return f"Understood as: {', '.join(labels) or 'everything'}"


def format_left_out(words: str) -> str:
    return f'Ignored because the directory does not know your location: "{words}"'


def _render_report(report: SearchReport) -> Iterator[ConsoleRenderable]:
    if report.fictional:
        yield Text(FICTIONAL_NOTICE, style="bold")
    yield Text(format_understood_parts(part.label for part in report.understood))
    for suggestions in report.ask_back:
        yield Text(_format_place_suggestions(suggestions, suggestions.words in report.ambiguous))
    for words in report.left_out:
        yield Text(format_left_out(words))
    if not report.total:
        yield Text("Nothing was found.")
        for relaxation in report.relaxations:
            yield Text(f"  {_format_relaxation(relaxation)}: {relaxation.count:,}")
        return
    yield _build_result_table(report.organizations)
    yield Text(_format_total(report.total, len(report.organizations)))
    yield from _render_counts("Issue areas", ((area.label, area.count) for area in report.issue_areas))
    yield from _render_counts("States, without nationwide organizations", ((state.label, state.local) for state in report.states))
    yield from _render_counts("Kinds", ((kind.label, kind.count) for kind in report.kinds))


def _format_total(total: int, shown: int) -> str:
    return f"{total:,} found." if shown == total else f"{total:,} found, the first {shown} are shown. To see more, use --first."


def _render_counts(title: str, counts: Iterable[tuple[str, int]]) -> Iterator[ConsoleRenderable]:
    texts = [f"{label} {count:,}" for label, count in counts]
    if texts:
        yield Text(f"{title}: {' · '.join(texts)}")


def _format_relaxation(relaxation: RelaxedSearch) -> str:
    dropped, added = (_join_labels(parts) for parts in (relaxation.without, relaxation.instead))
    if LabeledPart(MEMBERS_PART.field, MEMBERS_PART.value, MEMBERS_PART.label()) in relaxation.without and relaxation.instead:
        return "Including organizations that are not members"
    return f"With {added} instead of {dropped}" if relaxation.instead else f"Without {dropped}"


def _join_labels(parts: Iterable[LabeledPart]) -> str:
    return " and ".join(_quote(part.label) for part in parts)


def _format_place_suggestions(suggestions: PlaceSuggestions, is_ambiguous: bool) -> str:
    places = " or ".join(_quote(place) for place in suggestions.places)
    problem = (
        f"Several places are called {suggestions.words}." if is_ambiguous else f"Unknown place: {_quote(suggestions.words)}."
    )
    return f"{problem} Did you mean {places}?"


def _quote(label: str) -> str:
    return label if label.startswith("“") else f'"{label}"'


def _build_result_table(organizations: tuple[ListedOrganization, ...]) -> Table:
    has_distances = any(organization.distance_km is not None for organization in organizations)
    columns = ["Name", "Where", "Issue areas", *(["Miles"] if has_distances else []), "Why"]
    return build_table(columns, (_list_cells(organization, has_distances) for organization in organizations))


def _list_cells(organization: ListedOrganization, has_distances: bool) -> list[str]:
    distance = f"{organization.distance_km / KM_PER_MILE:.0f}" if organization.distance_km is not None else ""
    return [
        organization.name,
        "; ".join(organization.where) or NOT_STATED,
        _format_issue_areas(organization.issue_areas),
        *([distance] if has_distances else []),
        "; ".join(organization.why),
    ]


def _format_issue_areas(slugs: tuple[str, ...]) -> str:
    labels = [ISSUE_AREAS.require(slug).label() for slug in slugs]
    more = len(labels) - MAX_ISSUE_AREAS
    return ", ".join(labels[:MAX_ISSUE_AREAS]) + (f" and {more} more" if more > 0 else "")
