"""The function words of English and Spanish, and what they mean for the words after them. All phrases are folded."""

from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import product
from typing import Generic, TypeVar

from directory.records import OrganizationKind

T = TypeVar("T")


class PhraseTable(Generic[T]):
    """Folded phrases and their meanings. `max_words_by_first_word`: the length of the longest phrase that starts with a word."""

    def __init__(self, meanings: Mapping[str, T]) -> None:
        self.meanings = meanings
        self.max_words_by_first_word: dict[str, int] = {}
        for phrase in meanings:
            words = phrase.split()
            self.max_words_by_first_word[words[0]] = max(len(words), self.max_words_by_first_word.get(words[0], 0))


class PlaceRelation(Enum):
    """How an organization is related to a place."""

    NEAR = "near"
    IN = "in"
    LOCATED = "located in"
    SERVING = "serving"


def _parse_alternatives(*phrases: str) -> PhraseTable[None]:
    """Return a table of the phrases, which are separated by "|"."""
    return PhraseTable(dict.fromkeys(phrase for alternatives in phrases for phrase in alternatives.split("|")))


def _split_words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_IN_PHRASES = ("in|from|across|throughout|within", "en|por|en todo|en toda|a traves de")
_LOCATED_PHRASES = (
    "located in|based in|headquartered in|with offices in",
    "con sede en|ubicados en|ubicadas en|basados en|basadas en",
)
_SERVING_PHRASES = (
    "serving|serve|serves|that serve|who serve",
    "sirviendo a|sirven a|que sirven a|atienden|atienden a|que atienden|que atienden a",
)


def _combine_in_and_serving() -> Iterator[str]:
    """Yield combinations like "in or serving", "serving or based in" and "en o que sirven a"."""
    conjunctions = ("or|and|and or", "o|y|u")
    for in_phrases, located_phrases, serving_phrases, words in zip(
        _IN_PHRASES, _LOCATED_PHRASES, _SERVING_PHRASES, conjunctions, strict=True
    ):
        place_phrases = f"{in_phrases}|{located_phrases}"
        for place, conjunction, serving in product(place_phrases.split("|"), words.split("|"), serving_phrases.split("|")):
            yield f"{place} {conjunction} {serving}"
            yield f"{serving} {conjunction} {place}"


_PHRASES_BY_RELATION = {
    PlaceRelation.NEAR: _parse_alternatives(
        "near|near to|close to|around|nearby|next to",
        "cerca de|alrededor de|junto a|proximos a|proximas a|cercanos a|cercanas a",
    ),
    PlaceRelation.IN: _parse_alternatives(*_IN_PHRASES, *_combine_in_and_serving()),
    PlaceRelation.LOCATED: _parse_alternatives(*_LOCATED_PHRASES),
    PlaceRelation.SERVING: _parse_alternatives(*_SERVING_PHRASES),
}
PLACE_WORDS = PhraseTable({phrase: relation for relation, table in _PHRASES_BY_RELATION.items() for phrase in table.meanings})
ARTICLES = _split_words("the el la los las")
HERE_PHRASES = _parse_alternatives(
    "near us|near me|near here|nearby|close to us|close to me|close by|around here|around us|around me",
    "in my area|in our area|next to us",
    "cerca|cerca de mi|cerca de nosotros|cerca de nosotras|cerca de aqui|por aqui",
    "en mi zona|en nuestra zona|en mi area|en nuestra area",
)
NATIONWIDE_PHRASES = _parse_alternatives(
    "nationwide|nation wide|across the country|across the nation|throughout the country|in every state|in all states",
    "a nivel nacional|en todo el pais|por todo el pais|en todos los estados",
)
EXCLUSION_PHRASES = _parse_alternatives("without|except|excluding|but not", "sin|excepto|salvo|pero no")
NEGATIONS = _parse_alternatives("not|no|never|non|nunca")  # common in names, so the words after them stay text
OR_WORDS = _split_words("or o u")

