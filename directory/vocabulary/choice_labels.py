"""Labels of the closed lists of values, in English and Spanish: the text that a page shows for each value.

The texts of a list can stand alone, as in a menu, in a table or beside one organization. filters/labels.py has those of filters.
"""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct

from directory.vocabulary.terms import LABEL_LANGUAGES

Translations: TypeAlias = tuple[str, ...]  # one text for each of LABEL_LANGUAGES


class Choice(Struct, frozen=True):
    """A value of a closed list, with its labels."""

    value: str
    translations: Translations

    def label(self, language: str = "en") -> str:
        """Return the label in the language ("es-MX" falls back to "es"), or in English if there is none."""
        return self.translations[LABEL_LANGUAGES.index(choose_label_language(language))]


def choose_label_language(tag: str) -> str:
    """Return the language of labels for a BCP 47 tag: "es" for "es-MX", and "en" if there are no labels in the language."""
    language = tag.partition("-")[0].lower()
    return language if language in LABEL_LANGUAGES else "en"


_TEXTS: Mapping[str, Mapping[str, Translations]] = {  # by the names that the API has for the lists and their values
    "OrganizationKind": {
        "GRASSROOTS_GROUP": ("Grassroots group", "Grupo de base"),
        "COLLECTIVE": ("Collective", "Colectivo"),
        "WORKER_CENTER": ("Worker center", "Centro de trabajadores"),
        "LEGAL_ORGANIZATION": ("Legal organization", "Organización jurídica"),
        "SERVICE_PROVIDER": ("Service provider", "Prestador de servicios"),
        "ADVOCACY_ORGANIZATION": ("Advocacy organization", "Organización de incidencia"),
        "NATIONAL_ORGANIZATION": ("National organization", "Organización nacional"),
        "NETWORK": ("Network", "Red"),
        "CAMPAIGN": ("Campaign", "Campaña"),
        "FAITH_ORGANIZATION": ("Faith organization", "Organización religiosa"),
        "UNION": ("Union", "Sindicato"),
        "RESEARCH": ("Research organization", "Organización de investigación"),
        "ARTS": ("Arts organization", "Organización artística"),
        "FUNDER": ("Funder", "Financiadora"),
        "PUBLIC_BODY": ("Public body", "Entidad pública"),
        "OTHER": ("Other kind", "Otro tipo"),
    },
    "MembershipStatus": {
        "ACTIVE": ("Member", "Miembro"),
        "PROSPECT": ("Prospective member", "Podría hacerse miembro"),
        "LAPSED": ("Former member", "Ya no es miembro"),
        "NONE": ("Not a member", "No es miembro"),
    },
    "NameKind": {
        "LEGAL": ("Legal name", "Nombre legal"),
        "ACRONYM": ("Acronym", "Siglas"),
        "SHORT": ("Short name", "Nombre corto"),
        "FORMER": ("Former name", "Nombre anterior"),
        "TRANSLATED": ("Translated name", "Nombre traducido"),
        "ALSO_KNOWN_AS": ("Also known as", "También conocida como"),
    },
    "CoalitionKind": {
        "CAMPAIGN": ("Campaign", "Campaña"),
        "TASK_FORCE": ("Task force", "Grupo especial"),
        "WORKING_GROUP": ("Working group", "Grupo de trabajo"),
        "ALLIANCE": ("Alliance", "Alianza"),
    },
    "CoalitionStatus": {
        "UPCOMING": ("Starts later", "Comienza más adelante"),
        "CURRENT": ("Not ended, as far as stated", "No ha terminado, según lo indicado"),
        "ENDED": ("Ended", "Terminada"),
    },
    "InstrumentKind": {
        "DECLARATION": ("Declaration", "Declaración"),
        "TREATY": ("Treaty", "Tratado"),
        "REVIEW": ("Review", "Examen"),
    },
    "RelationKind": {  # before the name of the other organization
        "BRANCH_OF": ("Branch of", "Filial de"),
        "SUCCESSOR_OF": ("Successor of", "Sucesora de"),
        "FISCAL_SPONSOR": ("Fiscal sponsor", "Patrocinador fiscal"),
        "SISTER": ("Sister organization", "Organización hermana"),
        "PARTNER": ("Partner", "Organización aliada"),
        "FUNDER": ("Funder", "Financiadora"),
        "HOST": ("Host", "Organización anfitriona"),
    },
    "Precision": {
        "EXACT": ("Exact location", "Ubicación exacta"),
        "STREET": ("Street", "Calle"),
        "POSTAL_CODE": ("Postal code area", "Zona del código postal"),
        "CITY": ("City", "Ciudad"),
        "COUNTY": ("County", "Condado"),
        "STATE": ("State", "Estado"),
        "UNKNOWN": ("Not stated", "Sin indicar"),
    },
    "RegionKind": {
        "COUNTRY": ("Country", "País"),
        "CENSUS_REGION": ("Census region", "Región censal"),
        "CENSUS_DIVISION": ("Census division", "División censal"),
        "STATE": ("State or territory", "Estado o territorio"),
        "COUNTY": ("County", "Condado"),
        "TRIBAL_AREA": ("Tribal area", "Territorio tribal"),
        "METRO_AREA": ("Metro area", "Área metropolitana"),
        "CUSTOM": ("Named region", "Región con nombre propio"),
    },
    "PlaceKind": {
        "POSTAL_CODE": ("ZIP code", "Código postal"),
        "CITY": ("City or town", "Ciudad o pueblo"),
        "COUNTY": ("County", "Condado"),
        "STATE": ("State or territory", "Estado o territorio"),
        "REGION": ("Region", "Región"),
    },
    "SuggestionKind": {
        "ORGANIZATION": ("Organization", "Organización"),
        "ISSUE_AREA": ("Issue area", "Tema"),
        "COMMUNITY": ("Community", "Comunidad"),
        "WORK_AREA": ("Way of working", "Forma de trabajar"),
        "REGION": ("Region", "Región"),
        "PLACE": ("Place", "Lugar"),
        "COALITION": ("Coalition", "Coalición"),
        "EVENT": ("Event", "Evento"),
        "INSTRUMENT": ("Human-rights instrument", "Instrumento de derechos humanos"),
    },
    "RelaxationKind": {
        "INSTEAD": ("Something more likely", "Algo más probable"),
        "SERVES_THE_PLACE": ("Serves the place", "Atiende el lugar"),
        "WIDER_CIRCLE": ("A larger distance", "Una distancia mayor"),
        "BROADER_THEME": ("A broader theme", "Un tema más amplio"),
        "NATIONWIDE": ("Works nationwide", "Trabaja en todo el país"),
        "DROP": ("Without a part", "Sin una parte"),
    },
    "RegionReason": {
        "LOCATED": ("Located in the region", "Con sede en la región"),
        "WITHIN_DISTANCE": ("Within the distance of the search", "Dentro de la distancia de la búsqueda"),
        "SERVES": ("Serves the region", "Atiende la región"),
        "SERVES_PART": ("Serves part of the region", "Atiende parte de la región"),
        "NATIONWIDE": ("Works nationwide", "Trabaja en todo el país"),
    },
    "TextTier": {
        "EXACT_NAME": ("Exact name", "Nombre exacto"),
        "NAMES": ("Name", "Nombre"),
        "THEMES": ("Issue areas and ways of working", "Temas y formas de trabajar"),
        "PLACES_AND_COMMUNITIES": ("Places, communities and languages", "Lugares, comunidades e idiomas"),
        "SUMMARY": ("Summary", "Resumen"),
        "DESCRIPTION": ("Description", "Descripción"),
    },
    "RegionMatch": {
        "LOCATED": ("Located in the region", "Con sede en la región"),
        "SERVING": ("Serving the region", "Que atienden la región"),
        "LOCATED_OR_SERVING": ("Located in the region or serving it", "Con sede en la región o que la atienden"),
    },
    "Nationwide": {
        "INCLUDE": ("With nationwide organizations", "Con organizaciones nacionales"),
        "EXCLUDE": ("Without nationwide organizations", "Sin organizaciones nacionales"),
        "ONLY": ("Only nationwide organizations", "Solo organizaciones nacionales"),
    },
    "OrganizationOrderField": {
        "RELEVANCE": ("Relevance", "Relevancia"),
        "NAME": ("Name", "Nombre"),
        "DISTANCE": ("Distance", "Distancia"),
        "FOUNDED": ("Year of founding", "Año de fundación"),
        "JOINED": ("Date of joining", "Fecha de ingreso"),
        "VERIFIED": ("Date of verification", "Fecha de verificación"),
        "UPDATED": ("Date of change", "Fecha de cambio"),
    },
    "OrderDirection": {
        "ASCENDING": ("Ascending", "Ascendente"),
        "DESCENDING": ("Descending", "Descendente"),
    },
    "DistanceUnit": {
        "KILOMETER": ("Kilometers", "Kilómetros"),
        "MILE": ("Miles", "Millas"),
    },
    "CoverageFacet": {
        "ISSUE_AREA": ("Issue area", "Tema"),
        "COMMUNITY": ("Community", "Comunidad"),
        "WORK_AREA": ("Way of working", "Forma de trabajar"),
    },
    "CoverageVerdict": {
        "COVERED": ("Covered", "Con presencia"),
        "NONE": ("Nobody", "Nadie"),
        "UNKNOWN": ("Not known", "No se sabe"),
    },
    "ChangeKind": {  # of an organization
        "ADDED": ("Added", "Agregada"),
        "CHANGED": ("Changed", "Modificada"),
        "REMOVED": ("Removed", "Retirada"),
    },
    "Audience": {
        "PUBLIC": ("Everyone", "Todo el público"),
        "MEMBERS": ("Members", "Miembros"),
        "STAFF": ("Staff", "Personal"),
    },
    "AllyMode": {
        "SAME_THEMES": ("Works on the same themes", "Trabaja en los mismos temas"),
        "SAME_PLACE_OTHER_THEMES": ("Nearby, works on other themes", "Cerca, trabaja en otros temas"),
        "SEEKS_AND_OFFERS": (
            "Offers what is sought, or seeks what is offered",
            "Ofrece lo que se busca o busca lo que se ofrece",
        ),
    },
    "AllyReasonKind": {
        "SHARED_ISSUE_AREA": ("Same issue area", "El mismo tema"),
        "SHARED_BROADER_ISSUE_AREA": ("Related issue areas", "Temas relacionados"),
        "SHARED_COMMUNITY": ("Same community", "La misma comunidad"),
        "SHARED_BROADER_COMMUNITY": ("Related communities", "Comunidades relacionadas"),
        "SHARED_WORK_AREA": ("Same way of working", "La misma forma de trabajar"),
        "SHARED_BROADER_WORK_AREA": ("Related ways of working", "Formas de trabajar relacionadas"),
        "SHARED_COALITION": ("Same coalition", "La misma coalición"),
        "SAME_REGION": ("In the same region", "En la misma región"),
        "SERVES_SAME_REGION": ("Serves the same region", "Atiende la misma región"),
        "NEARBY": ("Nearby", "Cerca"),
        "COMPLEMENTS": ("Works on other issue areas", "Trabaja en otros temas"),
        "OFFERS_WHAT_IT_SEEKS": ("Offers what is sought", "Ofrece lo que se busca"),
        "SEEKS_WHAT_IT_OFFERS": ("Seeks what is offered", "Busca lo que se ofrece"),
    },
    "AllyTieKind": {
        "PARENT": ("Parent organization", "Organización matriz"),
        "BRANCH": ("Branch of the same organization", "Filial de la misma organización"),
        "RELATION": ("Stated relation", "Relación declarada"),
    },
    "PlanProof": {
        "NOTHING_TO_CHOOSE": ("Nothing to choose", "Nada que elegir"),
        "SEPARATE_CELLS": ("Combinations without a common member", "Combinaciones sin miembros en común"),
        "WEIGHTED_CELLS": ("Weights of combinations", "Pesos de combinaciones"),
        "EXHAUSTIVE_SEARCH": ("All smaller choices ruled out", "Descartadas todas las selecciones menores"),
    },
    "PlanGapReason": {
        "MAX_SIZE": ("The plan may not have more members", "El plan no puede tener más miembros"),
        "EXCLUDED": ("Excluded members", "Miembros excluidos"),
        "FILTER": ("Left out by the filter", "Fuera del filtro"),
        "NO_MEMBER": ("Too few organizations", "Muy pocas organizaciones"),
    },
}
CHOICES: Mapping[str, tuple[Choice, ...]] = {
    name: tuple(Choice(value, translations) for value, translations in texts.items()) for name, texts in _TEXTS.items()
}
