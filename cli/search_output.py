"""Print a search report for people."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, ConsoleRenderable
from rich.table import Table
from rich.text import Text

from cli.search_report import ChosenPlace, LabeledPart, ListedOrganization, RelaxedSearch, SearchReport
from cli.terminal import NOT_STATED, build_table
from directory.filters.labels import format_region_match, join_labels
from directory.geo import KM_PER_MILE
from directory.search.relaxations import MEMBERS_PART
from directory.vocabulary.terms import ISSUE_AREAS

MAX_RELAXATIONS = 3
MAX_ISSUE_AREAS = 3  # labels in a row of the table
FICTIONAL_NOTICE = "This is a fictional network: nothing in it is real."


def print_search_report(report: SearchReport, console: Console) -> None:
    for line in _render_report(report):
        console.print(line)


def format_understood_parts(labels: Iterable[str]) -> str:
    return f"Understood as: {', '.join(labels) or 'everything'}"


def format_left_out(words: str) -> str:
    return f"The directory does not know where you are, so “{words}” was ignored. Name a city, state or ZIP code instead."


def _render_report(report: SearchReport) -> Iterator[ConsoleRenderable]:
    if report.fictional:
        yield Text(FICTIONAL_NOTICE, style="bold")
    yield Text(format_understood_parts(_list_labels(report.understood)))
    yield from map(Text, _list_sentences(report))
    if not report.total:
        yield Text("Nothing was found. These searches find something:" if report.relaxations else "Nothing was found.")
        for relaxation in report.relaxations[:MAX_RELAXATIONS]:
            yield Text(f"  {_format_relaxation(relaxation)}: {relaxation.count:,}")
        return
    yield _build_result_table(report.organizations)
    yield Text(_format_total(report.total, len(report.organizations)))
    yield from _render_counts("Issue areas", ((area.label, area.count) for area in report.issue_areas))
    yield from _render_counts("States, without nationwide organizations", ((state.label, state.local) for state in report.states))
    yield from _render_counts("Kinds", ((kind.label, kind.count) for kind in report.kinds))


def _list_labels(parts: Iterable[LabeledPart]) -> Iterator[str]:
    """Yield the labels of all parts but optional words, which have a sentence of their own.

    Where organizations must be joins the places: "located in Wyoming". It says nothing without them: "not in Texas".
    """
    parts = [part for part in parts if part.field != "optionalWords"]
    match = next((part.value for part in parts if part.field == "regions.by"), "")
    regions = [part for part in parts if part.field == "regions"]
    for part in parts:
        if part.field == "regions.by" or (match and part in regions[1:]):
            continue
        if match and part in regions:
            yield format_region_match(match, join_labels([one.label for one in regions], "en", is_choice=True), "en")
        else:
            yield part.label


def _list_sentences(report: SearchReport) -> Iterator[str]:
    """Yield what was corrected, chosen, not understood or left out."""
    if report.corrections:
        readings = [f"“{one.original}” was read as “{one.replacement}”." for one in report.corrections]
        yield " ".join([*readings, "To search for a word as typed, put it in quotes."])
    yield from report.notes
    for place in report.chosen_places:
        yield _format_chosen_place(place, is_in_notes=any(note[1:].startswith(place.words) for note in report.notes))
    suggestions = {one.words: _format_question(one.places) for one in report.ask_back}
    for words in report.unknown_places:
        yield f"“{words}” is not a known place.{suggestions.get(words, '')}"
    for words in report.ambiguous:
        yield f"Several places are called “{words}”, so the search leaves it out.{suggestions.get(words, '')}"
    for words in report.left_out:
        yield format_left_out(words)
    place_words = {word for words in report.unknown_places for word in words.split()}
    if optional_words := [word for word in report.optional_words if word not in place_words]:
        which = "this word" if len(optional_words) == 1 else "more of these words"
        yield f"Organizations with {which} come first: {', '.join(optional_words)}."


def _format_chosen_place(place: ChosenPlace, *, is_in_notes: bool) -> str:
    others = join_labels([f"“{other}”" for other in place.others], "en", is_choice=True)
    if is_in_notes:
        return f"“{place.words}” may also mean {others}."
    return f"“{place.words}” was read as “{place.place}”. It may also mean {others}."


def _format_question(places: Sequence[str]) -> str:
    return f" Did you mean {join_labels([f'“{place}”' for place in places], 'en', is_choice=True)}?"


def _format_total(total: int, shown: int) -> str:
    if shown == total:
        return f"{total:,} found."
    first = "The first one is shown." if shown == 1 else f"The first {shown} are shown."
    return f"{total:,} found. {first} To see more, use --first."


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
