"""Suggestions while someone types: organizations, terms, regions and places whose names start with the words."""

from bisect import bisect_left
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import AmbiguousPlace
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place, PlaceKind, make_key_from_folded, make_place_key
from directory.geo import KM_PER_MILE
from directory.question import FACETS, Near, Page, Question, RegionFilter, TermFilter
from directory.records import MembershipStatus, Organization
from directory.search.snapshot import Snapshot
from directory.search.text.text_match import TextTier
from directory.text import fold
from directory.understanding.phrase_parser import NEAR_MILES
from directory.vocabulary.regions import REGIONS

MIN_PLACE_LENGTH = 2  # letters or digits: one character matches too many names
PLACE_CANDIDATE_LIMIT = 24  # leaves room for cities next to states and counties with the same start

_MAX_CHARACTER = "\U0010ffff"


class SuggestionKind(StrEnum):
    """The kinds, in the order of equally good suggestions.

    Regions and places are sorted together, the largest first and counties last.
    """

    ORGANIZATION = "ORGANIZATION"
    ISSUE_AREA = "ISSUE_AREA"
    COMMUNITY = "COMMUNITY"
    WORK_AREA = "WORK_AREA"
    REGION = "REGION"
    PLACE = "PLACE"


class Suggestion(Struct, frozen=True, kw_only=True):
    """A suggestion; `question` is the search it leads to. `kind` says which of the last four fields is set."""

    kind: SuggestionKind
    label: str
    question: Question
    is_exact: bool = False  # the words are the whole name
    is_other_name: bool = False  # the words match a synonym or an alias instead of the label
    organization: Organization | None = None
    term: str | None = None  # a slug
    region: str | None = None  # a code
    place: Place | None = None


def suggest(snapshot: Snapshot, words: str, first: int = 8) -> list[Suggestion]:
    """Return at most `first` suggestions; [] if no name starts with the words.

    Exact names come first, then names that start with the words, then matches of another name; each group is sorted by kind.
    Every kind with matches has at least one suggestion, if there is room. Terms with the most members come first, and the largest
    places. Raises BadInput for a text that is too long.
    """
    folded = fold(words)
    if not folded:
        return []
    kinds = [
        list(islice(_suggest_organizations(snapshot, words, first), first)),
        *(_suggest_terms(snapshot, facet, kind, folded)[:first] for facet, kind in _FACET_KINDS.items()),
        *_suggest_places(words, folded, first),
    ]
    return sorted(_mix_kinds(kinds, first), key=_get_sort_key)


_KIND_RANKS = {kind: rank for rank, kind in enumerate(SuggestionKind)}
_PLACE_KINDS = (SuggestionKind.REGION, SuggestionKind.PLACE)
_FACET_KINDS = {
    "issue_areas": SuggestionKind.ISSUE_AREA,
    "communities": SuggestionKind.COMMUNITY,
    "work_areas": SuggestionKind.WORK_AREA,
}


def _get_sort_key(suggestion: Suggestion) -> tuple[bool, bool, int, bool, int]:
    group = not suggestion.is_exact, suggestion.is_other_name
    if suggestion.kind not in _PLACE_KINDS:
        return *group, _KIND_RANKS[suggestion.kind], False, 0
    place = suggestion.place or get_gazetteer().find_region(suggestion.region or "")
    is_county = place is not None and place.kind is PlaceKind.COUNTY  # few people look for Washington County before Washington
    return *group, _KIND_RANKS[SuggestionKind.REGION], is_county, -place.postal_codes if place else 0


def _mix_kinds(kinds: list[list[Suggestion]], first: int) -> list[Suggestion]:
    """Take one suggestion of each kind per round; in a round, exact names come first and matches of other names last."""
    ranked = [
        (round_number, not suggestion.is_exact, suggestion.is_other_name, suggestion)
        for kind in kinds
        for round_number, suggestion in enumerate(kind)
    ]
    return [suggestion for *_, suggestion in sorted(ranked, key=lambda entry: entry[:3])[:first]]


def _suggest_organizations(snapshot: Snapshot, words: str, first: int) -> Iterator[Suggestion]:
    """Suggest members, and organizations with exactly this name whether members or not."""
    question = Question(text=words, page=Page(first=first))
    members = snapshot.find(question).page.hits
    matches = snapshot.find(replace(question, membership=tuple(MembershipStatus))).page.hits if snapshot.is_name(words) else []
    others = [hit for hit in matches if hit.organization.membership.status is not MembershipStatus.ACTIVE]
    for hit in [*(hit for hit in others if hit.match.tier is TextTier.EXACT_NAME), *members]:
        tier = hit.match.tier
        if tier not in (TextTier.EXACT_NAME, TextTier.NAMES):
            return
        yield Suggestion(
            kind=SuggestionKind.ORGANIZATION,
            label=hit.organization.name,
            question=Question(text=hit.organization.name, membership=(hit.organization.membership.status,)),
            is_exact=tier is TextTier.EXACT_NAME,
            organization=hit.organization,
        )


# ---------------------------------------------------------------- terms


