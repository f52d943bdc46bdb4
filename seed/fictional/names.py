"""Invented names. Each carries a town that exists nowhere and the word that says so; nobody can take one for a real one."""

from random import Random

from msgspec import Struct

from directory.records import NameKind, OrganizationName
from directory.written import SLUG_LIMIT, slug_of
from seed.fictional.phrases import PHRASES, Shares, one
from seed.fictional.subjects import Subject

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
_FORM = Shares(tuple(_FORMS), _FORMS.values())
_SMALL_WORDS = frozenset({"of", "for", "from", "the", "and", "to", "by", "in", "de", "la", "por"})


class Naming(Struct, frozen=True):
    """`name` is the organization's own, `town` the invented one it carries, `names` are its others."""

    name: str
    town: str
    slug: str
    names: tuple[OrganizationName, ...]


def town(rng: Random) -> str:
    return one(rng, PHRASES.towns.first) + one(rng, PHRASES.towns.second)


def naming(rng: Random, subject: Subject, number: int, language: str) -> Naming:
    """Names for the organization of that number, which makes its slug its own."""
    where = town(rng)
    bare = _spanish(rng, subject, where) if language == "es" else _english(rng, subject, where)
    names = [*_acronym(rng, bare), *_former(rng, subject), *_translated(rng, subject, where, language)]
    return Naming(_marked(bare, language), where, slug(bare, number), tuple(names))


def person(rng: Random) -> str:
    return f"{one(rng, PHRASES.given_names)} {one(rng, PHRASES.family_names)}"


def slug(name: str, number: int) -> str:
    ending = f"-{number}"
    words = slug_of(f"{SLUG_MARK} {name}")[: SLUG_LIMIT - len(ending)].rstrip("-")
    return words + ending


def _marked(bare: str, language: str) -> str:
    return f"{bare} {MARK_ES if language == 'es' else MARK}"


def _english(rng: Random, subject: Subject, where: str) -> str:
    image, other = rng.sample(PHRASES.images, 2)
    return _FORM.draw(rng).format(
        town=where,
        image=image,
        other=other,
        theme=one(rng, PHRASES.themes[subject.issue_areas[0]].en),
        head=one(rng, PHRASES.kinds[subject.kind].en),
    )


def _spanish(rng: Random, subject: Subject, where: str) -> str:
    return f"{one(rng, PHRASES.kinds[subject.kind].es)} {where} {PHRASES.themes[subject.issue_areas[0]].es}"


def _acronym(rng: Random, bare: str) -> list[OrganizationName]:
    if rng.random() >= SHARE_WITH_ACRONYM:
        return []
    letters = "".join(word[0] for word in bare.replace("-", " ").split() if word[0].isalpha() and word not in _SMALL_WORDS)
    return [OrganizationName(letters.upper() + ACRONYM_MARK, NameKind.ACRONYM)]


def _former(rng: Random, subject: Subject) -> list[OrganizationName]:
    if rng.random() >= SHARE_WITH_FORMER_NAME:
        return []
    return [OrganizationName(_marked(_english(rng, subject, town(rng)), "en"), NameKind.FORMER)]


def _translated(rng: Random, subject: Subject, where: str, language: str) -> list[OrganizationName]:
    if rng.random() >= SHARE_WITH_TRANSLATED_NAME:
        return []
    other = "en" if language == "es" else "es"
    words = _english if other == "en" else _spanish
    return [OrganizationName(_marked(words(rng, subject, where), other), NameKind.TRANSLATED, other)]
