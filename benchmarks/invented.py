"""Invented organizations as two lists have them: written in other ways, with other fields left out."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random

from msgspec import Struct
from msgspec.structs import replace

SHARE_WITH_STREET = 0.75
SHARE_WITH_PHONE = 0.6
SHARE_WITH_WEBSITE = 0.45
SHARE_WITH_POSTAL_CODE = 0.7

_WRITTEN = tomllib.loads(Path(__file__).with_name("invented.toml").read_text(encoding="utf-8"))


def _listed(name: str) -> list[str]:
    return str(_WRITTEN[name]).split()


RARE, THEMES, HEADS, STREETS = (_listed(name) for name in ("rare", "theme", "head", "street"))
KINDS_OF_STREET = list(_WRITTEN["street_kinds"])
TOWNS = [tuple(town.rsplit(" ", 3)) for town in _WRITTEN["towns"]]
SHORT = {word: forms.split() for word, forms in _WRITTEN["abbreviations"].items()}
SHORT_STREETS = {word: forms.split() for word, forms in _WRITTEN["street_kinds"].items()}


class Told(Struct, frozen=True):
    """An organization as one list tells it; "" is "not stated"."""

    name: str
    street: str
    city: str
    state: str
    postal_code: str
    website: str
    phone: str


def organization(rng: Random, name: str | None = None) -> Told:
    """All of it; what lists leave out is taken away later."""
    city, state, _, _ = town = rng.choice(TOWNS)
    named = name or name_in(rng, city)
    street, postal_code = door(rng), f"{town[3]}{rng.randrange(10)}"
    return Told(named, street, city, state, postal_code, website(rng, named), phone(rng, town[2]))


def elsewhere(rng: Random, told: Told, other_state: bool = False) -> Told:
    """The same name in another town, with a street and a telephone of its own there."""
    towns = [town for town in TOWNS if town[0] != told.city and (not other_state or town[1] != told.state)]
    city, state, area, code = rng.choice(towns)
    moved = replace(told, city=city, state=state, postal_code=f"{code}{rng.randrange(10)}")
    return replace(moved, street=door(rng), phone=phone(rng, area))


def door(rng: Random) -> str:
    return f"{rng.randrange(10, 4000)} {rng.choice(STREETS)} {rng.choice(KINDS_OF_STREET)}"


def phone(rng: Random, area: str) -> str:
    return f"{area}-555-{rng.randrange(10000):04}"


def website(rng: Random, name: str) -> str:
    letters = "".join(word for word in name.lower().split() if word.isalpha() and word not in ("of", "and", "for", "the"))
    return f"https://{rng.choice(('', 'www.'))}{letters[:24]}{rng.choice(('.example', '-org.example'))}/"


def name_in(rng: Random, city: str) -> str:
    rare, theme, other, head = rng.choice(RARE), *rng.sample(THEMES, 2), rng.choice(HEADS)
    forms = (f"{rare} {theme} {head}",) * 4 + (
        f"{city} {theme} {head}",
        f"{rare} {theme} and {other} {head}",
        f"{theme} {head} of {rare}",
        f"National {theme} {head}",
        f"{rare} {rng.choice(RARE)} {head}",
        f"{rare} {head} for {theme} and {other}",
    )
    return rng.choice(forms)


def as_listed(rng: Random, told: Told) -> Told:
    """As a list has it: fields left out, a telephone and a street written in its way."""
    digits = told.phone.split("-")
    written = rng.choice(("{}-{}-{}", "({}) {}-{}", "{}.{}.{}", "+1 {} {} {}", "{}/{}-{}")).format(*digits) if told.phone else ""
    return replace(
        told,
        street=_street_as_listed(rng, told.street) if rng.random() < SHARE_WITH_STREET else "",
        phone=written if rng.random() < SHARE_WITH_PHONE else "",
        website=told.website if rng.random() < SHARE_WITH_WEBSITE else "",
        postal_code=told.postal_code if rng.random() < SHARE_WITH_POSTAL_CODE else "",
    )


def listed(rng: Random, left: Told, right: Told) -> tuple[Told, Told]:
    return as_listed(rng, left), as_listed(rng, right)


def _street_as_listed(rng: Random, street: str) -> str:
    written = " ".join(rng.choice([word, *SHORT_STREETS.get(word, ())]) for word in street.split())
    return written + rng.choice(("", "", "", "", " Suite 3", ", #3")) if written else ""


def shortened(rng: Random, name: str) -> str:
    """With abbreviations where there are any; otherwise in capitals."""
    written = " ".join(rng.choice(SHORT[word]) if word in SHORT else word for word in name.split())
    return written if written != name else name.upper()


def misspelled(rng: Random, name: str) -> str:
    """With a letter of its longest word changed, left out, doubled or swapped with the next."""
    words = name.split()
    where = max(range(len(words)), key=lambda position: (len(words[position]), position))
    word = words[where]
    at = rng.randrange(1, len(word) - 1)
    words[where] = rng.choice(list(_mistakes(rng, word, at)))
    return " ".join(words)


def _mistakes(rng: Random, word: str, at: int) -> Iterator[str]:
    yield word[:at] + word[at + 1 :]
    yield word[:at] + word[at] + word[at:]
    yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    yield word[:at] + rng.choice("aeioustrnl") + word[at + 1 :]
