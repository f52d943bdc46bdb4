"""While somebody types: where their words may lead."""

from bisect import bisect_left
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import AmbiguousPlace
from directory.gazetteer import Place, PlaceKind, gazetteer
from directory.geo import KM_PER_MILE
from directory.question import FACETS, Near, Page, Question, RegionFilter, TermFilter
from directory.reading import NEAR_MILES
from directory.records import MembershipStatus, Organization
from directory.regions import REGIONS
from directory.search.snapshot import Snapshot
from directory.search.words import TextTier
from directory.text import fold

PLACES_FROM = 2  # letters or digits: one begins too many names to tell anything
PLACES_READ = 24  # so that cities stand a chance beside the states and counties of the same beginning

_LAST = "\U0010ffff"


class SuggestionKind(StrEnum):
    """In the order in which suggestions stand."""

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
    exact: bool = False  # the words are its whole name
    organization: Organization | None = None
    term: str | None = None  # a slug
    region: str | None = None  # a code
    place: Place | None = None


def suggest(snapshot: Snapshot, words: str, first: int = 8) -> list[Suggestion]:
    """At most `first`, those whose name is exactly the words first, then by kind; of each kind that has any at least one, if
    there is room. [] when nothing begins like this. Raises BadInput for a text that is too long.
    """
    folded = fold(words)
    if not folded:
        return []
    kinds = [
        list(islice(_organizations(snapshot, words, first), first)),
        *(_terms(facet, kind, folded)[:first] for facet, kind in _FACET_KINDS.items()),
        *_places(words, folded, first),
    ]
    return sorted(_mixed(kinds, first), key=lambda suggestion: (not suggestion.exact, _RANK[suggestion.kind]))


_RANK = {kind: rank for rank, kind in enumerate(SuggestionKind)}
_FACET_KINDS = {
    "issue_areas": SuggestionKind.ISSUE_AREA,
    "communities": SuggestionKind.COMMUNITY,
    "work_areas": SuggestionKind.WORK_AREA,
}


def _mixed(kinds: list[list[Suggestion]], first: int) -> list[Suggestion]:
    """In rounds, one of each kind a round, exact ones before others of their round."""
    rounds = [(turn, not suggestion.exact, suggestion) for kind in kinds for turn, suggestion in enumerate(kind)]
    return [suggestion for *_, suggestion in sorted(rounds, key=lambda one: one[:2])[:first]]


def _organizations(snapshot: Snapshot, words: str, first: int) -> Iterator[Suggestion]:
    """Members; and whoever has exactly this name, member or not."""
    asked = Question(text=words, page=Page(first=first))
    members = snapshot.find(asked).page.hits
    named = snapshot.find(replace(asked, membership=tuple(MembershipStatus))).page.hits if snapshot.is_name(words) else []
    others = [hit for hit in named if hit.organization.membership.status is not MembershipStatus.ACTIVE]
    for hit in [*(hit for hit in others if hit.match.tier is TextTier.EXACT_NAME), *members]:
        tier = hit.match.tier
        if tier not in (TextTier.EXACT_NAME, TextTier.NAMES):
            return
        yield Suggestion(
            kind=SuggestionKind.ORGANIZATION,
            label=hit.organization.name,
            question=Question(text=hit.organization.name, membership=(hit.organization.membership.status,)),
            exact=tier is TextTier.EXACT_NAME,
            organization=hit.organization,
        )


# ---------------------------------------------------------------- terms


class _Spoken(Struct, frozen=True, order=True):
    """A label or synonym from one of its words on."""

    ending: str
    inside: bool  # whether words before that were left out
    synonym: bool
    position: int  # of the term in its vocabulary
    slug: str
    language: str


@cache
def _spoken(facet: str) -> list[_Spoken]:
    found: set[_Spoken] = set()
    for position, term in enumerate(FACETS[facet]):
        said = [(language, False, label) for language, label in term.labels.items()]
        said += [(language, True, synonym) for language, synonyms in term.synonyms.items() for synonym in synonyms]
        for language, synonym, phrase in said:
            folded = fold(phrase).split()
            found.update(
                _Spoken(" ".join(folded[at:]), at > 0, synonym, position, term.slug, language) for at in range(len(folded))
            )
    return sorted(found)


def _terms(facet: str, kind: SuggestionKind, folded: str) -> list[Suggestion]:
    """The terms with a label or synonym that has a word, and on from it the words, that begin like this."""
    spoken = _spoken(facet)
    start, end = (bisect_left(spoken, ending, key=lambda one: one.ending) for ending in (folded, folded + _LAST))
    begun = sorted(spoken[start:end], key=lambda one: _order(one, folded))
    best = {one.slug: one for one in reversed(begun)}
    return [
        Suggestion(
            kind=kind,
            label=FACETS[facet].require(one.slug).label(one.language),
            question=Question(**{facet: TermFilter((one.slug,))}),  # type: ignore[arg-type]
            exact=_is_exact(one, folded),
            term=one.slug,
        )
        for one in sorted(best.values(), key=lambda one: _order(one, folded))
    ]


def _order(one: _Spoken, folded: str) -> tuple[bool, bool, bool, bool, int, str]:
    return not _is_exact(one, folded), one.inside, one.synonym, one.language != "en", one.position, one.language


def _is_exact(one: _Spoken, folded: str) -> bool:
    return one.ending == folded and not one.inside


# ---------------------------------------------------------------- places


def _places(words: str, folded: str, first: int) -> tuple[list[Suggestion], list[Suggestion]]:
    """Regions, and cities and postal codes."""
    if len(folded) < PLACES_FROM:
        return [], []
    abroad = [region.code for region in REGIONS.find(words) if gazetteer().region(region.code) is None]
    regions = [_region(code, True) for code in abroad[:first]]
    places = []
    foremost = _foremost(words)
    for place in gazetteer().find(words, PLACES_READ):
        exact = place.id == foremost if foremost else folded in (fold(place.name), fold(place.name.partition(",")[0]))
        if place.kind in (PlaceKind.CITY, PlaceKind.POSTAL_CODE):
            places.append(_place(place, exact))
        else:
            regions.append(_region(place.id.partition(":")[2], exact))
    return sorted(regions, key=lambda region: not region.exact)[:first], places[:first]


def _foremost(words: str) -> str | None:
    """The id of the place that is meant by exactly these words; None where there is none, or several."""
    try:
        return gazetteer().meaning(words)
    except AmbiguousPlace:
        return None


def _region(code: str, exact: bool) -> Suggestion:
    label = REGIONS.require(code).label()
    return Suggestion(
        kind=SuggestionKind.REGION, label=label, question=Question(regions=RegionFilter((code,))), exact=exact, region=code
    )


def _place(place: Place, exact: bool) -> Suggestion:
    near = Near(place.point, NEAR_MILES * KM_PER_MILE, place.id, place.name)
    return Suggestion(kind=SuggestionKind.PLACE, label=place.name, question=Question(near=near), exact=exact, place=place)
