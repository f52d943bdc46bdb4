"""While somebody types: where their words may lead."""

from bisect import bisect_left
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import AmbiguousPlace
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place, PlaceKind, folded_key, place_key
from directory.geo import KM_PER_MILE
from directory.question import FACETS, Near, Page, Question, RegionFilter, TermFilter
from directory.records import MembershipStatus, Organization
from directory.search.snapshot import Snapshot
from directory.search.text.text_match import TextTier
from directory.text import fold
from directory.understanding.phrase_parser import NEAR_MILES
from directory.vocabulary.regions import REGIONS

MIN_PLACE_LENGTH = 2  # letters or digits: one begins too many names to tell anything
PLACE_CANDIDATE_LIMIT = 24  # so that cities stand a chance beside the states and counties of the same beginning

_MAX_CHARACTER = "\U0010ffff"


class SuggestionKind(StrEnum):
    """In the order in which suggestions stand that are as likely.

    Regions and places stand together, the largest first, counties last.
    """

    ORGANIZATION = "ORGANIZATION"
    ISSUE_AREA = "ISSUE_AREA"
    COMMUNITY = "COMMUNITY"
    WORK_AREA = "WORK_AREA"
    REGION = "REGION"
    PLACE = "PLACE"


class Suggestion(Struct, frozen=True, kw_only=True):
    """`question` is what choosing it asks. One of the last four says what it leads to, as `kind` tells."""

    kind: SuggestionKind
    label: str
    question: Question
    is_exact: bool = False  # the words are its whole name
    is_other_name: bool = False  # another of its names, a synonym or an alias, leads to it, not the one that is shown
    organization: Organization | None = None
    term: str | None = None  # a slug
    region: str | None = None  # a code
    place: Place | None = None


def suggest(snapshot: Snapshot, words: str, first: int = 8) -> list[Suggestion]:
    """At most `first`: those whose name is exactly the words, then those whose name begins like this, then those to which only
    another name leads; each by kind. Of each kind that has any at least one, if there is room. Of terms those that most members
    carry come first, of places the largest. [] when nothing begins like this. Raises BadInput for a text that is too long.
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


def _get_sort_key(one: Suggestion) -> tuple[bool, bool, int, bool, int]:
    if one.kind not in _PLACE_KINDS:
        return not one.is_exact, one.is_other_name, _KIND_RANKS[one.kind], False, 0
    place = one.place or get_gazetteer().find_region(one.region or "")
    is_county = place is not None and place.kind is PlaceKind.COUNTY  # few look for Washington County before Washington
    return not one.is_exact, one.is_other_name, _KIND_RANKS[SuggestionKind.REGION], is_county, -place.postal_codes if place else 0


def _mix_kinds(kinds: list[list[Suggestion]], first: int) -> list[Suggestion]:
    """In rounds, one of each kind a round, exact ones before others of their round, those that another name leads to last."""
    rounds = [(turn, not one.is_exact, one.is_other_name, one) for kind in kinds for turn, one in enumerate(kind)]
    return [suggestion for *_, suggestion in sorted(rounds, key=lambda one: one[:3])[:first]]


def _suggest_organizations(snapshot: Snapshot, words: str, first: int) -> Iterator[Suggestion]:
    """Members; and whoever has exactly this name, member or not."""
    asked = Question(text=words, page=Page(first=first))
    members = snapshot.find(asked).page.hits
    named = snapshot.find(replace(asked, membership=tuple(MembershipStatus))).page.hits if snapshot.is_name(words) else []
    others = [hit for hit in named if hit.organization.membership.status is not MembershipStatus.ACTIVE]
    for hit in [*(hit for hit in others if hit.tier is TextTier.EXACT_NAME), *members]:
        tier = hit.tier
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
    """A label or synonym from one of its words on."""

    ending: str
    skips_words: bool  # whether words before that were left out
    is_synonym: bool
    position: int  # of the term in its vocabulary
    slug: str
    language: str


@lru_cache(maxsize=len(FACETS))
def _list_term_phrases(facet: str) -> list[_TermPhrase]:
    found: set[_TermPhrase] = set()
    for position, term in enumerate(FACETS[facet]):
        said = [(language, False, label) for language, label in term.labels.items()]
        said += [(language, True, synonym) for language, synonyms in term.synonyms.items() for synonym in synonyms]
        for language, synonym, phrase in said:
            folded = fold(phrase).split()
            found.update(
                _TermPhrase(" ".join(folded[at:]), at > 0, synonym, position, term.slug, language) for at in range(len(folded))
            )
    return sorted(found)


def _suggest_terms(snapshot: Snapshot, facet: str, kind: SuggestionKind, folded: str) -> list[Suggestion]:
    """The terms with a label or synonym that has a word, and on from it the words, that begin like this."""
    spoken = _list_term_phrases(facet)
    start, end = (bisect_left(spoken, ending, key=lambda one: one.ending) for ending in (folded, folded + _MAX_CHARACTER))
    begun = sorted(spoken[start:end], key=lambda one: _get_phrase_sort_key(one, folded))
    best = {one.slug: one for one in reversed(begun)}
    found = [
        Suggestion(
            kind=kind,
            label=FACETS[facet].require(one.slug).label(one.language),
            question=Question(**{facet: TermFilter((one.slug,))}),  # type: ignore[arg-type]
            is_exact=_is_exact(one, folded),
            is_other_name=one.is_synonym and not _is_exact(one, folded),
            term=one.slug,
        )
        for one in best.values()
    ]
    counts = {slug: snapshot.count_term(facet, slug) for slug in best}
    return sorted(found, key=lambda one: (not one.is_exact, one.is_other_name, -counts[one.term or ""], one.label))


def _get_phrase_sort_key(one: _TermPhrase, folded: str) -> tuple[bool, bool, bool, bool, int, str]:
    return not _is_exact(one, folded), one.is_synonym, one.skips_words, one.language != "en", one.position, one.language


def _is_exact(one: _TermPhrase, folded: str) -> bool:
    return one.ending == folded and not one.skips_words


# ---------------------------------------------------------------- places


def _suggest_places(words: str, folded: str, first: int) -> tuple[list[Suggestion], list[Suggestion]]:
    """Regions, and cities and postal codes."""
    if len(folded) < MIN_PLACE_LENGTH:
        return [], []
    abroad = [region.code for region in REGIONS.find(words) if get_gazetteer().find_region(region.code) is None]
    regions = [_build_region_suggestion(code, True, folded) for code in abroad[:first]]
    places = []
    foremost = _find_exact_place_id(words)
    for place in get_gazetteer().autocomplete(words, PLACE_CANDIDATE_LIMIT):
        exact = place.id == foremost if foremost else folded in (fold(place.name), fold(place.name.partition(",")[0]))
        if place.kind in (PlaceKind.CITY, PlaceKind.POSTAL_CODE):
            places.append(_build_place_suggestion(place, exact, folded))
        else:
            regions.append(_build_region_suggestion(place.id.partition(":")[2], exact, folded))
    return _sort_exact_first(regions)[:first], _sort_exact_first(places)[:first]


def _sort_exact_first(suggestions: list[Suggestion]) -> list[Suggestion]:
    return sorted(suggestions, key=lambda one: (not one.is_exact, one.is_other_name))


def _find_exact_place_id(words: str) -> str | None:
    """The id of the place that is meant by exactly these words; None where there is none, or several."""
    try:
        return get_gazetteer().find_exact_id(words)
    except AmbiguousPlace:
        return None


def _is_other_name(label: str, exact: bool, folded: str) -> bool:
    return not (exact or place_key(label).startswith(folded_key(folded)))


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
