import pytest

from directory.errors import BadInput
from seed.clean.values.addresses import ParsedAddress, clean_street, parse_address

HOUSE = "123 Main St NW, Suite 4"


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        (f"{HOUSE}, Atlanta, GA 30303", ParsedAddress(HOUSE, "Atlanta", "GA", "30303")),
        (f"{HOUSE}\nAtlanta, GA 30303-1234", ParsedAddress(HOUSE, "Atlanta", "GA", "30303")),
        (f"{HOUSE}, Atlanta, GA 30303, USA", ParsedAddress(HOUSE, "Atlanta", "GA", "30303")),
        ("123 Main St Atlanta GA 30303", ParsedAddress("123 Main St", "Atlanta", "GA", "30303")),
        ("One Plaza, 10 Main St, New York, NY 10001", ParsedAddress("One Plaza, 10 Main St", "New York", "NY", "10001")),
        ("Calle Luna 5, San Juan, PR 00901", ParsedAddress("Calle Luna 5", "San Juan", "PR", "00901")),
        ("1200 MLK Jr Blvd, Washington, D.C. 20001", ParsedAddress("1200 MLK Jr Blvd", "Washington", "DC", "20001")),
        ("123 Main St", ParsedAddress("123 Main St")),
        ("Atlanta, GA", ParsedAddress(None, "Atlanta", "GA")),
        ("30303", ParsedAddress(postal_code="30303")),
        ("10 Downing Street, London SW1A 2AA, United Kingdom", ParsedAddress("10 Downing Street, London SW1A 2AA", country="GB")),
    ],
)
def test_an_address_in_one_line_is_parsed(text: str, parsed: ParsedAddress) -> None:
    assert parse_address(text).value == parsed
    assert parse_address(text).reasons


def test_a_foreign_address_is_not_parsed() -> None:
    assert parse_address("Rua Augusta 5, Atlanta, GA 30303", "BR").value == ParsedAddress(
        "Rua Augusta 5, Atlanta, GA 30303", country="BR"
    )


@pytest.mark.parametrize(
    "text", ["Online only", "Atlanta", "123 Main St, Atlanta, GA 30303; 5 Oak Ave, Macon, GA 31201", "x, " * 150]
)
def test_a_text_without_exactly_one_address_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="separate columns"):
        parse_address(text)


@pytest.mark.parametrize(
    "text",
    ["PO Box 12", "P.O. Box 12", "POB 12", "P O BOX A-12", "Box 12", "Post Office Box 12", "Apartado Postal 12", "Apdo. 112"],
)
def test_a_post_office_box_is_removed(text: str) -> None:
    assert clean_street(text).value is None
    assert "P.O. box" in clean_street(text).reason


@pytest.mark.parametrize(
    "text", ["123 Main St, PO Box 12", "PO Box 12, 123 Main St", "c/o Jane Roe, 123 Main St", "% JANE ROE 123 MAIN ST"]
)
def test_boxes_and_care_of_names_are_removed_from_the_street(text: str) -> None:
    assert clean_street(text).value == "123 Main St"
    assert clean_street(text).reasons


@pytest.mark.parametrize("text", ["123 Post Office Rd", "1 Box Hill Rd", "5 Apartado Lane", "123 Main St\nSuite 4"])
def test_streets_that_resemble_boxes_are_unchanged(text: str) -> None:
    assert clean_street(text).value == text.replace("\n", ", ")
    assert clean_street(text).reasons == ()
