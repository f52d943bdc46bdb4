"""The labels of filter parts in English and Spanish."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from directory.filters.origins import is_coordinates
from directory.geo import KM_PER_MILE
from directory.question import FACETS, Near
from directory.records import MembershipStatus, OrganizationKind
from directory.text import fold
from directory.vocabulary.choice_labels import CHOICES
from directory.vocabulary.region_phrases import format_in_sentence, join_spanish, translate_place_name
from directory.vocabulary.regions import REGIONS

Translations: TypeAlias = tuple[str, str]  # English, Spanish

KIND_LABELS: Mapping[OrganizationKind, Translations] = {
    OrganizationKind(choice.value): (choice.label("en"), choice.label("es")) for choice in CHOICES["OrganizationKind"]
}
MEMBERSHIP_LABELS: Mapping[MembershipStatus, Translations] = {
    MembershipStatus.ACTIVE: ("Members", "Miembros"),
    MembershipStatus.PROSPECT: ("Prospective members", "Podrían hacerse miembros"),
    MembershipStatus.LAPSED: ("Former members", "Ya no son miembros"),
    MembershipStatus.NONE: ("Not members", "No son miembros"),
}
_LABEL_PATTERNS: Mapping[str, Translations] = {
    "query": ("“{}”", "«{}»"),
    "allOf": ("also {}", "también {}"),
    "noneOf": ("not {}", "sin {}"),
    "regions.noneOf": ("not in {}", "fuera {}"),  # in Spanish "de" and the name with its article
    "within": ("on the map ({})", "en el mapa ({})"),
    "verifiedSince": ("verified since {}", "verificadas desde {}"),
    "updatedSince": ("updated since {}", "actualizadas desde {}"),
    "parent": ("branches of {}", "filiales de {}"),
    "coalition": ("in the coalition {}", "en la coalición {}"),
    "optionalWords": ("preferably {}", "de preferencia: {}"),
    "joinedSince": ("members since {} or later", "miembros desde {} o después"),
}
_VALUE_LABELS: Mapping[tuple[str, str], Translations] = {
    ("issueAreas.narrower", "false"): ("no narrower issue areas", "sin temas más específicos"),
    ("communities.narrower", "false"): ("no narrower communities", "sin comunidades más específicas"),
    ("workAreas.narrower", "false"): ("no narrower ways of working", "sin formas de trabajar más específicas"),
    ("languages.narrower", "false"): ("no narrower languages", "sin variantes de idioma"),
    ("regions.by", "LOCATED"): ("located there", "con sede allí"),
    ("regions.by", "SERVING"): ("serving it", "que lo atienden"),
    ("regions.nationwide", "EXCLUDE"): ("without nationwide organizations", "sin organizaciones nacionales"),
    ("regions.nationwide", "ONLY"): ("only nationwide organizations", "solo organizaciones nacionales"),
    ("locationStated", "true"): ("location stated", "con ubicación indicada"),
    ("locationStated", "false"): ("location not stated", "sin ubicación indicada"),
    ("verificationDue", "true"): ("verification due", "con verificación pendiente"),
    ("verificationDue", "false"): ("recently verified", "verificadas recientemente"),
}
_ORDER_LABELS: Mapping[str, Translations] = {
    "RELEVANCE": ("by relevance", "por relevancia"),
    "NAME": ("by name", "por nombre"),
    "DISTANCE": ("by distance", "por distancia"),
    "FOUNDED": ("by year of founding", "por año de fundación"),
    "JOINED": ("by date of joining", "por fecha de ingreso"),
    "VERIFIED": ("by date of verification", "por fecha de verificación"),
    "UPDATED": ("by date of change", "por fecha de cambio"),
}
_REGION_MATCH_PATTERNS: Mapping[str, Translations] = {
    "LOCATED": ("located in {}", "con sede en {}"),
    "SERVING": ("serving {}", "que atienden {}"),
}
_CONJUNCTIONS: Mapping[bool, Translations] = {True: ("or", "o"), False: ("and", "y")}
# Words that keep their capital in English: names, and adjectives made from names.
CAPITALIZED_WORDS = frozenset(("Arab", "Asian", "Black", "Deaf", "Indigenous", "Islamophobia", "Latinx", "Muslim", "Pacific"))
_SENTENCE_CASE_FIELDS = ("issueAreas", "communities", "workAreas", "kinds", "membership")  # their labels start with a capital
_DESCENDING_PATTERN: Translations = ("{}, descending", "{}, descendente")
_UNNAMED_POINT: Translations = ("the place you searched from", "el punto desde el que busca")
_VOCABULARIES = {"issueAreas": "issue_areas", "communities": "communities", "workAreas": "work_areas", "languages": "languages"}
FEW_MILES = 10  # shorter distances have decimals
WHOLE_NUMBER_TOLERANCE = 0.005  # miles; closer values are shown as a whole number


def format_label(
    field: str, value: str, near: Near | None, language: str, *, is_additional_term: bool = True, in_sentence: bool = False
) -> str:
    """Return the label of a filter part, in Spanish for "es" and "es-MX", otherwise in English.

    `near` is needed for the field "near". `is_additional_term`: whether the question has another term of the facet before it.
    `in_sentence`: whether a region stands after other words, "the South", and not alone, "South".
    """
    spanish = _is_spanish(language)
    if near is not None:
        return format_near(near, language)
    if field == "orderBy":
        label = _ORDER_LABELS[value.removeprefix("-")][spanish]
        return _DESCENDING_PATTERN[spanish].format(label) if value.startswith("-") else label
    if field in _FORMATTERS:
        return _FORMATTERS[field](value, spanish)
    if (field, value) in _VALUE_LABELS:
        return _VALUE_LABELS[field, value][spanish]
    name, _, operator = field.partition(".")
    operator_pattern = _LABEL_PATTERNS.get(operator) if is_additional_term or operator != "allOf" else None
    pattern = _LABEL_PATTERNS.get(field) or operator_pattern or ("{}", "{}")
    label = _format_region(field, value, spanish, in_sentence) if name == "regions" else _format_value(name, value, spanish)
    return pattern[spanish].format(lower_first_letter(label, name, language) if field == "kinds.noneOf" else label)


def join_labels(texts: Sequence[str], language: str, *, is_choice: bool) -> str:
    """Return "A, B or C" or, unless it is a choice, "A, B and C"."""
    spanish = _is_spanish(language)
    *others, last = texts
    conjunction = _CONJUNCTIONS[is_choice][spanish]
    if spanish:  # before the same sound: "siete u ocho", "padre e hijo"
        sounds, changed = (("o", "ho"), "u") if is_choice else (("i", "hi"), "e")
        conjunction = changed if fold(last).startswith(sounds) and not fold(last).startswith("hie") else conjunction
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def format_region_match(by: str, region: str, language: str) -> str:
    """Return "serving Georgia"."""
    return _REGION_MATCH_PATTERNS.get(by, ("{}", "{}"))[_is_spanish(language)].format(region)


def lower_first_letter(label: str, field: str, language: str) -> str:
    """Return the label as it is written inside of a sentence. Names and acronyms keep their capital."""
    spanish, first_word = _is_spanish(language), label.partition(" ")[0]
    is_sentence_case = field in _SENTENCE_CASE_FIELDS or (spanish and field == "languages")
    is_name = first_word[1:] != first_word[1:].lower() or (not spanish and first_word in CAPITALIZED_WORDS)
    return label if is_name or not is_sentence_case else label[:1].lower() + label[1:]


def _is_spanish(language: str) -> bool:
    return language.partition("-")[0].lower() == "es"


def _format_years(value: str, spanish: bool) -> str:
    first, dash, last = value.partition("-")
    if not dash:
        return f"fundadas en {first}" if spanish else f"founded in {first}"
    if first and last:
        return f"fundadas de {first} a {last}" if spanish else f"founded from {first} to {last}"
    if first:
        return f"fundadas en {first} o después" if spanish else f"founded in {first} or later"
    return f"fundadas en {last} o antes" if spanish else f"founded in {last} or earlier"


def _format_ids(value: str, spanish: bool) -> str:
    count = value.count(",") + 1
    if spanish:
        return "1 organización seleccionada" if count == 1 else f"{count} organizaciones seleccionadas"
    return "1 selected organization" if count == 1 else f"{count} selected organizations"


_FORMATTERS = {"founded": _format_years, "ids": _format_ids}


def _format_region(field: str, code: str, spanish: bool, in_sentence: bool) -> str:
    region, language = REGIONS.get(code), "es" if spanish else "en"
    if region is None:
        return f"de {code}" if field == "regions.noneOf" and spanish else code
    if field == "regions.noneOf":
        name = format_in_sentence(region, language)
        return join_spanish("de", name) if spanish else name
    return format_in_sentence(region, language) if in_sentence else region.label(language)


def _format_value(field: str, value: str, spanish: bool) -> str:
    language = "es" if spanish else "en"
    if field in _VOCABULARIES:
        term = FACETS[_VOCABULARIES[field]].get(value)
        return term.label(language) if term else value
    if field == "kinds":
        return KIND_LABELS[OrganizationKind(value)][spanish]
    if field == "membership":
        return MEMBERSHIP_LABELS[MembershipStatus(value)][spanish]
    if field == "updatedSince":
        return value.removesuffix("T00:00:00Z").replace("T", " ").replace("Z", " UTC")
    return value.replace(",", ", ") if field == "within" else value


def format_nearby(near: Near, language: str) -> str:
    """Return the label of "near a place", within a distance of it or serving it: "near Atlanta, GA"."""
    spanish = _is_spanish(language)
    place = _get_place_name(near, spanish)
    return join_spanish("cerca de", place) if spanish else f"near {place}"


def format_origin(near: Near, language: str) -> str:
    """Return the name of an origin alone: "Georgia", "Atlanta, GA"."""
    region = REGIONS.get(near.reference.partition(":")[2])
    return region.label("es" if _is_spanish(language) else "en") if region else _get_place_name(near, _is_spanish(language))


def _get_place_name(near: Near, spanish: bool) -> str:
    region = REGIONS.get(near.reference.partition(":")[2])
    if region:
        return format_in_sentence(region, "es" if spanish else "en")
    if is_coordinates(near.reference):
        return _UNNAMED_POINT[spanish]
    return translate_place_name(near.label or near.reference, "es" if spanish else "en")


def format_near(near: Near, language: str, unit: str | None = None) -> str:
    """Return the label of an origin and its radius, in kilometers for the unit "km" and in miles for "mi".

    Without a unit, a whole number of miles is in miles and every other radius in kilometers. A point without a name is called the
    place that people searched from: nobody knows a place by its coordinates.
    """
    spanish = _is_spanish(language)
    place = _get_place_name(near, spanish)
    if near.radius_km is None:
        return join_spanish("primero lo más cercano a", place) if spanish else f"nearest to {place} first"
    distance = _format_distance(near.radius_km, unit, spanish)
    return join_spanish(f"a menos de {distance} de", place) if spanish else f"within {distance} of {place}"


def _format_distance(km: float, unit: str | None, spanish: bool) -> str:
    miles = km / KM_PER_MILE
    is_whole = round(miles) >= 1 and abs(miles - round(miles)) < WHOLE_NUMBER_TOLERANCE
    if unit == "km" or (unit is None and not is_whole):
        return f"{km:.4g} km" if km < 1000 else f"{round(km):,} km"
    text = f"{round(miles):,}" if is_whole or miles >= FEW_MILES else f"{miles:.2g}"
    name = ("mile", "milla")[spanish] + ("" if text == "1" else "s")
    return f"{text} {name}"
