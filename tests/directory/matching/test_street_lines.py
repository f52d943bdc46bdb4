import pytest

from directory.matching.street_lines import is_other_unit, is_same_building, parse_street


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 Main St", "12 main street"),
        ("One Main Street", "1 Main St."),
        ("435 S. La Cienega Blv.", "435 S La Cienega Boulevard"),
        ("1101 K Street, N.W., Suite 200", "1101 K St NW #200"),
        ("601 E ST NW", "601 E Street Northwest"),
        ("123-125 West 4th Street", "123 W. Fourth St"),
        ("P.O. Box 99", "PO BOX 99"),
        ("9560 Dayton Way", "9560 Dayton Way at Oak"),
        ("88 Magnolia Ave", "88 Magnolai Ave"),
        ("12 North Ave", "12 N Avenue"),
    ],
)
def test_different_spellings_of_one_building(one: str, other: str) -> None:
    left, right = parse_street(one), parse_street(other)
    assert left is not None
    assert right is not None
    assert is_same_building(left, right)
    assert is_same_building(right, left)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 Main St", "14 Main St"),
        ("12 Main St", "12 Oak St"),
        ("12 Peachtree St", "12 Peachtree Ave"),
        ("500 7th St NW", "500 7th St SE"),
        ("500 7th St NW", "500 17th St NW"),
        ("12 Main St", "PO Box 12"),
        ("601 E St", "601 F St"),
        ("12 North Ave", "12 South Ave"),
    ],
)
def test_different_buildings(one: str, other: str) -> None:
    left, right = parse_street(one), parse_street(other)
    assert left is not None
    assert right is not None
    assert not is_same_building(left, right)


@pytest.mark.parametrize("line", [None, "", "Main Street", "12", "#", "Suite 5", "近くの家", "the corner of 5th and Main"])
def test_a_line_without_a_number_and_a_street_is_none(line: str | None) -> None:
    assert parse_street(line) is None


def test_units_are_parsed_in_any_spelling() -> None:
    suites = [parse_street(line) for line in ("1 Oak St Suite 5", "1 Oak St, Ste. 5", "1 Oak St #5", "1 Oak St Unit 5")]
    assert {suite.unit for suite in suites if suite} == {"5"}
    fifth, sixth, without_unit = parse_street("1 Oak St #5"), parse_street("1 Oak St #6"), parse_street("1 Oak St")
    assert fifth
    assert sixth
    assert without_unit
    assert is_other_unit(fifth, sixth)
    assert not is_other_unit(fifth, without_unit)
