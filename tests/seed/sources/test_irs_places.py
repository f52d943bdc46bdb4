"""Addresses of the IRS's list."""

import pytest

from directory.drafts.draft_parts import LocationDraft
from seed.sources.irs_fields import parse_irs_address

ATLANTA = {"street": "12 Larkspur St NW", "city": "Atlanta", "country": "US", "state": "US-GA", "postal_code": "30312"}


def test_an_address_is_a_location_with_repairs() -> None:
    address = parse_irs_address("12 LARKSPUR ST NW", "ATLANTA", "GA", "30312-1501")
    assert address.location == ATLANTA
    assert [(repair.column, repair.reason) for repair in address.repairs] == [
        ("STREET", "ALL CAPS"),
        ("CITY", "ALL CAPS"),
        ("ZIP", "ZIP+4"),
    ]


@pytest.mark.parametrize("street", ["PO BOX 77", "P O BOX 77", "P.O. Box 77", "BOX 77", "PO DRAWER 9", "POST OFFICE BOX 77"])
def test_a_post_office_box_is_no_street(street: str) -> None:
    address = parse_irs_address(street, "ATLANTA", "GA", "30312")
    assert address.location == {field: value for field, value in ATLANTA.items() if field != "street"}
    assert "box" in address.repairs[0].reason


@pytest.mark.parametrize("street", ["1800 LARKSPUR ST BOX 33", "BOXWOOD LANE 3"])
def test_a_box_at_a_street_leaves_the_street(street: str) -> None:
    address = parse_irs_address(street, "ATLANTA", "GA", "30312").location
    assert address is not None
    assert address["street"]


@pytest.mark.parametrize(
    ("city", "state", "expected"),
    [("WASHINGTON DC", "DC", "Washington"), ("ATLANTA GA", "GA", "Atlanta"), ("DC", "DC", "DC"), ("SANTA FE", "NM", "Santa Fe")],
)
def test_a_city_goes_without_its_state(city: str, state: str, expected: str) -> None:
    address = parse_irs_address("", city, state, "")
    assert address.location == {"city": expected, "country": "US", "state": f"US-{state}"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [("02134", "02134"), ("2134", "02134"), ("601", "00601"), ("021341234", "02134"), ("00000-0000", None), ("", None)],
)
def test_zip_codes_have_five_digits(written: str, expected: str | None) -> None:
    address = parse_irs_address("", "BOSTON", "MA", written).location
    assert address is not None
    assert address.get("postal_code") == expected


def test_an_invalid_zip_code_is_left_for_the_draft_to_reject() -> None:
    assert parse_irs_address("", "BOSTON", "MA", "ABC").location == {
        "city": "Boston",
        "country": "US",
        "state": "US-MA",
        "postal_code": "ABC",
    }


@pytest.mark.parametrize("state", ["AA", "AE", "ap"])
def test_a_military_post_office_is_not_a_location(state: str) -> None:
    address = parse_irs_address("UNIT 7 BOX 12", "APO", state, "09012")
    assert address.location is None
    assert address.repairs[0].column == "STATE"


@pytest.mark.parametrize(
    ("city", "state", "country", "expected"),
    [
        ("SAN JUAN", "PR", "US", "San Juan"),
        ("PAGO PAGO", "AS", "US", "Pago Pago"),
        ("MAJURO", "MH", "MH", "Majuro"),
        ("LONDON UNITED KINGDOM", "", "GB", "London"),
        ("TORONTO CANADA", "", "CA", "Toronto"),
        ("FRANCE", "", "FR", None),
        ("TBILISI GEORGIA", "", "GE", "Tbilisi"),
    ],
)
def test_territories_and_countries(city: str, state: str, country: str, expected: str | None) -> None:
    address = parse_irs_address("12 LARKSPUR ST", city, state, "00000").location
    assert address is not None
    assert (address["country"], address.get("city")) == (country, expected)
    LocationDraft.model_validate(address)


@pytest.mark.parametrize(("city", "state"), [("NOWHERE", ""), ("", ""), ("ATLANTA", "ZZ"), ("TORONTO ON", "")])
def test_a_place_in_no_known_state_is_left_out(city: str, state: str) -> None:
    address = parse_irs_address("12 LARKSPUR ST", city, state, "")
    assert address.location is None
    assert "no known state" in address.repairs[0].reason