class _TermPhrase(Struct, frozen=True, order=True):
    """A label or synonym, starting at one of its words."""

    ending: str
    skips_words: bool  # whether words before it were left out
    is_synonym: bool
    position: int  # of the term in its vocabulary
    slug: str
    language: str


@lru_cache(maxsize=len(FACETS))
def _list_term_phrases(facet: str) -> list[_TermPhrase]:
    phrases: set[_TermPhrase] = set()
    for position, term in enumerate(FACETS[facet]):
        names = [(language, False, label) for language, label in term.labels.items()]
        names += [(language, True, synonym) for language, synonyms in term.synonyms.items() for synonym in synonyms]
        for language, is_synonym, name in names:
            folded = fold(name).split()
            phrases.update(
                _TermPhrase(" ".join(folded[start:]), start > 0, is_synonym, position, term.slug, language)
                for start in range(len(folded))
            )
    return sorted(phrases)


def _suggest_terms(snapshot: Snapshot, facet: str, kind: SuggestionKind, folded: str) -> list[Suggestion]:
    """Suggest the terms that have a label or synonym in which the words start at any word."""
    phrases = _list_term_phrases(facet)
    start, end = (bisect_left(phrases, ending, key=attrgetter("ending")) for ending in (folded, folded + _MAX_CHARACTER))
    best_first = sorted(phrases[start:end], key=lambda phrase: _get_phrase_sort_key(phrase, folded))
    best_by_slug = {phrase.slug: phrase for phrase in reversed(best_first)}
    suggestions = [
        Suggestion(
            kind=kind,
            label=FACETS[facet].require(phrase.slug).label(phrase.language),
            question=Question(**{facet: TermFilter((phrase.slug,))}),  # type: ignore[arg-type]
            is_exact=_is_exact(phrase, folded),
            is_other_name=phrase.is_synonym and not _is_exact(phrase, folded),
            term=phrase.slug,
        )
        for phrase in best_by_slug.values()
    ]
    counts = {slug: snapshot.count_term(facet, slug) for slug in best_by_slug}
    return sorted(suggestions, key=lambda term: (not term.is_exact, term.is_other_name, -counts[term.term or ""], term.label))


def _get_phrase_sort_key(phrase: _TermPhrase, folded: str) -> tuple[bool, bool, bool, bool, int, str]:
    is_exact, is_english = _is_exact(phrase, folded), phrase.language == "en"
    return not is_exact, phrase.is_synonym, phrase.skips_words, not is_english, phrase.position, phrase.language


def _is_exact(phrase: _TermPhrase, folded: str) -> bool:
    return phrase.ending == folded and not phrase.skips_words


# ---------------------------------------------------------------- places


def _suggest_places(words: str, folded: str, first: int) -> tuple[list[Suggestion], list[Suggestion]]:
    """Suggest regions, and separately cities and postal codes."""
    if len(folded) < MIN_PLACE_LENGTH:
        return [], []
    abroad = [region.code for region in REGIONS.find(words) if get_gazetteer().find_region(region.code) is None]
    regions = [_build_region_suggestion(code, True, folded) for code in abroad[:first]]
    places = []
    exact_id = _find_exact_place_id(words)
    for place in get_gazetteer().autocomplete(words, PLACE_CANDIDATE_LIMIT):
        exact = place.id == exact_id if exact_id else folded in (fold(place.name), fold(place.name.partition(",")[0]))
        if place.kind in (PlaceKind.CITY, PlaceKind.POSTAL_CODE):
            places.append(_build_place_suggestion(place, exact, folded))
        else:
            regions.append(_build_region_suggestion(place.id.partition(":")[2], exact, folded))
    return _sort_exact_first(regions)[:first], _sort_exact_first(places)[:first]


def _sort_exact_first(suggestions: list[Suggestion]) -> list[Suggestion]:
    return sorted(suggestions, key=lambda suggestion: (not suggestion.is_exact, suggestion.is_other_name))


def _find_exact_place_id(words: str) -> str | None:
    """Return the id of the place with exactly this name; None if there is none or more than one."""
    try:
        return get_gazetteer().find_exact_id(words)
    except AmbiguousPlace:
        return None


def _is_other_name(label: str, exact: bool, folded: str) -> bool:
    return not (exact or make_place_key(label).startswith(make_key_from_folded(folded)))


def _build_region_suggestion(code: str, exact: bool, folded: str) -> Suggestion:
    label = REGIONS.require(code).label()
    return Suggestion(
        kind=SuggestionKind.REGION,
        label=label,
        question=Question(regions=RegionFilter((code,))),
        is_exact=exact,
        is_other_name=_is_other_name(label, exact, folded),
        region=code,
    )


def _build_place_suggestion(place: Place, exact: bool, folded: str) -> Suggestion:
    near = Near(place.point, NEAR_MILES * KM_PER_MILE, place.id, place.name)
    return Suggestion(
        kind=SuggestionKind.PLACE,
        label=place.name,
        question=Question(near=near),
        is_exact=exact,
        is_other_name=_is_other_name(place.name, exact, folded),
        place=place,
    )
