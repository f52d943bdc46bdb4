from typing import Any

from directory.fields import TEXT_FIELDS
from directory.geo import Precision
from directory.records import Address, Contact, Identifier, Link, Location, Organization, Source
from directory.search.text.indexed_fields import INDEXED_FIELDS, build_place_lines
from tests.builders import an_alternative_name, an_organization
from tests.field_values import make_token


def passages(organization: Organization) -> dict[str, list[str]]:
    """Return the passages of each field that has some."""
    return {name: texts for name, field in INDEXED_FIELDS.items() if (texts := field.build_passages(organization))}


def at(*addresses: Address | None) -> tuple[Location, ...]:
    return tuple(
        Location(id=str(n), precision=Precision.CITY, regions=("US-GA",), address=one) for n, one in enumerate(addresses)
    )


def test_names_summary_and_description_are_folded() -> None:
    one = an_organization("Niñez & Más", names=(an_alternative_name("N.Y.M."),), summary="¡Hola!", description="Uno. Dos.")
    assert passages(one) == {"names": ["ninez and mas", "nym"], "summary": ["hola"], "description": ["uno dos"]}


def test_every_text_of_the_registry_is_indexed() -> None:
    one = an_organization("Harbor", **{name: make_token(name) for name in TEXT_FIELDS})
    assert passages(one) == {"names": ["harbor"], **{name: [make_token(name)] for name in TEXT_FIELDS}}


def test_a_state_is_found_by_its_abbreviation_and_its_names() -> None:
    assert build_place_lines(Address("US", "GA", city="Atlanta")) == ["Atlanta, GA", "Atlanta, Georgia"]
    assert build_place_lines(Address("US", "NM", city="Taos")) == ["Taos, NM", "Taos, New Mexico", "Taos, Nuevo México"]
    assert build_place_lines(Address("US", "GA")) == ["GA", "Georgia"]
    assert build_place_lines(Address("US", "GA", "Fulton County", "Atlanta"))[2:] == [
        "Fulton County, GA",
        "Fulton County, Georgia",
    ]
    assert build_place_lines(Address("GH", None, city="Accra")) == ["Accra"]
    assert build_place_lines(Address("US")) == []


def test_two_offices_in_a_city_are_one_passage() -> None:
    address = Address("US", "GA", city="Atlanta")
    one = an_organization(locations=at(address, None, address))
    assert passages(one)["places"] == ["atlanta ga", "atlanta georgia"]


def test_nothing_else_is_indexed() -> None:
    private: dict[str, Any] = {
        "website": "https://secret.example",
        "links": (Link("secret", "https://secret.example"),),
        "identifiers": (Identifier("secret", "secret"),),
        "contacts": (Contact(role="secret", name="Secret Person", email="secret@example.org", phone="+14045550100"),),
        "sources": (Source("name", "secret"),),
        "locations": (
            Location(
                "l", Precision.EXACT, ("US-GA",), "Secret shelter", Address("US", "GA", None, "Atlanta", "30312", "1 Secret St")
            ),
        ),
    }
    found = [text for texts in passages(an_organization("Open House", **private)).values() for text in texts]
    assert not [text for text in found if "secret" in text or "30312" in text or "404" in text]
