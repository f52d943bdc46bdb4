"""Free tags to terms of the vocabularies. A tag that no vocabulary has is left out and told, with the nearest terms."""

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
IGNORED_TAG = ""  # what a profile maps a tag to that is to be left out in silence
MAX_SUGGESTIONS = 5  # terms that are shown for an unknown tag
MAX_TAG_LENGTH = 200  # characters; longer texts are no tags
_TAG_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;\n|•·]\s*")
_TAG_COMMAS = re.compile(r"(?:(?<!\s)\s+)?,\s*")
_LANGUAGE_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;,\n|/&]\s*|(?<!\s)\s+(?:and|y)\s+")
_REGIONAL_LANGUAGE = re.compile(r"([A-Za-z]{2,3})[-_][A-Za-z]{2,4}")


class TagMeaning(Struct, frozen=True):
    """What one tag means. `terms` are pairs of draft field and slug; () for a tag that is unknown (then `nearest`) or ignored."""

    terms: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    suggestions: tuple[str, ...] = ()
    is_ignored: bool = False

    @property
    def is_unknown(self) -> bool:
        return not self.terms and not self.is_ignored


def split_tags(value: str | Iterable[str], field: str) -> list[str]:
    """The tags of a cell. A text is parted at semicolons, lines and bars, and at commas where it is no term as a whole.

    What a profile has parted already stays as it is. Raises BadInput for more than a list takes.
    """
    if isinstance(value, str):
        parts = (_LANGUAGE_SEPARATORS if field == "languages" else _TAG_SEPARATORS).split(value)
        found = [tag for part in parts for tag in ([part] if _is_term(part, field) else _TAG_COMMAS.split(part))]
    else:
        found = list(value)
    told = list(dict.fromkeys(stripped for tag in found if (stripped := tag.strip(" \t#.,;"))))
    if len(told) > LIST_LIMIT:
        raise BadInput(f"These are {len(told)} values; a list here has at most {LIST_LIMIT}.")
    return told


@lru_cache(maxsize=TERM_CACHE_SIZE)
def find_term(tag: str, field: str) -> TagMeaning:
    """What the vocabularies make of the tag: the field's own first, then for themes the other two; `tags` asks all three."""
    own = THEME_FIELDS if field == "tags" else (field,)
    if found := _find_terms(tag, own):
        return _build_meaning(tag, found, own)
    others = tuple(other for other in THEME_FIELDS if field in THEME_FIELDS and other != field)
    if found := _find_terms(tag, others):
        return _build_meaning(tag, found, own)
    if len(tag) > MAX_TAG_LENGTH:
        return TagMeaning()
    nearest = [slug if len(own) == 1 else f"{one}:{slug}" for one in own for slug in VOCABULARIES[one].suggest(tag)]
    nearest += [f"{one}:{slug}" for one in others for slug in VOCABULARIES[one].suggest(tag)]
    return TagMeaning(suggestions=tuple(nearest[:MAX_SUGGESTIONS]))


def find_mapped_term(tag: str, field: str, terms: Mapping[str, str]) -> TagMeaning | None:
    """What the profile says that the tag means: "slug", "vocabulary:slug", or "" to leave it out. None where it says nothing.

    A slug that is no term makes the tag unknown, with the terms nearest to that slug.
    """
    said = terms.get(tag)
    if said is None:
        said = _fold_keys(tuple(terms.items())).get(fold(tag)) if terms else None
    if said is None:
        return None
    if said.strip() == IGNORED_TAG:
        return TagMeaning(is_ignored=True)
    vocabulary, _, slug = said.rpartition(":")
    fields = [vocabulary.strip()] if vocabulary else [*((field,) if field in VOCABULARIES else ()), *THEME_FIELDS]
    known = next((one for one in fields if one in VOCABULARIES and slug.strip() in VOCABULARIES[one]), None)
    return TagMeaning(((known, slug.strip()),)) if known else TagMeaning(suggestions=find_term(slug.strip(), field).suggestions)


