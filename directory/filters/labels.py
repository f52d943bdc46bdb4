"""The labels of filter parts in English and Spanish."""

from collections.abc import Mapping
from typing import TypeAlias

from directory.geo import KM_PER_MILE
from directory.question import FACETS, Near
from directory.records import MembershipStatus, OrganizationKind
from directory.vocabulary.regions import REGIONS

Translations: TypeAlias = tuple[str, str]  # English, Spanish

KIND_LABELS: Mapping[OrganizationKind, Translations] = {
    OrganizationKind.GRASSROOTS_GROUP: ("Grassroots group", "Grupo de base"),
    OrganizationKind.COLLECTIVE: ("Collective", "Colectivo"),
    OrganizationKind.WORKER_CENTER: ("Worker center", "Centro de trabajadores"),
    OrganizationKind.LEGAL_ORGANIZATION: ("Legal organization", "Organización jurídica"),
    OrganizationKind.SERVICE_PROVIDER: ("Service provider", "Prestador de servicios"),
    OrganizationKind.ADVOCACY_ORGANIZATION: ("Advocacy organization", "Organización de incidencia"),
    OrganizationKind.NATIONAL_ORGANIZATION: ("National organization", "Organización nacional"),
    OrganizationKind.NETWORK: ("Network", "Red"),
    OrganizationKind.CAMPAIGN: ("Campaign", "Campaña"),
    OrganizationKind.FAITH_ORGANIZATION: ("Faith organization", "Organización religiosa"),
    OrganizationKind.UNION: ("Union", "Sindicato"),
    OrganizationKind.RESEARCH: ("Research organization", "Organización de investigación"),
    OrganizationKind.ARTS: ("Arts organization", "Organización artística"),
    OrganizationKind.FUNDER: ("Funder", "Financiadora"),
    OrganizationKind.PUBLIC_BODY: ("Public body", "Entidad pública"),
    OrganizationKind.OTHER: ("Other kind", "Otro tipo"),
}
MEMBERSHIP_LABELS: Mapping[MembershipStatus, Translations] = {
    MembershipStatus.ACTIVE: ("Members", "Miembros"),
    MembershipStatus.PROSPECT: ("Prospective members", "Posibles miembros"),
    MembershipStatus.LAPSED: ("Former members", "Antiguos miembros"),
    MembershipStatus.NONE: ("Not members", "No miembros"),
}
_LABEL_PATTERNS: Mapping[str, Translations] = {
    "query": ("“{}”", "«{}»"),
    "allOf": ("also {}", "también {}"),
    "noneOf": ("not {}", "sin {}"),
    "regions.noneOf": ("not in {}", "fuera de {}"),
    "within": ("on the map ({})", "en el mapa ({})"),
    "verifiedSince": ("verified since {}", "verificadas desde {}"),
    "joinedSince": ("members since {} or later", "miembros desde {} o después"),
}
_VALUE_LABELS: Mapping[tuple[str, str], Translations] = {
    ("issueAreas.narrower", "false"): ("no narrower issue areas", "sin temas más específicos"),
    ("communities.narrower", "false"): ("no narrower communities", "sin comunidades más específicas"),
    ("workAreas.narrower", "false"): ("no narrower work areas", "sin áreas de trabajo más específicas"),
    ("languages.narrower", "false"): ("no narrower languages", "sin variantes de idioma"),
    ("regions.by", "LOCATED"): ("located there", "con sede allí"),
    ("regions.by", "SERVING"): ("serving it", "que lo atienden"),
    ("regions.nationwide", "EXCLUDE"): ("without nationwide organizations", "sin organizaciones nacionales"),
    ("regions.nationwide", "ONLY"): ("only nationwide organizations", "solo organizaciones nacionales"),
    ("locationStated", "true"): ("location stated", "con ubicación indicada"),
    ("locationStated", "false"): ("location not stated", "sin ubicación indicada"),
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
_DESCENDING_PATTERN: Translations = ("{}, descending", "{}, descendente")
_VOCABULARIES = {"issueAreas": "issue_areas", "communities": "communities", "workAreas": "work_areas", "languages": "languages"}
WHOLE_NUMBER_TOLERANCE = 0.005  # miles; closer values are shown as a whole number


def format_label(field: str, value: str, near: Near | None, language: str, *, is_additional_term: bool = True) -> str:
    """Return the label of a filter part, in Spanish for "es" and "es-MX", otherwise in English.

    `near` is needed for the field "near". `is_additional_term`: whether the question has another term of the facet before it.
    """
    spanish = language.partition("-")[0].lower() == "es"
    if near is not None:
        return _format_near(near, spanish)
    if field == "orderBy":
        label = _ORDER_LABELS[value.removeprefix("-")][spanish]
        return _DESCENDING_PATTERN[spanish].format(label) if value.startswith("-") else label
    if (field, value) in _VALUE_LABELS:
        return _VALUE_LABELS[field, value][spanish]
    name, _, operator = field.partition(".")
    operator_pattern = _LABEL_PATTERNS.get(operator) if is_additional_term or operator != "allOf" else None
    pattern = _LABEL_PATTERNS.get(field) or operator_pattern or ("{}", "{}")
    return pattern[spanish].format(_format_value(name, value, spanish))


def _format_value(field: str, value: str, spanish: bool) -> str:
    language = "es" if spanish else "en"
    if field in _VOCABULARIES:
        term = FACETS[_VOCABULARIES[field]].get(value)
        return term.label(language) if term else value
    if field == "regions":
        region = REGIONS.get(value)
        return region.label(language) if region else value
    if field == "kinds":
        return KIND_LABELS[OrganizationKind(value)][spanish]
    if field == "membership":
        return MEMBERSHIP_LABELS[MembershipStatus(value)][spanish]
    return value.replace(",", ", ") if field == "within" else value


def _format_near(near: Near, spanish: bool) -> str:
    region = REGIONS.get(near.reference.partition(":")[2])
    place = region.label("es" if spanish else "en") if region else near.label or near.reference
    if near.radius_km is None:
        return f"cerca de {place}" if spanish else f"near {place}"
    distance = _format_distance(near.radius_km, spanish)
    return f"a menos de {distance} de {place}" if spanish else f"within {distance} of {place}"


def _format_distance(km: float, spanish: bool) -> str:
    miles = km / KM_PER_MILE
    if round(miles) >= 1 and abs(miles - round(miles)) < WHOLE_NUMBER_TOLERANCE:
        unit = ("milla", "mile")[not spanish] + ("s" if round(miles) > 1 else "")
        return f"{round(miles):,} {unit}"
    return f"{km:.4g} km" if km < 1000 else f"{round(km):,} km"
