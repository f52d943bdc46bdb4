from collections.abc import Sequence

from seed.mapping.guess import ColumnGuess, guess_columns

ROWS = [
    ["Atlanta Tenants Union", "12 Main St", "Atlanta", "GA", "30303", "(404) 555-0100", "info@atu.example.org", "atu.org"],
    ["Macon Housing Coalition", "P.O. Box 7", "Macon", "GA", "31201", "478-555-0101", "office@mhc.example.org", "www.mhc.org"],
    ["Mijente", "9-11 Elm Ave", "Savannah", "GA", "31401", "912.555.0102 x3", "hola@mijente.example.org", "https://m.org/"],
]


def guess_fields(headings: Sequence[str] | str | None, rows: Sequence[Sequence[str]] = ()) -> list[str | None]:
    heading_list = headings.split(",") if isinstance(headings, str) else headings
    return [one.field for one in guess_columns(heading_list, rows)]


def guess_only_column(heading: str, values: Sequence[str]) -> ColumnGuess:
    return guess_columns([heading], [[value] for value in values])[0]


def test_tables_without_headings_are_guessed_by_their_values() -> None:
    assert guess_fields(None, ROWS) == [
        "name",
        "location.street",
        "location.city",
        "location.state",
        "location.postal_code",
        "contact.phone",  # it is unknown whose
        "contact.email",
        "website",
    ]
    assert [one.heading for one in guess_columns(None, ROWS)][:2] == ["column 1", "column 2"]


def test_values_alone_must_be_unmistakable() -> None:
    vague = [
        ["12", "Active", "Housing", "5551234567"],
        ["13", "Closed", "Workers", "5551234568"],
        ["14", "Active", "Housing", "1"],
    ]
    assert guess_fields(None, vague) == [None] * 4
    assert guess_fields(None, [["a@x.org"]]) == [None]  # a single value is not enough
    assert "not recognized" in guess_columns(None, vague)[0].reason


def test_names_are_looked_for_in_one_column_and_only_where_they_differ() -> None:
    rows = [[f"Tenants Union {number}", "Tenants Union", f"Workers Center {number}"] for number in range(9)]
    assert guess_fields(None, rows) == ["name", None, None]


def test_empty_tables() -> None:
    assert guess_columns([], []) == guess_columns(None, []) == guess_columns(None, [[]]) == ()
    assert guess_fields(["", " "], [["a@x.org"] * 2] * 3) == [None, None]


def test_rows_may_be_ragged() -> None:
    assert guess_fields("Name,City", [["A"], [], ["B", "Macon", "more"]]) == ["name", "location.city", None]


def test_headings_of_no_letters_or_many() -> None:
    assert guess_fields(["#", "?" * 500, "x" * 5000, "Zip " * 900, "🏠", "\x00"]) == [None] * 6
