import pytest

from seed.clean.values.addresses import remove_care_of_from_name, remove_care_of_from_street


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("HARBOR CHOIR C/O ROBIN LARKSPUR", "HARBOR CHOIR"),
        ("HARBOR CHOIR % ROBIN LARKSPUR", "HARBOR CHOIR"),
        ("Harbor Choir, in care of Robin Larkspur", "Harbor Choir"),
        ("% ROBIN LARKSPUR", ""),
        ("HARBOR ATTN: ROBIN LARKSPUR", "HARBOR"),
        ("ATTNEY STREET CHOIR", "ATTNEY STREET CHOIR"),
        ("ATTENTION DEFICIT ASSOCIATION", "ATTENTION DEFICIT ASSOCIATION"),
        ("100% HARBOR", "100% HARBOR"),
    ],
)
def test_a_care_of_line_is_removed_from_a_name(name: str, expected: str) -> None:
    assert remove_care_of_from_name(name) == expected


@pytest.mark.parametrize(
    ("street", "expected"),
    [
        ("C/O ROBIN LARKSPUR 12 LARKSPUR ST NW", "12 LARKSPUR ST NW"),
        ("% ROBIN LARKSPUR 12 LARKSPUR ST NW", "12 LARKSPUR ST NW"),
        ("12 LARKSPUR ST NW C/O ROBIN LARKSPUR APT 3", "12 LARKSPUR ST NW"),
        ("12 LARKSPUR ST NW ATTN ROBIN", "12 LARKSPUR ST NW"),
        ("12 Larkspur St, c/o Robin Larkspur", "12 Larkspur St"),
        ("c/o Robin Larkspur, Broadway and 5th Ave", "Broadway and 5th Ave"),
        ("a la atención de Robin, Calle 5 n 3", "Calle 5 n 3"),
        ("C/O ROBIN LARKSPUR", ""),
        ("C/O ROBIN LARKSPUR PO BOX 7", ""),
        ("12 LARKSPUR ST NW", "12 LARKSPUR ST NW"),
        ("12 CATTN ST", "12 CATTN ST"),
        ("", ""),
    ],
)
def test_a_care_of_line_is_removed_from_a_street(street: str, expected: str) -> None:
    assert remove_care_of_from_street(street) == expected
