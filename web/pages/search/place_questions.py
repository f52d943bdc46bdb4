"""What a page asks about names of places: which of several places is meant, or which known place is nearest to a name."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from directory.vocabulary.region_phrases import translate_place_name
from web.pages.languages import Language


def build_place_questions(understanding: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return what was understood, with places named in the language of the page, and names of places without their typos."""
    corrections = {each["original"]: each["corrected"] for each in understanding["corrections"]}
    ambiguous = [_build_ambiguous(name, corrections, language) for name in understanding["ambiguous"]]
    unknown = [{**place, "nearest": _name_places(place["nearest"], language)} for place in understanding["unknownPlaces"]]
    return {**understanding, "ambiguous": ambiguous, "unknownPlaces": unknown}


def _build_ambiguous(name: Mapping[str, Any], corrections: Mapping[str, str], language: Language) -> dict[str, Any]:
    likeliest, *candidates = _name_places([name["likeliest"] or {"kind": "", "label": ""}, *name["candidates"]], language)
    return {
        "words": _correct(name["words"], corrections),
        "likeliest": likeliest if name["likeliest"] else None,
        "candidates": candidates,
    }


def _correct(words: str, corrections: Mapping[str, str]) -> str:
    return re.sub(r"\w+", lambda word: corrections.get(word[0], word[0]), words)


def _name_places(places: Iterable[Mapping[str, Any]], language: Language) -> list[dict[str, Any]]:
    """Return the places with their labels. A state that is called like a city beside it says that it is a state."""
    named = [{**place, "label": translate_place_name(place["label"], language.code)} for place in places]
    cities = {place["label"].partition(",")[0] for place in named if place["kind"] == "PLACE"}
    for place in named:
        if place["kind"] == "REGION" and place["label"] in cities:
            place["label"] = language.gettext("%(region)s (state)") % {"region": place["label"]}
    return named