DISTANCE_STARTS = _parse_alternatives("within|within a|in a", "dentro de|a menos de|a|en un radio de")
MILES = _split_words("mile miles mi milla millas")
KILOMETERS = _split_words("km kms kilometer kilometers kilometre kilometres kilometro kilometros")
DISTANCE_ENDS = _parse_alternatives(
    "of|from|around|away from|radius of|radius around|radius from",
    "de|desde|alrededor de|a la redonda de",
)

LANGUAGE_PREFIXES = _parse_alternatives(
    "in|speak|speaks|speaking|that speak|who speak", "en|de habla|habla|hablan|hablando|que habla|que hablan"
)
LANGUAGE_SUFFIXES = _parse_alternatives("speaking|speaker|speakers")

# Kinds, mostly in the plural. A single word such as "network" is more often part of a name.
_PHRASES_BY_KIND = {
    OrganizationKind.GRASSROOTS_GROUP: "grassroots group|grassroots groups|grupo de base|grupos de base",
    OrganizationKind.COLLECTIVE: "collectives|colectivos",
    OrganizationKind.WORKER_CENTER: "worker center|worker centers|centro de trabajadores|centros de trabajadores",
    OrganizationKind.LEGAL_ORGANIZATION: (
        "legal organization|legal organizations|organizacion juridica|organizaciones juridicas"
    ),
    OrganizationKind.SERVICE_PROVIDER: "service provider|service providers|prestador de servicios|prestadores de servicios",
    OrganizationKind.ADVOCACY_ORGANIZATION: (
        "advocacy organization|advocacy organizations|organizacion de incidencia|organizaciones de incidencia"
    ),
    OrganizationKind.NATIONAL_ORGANIZATION: (
        "national organization|national organizations|organizacion nacional|organizaciones nacionales"
    ),
    OrganizationKind.NETWORK: "networks|redes",
    OrganizationKind.CAMPAIGN: "campaigns|campanas",
    OrganizationKind.FAITH_ORGANIZATION: (
        "faith organization|faith organizations|organizacion religiosa|organizaciones religiosas"
    ),
    OrganizationKind.UNION: "unions|sindicatos",
    OrganizationKind.RESEARCH: (
        "research organization|research organizations|organizacion de investigacion|organizaciones de investigacion"
    ),
    OrganizationKind.ARTS: "arts organization|arts organizations|organizacion artistica|organizaciones artisticas",
    OrganizationKind.FUNDER: "funders|financiadoras",
    OrganizationKind.PUBLIC_BODY: "public body|public bodies|entidad publica|entidades publicas",
}
KIND_PHRASES = PhraseTable({phrase: kind for kind, phrases in _PHRASES_BY_KIND.items() for phrase in phrases.split("|")})

NON_TERM_WORDS = _split_words("derechos")  # looks like the plural of "derecho" (law), but means rights
NON_CITY_WORDS = _split_words("mobile reading buffalo")  # large cities whose names are more often ordinary words
STOP_WORDS = _split_words(
    "a an the of for on in at to and or with by about near from within this that which who whom whose what where when how",
    "i im me my we us our you your they their there is are be do does doing did have has can could would",
    "any some all every other also please work works working worked help helps helping focus focused focusing join joins",
    "group groups organization organizations organisation organisations org orgs nonprofit nonprofits ngo ngos",
    "member members people folks somebody someone anyone ally allies partner partners",
    "look looking find search searching show list need want issue issues serving serve serves located based",
    "area areas region zip code human rights",
    "el la los las lo un una unos unas de del en para por con y e o u a al que su sus mi como donde",
    "quien quienes cual cuales nosotros nosotras hay hace hacen trabaja trabajan trabajando trabajo ayuda ayudan ayudar",
    "grupo grupos organizacion organizaciones miembro miembros gente personas alguien aliado aliados aliada aliadas",
    "sobre busco buscamos buscar buscando quiero necesito tema temas todos todas otros otras tambien sirven atienden cerca",
    "codigo postal derechos humanos",
)
