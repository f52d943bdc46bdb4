"""Invent organizations, and vary them as two lists would: written differently, with different fields missing."""

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

_WORDS = tomllib.loads(Path(__file__).with_name("fictional_names.toml").read_text(encoding="utf-8"))


def _load_words(name: str) -> list[str]:
    return str(_WORDS[name]).split()


RARE_WORDS, THEME_WORDS, HEAD_WORDS, STREETS = (_load_words(name) for name in ("rare", "theme", "head", "street"))
KINDS_OF_STREET = list(_WORDS["street_kinds"])
TOWNS = [tuple(town.rsplit(" ", 3)) for town in _WORDS["towns"]]
ABBREVIATIONS = {word: forms.split() for word, forms in _WORDS["abbreviations"].items()}
STREET_ABBREVIATIONS = {word: forms.split() for word, forms in _WORDS["street_kinds"].items()}


class ListedOrganization(Struct, frozen=True):
    """An organization as one list has it. Missing values are ""."""

    name: str
    street: str
    city: str
    state: str
    postal_code: str
    website: str
    phone: str


def invent_organization(rng: Random, name: str | None = None) -> ListedOrganization:
    """Invent an organization with all fields. `reformat` removes some of them later."""
    city, state, _, _ = town = rng.choice(TOWNS)
    name = name or invent_name(rng, city)
    street, postal_code = invent_street(rng), f"{town[3]}{rng.randrange(10)}"
    return ListedOrganization(name, street, city, state, postal_code, invent_website(rng, name), invent_phone(rng, town[2]))


def move_to_other_town(rng: Random, listing: ListedOrganization, other_state: bool = False) -> ListedOrganization:
    """Return an organization of the same name in another town, with a street and phone number there."""
    towns = [town for town in TOWNS if town[0] != listing.city and (not other_state or town[1] != listing.state)]
    city, state, area, code = rng.choice(towns)
    branch = replace(listing, city=city, state=state, postal_code=f"{code}{rng.randrange(10)}")
    return replace(branch, street=invent_street(rng), phone=invent_phone(rng, area))


def invent_street(rng: Random) -> str:
    return f"{rng.randrange(10, 4000)} {rng.choice(STREETS)} {rng.choice(KINDS_OF_STREET)}"


def invent_phone(rng: Random, area: str) -> str:
    return f"{area}-555-{rng.randrange(10000):04}"


def invent_website(rng: Random, name: str) -> str:
    letters = "".join(word for word in name.lower().split() if word.isalpha() and word not in ("of", "and", "for", "the"))
    return f"https://{rng.choice(('', 'www.'))}{letters[:24]}{rng.choice(('.example', '-org.example'))}/"


def invent_name(rng: Random, city: str) -> str:
    rare, theme, other, head = rng.choice(RARE_WORDS), *rng.sample(THEME_WORDS, 2), rng.choice(HEAD_WORDS)
    forms = (f"{rare} {theme} {head}",) * 4 + (
        f"{city} {theme} {head}",
        f"{rare} {theme} and {other} {head}",
        f"{theme} {head} of {rare}",
        f"National {theme} {head}",
        f"{rare} {rng.choice(RARE_WORDS)} {head}",
        f"{rare} {head} for {theme} and {other}",
    )
    return rng.choice(forms)


def reformat(rng: Random, listing: ListedOrganization) -> ListedOrganization:
    """Return the organization as a list might have it: some fields missing, phone and street in another format."""
    digits = listing.phone.split("-")
    phone = rng.choice(("{}-{}-{}", "({}) {}-{}", "{}.{}.{}", "+1 {} {} {}", "{}/{}-{}")).format(*digits) if listing.phone else ""
    return replace(
        listing,
        street=_reformat_street(rng, listing.street) if rng.random() < SHARE_WITH_STREET else "",
        phone=phone if rng.random() < SHARE_WITH_PHONE else "",
        website=listing.website if rng.random() < SHARE_WITH_WEBSITE else "",
        postal_code=listing.postal_code if rng.random() < SHARE_WITH_POSTAL_CODE else "",
    )


def reformat_both(
    rng: Random, left: ListedOrganization, right: ListedOrganization
) -> tuple[ListedOrganization, ListedOrganization]:
    return reformat(rng, left), reformat(rng, right)


def _reformat_street(rng: Random, street: str) -> str:
    street = " ".join(rng.choice([word, *STREET_ABBREVIATIONS.get(word, ())]) for word in street.split())
    return street + rng.choice(("", "", "", "", " Suite 3", ", #3")) if street else ""


def abbreviate_name(rng: Random, name: str) -> str:
    """Abbreviate the words that have abbreviations, or return the name in capitals if none has."""
    abbreviated_name = " ".join(rng.choice(ABBREVIATIONS[word]) if word in ABBREVIATIONS else word for word in name.split())
    return abbreviated_name if abbreviated_name != name else name.upper()


def misspell_name(rng: Random, name: str) -> str:
    """Misspell the longest word: change, drop, double or swap a letter."""
    words = name.split()
    longest = max(range(len(words)), key=lambda position: (len(words[position]), position))
    word = words[longest]
    words[longest] = rng.choice(list(_list_misspellings(rng, word, rng.randrange(1, len(word) - 1))))
    return " ".join(words)


def _list_misspellings(rng: Random, word: str, position: int) -> Iterator[str]:
    start, letter, end = word[:position], word[position], word[position + 1 :]
    yield start + end
    yield start + letter + letter + end
    yield start + end[0] + letter + end[1:]
    yield start + rng.choice("aeioustrnl") + end
