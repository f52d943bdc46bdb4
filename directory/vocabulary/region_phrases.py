"""The names of regions inside of sentences, with their articles: "the Deep South", "el Sur Profundo", "del condado de Levy, FL".

Whether a name has an article depends on one word, the first of a Spanish name and the last of an English one: a coast or a valley
has one, Georgia and Puerto Rico have none.
"""

import re
from functools import lru_cache

from directory.vocabulary.region_files import Region, RegionKind

_SPANISH_ARTICLES = {  # by the first word of the name
    "el": "Área Atlántico Centro Cinturón Condado Delta Distrito Eastern Estado Este Gran Grand Inland Lejano Medio Municipio "
    "Noreste Noroeste Norte North Northeast Oeste Panhandle Piedmont Reino Research Sáhara Southern Sur Sureste Suroeste "
    "Territorio Triángulo Valle",
    "la": "Ciudad Costa Isla Nación Parroquia Península Región República Reserva Santa",
    "los": "Apalaches Cayos Emiratos Estados Finger Países Territorios",
    "las": "Altas Bahamas Bermudas Ciudades Comoras Filipinas Grandes Islas Llanuras Maldivas Montañas Seychelles Tierras Tribus",
}
_SPANISH_WITHOUT_ARTICLE = frozenset(  # names that begin with one of these words
    (
        "Ciudad de México",
        "Costa Rica",
        "Costa de Marfil",
        "El Paso y Las Cruces",
        "El Salvador",
        "Estados Unidos",
        "North Bay (California)",
        "Santa Elena, Ascensión y Tristán de Acuña",
        "Santa Lucía",
    )
)
_ARTICLE_BY_WORD = {word: article for article, words in _SPANISH_ARTICLES.items() for word in words.split()}
# These say what kind of place it is. After an article they start with a small letter.
_SPANISH_KINDS = frozenset(("Área", "Ciudad", "Condado", "Municipio", "Parroquia", "Reserva", "Tribus"))
_ENGLISH_PLACES = re.compile(  # at the end of a name, without what is in parentheses
    r"\b(?:Atlantic|Bay|Belt|Berkshires|Carolinas|Cities|Coast|Congo|Country|Crescent|Dakotas|"
    r"Delta|Empire|Emirates|Federation|Front|Gambia|Islands|Keys|Kingdom|Lakes|Lowcountry|Midwest|Mountain|Nation|Netherlands|"
    r"Northeast|Northwest|Panhandle|Peninsula|Philippines|Plains|Region|Republic|Reservation|"
    r"Sahara|Shore|South|Southeast|Southwest|States|Strand|Territory|Territories|Tier|Triad|Triangle|"
    r"Tribes|Valley|West|[Aa]rea|region|states|territories)$|^(?:District of|Eastern Shore|Isle of|Republic of|DMV)\b"
)
_ENGLISH_WITHOUT_ARTICLE = frozenset(("Silicon Valley",))
_NEW_ENGLAND = "US-NEW-ENGLAND"  # the only division that people call by its name
_KINDS_WITHOUT_ARTICLE = (RegionKind.COUNTY,)  # in English

_SPANISH_CITIES = {  # whose Spanish name is the usual one in the United States
    "New York, NY": "Nueva York, NY",
    "New Orleans, LA": "Nueva Orleans, LA",
    "Philadelphia, PA": "Filadelfia, PA",
}


def translate_place_name(name: str, language: str) -> str:
    """Return the Spanish name of a city and its state: "Nueva York, NY". The name itself if there is none, or in English."""
    return _SPANISH_CITIES.get(name, name) if language == "es" else name


@lru_cache(maxsize=5_000)
def format_in_sentence(region: Region, language: str) -> str:
    """Return the name as it stands inside of a sentence, after a preposition or a verb; in English unless `language` is "es"."""
    label, spanish = region.label(language), language == "es"
    if region.kind is RegionKind.CENSUS_DIVISION and region.code != _NEW_ENGLAND:
        return f"la división {label}" if spanish else f"the {label} division"
    return _add_spanish_article(label) if spanish else _add_english_article(region, label)


def join_spanish(preposition: str, phrase: str) -> str:
    """Return a preposition with what follows it: "de" and "el Sur" are "del Sur", "a" and "el Sur" are "al Sur"."""
    article, _, rest = phrase.partition(" ")
    if article == "el" and preposition.split()[-1] in ("a", "de"):
        return f"{preposition}l {rest}"
    return f"{preposition} {phrase}"


def _add_spanish_article(label: str) -> str:
    first = label.partition(" ")[0]
    if label in _SPANISH_WITHOUT_ARTICLE:
        return label
    inner = label[:1].lower() + label[1:]
    if first.lower() in _SPANISH_ARTICLES:  # the name has it: "Las Carolinas"
        return inner
    article = _ARTICLE_BY_WORD.get(first)
    return f"{article} {inner if first in _SPANISH_KINDS else label}" if article else label


def _add_english_article(region: Region, label: str) -> str:
    if label.startswith("The "):
        return "the " + label.removeprefix("The ")
    if region.kind in _KINDS_WITHOUT_ARTICLE or label in _ENGLISH_WITHOUT_ARTICLE:
        return label
    name = label.partition(" (")[0].partition(",")[0]
    is_called_so = f"the {label}" in region.aliases or _ENGLISH_PLACES.search(name)
    return f"the {label}" if is_called_so or region.kind is RegionKind.METRO_AREA else label
