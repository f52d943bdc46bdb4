"""The small words of a question in English and Spanish, and what they say about the words after them. All folded."""

from collections.abc import Mapping
from enum import Enum


class Way(Enum):
    """How a place is meant."""

    NEAR = "near"
    IN = "in"
    LOCATED = "located in"
    SERVING = "serving"


def _each(phrases: str) -> list[str]:
    return [phrase.strip() for phrase in phrases.split("|")]


PLACE_WORDS: Mapping[str, Way] = {
    phrase: way
    for way, phrases in {
        Way.NEAR: "near|near to|close to|around|nearby|next to|cerca de|alrededor de|junto a|proximos a|proximas a|cercanos a|cercanas a",
        Way.IN: "in|from|across|throughout|within|en|por|en todo|en toda|a traves de",
        Way.LOCATED: "located in|based in|headquartered in|with offices in|con sede en|ubicados en|ubicadas en|basados en|basadas en",
        Way.SERVING: "serving|serve|serves|that serve|who serve|sirviendo a|sirven a|que sirven a|atienden a|atienden|que atienden|que atienden a",
    }.items()
    for phrase in _each(phrases)
}
ARTICLES = frozenset({"the", "el", "la", "los", "las"})
HERE = frozenset(
    _each(
        "near us|near me|near here|nearby|close to us|close to me|close by|around here|around us|around me|in my area|in our area|next to us|"
        "cerca de mi|cerca de nosotros|cerca de nosotras|cerca de aqui|por aqui|cerca|en mi zona|en nuestra zona|en mi area|en nuestra area"
    )
)
NATIONWIDE = frozenset(
    _each(
        "nationwide|nation wide|across the country|across the nation|in every state|in all states|throughout the country|"
        "a nivel nacional|en todo el pais|por todo el pais|en todos los estados"
    )
)
LEAVING_OUT = frozenset(_each("without|except|excluding|but not|sin|excepto|salvo|pero no"))
DENYING = frozenset(_each("not|no|never|non|nunca"))  # part of many a name ("Food Not Bombs"): what follows is left as it is
CHOICE = frozenset({"or", "o", "u"})

DISTANCE_STARTS = ("", "within", "within a", "in a", "dentro de", "a menos de", "a", "en un radio de")
MILES = frozenset(_each("mile|miles|mi|milla|millas"))
KILOMETERS = frozenset(_each("km|kms|kilometer|kilometers|kilometre|kilometres|kilometro|kilometros"))
DISTANCE_ENDS = frozenset(_each("of|from|around|radius of|radius around|radius from|away from|de|a la redonda de|alrededor de|desde"))

SPOKEN_BEFORE = frozenset(_each("in|en|speaking|that speak|who speak|hablan|que hablan|habla|que habla|hablando|de habla"))
SPOKEN_AFTER = frozenset({"speaking", "speakers", "speaker"})

FILLERS = frozenset(
    (
        "a an the of for on in at to and or with by about near from that this which who whom whose what where when how "
        "i im me my we us our you your they their there is are be do does doing did have has can could any some all every other "
        "work works working worked group groups organization organizations organisation organisations org orgs nonprofit nonprofits "
        "ngo ngos member members people folks somebody someone anyone ally allies partner partners look looking find search searching "
        "show list need want help helps helping focused focusing focus issue issues please serving serve serves located based area "
        "areas region also "
        "el la los las lo un una unos unas de del en para por con y e o u a al que quien quienes cual cuales donde como su sus mi "
        "nosotros nosotras hay hace hacen trabaja trabajan trabajando trabajo grupo grupos organizacion organizaciones miembro "
        "miembros gente personas aliado aliados aliada aliadas sobre busco buscamos buscar buscando quiero necesito tema temas "
        "ayuda ayudan ayudar alguien todos todas otros otras sirven atienden cerca area areas tambien"
    ).split()
)
LONGEST = 8  # words in a phrase that is looked up
