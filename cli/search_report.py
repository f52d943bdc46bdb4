"""What was found, as the shell shows it: a table for a person, JSON for a program."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace
from rich.console import Console, ConsoleRenderable
from rich.table import Table
from rich.text import Text

from directory.filters.filter_parts import FilterPart
from directory.filters.labels import KIND_LABELS
from directory.filters.query_strings import format_query_string
from directory.geo import KM_PER_MILE
from directory.question import Page, Question
from directory.records import Location, Organization, OrganizationKind
from directory.search import facets
from directory.search.region_sets import RegionReason
from directory.search.relaxations import MEMBERS_PART
from directory.search.search_result import Hit, Match, SearchResult
from directory.search.snapshot import Snapshot
from directory.search.text.text_match import TextTier
from directory.understanding.place_phrases import suggest_places
from directory.understanding.understand import Understanding, understand
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS

MAX_ISSUE_AREAS = 3
MAX_COUNTS = 5
MAX_STATES = 100
MAX_MISSPELLED_PLACES = 2  # names of places for which others are looked for
FICTIONAL_NOTICE = "This is a fictional network: nothing in it is real."
NOT_STATED = "not stated"

_TIER_LABELS = {
    TextTier.EXACT_NAME: "is its name",
    TextTier.NAMES: "in its names",
    TextTier.THEMES: "in its themes",
    TextTier.PLACES_AND_COMMUNITIES: "in its places and communities",
    TextTier.SUMMARY: "in its summary",
    TextTier.DESCRIPTION: "in its description",
}
_REGION_REASON_LABELS = {
    RegionReason.LOCATED: "is there",
    RegionReason.SERVES: "serves it",
    RegionReason.SERVES_PART: "serves part of it",
    RegionReason.NATIONWIDE: "serves the whole country",
}


class LabeledPart(Struct, frozen=True):
    """A part of a question; `field` and `value` as in GraphQL, `label` as a person reads it."""

    field: str
    value: str
    label: str


class ListedOrganization(Struct, frozen=True, rename="camel"):
    """One organization. `where` is () when no location is stated; `issue_areas` are slugs; `why` says why it was found."""

    id: str
    slug: str
    name: str
    summary: str | None
    website: str | None
    where: tuple[str, ...]
    issue_areas: tuple[str, ...]
    distance_km: float | None
    why: tuple[str, ...]


class ValueCount(Struct, frozen=True):
    value: str
    label: str
    count: int


class StateCount(Struct, frozen=True):
    """`count` with those that serve the whole country, `local` without."""

    value: str
    label: str
    count: int
    local: int


class RelaxedSearch(Struct, frozen=True):
    """What to drop, what to ask `instead`, and how many that finds; `search` is that question as it stands in an address."""

    without: tuple[LabeledPart, ...]
    search: str
    count: int
    instead: tuple[LabeledPart, ...] = ()


class PlaceSuggestions(Struct, frozen=True):
    """Words that are no place that is known, or several, and the places that may be meant."""

    words: str
    places: tuple[str, ...]


class SearchReport(Struct, frozen=True, rename="camel"):
    """The answer of `directory find --json`. Fields may be added; none changes its name or meaning.

    `text` is what was searched as text, `understood` the parts that the words were read as, `search` both as they stand in an
    address. `ambiguous` are names of several places, which were searched as text, `left_out` words such as "near us", which only
    the asker could make a place of; `ask_back` has the places that ambiguous and misspelt names may mean. Counts are of what was
    found. `relaxations` are empty unless nothing was found.
    """

    words: str
    text: str
    understood: tuple[LabeledPart, ...]
    ambiguous: tuple[str, ...]
    left_out: tuple[str, ...]
    ask_back: tuple[PlaceSuggestions, ...]
    search: str
    audience: str
    version: str
    fictional: bool
    total: int
    organizations: tuple[ListedOrganization, ...]
    issue_areas: tuple[ValueCount, ...]
    states: tuple[StateCount, ...]
    kinds: tuple[ValueCount, ...]
    relaxations: tuple[RelaxedSearch, ...]


def build_search_report(snapshot: Snapshot, words: str, first: int) -> SearchReport:
    """What the words find, the first so many of it. Raises what `understand` and `find` raise."""
    understood = understand(words, snapshot.is_name)
    question = replace(understood.question, page=Page(first=first))
    found = snapshot.find(question)
    return SearchReport(
        words=words,
        text=understood.text,
        understood=_label_parts(understood.parts),
        ambiguous=tuple(one.words for one in understood.ambiguous),
        left_out=understood.left_out,
        ask_back=_suggest_places(understood),
        search=format_query_string(question),
        audience=snapshot.audience.value,
        version=snapshot.version,
        fictional=snapshot.fictional,
        total=found.total,
        organizations=tuple(_build_listed_organization(hit) for hit in found.page.hits),
        issue_areas=_count_issue_areas(found),
        states=_count_states(found),
        kinds=_count_kinds(found),
        relaxations=tuple(
            RelaxedSearch(_label_parts(one.without), format_query_string(one.question), one.count, _label_parts(one.instead))
            for one in found.relaxations
        ),
    )


def print_search_report(answer: SearchReport, console: Console) -> None:
    """Prints the answer as a person reads it."""
    for line in _render_report(answer):
        console.print(line)


def _label_parts(parts: tuple[FilterPart, ...]) -> tuple[LabeledPart, ...]:
    return tuple(LabeledPart(part.field, part.value, part.label()) for part in parts)


def _suggest_places(understood: Understanding) -> tuple[PlaceSuggestions, ...]:
    misspelt = [found for words in understood.unknown_places[:MAX_MISSPELLED_PLACES] if (found := suggest_places(words))]
    return tuple(PlaceSuggestions(*one) for one in [*((one.words, one.candidates) for one in understood.ambiguous), *misspelt])


def _build_listed_organization(hit: Hit) -> ListedOrganization:
    one = hit.organization
    return ListedOrganization(
        id=one.id,
        slug=one.slug,
        name=one.name,
        summary=one.summary,
        website=one.website,
        where=_list_places(one),
        issue_areas=one.issue_areas,
        distance_km=None if hit.distance_km is None else round(hit.distance_km, 1),
        why=tuple(_explain_match(hit.match)),
    )


def _list_places(organization: Organization) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_format_place(location) for location in organization.locations))


def _format_place(location: Location) -> str:
    address = location.address
    if address is None:
        return "not told"
    near = address.city or address.county
    parts = [part for part in (near, address.state) if part]
    parts += [] if address.country == "US" else [address.country]
    return ", ".join(parts) or "not told"


def _explain_match(match: Match) -> Iterator[str]:
    if match.region_reason is not None:
        yield _REGION_REASON_LABELS[match.region_reason]
    if match.tier is not None:
        yield _TIER_LABELS[match.tier]
    for one in match.issue_areas:
        own = ISSUE_AREAS.require(one.issue_area).label()
        yield f"{own} ({ISSUE_AREAS.require(one.broader_term).label()})" if one.broader_term else own


def _count_issue_areas(found: SearchResult) -> tuple[ValueCount, ...]:
    counts = facets.count_terms("issue_areas", Question(), found.index, found.rows)[:MAX_COUNTS]
    return tuple(ValueCount(one.value, ISSUE_AREAS.require(one.value).label(), one.count) for one in counts)


def _count_kinds(found: SearchResult) -> tuple[ValueCount, ...]:
    counts = facets.count_kinds(Question(), found.index, found.rows)[:MAX_COUNTS]
    return tuple(ValueCount(one.value, KIND_LABELS[OrganizationKind(one.value)][0], one.count) for one in counts)


def _count_states(found: SearchResult) -> tuple[StateCount, ...]:
    """Those with the most of their own."""
    counted = facets.count_regions(Question(), found.index, found.rows, RegionKind.STATE, "US", MAX_STATES)
    counts = sorted(counted, key=lambda one: (-one.local, one.value))
    own = [one for one in counts[:MAX_COUNTS] if one.local]
    return tuple(StateCount(one.value, REGIONS.require(one.value).label(), one.count, one.local) for one in own)


# ---------------------------------------------------------------- for a person


def _render_report(answer: SearchReport) -> Iterator[ConsoleRenderable]:
    if answer.fictional:
        yield Text(FICTIONAL_NOTICE, style="bold")
    labels = ", ".join(part.label for part in answer.understood)
    yield Text(f"Understood as: {labels or 'everything'}")
    for one in answer.ask_back:
        yield Text(f"{_format_place_problem(one.words, answer)} {' or '.join(_quote(place) for place in one.places)}?")
    for words in answer.left_out:
        yield Text(f"Left out, as only you know where that is: {words}")
    if not answer.total:
        yield Text("Nothing was found.")
        yield from _render_relaxations(answer.relaxations)
        return
    yield _build_table(answer)
    shown = len(answer.organizations)
    yield Text(
        f"{answer.total:,} found" + (f", the first {shown} are shown; --first shows more." if shown < answer.total else ".")
    )
    yield from _render_counts("Issue areas", [(one.label, one.count) for one in answer.issue_areas])
    yield from _render_counts("States, nationwide organizations left out", [(one.label, one.local) for one in answer.states])
    yield from _render_counts("Kinds", [(one.label, one.count) for one in answer.kinds])


def _render_counts(title: str, counts: list[tuple[str, int]]) -> Iterator[ConsoleRenderable]:
    if counts:
        yield Text(f"{title}: " + " · ".join(f"{label} {count:,}" for label, count in counts))


def _render_relaxations(relaxations: tuple[RelaxedSearch, ...]) -> Iterator[ConsoleRenderable]:
    for one in relaxations:
        yield Text(f"  {_format_relaxation(one)}: {one.count:,}")


def _format_relaxation(one: RelaxedSearch) -> str:
    dropped, asked = (" and ".join(_quote(part.label) for part in some) for some in (one.without, one.instead))
    if LabeledPart(MEMBERS_PART.field, MEMBERS_PART.value, MEMBERS_PART.label()) in one.without and one.instead:
        return "Also among those that are no members"
    return f"With {asked} in place of {dropped}" if one.instead else f"Without {dropped}"


def _format_place_problem(words: str, answer: SearchReport) -> str:
    if words in answer.ambiguous:
        return f"Several places are called {words}. Which one:"
    return f"No place called {_quote(words)} is known. Did you mean"


def _quote(label: str) -> str:
    return label if label.startswith("“") else f'"{label}"'


def _build_table(answer: SearchReport) -> Table:
    distances = any(one.distance_km is not None for one in answer.organizations)
    columns = ["Name", "Where", "Issue areas", *(["Miles"] if distances else []), "Why"]
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for one in answer.organizations:
        miles = [] if not distances else [f"{one.distance_km / KM_PER_MILE:.0f}" if one.distance_km is not None else ""]
        cells = [one.name, "; ".join(one.where) or NOT_STATED, _format_issue_areas(one.issue_areas), *miles, "; ".join(one.why)]
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _format_issue_areas(slugs: tuple[str, ...]) -> str:
    labels = [ISSUE_AREAS.require(slug).label() for slug in slugs]
    more = len(labels) - MAX_ISSUE_AREAS
    return ", ".join(labels[:MAX_ISSUE_AREAS]) + (f" and {more} more" if more > 0 else "")
