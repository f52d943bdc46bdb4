"""What was found, as the shell shows it: a table for a person, JSON for a program."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace
from rich.console import Console, ConsoleRenderable
from rich.table import Table
from rich.text import Text

from directory.geo import KM_PER_MILE
from directory.part_labels import KINDS
from directory.parts import FilterPart, search
from directory.question import Page, Question
from directory.records import Location, Organization, OrganizationKind
from directory.regions import REGIONS, RegionKind
from directory.said_places import spelled_like
from directory.search import facets
from directory.search.found import Found, Hit, Match
from directory.search.regions import RegionReason
from directory.search.relaxations import MEMBERS
from directory.search.snapshot import Snapshot
from directory.search.words import TextTier
from directory.understand import Understanding, understand
from directory.vocabulary import ISSUE_AREAS

THEMES_SHOWN = 3
COUNTS_SHOWN = 5
ALL_STATES = 100
MISSPELT_MOST = 2  # names of places for which others are looked for
FICTIONAL = "This is a fictional network: nothing in it is real."
NOT_STATED = "not stated"

_TIERS = {
    TextTier.EXACT_NAME: "is its name",
    TextTier.NAMES: "in its names",
    TextTier.THEMES: "in its themes",
    TextTier.PLACES_AND_COMMUNITIES: "in its places and communities",
    TextTier.SUMMARY: "in its summary",
    TextTier.DESCRIPTION: "in its description",
}
_REASONS = {
    RegionReason.LOCATED: "is there",
    RegionReason.SERVES: "serves it",
    RegionReason.SERVES_PART: "serves part of it",
    RegionReason.NATIONWIDE: "serves the whole country",
}


class Part(Struct, frozen=True):
    """A part of a question; `field` and `value` as in GraphQL, `label` as a person reads it."""

    field: str
    value: str
    label: str


class Listed(Struct, frozen=True, rename="camel"):
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


class Counted(Struct, frozen=True):
    value: str
    label: str
    count: int


class CountedState(Struct, frozen=True):
    """`count` with those that serve the whole country, `local` without."""

    value: str
    label: str
    count: int
    local: int


class Smaller(Struct, frozen=True):
    """What to drop, what to ask `instead`, and how many that finds; `search` is that question as it stands in an address."""

    without: tuple[Part, ...]
    search: str
    count: int
    instead: tuple[Part, ...] = ()


class AskBack(Struct, frozen=True):
    """Words that are no place that is known, or several, and the places that may be meant."""

    words: str
    places: tuple[str, ...]


class Listing(Struct, frozen=True, rename="camel"):
    """The answer of `directory find --json`. Fields may be added; none changes its name or meaning.

    `text` is what was searched as text, `understood` the parts that the words were read as, `search` both as they stand in an
    address. `ambiguous` are names of several places, which were searched as text, `left_out` words such as "near us", which only
    the asker could make a place of; `ask_back` has the places that ambiguous and misspelt names may mean. Counts are of what was
    found. `relaxations` are empty unless nothing was found.
    """

    words: str
    text: str
    understood: tuple[Part, ...]
    ambiguous: tuple[str, ...]
    left_out: tuple[str, ...]
    ask_back: tuple[AskBack, ...]
    search: str
    audience: str
    version: str
    fictional: bool
    total: int
    organizations: tuple[Listed, ...]
    issue_areas: tuple[Counted, ...]
    states: tuple[CountedState, ...]
    kinds: tuple[Counted, ...]
    relaxations: tuple[Smaller, ...]


def listing(snapshot: Snapshot, words: str, first: int) -> Listing:
    """What the words find, the first so many of it. Raises what `understand` and `find` raise."""
    understood = understand(words, snapshot.is_name)
    question = replace(understood.question, page=Page(first=first))
    found = snapshot.find(question)
    return Listing(
        words=words,
        text=understood.text,
        understood=_parts(understood.parts),
        ambiguous=tuple(one.words for one in understood.ambiguous),
        left_out=understood.left_out,
        ask_back=_ask_back(understood),
        search=search(question),
        audience=snapshot.audience.value,
        version=snapshot.version,
        fictional=snapshot.fictional,
        total=found.total,
        organizations=tuple(_listed(hit) for hit in found.page.hits),
        issue_areas=_issue_areas(found),
        states=_states(found),
        kinds=_kinds(found),
        relaxations=tuple(
            Smaller(_parts(one.without), search(one.question), one.count, _parts(one.instead)) for one in found.relaxations
        ),
    )


def show(answer: Listing, console: Console) -> None:
    """Prints the answer as a person reads it."""
    for line in _lines(answer):
        console.print(line)


def _parts(parts: tuple[FilterPart, ...]) -> tuple[Part, ...]:
    return tuple(Part(part.field, part.value, part.label()) for part in parts)


def _ask_back(understood: Understanding) -> tuple[AskBack, ...]:
    misspelt = [found for words in understood.unplaced[:MISSPELT_MOST] if (found := spelled_like(words))]
    return tuple(AskBack(*one) for one in [*((one.words, one.candidates) for one in understood.ambiguous), *misspelt])


def _listed(hit: Hit) -> Listed:
    one = hit.organization
    return Listed(
        id=one.id,
        slug=one.slug,
        name=one.name,
        summary=one.summary,
        website=one.website,
        where=_where(one),
        issue_areas=one.issue_areas,
        distance_km=None if hit.distance_km is None else round(hit.distance_km, 1),
        why=tuple(_why(hit.match)),
    )


def _where(organization: Organization) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_place(location) for location in organization.locations))


def _place(location: Location) -> str:
    address = location.address
    if address is None:
        return "not told"
    near = address.city or address.county
    parts = [part for part in (near, address.state) if part]
    parts += [] if address.country == "US" else [address.country]
    return ", ".join(parts) or "not told"


def _why(match: Match) -> Iterator[str]:
    if match.region_reason is not None:
        yield _REASONS[match.region_reason]
    if match.tier is not None:
        yield _TIERS[match.tier]
    for one in match.issue_areas:
        own = ISSUE_AREAS.require(one.issue_area).label()
        yield f"{own} ({ISSUE_AREAS.require(one.through).label()})" if one.through else own


def _issue_areas(found: Found) -> tuple[Counted, ...]:
    counts = facets.term_counts("issue_areas", Question(), found.index, found.rows)[:COUNTS_SHOWN]
    return tuple(Counted(one.value, ISSUE_AREAS.require(one.value).label(), one.count) for one in counts)


def _kinds(found: Found) -> tuple[Counted, ...]:
    counts = facets.kind_counts(Question(), found.index, found.rows)[:COUNTS_SHOWN]
    return tuple(Counted(one.value, KINDS[OrganizationKind(one.value)][0], one.count) for one in counts)


def _states(found: Found) -> tuple[CountedState, ...]:
    """Those with the most of their own."""
    counted = facets.region_counts(Question(), found.index, found.rows, RegionKind.STATE, "US", ALL_STATES)
    counts = sorted(counted, key=lambda one: (-one.local, one.value))
    own = [one for one in counts[:COUNTS_SHOWN] if one.local]
    return tuple(CountedState(one.value, REGIONS.require(one.value).label(), one.count, one.local) for one in own)


# ---------------------------------------------------------------- for a person


def _lines(answer: Listing) -> Iterator[ConsoleRenderable]:
    if answer.fictional:
        yield Text(FICTIONAL, style="bold")
    labels = ", ".join(part.label for part in answer.understood)
    yield Text(f"Understood as: {labels or 'everything'}")
    for one in answer.ask_back:
        yield Text(f"{_trouble(one.words, answer)} {' or '.join(_quoted(place) for place in one.places)}?")
    for words in answer.left_out:
        yield Text(f"Left out, as only you know where that is: {words}")
    if not answer.total:
        yield Text("Nothing was found.")
        yield from _instead(answer.relaxations)
        return
    yield _table(answer)
    shown = len(answer.organizations)
    yield Text(
        f"{answer.total:,} found" + (f", the first {shown} are shown; --first shows more." if shown < answer.total else ".")
    )
    yield from _counts("Issue areas", [(one.label, one.count) for one in answer.issue_areas])
    yield from _counts("States, nationwide organizations left out", [(one.label, one.local) for one in answer.states])
    yield from _counts("Kinds", [(one.label, one.count) for one in answer.kinds])


def _counts(title: str, counts: list[tuple[str, int]]) -> Iterator[ConsoleRenderable]:
    if counts:
        yield Text(f"{title}: " + " · ".join(f"{label} {count:,}" for label, count in counts))


def _instead(relaxations: tuple[Smaller, ...]) -> Iterator[ConsoleRenderable]:
    for one in relaxations:
        yield Text(f"  {_other(one)}: {one.count:,}")


def _other(one: Smaller) -> str:
    dropped, asked = (" and ".join(_quoted(part.label) for part in some) for some in (one.without, one.instead))
    if Part(MEMBERS.field, MEMBERS.value, MEMBERS.label()) in one.without and one.instead:
        return "Also among those that are no members"
    return f"With {asked} in place of {dropped}" if one.instead else f"Without {dropped}"


def _trouble(words: str, answer: Listing) -> str:
    if words in answer.ambiguous:
        return f"Several places are called {words}. Which one:"
    return f"No place called {_quoted(words)} is known. Did you mean"


def _quoted(label: str) -> str:
    return label if label.startswith("“") else f'"{label}"'


def _table(answer: Listing) -> Table:
    distances = any(one.distance_km is not None for one in answer.organizations)
    columns = ["Name", "Where", "Issue areas", *(["Miles"] if distances else []), "Why"]
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for one in answer.organizations:
        miles = [] if not distances else [f"{one.distance_km / KM_PER_MILE:.0f}" if one.distance_km is not None else ""]
        cells = [one.name, "; ".join(one.where) or NOT_STATED, _themes(one.issue_areas), *miles, "; ".join(one.why)]
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _themes(slugs: tuple[str, ...]) -> str:
    labels = [ISSUE_AREAS.require(slug).label() for slug in slugs]
    more = len(labels) - THEMES_SHOWN
    return ", ".join(labels[:THEMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
