"""The result of `directory find` as one value, which is also the output of `find --json`."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from directory.fields import join_tier_names
from directory.filters.filter_parts import FilterPart
from directory.filters.labels import KIND_LABELS
from directory.filters.query_strings import format_query_string
from directory.question import Page, Question
from directory.records import Location, Organization, OrganizationKind
from directory.search import facets
from directory.search.region_sets import RegionReason
from directory.search.relaxations import Relaxation
from directory.search.search_result import Hit, Match, SearchResult
from directory.search.snapshot import Snapshot
from directory.search.text.text_match import TextTier
from directory.understanding.places.regions import PlaceOrRegion, get_label
from directory.understanding.understand import Understanding, understand
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS

MAX_COUNTS = 5
MAX_STATES = 100
MAX_MISSPELLED_PLACES = 2  # unknown place names for which suggestions are made

_TIER_LABELS = {
    TextTier.EXACT_NAME: "is its name",
    TextTier.NAMES: "in its names",
    TextTier.THEMES: "in its themes",
    TextTier.PLACES_AND_COMMUNITIES: "in its places and communities",
    **{tier: f"in its {join_tier_names(tier, 'or')}" for tier in (TextTier.SUMMARY, TextTier.DESCRIPTION)},
}
_REGION_REASON_LABELS = {
    RegionReason.LOCATED: "is there",
    RegionReason.WITHIN_DISTANCE: "is within the distance",
    RegionReason.SERVES: "serves it",
    RegionReason.SERVES_PART: "serves part of it",
    RegionReason.NATIONWIDE: "serves the whole country",
}


class LabeledPart(Struct, frozen=True):
    """A part of the question. `field` and `value` are as in GraphQL, `label` is text for people."""

    field: str
    value: str
    label: str


class ListedOrganization(Struct, frozen=True, rename="camel"):
    """One hit. `where` is () if the record states no location, `issue_areas` holds slugs, `why` the reasons for the match."""

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
    """`count` includes organizations that serve the whole country, `local` does not."""

    value: str
    label: str
    count: int
    local: int


class RelaxedSearch(Struct, frozen=True):
    """A wider question: the parts it drops, those that replace them (`instead`), its URL query string and its number of hits."""

    without: tuple[LabeledPart, ...]
    search: str
    count: int
    instead: tuple[LabeledPart, ...] = ()
    kind: str = ""  # as in GraphQL


class PlaceSuggestions(Struct, frozen=True):
    """Words that name an unknown place or several places, and the places that may be meant."""

    words: str
    places: tuple[str, ...]


class ChosenPlace(Struct, frozen=True):
    """Words that name several places: the likeliest one, which was searched for, and the others."""

    words: str
    place: str
    others: tuple[str, ...]


class CorrectedWord(Struct, frozen=True):
    """A word that was read as another one."""

    original: str
    replacement: str


class SearchReport(Struct, frozen=True, rename="camel"):
    """The output of `directory find --json`. Fields may be added, but never change their name or meaning.

    - `text`: the words that were searched for as text. `understood`: the parts that the other words were turned into.
      `search`: both as a URL query string. `optional_words`: words that need not occur, as typed.
    - `corrections`: words that were read as other words. `notes`: sentences about names that were read in one of several ways.
    - `ambiguous`: names of several places, which were left out. `left_out`: words such as "near us", which name no place.
      `ask_back`: suggestions for ambiguous and unknown place names. `chosen_places`: names of several places that were read as
      the likeliest one. `unknown_places`: words after a word like "near" that are not a known place.
    - `issue_areas`, `states`, `kinds`: counts among all hits, the largest first.
    - `relaxations`: () unless nothing was found.
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
    optional_words: tuple[str, ...]
    corrections: tuple[CorrectedWord, ...]
    notes: tuple[str, ...]
    chosen_places: tuple[ChosenPlace, ...]
    unknown_places: tuple[str, ...]


def build_search_report(snapshot: Snapshot, words: str, first: int) -> SearchReport:
    """Search for the words and return a report with the `first` hits. Raises what `understand` and `find` raise."""
    understanding = understand(words, snapshot)
    question = replace(understanding.question, page=Page(first=first))
    result = snapshot.find(question)
    return SearchReport(
        words=words,
        text=understanding.text,
        understood=_label_parts(understanding.parts, snapshot),
        ambiguous=tuple(name.words for name in understanding.ambiguous if name.likeliest is None),
        left_out=understanding.needs_from_asker,
        ask_back=_suggest_places(understanding),
        search=format_query_string(question),
        audience=snapshot.audience.value,
        version=snapshot.version,
        fictional=snapshot.fictional,
        total=result.total,
        organizations=tuple(_build_listed_organization(hit) for hit in result.page.hits),
        issue_areas=_count_issue_areas(result),
        states=_count_states(result),
        kinds=_count_kinds(result),
        relaxations=tuple(_build_relaxed_search(relaxation, snapshot) for relaxation in result.relaxations),
        optional_words=understanding.optional_words,
        corrections=tuple(CorrectedWord(one.original, one.replacement) for one in understanding.corrections),
        notes=understanding.notes,
        chosen_places=tuple(_list_chosen_places(understanding)),
        unknown_places=tuple(place.words for place in understanding.unknown_places),
    )


