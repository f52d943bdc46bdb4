"""Addresses of the IRS's list: what is a place, and whose name stands before it."""

import pytest

from directory.drafts.draft_parts import LocationDraft
from seed.sources.irs_fields import parse_irs_address, remove_care_of_from_street

ATLANTA = {"street": "12 Larkspur St NW", "city": "Atlanta", "country": "US", "state": "US-GA", "postal_code": "30312"}


def test_an_address_is_a_place_with_its_repairs() -> None:
    found = parse_irs_address("12 LARKSPUR ST NW", "ATLANTA", "GA", "30312-1501")
    assert found.place == ATLANTA
    assert [(one.column, one.reason) for one in found.repairs] == [("STREET", "ALL CAPS"), ("CITY", "ALL CAPS"), ("ZIP", "ZIP+4")]


@pytest.mark.parametrize("street", ["PO BOX 77", "P O BOX 77", "P.O. Box 77", "BOX 77", "PO DRAWER 9", "POST OFFICE BOX 77"])
def test_a_post_office_box_is_no_street(street: str) -> None:
    found = parse_irs_address(street, "ATLANTA", "GA", "30312")
    assert found.place == {field: value for field, value in ATLANTA.items() if field != "street"}
    assert "box" in found.repairs[0].reason


@pytest.mark.parametrize("street", ["1800 LARKSPUR ST BOX 33", "BOXWOOD LANE 3"])
def test_a_box_at_a_street_leaves_the_street(street: str) -> None:
    found = parse_irs_address(street, "ATLANTA", "GA", "30312").place
    assert found is not None
    assert found["street"]


@pytest.mark.parametrize(
    ("street", "told"),
    [
        ("C/O ROBIN LARKSPUR 12 LARKSPUR ST NW", "12 LARKSPUR ST NW"),
        ("% ROBIN LARKSPUR 12 LARKSPUR ST NW", "12 LARKSPUR ST NW"),
        ("12 LARKSPUR ST NW C/O ROBIN LARKSPUR APT 3", "12 LARKSPUR ST NW"),
        ("12 LARKSPUR ST NW ATTN ROBIN", "12 LARKSPUR ST NW"),
        ("C/O ROBIN LARKSPUR", ""),
        ("C/O ROBIN LARKSPUR PO BOX 7", ""),
        ("12 LARKSPUR ST NW", "12 LARKSPUR ST NW"),
        ("12 CATTN ST", "12 CATTN ST"),
        ("", ""),
    ],
)
def test_who_takes_the_post_in_is_no_part_of_a_street(street: str, told: str) -> None:
    assert remove_care_of_from_street(street) == told


@pytest.mark.parametrize(
    ("city", "state", "told"),
    [("WASHINGTON DC", "DC", "Washington"), ("ATLANTA GA", "GA", "Atlanta"), ("DC", "DC", "DC"), ("SANTA FE", "NM", "Santa Fe")],
)
def test_a_city_goes_without_its_state(city: str, state: str, told: str) -> None:
    found = parse_irs_address("", city, state, "")
    assert found.place == {"city": told, "country": "US", "state": f"US-{state}"}


@pytest.mark.parametrize(
    ("written", "told"),
    [("02134", "02134"), ("2134", "02134"), ("601", "00601"), ("021341234", "02134"), ("00000-0000", None), ("", None)],
)
def test_zip_codes_have_five_digits(written: str, told: str | None) -> None:
    found = parse_irs_address("", "BOSTON", "MA", written).place
    assert found is not None
    assert found.get("postal_code") == told


def test_what_is_no_zip_code_is_left_to_be_refused() -> None:
    assert parse_irs_address("", "BOSTON", "MA", "ABC").place == {
        "city": "Boston",
        "country": "US",
        "state": "US-MA",
        "postal_code": "ABC",
    }


@pytest.mark.parametrize("state", ["AA", "AE", "ap"])
def test_a_military_post_office_is_no_place(state: str) -> None:
    found = parse_irs_address("UNIT 7 BOX 12", "APO", state, "09012")
    assert found.place is None
    assert found.repairs[0].column == "STATE"


@pytest.mark.parametrize(
    ("city", "state", "country", "told"),
    [
        ("SAN JUAN", "PR", "US", "San Juan"),
        ("PAGO PAGO", "AS", "US", "Pago Pago"),
        ("MAJURO", "MH", "MH", "Majuro"),
        ("LONDON UNITED KINGDOM", "", "GB", "London"),
        ("TORONTO CANADA", "", "CA", "Toronto"),
        ("FRANCE", "", "FR", None),
    ],
)
def test_territories_and_countries(city: str, state: str, country: str, told: str | None) -> None:
    found = parse_irs_address("12 LARKSPUR ST", city, state, "00000").place
    assert found is not None
    assert (found["country"], found.get("city")) == (country, told)
    LocationDraft.model_validate(found)


@pytest.mark.parametrize(("city", "state"), [("NOWHERE", ""), ("", ""), ("ATLANTA", "ZZ"), ("TORONTO ON", "")])
def test_a_place_in_no_known_state_is_left_out(city: str, state: str) -> None:
    found = parse_irs_address("12 LARKSPUR ST", city, state, "")
    assert found.place is None
    assert "no known state" in found.repairs[0].reason