@lru_cache(maxsize=8)
def _fold_keys(terms: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {fold(tag): said for tag, said in terms}


def _is_term(text: str, field: str) -> bool:
    return "," not in text or bool(find_term(text.strip(), field).terms)


def _find_terms(tag: str, fields: Iterable[str]) -> list[tuple[str, Term]]:
    """The best term of each vocabulary, those that are called so before those of which it is a synonym."""
    found = [(field, terms[0]) for field in fields if (terms := VOCABULARIES[field].find(_normalize_tag(tag, field)))]
    return sorted(found, key=lambda one: not _is_label(one[1], tag))


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
            for other, one in terms_by_field[1:]
            if _is_label(one, tag) == _is_label(term, tag)
        ]
    return TagMeaning(((field, term.slug),), "; ".join(reasons))


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


def split_areas(value: str | Iterable[str]) -> list[str]:
    """The areas of a cell, "Fulton County, GA" and "Athens, GA" undivided. What a profile has parted already stays as it is."""
    if not isinstance(value, str):
        return [area.strip() for area in value if area.strip()]
    found: list[str] = []
    for part in _AREA_SEPARATORS.split(value):
        found += [part] if _is_region(part) else _rejoin_states([piece for piece in _AREA_COMMAS.split(part) if piece])
    return list(dict.fromkeys(area for area in found if area))


def _rejoin_states(pieces: list[str]) -> list[str]:
    """A county or city and the state after it belong together: the state alone would say that all of it is served."""
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
    """Whether the area is a county or a city of the state; "New York, NY" is one too."""
    if _COUNTY_WORD.search(area) is not None or not _is_region(area):
        return True
    codes = {region.code for region in REGIONS.find(state)}
    return REGIONS.find(area)[0].code in codes and get_gazetteer().find_city(area, REGIONS.find(state)[0].code) is not None


@lru_cache(maxsize=REGION_CACHE_SIZE)
def find_region(area: str, state: str | None) -> TagMeaning:
    """The region of that name. `state` is the code of the state in which the organization sits, if it is known.

    "Statewide" and a county's name that several states have mean that state's. A city is no region: its county is the nearest.
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
    found = REGIONS.find(folded_name)
    if found and (found[0].kind is not RegionKind.COUNTY or len(found) == 1):
        return TagMeaning(((SERVICE_AREAS_FIELD, found[0].code),))
    local = get_gazetteer().find_county_by_name(folded_name, state) if state and found else None
    return (
        TagMeaning(((SERVICE_AREAS_FIELD, local.county),), "the county of that name in the organization's state")
        if local and local.county
        else None
    )


def _suggest_regions(area: str, state: str | None) -> tuple[str, ...]:
    name, _, ending = area.rpartition(",")
    states = [one.code for one in REGIONS.find(ending) if one.kind is RegionKind.STATE] if name else [state] if state else []
    city = get_gazetteer().find_city(name or area, states[0]) if states and states[0] and states[0].startswith("US-") else None
    if city:
        return tuple(code for code in (city.county, city.state) if code)
    try:
        REGIONS.require(area)
    except UnknownRegion as unknown:
        return tuple(unknown.params["suggestions"])  # type: ignore[arg-type]
    return ()


def find_mapped_region(area: str, terms: Mapping[str, str]) -> TagMeaning | None:
    """What the profile says that the area means: a region code, "service_areas:CODE", or "" to leave it out."""
    said = terms.get(area)
    if said is None:
        return None
    if not said.strip():
        return TagMeaning(is_ignored=True)
    code = said.strip().removeprefix(f"{SERVICE_AREAS_FIELD}:")
    return TagMeaning(((SERVICE_AREAS_FIELD, code),)) if code in REGIONS else TagMeaning(suggestions=_suggest_regions(code, None))
