"""One organization in a list: what it is, where it is and how precisely that is known, and why it is in the list."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from msgspec import Struct

from directory.vocabulary.region_files import translate_county_name
from directory.vocabulary.region_phrases import format_in_sentence
from directory.vocabulary.regions import REGIONS
from web.pages.languages import Language, mark
from web.pages.page import PageRequest
from web.pages.search.matched_terms import MatchedTerms
from web.pages.search.search_origin import SearchOrigin

MAX_THEMES = 5
REASONS = {  # without and with the name of the region
    "LOCATED": (mark("Located in the region"), mark("Located in %(region)s")),
    "WITHIN_DISTANCE": (mark("Within the distance of your search"), mark("Within the distance of your search")),
    "SERVES": (mark("Serves the region"), mark("Serves %(region)s")),
    "SERVES_PART": (mark("Serves part of the region"), mark("Serves part of %(region)s")),
    "NATIONWIDE": (mark("Works nationwide"), mark("Works nationwide")),
}
EXCLUSIONS = {
    "LOCATED": mark("not located in %(region)s"),
    "SERVING": mark("not serving %(region)s"),
}
PRECISIONS = {  # how precisely the place is published
    "EXACT": mark("address published"),
    "STREET": mark("street published"),
    "POSTAL_CODE": mark("ZIP code area"),
    "CITY": mark("city"),
    "COUNTY": mark("county only"),
    "STATE": mark("state only"),
    "UNKNOWN": mark("exact place not stated"),
}
NO_NAMES: Mapping[str, str] = {}
EXCERPT_FIELDS = ("description", "seeks", "offers")
Segments: TypeAlias = tuple[Mapping[str, Any], ...]
"""A text in pieces, each with `text` and whether it is `matched`."""


class ResultContext(Struct, frozen=True):
    """What all results of one list share. `region` is the one region that was asked for, as in "in the South"."""

    request: PageRequest
    language: Language
    today: date
    unit: str
    kinds: Mapping[str, str]
    states: Mapping[str, str]  # names by code, of all states in which the list has organizations
    region: str | None
    matched_terms: Mapping[str, tuple[MatchedTerms, ...]]  # by the slugs of organizations

    @classmethod
    def build(
        cls, request: PageRequest, data: Mapping[str, Any], unit: str, matched_terms: Mapping[str, tuple[MatchedTerms, ...]]
    ) -> "ResultContext":
        return cls(
            request=request,
            language=request.language,
            today=request.context.now.date(),
            unit=unit,
            kinds={each["value"]: each["label"] for each in request.ask_vocabulary()["kinds"]},
            states={each["value"]: each["label"] for each in data["organizations"]["facets"]["states"]},
            region=_find_region(data["organizations"]["question"], request.language.code),
            matched_terms=matched_terms,
        )


class Result(Struct, frozen=True):
    """A row of the list. None and () stand for what is not stated."""

    name: str
    address: str
    kind: str
    place: str | None
    precision: str | None
    other_places: int
    summary: Segments
    summary_language: str | None  # its code, None if it is that of the page or not known
    distance: str | None
    themes: tuple[tuple[str, bool], ...]  # labels, and whether they are among those that were asked for
    more_themes: int
    matched_terms: tuple[MatchedTerms, ...]  # communities, ways of working and languages that were asked for
    excerpt: Segments  # of another text in which words were found
    excerpt_language: str | None
    reason: str | None
    reason_text: str | None
    freshness: str
    is_due: bool


def build_result(edge: Mapping[str, Any], context: ResultContext) -> Result:
    node, match = edge["node"], edge["match"]
    locations = sorted(node["locations"], key=lambda location: not location["isPrimary"])
    place = format_place(locations[0], context.states, context.language.code) if locations else None
    matched = {each["issueArea"]["slug"] for each in match["issueAreas"]}
    themes = sorted(((term["label"], term["slug"] in matched) for term in node["issueAreas"]), key=lambda theme: not theme[1])
    reason, excerpt = match["regionReason"], _find_excerpt(match["highlights"])
    return Result(
        name=node["name"],
        address=context.request.link(f"/organizations/{node['slug']}"),
        kind=context.kinds[node["kind"]],
        place=place,
        precision=context.language.gettext(PRECISIONS[locations[0]["precision"]]) if place else None,
        other_places=len(locations) - 1 if place else 0,
        summary=_find_summary(node["summary"], match["highlights"]),
        summary_language=context.language.find_other(node["summary"]),
        distance=None if edge["distance"] is None else context.language.format_distance(edge["distance"], context.unit),
        themes=tuple(themes[:MAX_THEMES]),
        more_themes=max(0, len(themes) - MAX_THEMES),
        matched_terms=context.matched_terms.get(node["slug"], ()),
        excerpt=excerpt,
        excerpt_language=context.language.find_other("".join(each["text"] for each in excerpt)),
        reason=reason,
        reason_text=_format_reason(reason, context),
        freshness=format_freshness(node["verifiedAt"], node["verificationDue"], context.language, context.today),
        is_due=node["verificationDue"],
    )


def list_chips(parts: Sequence[Mapping[str, Any]], language: Language, origin: SearchOrigin | None) -> list[dict[str, Any]]:
    """Return the parts of a search with `region`, the name of a region as it stands in a sentence; None if it is not one.

    If only excluded regions have a relation, as in "not located in Georgia", the relation is said with them and is no chip.
    """
    by = next((part["value"] for part in parts if part["field"] == "regions.by"), None)
    is_excluded = by in EXCLUSIONS and not any(part["field"] == "regions" for part in parts)
    chips = [part for part in parts if not (is_excluded and part["field"] == "regions.by")]
    return [_describe_chip(part, language, by if is_excluded else None, origin) for part in chips]


def _describe_chip(part: Mapping[str, Any], language: Language, by: str | None, origin: SearchOrigin | None) -> dict[str, Any]:
    field = part["field"]
    region = REGIONS.get(part["value"]) if field in ("regions", "regions.noneOf") else None
    name = format_in_sentence(region, language.code) if region else None
    label = part["label"]
    if field == "near" and origin is not None:
        label = origin.label
    elif field == "regions.noneOf" and by and name:
        label = language.gettext(EXCLUSIONS[by]) % {"region": name}
    return {**part, "label": label, "region": name}


def format_place(location: Mapping[str, Any], states: Mapping[str, str] = NO_NAMES, language: str = "en") -> str | None:
    """Return "Atlanta, GA", "Levy County, FL" or "Georgia", None if the place has no address. `states` are names by code."""
    address = location["address"]
    if address is None:
        return None
    local = address["city"] or format_county(address["county"], language)
    if local:
        return ", ".join(part for part in (local, address["state"]) if part)
    return states.get(f"{address['country']}-{address['state']}", address["state"]) or str(address["country"])


def format_county(name: str | None, language: str) -> str | None:
    """Return the name of a county as filters and pages of places have it: "Condado de Levy"."""
    return (translate_county_name(name) if name and language == "es" else None) or name


def format_freshness(verified_at: str | None, is_due: bool, language: Language, today: date) -> str:
    """Return when the record was last verified, as a sentence."""
    if verified_at is None:
        return language.gettext("Never verified")
    day = datetime.fromisoformat(verified_at).date()
    if is_due:
        return language.gettext("Last verified %(month)s. May be out of date.") % {"month": language.format_month(day)}
    return language.gettext("Verified %(ago)s") % {"ago": language.format_age(day, today)}


def _format_reason(reason: str | None, context: ResultContext) -> str | None:
    if reason is None:
        return None
    general, specific = REASONS[reason]
    return context.language.gettext(specific if context.region else general) % {"region": context.region}


def _find_region(question: Sequence[Mapping[str, Any]], language: str) -> str | None:
    codes = [part["value"] for part in question if part["field"] == "regions"]
    return format_in_sentence(REGIONS.require(codes[0]), language) if len(codes) == 1 else None


def _find_summary(summary: str | None, highlights: Sequence[Mapping[str, Any]]) -> Segments:
    """Return the summary, with the words that were found in it marked; () if there is none."""
    found = next((each["segments"] for each in highlights if each["field"] == "summary"), None)
    return tuple(found) if found else ({"text": summary, "matched": False},) if summary else ()


def _find_excerpt(highlights: Sequence[Mapping[str, Any]]) -> Segments:
    """Return the first of the longer texts in which a word was found; () if there is none."""
    return next((tuple(each["segments"]) for each in highlights if each["field"] in EXCERPT_FIELDS), ())
