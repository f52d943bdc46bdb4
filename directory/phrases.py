"""The small words of a question in English and Spanish, and what they say about the words after them. All folded."""

from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import product
from typing import Generic, TypeVar

from directory.records import OrganizationKind

T = TypeVar("T")


class Phrases(Generic[T]):
    """Folded phrases and what they mean; `longest` has the words in the longest phrase that begins with a word."""

    def __init__(self, meanings: Mapping[str, T]) -> None:
        self.meanings = meanings
        self.longest: dict[str, int] = {}
        for phrase in meanings:
            words = phrase.split()
            self.longest[words[0]] = max(len(words), self.longest.get(words[0], 0))


class Way(Enum):
    """How a place is meant."""

    NEAR = "near"
    IN = "in"
    LOCATED = "located in"
    SERVING = "serving"


def _each(*phrases: str) -> Phrases[None]:
    """The phrases that are set apart by bars."""
    return Phrases(dict.fromkeys(phrase for some in phrases for phrase in some.split("|")))


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_IN = ("in|from|across|throughout|within", "en|por|en todo|en toda|a traves de")
_LOCATED = (
    "located in|based in|headquartered in|with offices in",
    "con sede en|ubicados en|ubicadas en|basados en|basadas en",
)
_SERVING = (
    "serving|serve|serves|that serve|who serve",
    "sirviendo a|sirven a|que sirven a|atienden|atienden a|que atienden|que atienden a",
)


def _in_or_serving() -> Iterator[str]:
    """ "in or serving", "serving or based in", "en o que sirven a"."""
    for (*some, serving), joined in zip(zip(_IN, _LOCATED, _SERVING, strict=True), ("or|and|and or", "o|y|u"), strict=True):
        for place, join, serves in product("|".join(some).split("|"), joined.split("|"), serving.split("|")):
            yield f"{place} {join} {serves}"
            yield f"{serves} {join} {place}"


_PLACE_WORDS = {
    Way.NEAR: _each(
        "near|near to|close to|around|nearby|next to",
        "cerca de|alrededor de|junto a|proximos a|proximas a|cercanos a|cercanas a",
    ),
    Way.IN: _each(*_IN, *_in_or_serving()),
    Way.LOCATED: _each(*_LOCATED),
    Way.SERVING: _each(*_SERVING),
}
PLACE_WORDS = Phrases({phrase: way for way, phrases in _PLACE_WORDS.items() for phrase in phrases.meanings})
ARTICLES = _words("the el la los las")
HERE = _each(
    "near us|near me|near here|nearby|close to us|close to me|close by|around here|around us|around me",
    "in my area|in our area|next to us",
    "cerca|cerca de mi|cerca de nosotros|cerca de nosotras|cerca de aqui|por aqui",
    "en mi zona|en nuestra zona|en mi area|en nuestra area",
)
NATIONWIDE = _each(
    "nationwide|nation wide|across the country|across the nation|throughout the country|in every state|in all states",
    "a nivel nacional|en todo el pais|por todo el pais|en todos los estados",
)
LEAVING_OUT = _each("without|except|excluding|but not", "sin|excepto|salvo|pero no")
DENYING = _each("not|no|never|non|nunca")  # part of many a name: what follows is neither asked for nor left out
CHOICE = _words("or o u")

DISTANCE_STARTS = _each("within|within a|in a", "dentro de|a menos de|a|en un radio de")
MILES = _words("mile miles mi milla millas")
KILOMETERS = _words("km kms kilometer kilometers kilometre kilometres kilometro kilometros")
DISTANCE_ENDS = _each(
    "of|from|around|away from|radius of|radius around|radius from",
    "de|desde|alrededor de|a la redonda de",
)

SPOKEN_BEFORE = _each("in|speak|speaks|speaking|that speak|who speak", "en|de habla|habla|hablan|hablando|que habla|que hablan")
SPOKEN_AFTER = _each("speaking|speaker|speakers")

# Kinds as people ask for many of them. One word alone, such as "network", is more often part of a name.
_KINDS = {
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
KINDS = Phrases({phrase: kind for kind, phrases in _KINDS.items() for phrase in phrases.split("|")})

NO_THEMES = _words("derechos")  # the plural of law, in Spanish, is rights
NO_CITIES = _words("mobile reading buffalo")  # large ones whose bare name is more often the word
FILLERS = _words(
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
