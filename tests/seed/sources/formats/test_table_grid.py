from collections.abc import Sequence

import pytest

from directory.errors import BadInput
from seed.rows import Table
from seed.sources.formats.table_grid import build_table, deduplicate_headings, detect_header_row, is_heading_word


def detect_headings(*rows: Sequence[str], has_header: bool | None = None) -> tuple[str, ...] | None:
    return detect_header_row([(number, list(cells)) for number, cells in enumerate(rows, start=1)], has_header).headings


@pytest.mark.parametrize(
    "first",
    [
        ("Acme", "info@acme.org"),
        ("Acme", "acme.org"),
        ("Acme", "https://acme.org/about"),
        ("Acme", "30161"),
        ("Acme", "(404) 555-0100"),
        ("Acme", "12 Peachtree St"),
        ("Acme", "GA"),
        ("Acme", "33.749"),
        ("Acme", "2024-05-01"),
        ("Acme", "Tenants who stand together against eviction. " * 3),
        ("Acme", "Athens"),
    ],
)
def test_a_row_that_looks_like_the_rest_is_data(first: Sequence[str]) -> None:
    assert detect_headings(first, ("Union", "Athens")) is None


@pytest.mark.parametrize(
    "first",
    [
        ("Name", "E-mail"),
        ("Grupo", "Lugar"),
        ("Organización", "Código postal"),
        ("ID", "OR"),
        ("Name", "2023", "2024"),
        ("Address 1", "Address 2"),
        ("501(c)(3)?", "1st contact"),
        ("link_id", "value_12"),
        ("What does your organization do, for whom does it do that, and since when has it been doing so, in all?", "Timestamp"),
        ("EIN", "NAME", "STREET", "30161"),
        (" Name ", "City\n(main)"),
    ],
)
def test_a_row_that_names_things_is_headings(first: Sequence[str]) -> None:
    assert detect_headings(first, ("Acme", "Rome"), ("Union", "Athens")) == tuple(" ".join(cell.split()) for cell in first)


def test_headings_that_come_again_in_joined_lists_are_headings() -> None:
    assert detect_headings(("Grupo", "Lugar"), ("Acme", "Rome"), ("Grupo", "Lugar"), ("Union", "Athens")) == ("Grupo", "Lugar")


def test_a_list_of_names_has_no_headings_but_one_that_says_so() -> None:
    assert detect_headings(("Acme",), ("Union",)) is None
    assert detect_headings(("Organization",), ("Union",)) == ("Organization",)


def test_titles_are_only_above_headings() -> None:
    titled = detect_header_row(
        [(1, ["Members", "", ""]), (3, ["Name", "City", "State"]), (4, ["Acme", "Rome", "GA"]), (5, ["Union", "", "GA"])]
    )
    assert (titled.headings, titled.number, [number for number, _ in titled.titles]) == (("Name", "City", "State"), 3, [1])
    rows = (["Acme", "", ""], ["Union", "Rome", "30161"], ["Art", "Athens", "30601"])
    assert detect_headings(*rows) is None
    assert detect_header_row([(1, rows[0])]).titles == ()


def test_it_can_be_stated() -> None:
    assert detect_headings(("Name", "City"), has_header=False) is None
    assert detect_headings(("Acme", "30161"), has_header=True) == ("Acme", "30161")
    assert detect_headings(has_header=True) is None


@pytest.mark.parametrize("cell", ["Zip Code", "ContactEmail", "CORREO ELECTRÓNICO", "taxonomy_id", "mailing_address2", "EIN"])
def test_heading_words(cell: str) -> None:
    assert is_heading_word(cell)


@pytest.mark.parametrize("cell", ["City Council", "30161", "", "Acme", "name " * 7])
def test_no_heading_words(cell: str) -> None:
    assert not is_heading_word(cell)


def test_headings_become_unique_without_taking_anothers_name() -> None:
    assert deduplicate_headings(["a", "a", "a 2", "", "column 4", "a"], 7) == (
        "a",
        "a 3",
        "a 2",
        "column 4 2",
        "column 4",
        "a 4",
        "column 7",
    )


ROSTER = (
    ["Our members, May 2026", "", "", "", ""],
    ["", "", "Office", "", "Main contact"],
    ["#", "Group name", "Street", "City", "Name"],
    ["1", "Harbor Tenants Union", "12 River St", "Savannah", "Ana Paz"],
    ["ALLIES", "", "", "", ""],
    ["2", "Casa Abierta", "9 Oak St", "Macon", ""],
    ["TOTAL", "", "", "", ""],
    ["* by courtesy of Ana", "", "", "", ""],
    ["printed on paper", "", "", "", ""],
)


def a_roster(header: bool | int | None = None) -> Table:
    return build_table(lambda: ((number, list(cells)) for number, cells in enumerate(ROSTER, start=1)), "roster.csv", header)


def test_a_small_decorated_sheet() -> None:
    table = a_roster()
    assert table.headings == tuple(ROSTER[2])
    assert [number for number, _ in table.rows] == [4, 6]
    assert table.titles == ("Our members, May 2026", "Office Main contact")
    assert table.sections == ((5, "ALLIES"),)
    notes = "\n".join(table.notes)
    for left_out in ('row 5 "ALLIES"', 'row 7 "TOTAL"', 'row 8 "* by courtesy of Ana"', "rows 1, 2"):
        assert left_out in notes


def test_group_headings_with_many_cells_are_not_the_headings() -> None:
    groups = ("Organization", "Address", "Address", "Contact")
    headings = ("Name", "Street", "City", "Phone", "E-mail")
    rows = (groups, headings, ("Acme", "1 Elm St", "Rome", "", ""), ("Union", "2 Elm St", "Athens", "", "u@union.org"))
    assert detect_headings(*rows) == headings


def test_the_line_of_the_headings_can_be_stated() -> None:
    assert a_roster(4).headings == tuple(ROSTER[3])
    assert a_roster(3).headings == a_roster().headings
    with pytest.raises(BadInput, match="Line 20 cannot hold the headings"):
        a_roster(20)
    assert a_roster(False).headings is None
