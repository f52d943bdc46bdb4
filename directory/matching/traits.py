"""The traits of a party: what it is compared by, worked out once."""

from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from directory.matching.domains import Web, mail_domain, web
from directory.matching.parties import Party, PartyPlace
from directory.matching.streets import Street, street
from directory.matching.wording import Wording, canonical, wording, wordings
from directory.place_names import place_key
from directory.records import Identifier, NameKind, OrganizationName
from directory.regions import REGIONS

NAMES_MOST = 8  # of one party; the cost of comparing grows with the names of one times those of the other

CITIES_KEPT = 1 << 15
PARTIES_KEPT = 1 << 10  # an import judges a row and adds it right afterwards


class Place(Struct, frozen=True, gc=False):
    """`city` is folded, `postal_code` the first five figures of one of the United States; "" for what is not said."""

    street: Street | None
    city: str
    state: str
    postal_code: str
    country: str


class Traits(Struct, frozen=True, gc=False):
    id: str
    names: tuple[Wording, ...]
    identifiers: tuple[Identifier, ...]
    phones: tuple[str, ...]
    web: Web
    domains: tuple[str, ...]  # of its website and mailboxes, its own alone
    mailboxes: tuple[str, ...]
    places: tuple[Place, ...]
    parent: str | None

    @property
    def place_words(self) -> frozenset[str]:
        """Words for its cities and states, as names have them."""
        if len(self.places) == 1:
            return _words_for(self.places[0].city, self.places[0].state)
        return frozenset[str]().union(*(_words_for(place.city, place.state) for place in self.places))


def traits(party: Party) -> Traits:
    site = web(party.website)
    mailboxes = _distinct(address.strip().lower() for address in party.emails)
    places = tuple(_place(place) for place in party.places)
    return Traits(
        party.id,
        _names(party.name, party.names),
        party.identifiers,
        _distinct(digits(phone) for phone in party.phones),
        site,
        _distinct((site.domain, *map(mail_domain, mailboxes))),
        mailboxes,
        places,
        party.parent,
    )


def digits(phone: str) -> str | None:
    """The number of a telephone in figures, without its extension and the 1 of North America; None for less than seven."""
    number = phone.lower().partition("x")[0].partition(";")[0]
    figures = "".join(character for character in number if character in "0123456789")
    figures = figures[1:] if len(figures) == 11 and figures.startswith("1") else figures
    return figures if len(figures) >= 7 else None


@lru_cache(maxsize=PARTIES_KEPT)
def _names(name: str, others: tuple[OrganizationName, ...]) -> tuple[Wording, ...]:
    found = {made.words: made for made in wordings(name)}
    for other in others:
        for made in wordings(other.name):
            acronym = other.kind is NameKind.ACRONYM
            found.setdefault(made.words, replace(made, stated_acronym=True) if acronym else made)
    return tuple(found.values())[:NAMES_MOST]


@lru_cache(maxsize=PARTIES_KEPT)
def _place(place: PartyPlace) -> Place:
    postal_code = (place.postal_code or "").strip().upper()
    if postal_code[:5].isdigit():
        postal_code = postal_code[:5]
    return Place(
        street(place.street), _city(place.city) if place.city else "", place.state or "", postal_code, place.country or ""
    )


@lru_cache(maxsize=CITIES_KEPT)
def _city(name: str) -> str:
    city = place_key(name).removesuffix(" city")
    first, _, rest = city.partition(" ")
    return f"{_POINTS[first]} {rest}" if first in _POINTS and rest else city


_POINTS = {"n": "north", "s": "south", "e": "east", "w": "west"}


@lru_cache(maxsize=CITIES_KEPT)
def _words_for(city: str, state: str) -> frozenset[str]:
    region = REGIONS.get(state) if state else None
    named = [wording(name) for name in (city, *((region.name, region.code[3:]) if region else ())) if name]
    return frozenset(word for made in named if made for word in (*made.words, *map(canonical, made.text.lower().split())))


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
