"""Parties to compare: say what matters, the rest is not stated."""

from typing import Any

from directory.matching import Party, PartyPlace
from directory.matching.traits import Traits, traits
from directory.records import Identifier


def a_party(name: str, *places: PartyPlace, id: str = "one", **fields: Any) -> Party:  # noqa: A002
    return Party(id, name, places=places, **fields)


def some_traits(name: str, *places: PartyPlace, **fields: Any) -> Traits:
    return traits(a_party(name, *places, **fields))


def at(street: str | None = None, city: str | None = "Macon", state: str | None = "US-GA", code: str | None = None) -> PartyPlace:
    return PartyPlace(street, city, state, code, "US")


def ein(value: str) -> tuple[Identifier, ...]:
    return (Identifier("US-EIN", value),)
