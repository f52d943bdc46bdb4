"""Invented names. Each carries a town that exists nowhere and the word that says so; nobody can take one for a real one."""

from random import Random

from msgspec import Struct

from cli.fictional.phrases import PHRASES, WeightedChoice, draw_one
from cli.fictional.subjects import Subject
from directory.records import NameKind, OrganizationName
from directory.slugs import SLUG_LIMIT, slugify

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
    """`name` is the organization's own, `town` the invented one it carries, `names` are its others."""

    name: str
    town: str
    slug: str
    names: tuple[OrganizationName, ...]


def draw_town(rng: Random) -> str:
    return draw_one(rng, PHRASES.towns.first) + draw_one(rng, PHRASES.towns.second)


def draw_names(rng: Random, subject: Subject, number: int, language: str) -> FictionalNames:
    """Names for the organization of that number, which makes its slug its own."""
    where = draw_town(rng)
    bare = _draw_spanish_name(rng, subject, where) if language == "es" else _draw_english_name(rng, subject, where)
    names = [*_draw_acronym(rng, bare), *_draw_former_name(rng, subject), *_draw_translated_name(rng, subject, where, language)]
    return FictionalNames(_add_mark(bare, language), where, build_slug(bare, number), tuple(names))


def draw_person_name(rng: Random) -> str:
    return f"{draw_one(rng, PHRASES.given_names)} {draw_one(rng, PHRASES.family_names)}"


def build_slug(name: str, number: int) -> str:
    ending = f"-{number}"
    words = slugify(f"{SLUG_MARK} {name}")[: SLUG_LIMIT - len(ending)].rstrip("-")
    return words + ending


def _add_mark(bare: str, language: str) -> str:
    return f"{bare} {MARK_ES if language == 'es' else MARK}"


def _draw_english_name(rng: Random, subject: Subject, where: str) -> str:
    image, other = rng.sample(PHRASES.images, 2)
    return _FORM_CHOICE.draw(rng).format(
        town=where,
        image=image,
        other=other,
        theme=draw_one(rng, PHRASES.themes[subject.issue_areas[0]].en),
        head=draw_one(rng, PHRASES.kinds[subject.kind].en),
    )


def _draw_spanish_name(rng: Random, subject: Subject, where: str) -> str:
    return f"{draw_one(rng, PHRASES.kinds[subject.kind].es)} {where} {PHRASES.themes[subject.issue_areas[0]].es}"


def _draw_acronym(rng: Random, bare: str) -> list[OrganizationName]:
    if rng.random() >= SHARE_WITH_ACRONYM:
        return []
    letters = "".join(word[0] for word in bare.replace("-", " ").split() if word[0].isalpha() and word not in _SMALL_WORDS)
    return [OrganizationName(letters.upper() + ACRONYM_MARK, NameKind.ACRONYM)]


def _draw_former_name(rng: Random, subject: Subject) -> list[OrganizationName]:
    if rng.random() >= SHARE_WITH_FORMER_NAME:
        return []
    return [OrganizationName(_add_mark(_draw_english_name(rng, subject, draw_town(rng)), "en"), NameKind.FORMER)]


def _draw_translated_name(rng: Random, subject: Subject, where: str, language: str) -> list[OrganizationName]:
    if rng.random() >= SHARE_WITH_TRANSLATED_NAME:
        return []
    other = "en" if language == "es" else "es"
    words = _draw_english_name if other == "en" else _draw_spanish_name
    return [OrganizationName(_add_mark(words(rng, subject, where), other), NameKind.TRANSLATED, other)]
