"""Map free tags to terms of the vocabularies, and free area names to regions.

Unknown tags and areas are reported with the most similar terms.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import Struct

from directory.drafts.draft_parts import LIST_LIMIT
from directory.errors import BadInput, UnknownRegion
from directory.gazetteer.gazetteer import get_gazetteer
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Term, Vocabulary

TERM_CACHE_SIZE = 1 << 15  # tags; columns repeat them

VOCABULARIES: Mapping[str, Vocabulary] = {
    "issue_areas": ISSUE_AREAS,
    "communities": COMMUNITIES,
    "work_areas": WORK_AREAS,
    "languages": LANGUAGES,
}
THEME_FIELDS = ("issue_areas", "communities", "work_areas")
_VOCABULARY_LABELS = {
    "issue_areas": "an issue area",
    "communities": "a community",
    "work_areas": "a work area",
    "languages": "a language",
}
IGNORED_TAG = ""  # a profile maps a tag to this to ignore it without a report
MAX_SUGGESTIONS = 5  # terms suggested for an unknown tag
MAX_TAG_LENGTH = 200  # characters; longer texts are not tags
_TAG_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;\n|•·]\s*")
_TAG_COMMAS = re.compile(r"(?:(?<!\s)\s+)?,\s*")
_LANGUAGE_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;,\n|/&]\s*|(?<!\s)\s+(?:and|y)\s+")
_REGIONAL_LANGUAGE = re.compile(r"([A-Za-z]{2,3})[-_][A-Za-z]{2,4}")

SERVICE_AREAS_FIELD = "service_areas"
REGION_CACHE_SIZE = 1 << 14  # texts with their state

_NATIONWIDE = frozenset(
    {
        *(
            "nationwide",
            "nation wide",
            "national",
            "nationally",
            "us wide",
            "usa wide",
            "all states",
            "all 50 states",
            "50 states",
        ),
        *("all of the united states", "entire united states", "across the country", "nacional", "a nivel nacional"),
        *("todo el pais", "en todo el pais", "todos los estados"),
    }
)
_STATEWIDE = frozenset({"statewide", "state wide", "entire state", "whole state", "all counties", "todo el estado", "estatal"})
_AREA_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;\n|•]\s*")
_AREA_COMMAS = re.compile(r"(?:(?<!\s)\s+)?(?:,\s*(?:and\s+|y\s+)?|/\s*)|(?<!\s)\s+(?:and|&|y)\s+")
_COUNTY_WORD = re.compile(r"\b(?:county|counties|co\.?|parish|borough|condado)\b", re.IGNORECASE)
_AREA_PREFIXES = re.compile(r"^(?:all of|entire|the state of|state of|estado de|el estado de)\s+", re.IGNORECASE)


class TagMeaning(Struct, frozen=True):
    """The meaning of one tag: pairs of draft field and slug, or of `service_areas` and region code.

    `terms` is () for a tag that is ignored or unknown. An unknown tag may have `suggestions`.
    """

    terms: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    suggestions: tuple[str, ...] = ()
    is_ignored: bool = False

    @property
    def is_unknown(self) -> bool:
        return not self.terms and not self.is_ignored


def split_tags(value: str | Iterable[str], field: str) -> list[str]:
    """Return the distinct tags of a cell.

    A text is split at semicolons, line breaks and bars, and at commas unless it is a term as a whole. A value that the profile
    has already split is not split again. Raises BadInput for more than LIST_LIMIT tags.
    """
    if isinstance(value, str):
        parts = (_LANGUAGE_SEPARATORS if field == "languages" else _TAG_SEPARATORS).split(value)
        pieces = [tag for part in parts for tag in ([part] if _is_term(part, field) else _TAG_COMMAS.split(part))]
    else:
        pieces = list(value)
    tags = list(dict.fromkeys(tag for piece in pieces if (tag := piece.strip(" \t#.,;"))))
    if len(tags) > LIST_LIMIT:
        raise BadInput(f"These are {len(tags)} values; shorten the list to at most {LIST_LIMIT}.")
    return tags


@lru_cache(maxsize=TERM_CACHE_SIZE)
def find_term(tag: str, field: str) -> TagMeaning:
    """Return the meaning of the tag in the field's own vocabulary, otherwise (for themes) in the other two.

    The field "tags" searches all three theme vocabularies.
    """
    own = THEME_FIELDS if field == "tags" else (field,)
    others = tuple(other for other in THEME_FIELDS if field in THEME_FIELDS and other != field)
    if terms_by_field := _find_terms(tag, own) or _find_terms(tag, others):
        return _build_meaning(tag, terms_by_field, own)
    if len(tag) > MAX_TAG_LENGTH:
        return TagMeaning()
    suggestions = [slug if len(own) == 1 else f"{name}:{slug}" for name in own for slug in VOCABULARIES[name].suggest(tag)]
    suggestions += [f"{name}:{slug}" for name in others for slug in VOCABULARIES[name].suggest(tag)]
    return TagMeaning(suggestions=tuple(suggestions[:MAX_SUGGESTIONS]))


def find_mapped_term(tag: str, field: str, terms: Mapping[str, str]) -> TagMeaning | None:
    """Return the meaning that the profile gives to the tag; None if the profile does not map it.

    `terms` maps tags to "slug", "vocabulary:slug", or "" to ignore the tag. An unknown slug makes the tag unknown, with
    suggestions for that slug.
    """
    target = terms.get(tag)
    if target is None:
        target = _fold_keys(tuple(terms.items())).get(fold(tag)) if terms else None
    if target is None:
        return None
    if target.strip() == IGNORED_TAG:
        return TagMeaning(is_ignored=True)
    vocabulary, _, slug = target.rpartition(":")
    fields = [vocabulary.strip()] if vocabulary else [*((field,) if field in VOCABULARIES else ()), *THEME_FIELDS]
    known = next((name for name in fields if name in VOCABULARIES and slug.strip() in VOCABULARIES[name]), None)
    return TagMeaning(((known, slug.strip()),)) if known else TagMeaning(suggestions=find_term(slug.strip(), field).suggestions)


@lru_cache(maxsize=8)
def _fold_keys(terms: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {fold(tag): target for tag, target in terms}


def _is_term(text: str, field: str) -> bool:
    return "," not in text or bool(find_term(text.strip(), field).terms)


def _find_terms(tag: str, fields: Iterable[str]) -> list[tuple[str, Term]]:
    """Return the best term of each vocabulary. Terms with the tag as their label come before those with it as a synonym."""
    best = [(field, terms[0]) for field in fields if (terms := VOCABULARIES[field].find(_normalize_tag(tag, field)))]
    return sorted(best, key=lambda pair: not _is_label(pair[1], tag))


def _normalize_tag(tag: str, field: str) -> str:
    regional = _REGIONAL_LANGUAGE.fullmatch(tag) if field == "languages" else None
    return regional[1].lower() if regional else tag.lower() if field == "languages" and len(tag) < 4 else tag


def _is_label(term: Term, tag: str) -> bool:
    return fold(tag) in {fold(term.slug), *(fold(label) for label in term.labels.values())}


def _build_meaning(tag: str, terms_by_field: list[tuple[str, Term]], own: tuple[str, ...]) -> TagMeaning:
    field, term = terms_by_field[0]
    reasons = [] if field in own else [f"is {_VOCABULARY_LABELS[field]}"]
    also = [other for other in VOCABULARIES[field].find(_normalize_tag(tag, field)) if other != term]
    reasons += [f"also means {other.label()}" for other in also]
    if field in own and len(own) > 1:
        reasons += [
            f"is {_VOCABULARY_LABELS[other]} as well"
            for other, other_term in terms_by_field[1:]
            if _is_label(other_term, tag) == _is_label(term, tag)
        ]
    return TagMeaning(((field, term.slug),), "; ".join(reasons))


def split_areas(value: str | Iterable[str]) -> list[str]:
    """Return the distinct areas of a cell; "Fulton County, GA" and "Athens, GA" are one area each.

    A value that the profile has already split is not split again.
    """
    if not isinstance(value, str):
        return [area.strip() for area in value if area.strip()]
    areas: list[str] = []
    for part in _AREA_SEPARATORS.split(value):
        areas += [part] if _is_region(part) else _rejoin_states([piece for piece in _AREA_COMMAS.split(part) if piece])
    return list(dict.fromkeys(area for area in areas if area))


def _rejoin_states(pieces: list[str]) -> list[str]:
    """Join a county or city with the state after it. The state by itself would mean that the whole state is served."""
    joined: list[str] = []
    for piece in pieces:
        if joined and _is_state(piece) and _is_in_state(joined[-1], piece):
            joined[-1] = f"{joined[-1]}, {piece}"
        else:
            joined.append(piece)
    return joined


def _is_region(text: str) -> bool:
    return bool(REGIONS.find(text)) and len(text) <= MAX_TAG_LENGTH


def _is_state(text: str) -> bool:
    return any(region.kind is RegionKind.STATE for region in REGIONS.find(text))


def _is_in_state(area: str, state: str) -> bool:
    """Whether the area is a county or city of the state. This includes cities named like a state: "New York, NY"."""
    if _COUNTY_WORD.search(area) is not None or not _is_region(area):
        return True
    codes = {region.code for region in REGIONS.find(state)}
    return REGIONS.find(area)[0].code in codes and get_gazetteer().find_city(area, REGIONS.find(state)[0].code) is not None


@lru_cache(maxsize=REGION_CACHE_SIZE)
def find_region(area: str, state: str | None) -> TagMeaning:
    """Return the region of that name. `state` is the region code of the organization's state, if known.

    "Statewide" means that state, and a county name used in several states means the county there. A city is not a region: its
    county and state are suggested.
    """
    folded = fold(_AREA_PREFIXES.sub("", area))
    if folded in _NATIONWIDE:
        return TagMeaning(((SERVICE_AREAS_FIELD, "US"),))
    if folded in _STATEWIDE:
        return TagMeaning(((SERVICE_AREAS_FIELD, state),), "the organization's state") if state else TagMeaning()
    if len(area) > MAX_TAG_LENGTH:
        return TagMeaning()
    return _find_region_by_name(folded, state) or TagMeaning(suggestions=_suggest_regions(area, state))


def _find_region_by_name(folded_name: str, state: str | None) -> TagMeaning | None:
    regions = REGIONS.find(folded_name)
    if regions and (regions[0].kind is not RegionKind.COUNTY or len(regions) == 1):
        return TagMeaning(((SERVICE_AREAS_FIELD, regions[0].code),))
    local = get_gazetteer().find_county_by_name(folded_name, state) if state and regions else None
    if local is None or not local.county:
        return None
    return TagMeaning(((SERVICE_AREAS_FIELD, local.county),), "the county of that name in the organization's state")


def _suggest_regions(area: str, state: str | None) -> tuple[str, ...]:
    name, _, ending = area.rpartition(",")
    if name:
        state = next((region.code for region in REGIONS.find(ending) if region.kind is RegionKind.STATE), None)
    city = get_gazetteer().find_city(name or area, state) if state and state.startswith("US-") else None
    if city:
        return tuple(code for code in (city.county, city.state) if code)
    try:
        REGIONS.require(area)
    except UnknownRegion as error:
        return tuple(error.params["suggestions"])  # type: ignore[arg-type]
    return ()


def find_mapped_region(area: str, terms: Mapping[str, str]) -> TagMeaning | None:
    """Return the meaning that the profile gives to the area; None if the profile does not map it.

    `terms` maps areas to a region code, "service_areas:CODE", or "" to ignore the area.
    """
    target = terms.get(area)
    if target is None:
        return None
    if not target.strip():
        return TagMeaning(is_ignored=True)
    code = target.strip().removeprefix(f"{SERVICE_AREAS_FIELD}:")
    return TagMeaning(((SERVICE_AREAS_FIELD, code),)) if code in REGIONS else TagMeaning(suggestions=_suggest_regions(code, None))