def _label_parts(parts: tuple[FilterPart, ...], snapshot: Snapshot) -> tuple[LabeledPart, ...]:
    return tuple(LabeledPart(part.field, part.value, part.label(find_name=snapshot.find_name)) for part in parts)


def _list_chosen_places(understanding: Understanding) -> Iterator[ChosenPlace]:
    for name in understanding.ambiguous:
        if name.likeliest is not None:
            others = tuple(_name_place(candidate.place) for candidate in name.candidates)
            yield ChosenPlace(name.words, _name_place(name.likeliest.place), others)


def _name_place(place: PlaceOrRegion) -> str:
    """Return the label of a place. A state may have the name of a city: "Washington (state)"."""
    is_state = isinstance(place, str) and REGIONS.require(place).kind is RegionKind.STATE
    return f"{get_label(place)} (state)" if is_state else get_label(place)


def _suggest_places(understanding: Understanding) -> tuple[PlaceSuggestions, ...]:
    ambiguous = [(name.words, name.candidates) for name in understanding.ambiguous if name.likeliest is None]
    unknown = [(place.words, place.suggest()) for place in understanding.unknown_places[:MAX_MISSPELLED_PLACES]]
    return tuple(
        PlaceSuggestions(words, tuple(get_label(candidate.place) for candidate in candidates))
        for words, candidates in (*ambiguous, *unknown)
        if candidates
    )


def _build_relaxed_search(relaxation: Relaxation, snapshot: Snapshot) -> RelaxedSearch:
    return RelaxedSearch(
        without=_label_parts(relaxation.without, snapshot),
        search=format_query_string(relaxation.question),
        count=relaxation.count,
        instead=_label_parts(relaxation.instead, snapshot),
        kind=relaxation.kind.value,
    )


def _build_listed_organization(hit: Hit) -> ListedOrganization:
    organization = hit.organization
    return ListedOrganization(
        id=organization.id,
        slug=organization.slug,
        name=organization.name,
        summary=organization.summary,
        website=organization.website,
        where=_list_places(organization),
        issue_areas=organization.issue_areas,
        distance_km=None if hit.distance_km is None else round(hit.distance_km, 1),
        why=tuple(_explain_match(hit.match)),
    )


def _list_places(organization: Organization) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_format_place(location) for location in organization.locations))


def _format_place(location: Location) -> str:
    address = location.address
    if address is None:
        return "not stated"
    parts = [part for part in (address.city or address.county, address.state) if part]
    parts += [] if address.country == "US" else [address.country]
    return ", ".join(parts) or "not stated"


def _explain_match(match: Match) -> Iterator[str]:
    if match.region_reason is not None:
        yield _REGION_REASON_LABELS[match.region_reason]
    if match.tier is not None:
        yield _TIER_LABELS[match.tier]
    for area in match.issue_areas:
        label = ISSUE_AREAS.require(area.issue_area).label()
        yield f"{label} ({ISSUE_AREAS.require(area.broader_term).label()})" if area.broader_term else label


def _count_issue_areas(result: SearchResult) -> tuple[ValueCount, ...]:
    counts = facets.count_terms("issue_areas", Question(), result.index, result.rows)[:MAX_COUNTS]
    return tuple(ValueCount(term.value, ISSUE_AREAS.require(term.value).label(), term.count) for term in counts)


def _count_kinds(result: SearchResult) -> tuple[ValueCount, ...]:
    counts = facets.count_kinds(Question(), result.index, result.rows)[:MAX_COUNTS]
    return tuple(ValueCount(kind.value, KIND_LABELS[OrganizationKind(kind.value)][0], kind.count) for kind in counts)


def _count_states(result: SearchResult) -> tuple[StateCount, ...]:
    """Return the states with the most organizations, not counting those that serve the whole country."""
    counts = facets.count_regions(Question(), result.index, result.rows, RegionKind.STATE, "US", MAX_STATES)
    largest = sorted(counts, key=lambda state: (-state.local, state.value))[:MAX_COUNTS]
    return tuple(
        StateCount(state.value, REGIONS.require(state.value).label(), state.count, state.local)
        for state in largest
        if state.local
    )
