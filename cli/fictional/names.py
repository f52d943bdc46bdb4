"""Draw made-up names. Each contains a town that does not exist and is marked as fictional."""

from random import Random

from msgspec import Struct

from cli.fictional.phrases import PHRASES, WeightedChoice, draw_one
from cli.fictional.subjects import Subject
from directory.records import NameKind, OrganizationName
from directory.vocabulary.slugs import SLUG_LIMIT, slugify

MARK = "(fictional)"
MARK_ES = "(ficticia)"
ACRONYM_MARK = "-FIC"
NETWORK_NAME = "Fictional Network of Imaginary Allies"
SLUG_MARK = "fictional"

SHARE_WITH_ACRONYM = 0.30
SHARE_WITH_FORMER_NAME = 0.06
SHARE_WITH_TRANSLATED_NAME = 0.05

_FORMS: dict[str, float] = {
    "{town} {theme} {head}": 40,
    "{image} & {other} {theme} {head} of {town}": 15,
    "{town} {image} {theme} {head}": 15,
    "{theme} {head} of {town}": 15,
    "Greater {town} {theme} {head}": 8,
    "{image} {theme} {head} of {town}": 7,
}
_FORM_CHOICE = WeightedChoice(tuple(_FORMS), _FORMS.values())
_SMALL_WORDS = frozenset({"of", "for", "from", "the", "and", "to", "by", "in", "de", "la", "por"})


class FictionalNames(Struct, frozen=True):
    """The organization's main name, the made-up town in it, its slug and its other names."""

    name: str
    town: str
    slug: str
    names: tuple[OrganizationName, ...]


def draw_town(rng: Random) -> str:
    return draw_one(rng, PHRASES.towns.first) + draw_one(rng, PHRASES.towns.second)


def draw_names(rng: Random, subject: Subject, number: int, language: str) -> FictionalNames:
    """Return the names of the organization with this number, which makes its slug unique."""
    town = draw_town(rng)
    unmarked = _draw_spanish_name(rng, subject, town) if language == "es" else _draw_english_name(rng, subject, town)
    names = [
        *_draw_acronym(rng, unmarked),
        *_draw_former_name(rng, subject),
        *_draw_translated_name(rng, subject, town, language),
    ]
    return FictionalNames(add_mark(unmarked, language), town, build_slug(unmarked, number), tuple(names))


def draw_person_name(rng: Random) -> str:
    return f"{draw_one(rng, PHRASES.given_names)} {draw_one(rng, PHRASES.family_names)}"


def build_slug(name: str, number: int) -> str:
    suffix = f"-{number}"
    words = slugify(f"{SLUG_MARK} {name}")[: SLUG_LIMIT - len(suffix)].rstrip("-")
    return words + suffix


def add_mark(unmarked: str, language: str) -> str:
    """Return the name with the word "fictional" in its language."""
    return f"{unmarked} {MARK_ES if language == 'es' else MARK}"


def _draw_english_name(rng: Random, subject: Subject, town: str) -> str:
    image, other = rng.sample(PHRASES.images, 2)
    return _FORM_CHOICE.draw(rng).format(
        town=town,
        image=image,
        other=other,
        theme=draw_one(rng, PHRASES.themes[subject.issue_areas[0]].en),
        head=draw_one(rng, PHRASES.kinds[subject.kind].en),
    )


def _draw_spanish_name(rng: Random, subject: Subject, town: str) -> str:
    return f"{draw_one(rng, PHRASES.kinds[subject.kind].es)} {town} {PHRASES.themes[subject.issue_areas[0]].es}"


def _draw_acronym(rng: Random, unmarked: str) -> list[OrganizationName]:
    if rng.random() >= SHARE_WITH_ACRONYM:
        return []
    letters = "".join(word[0] for word in unmarked.replace("-", " ").split() if word[0].isalpha() and word not in _SMALL_WORDS)
    return [OrganizationName(letters.upper() + ACRONYM_MARK, NameKind.ACRONYM)]


def _draw_former_name(rng: Random, subject: Subject) -> list[OrganizationName]:
    if rng.random() >= SHARE_WITH_FORMER_NAME:
        return []
    return [OrganizationName(add_mark(_draw_english_name(rng, subject, draw_town(rng)), "en"), NameKind.FORMER)]


def _draw_translated_name(rng: Random, subject: Subject, town: str, language: str) -> list[OrganizationName]:
    if rng.random() >= SHARE_WITH_TRANSLATED_NAME:
        return []
    other = "en" if language == "es" else "es"
    draw_name = _draw_english_name if other == "en" else _draw_spanish_name
    return [OrganizationName(add_mark(draw_name(rng, subject, town), other), NameKind.TRANSLATED, other)]
