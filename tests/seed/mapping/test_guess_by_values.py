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
    assert guess_fields(["", " "], [["a", "b"]] * 3) == [None, None]


def test_columns_with_an_empty_heading_are_guessed_by_their_values() -> None:
    rows = [[f"Tenants Union {number}", "Tucson", f"office{number}@union.example"] for number in range(9)]
    assert guess_fields(["", "City", ""], rows) == ["name", "location.city", "contact.email"]
    assert guess_fields(["Kollektiv", "City", "Kasten"], rows) == ["name", "location.city", None]
    assert guess_fields(["", "Organization", ""], [[row[0], row[0], ""] for row in rows]) == [None, "name", None]


def test_the_name_is_filled_in_nearly_every_row() -> None:
    rows = [["", f"Rising {number} Voices", "Ana Ruiz"] for number in range(96)]
    rows += [["Tenants Union", "Casa 7", "Eva Paz"], ["Workers Center", "Casa 8", "Bo Li"], ["Housing Fund", "Casa 9", "Al Ode"]]
    assert guess_fields(None, rows)[:2] == [None, "name"]


def test_branches_share_their_names_and_a_mission_is_not_a_name() -> None:
    rows = [[f"Tenants Union of Region {number // 2}", f"We organize people in ward {number}"] for number in range(40)]
    assert guess_fields(None, rows) == ["name", None]


def test_the_second_telephone_number_may_be_a_fax() -> None:
    rows = [[f"Tenants Union {number}", f"(520) 555-01{number:02}", f"(520) 555-02{number:02}"] for number in range(9)]
    rows[3][1] = "520 555 0103 or ask Ana"  # the telephone numbers are typed worse than those of fax machines
    assert guess_fields(None, rows) == ["name", "contact.phone", None]


def test_rows_may_be_ragged() -> None:
    assert guess_fields("Name,City", [["A"], [], ["B", "Macon", "more"]]) == ["name", "location.city", None]


def test_headings_of_no_letters_or_many() -> None:
    assert guess_fields(["#", "?" * 500, "x" * 5000, "Zip " * 900, "🏠", "\x00"]) == [None] * 6


def test_a_nearly_empty_column_is_not_the_name_if_another_may_be() -> None:
    rows = [["", f"Tenants Union {number}"] for number in range(24)] + [["Harbor Fund", "Tenants Union 24"]]
    assert guess_fields(["Organization", "Account name (as listed)"], rows) == [None, "name"]


def test_a_second_column_of_a_kind_is_not_another_place() -> None:
    rows = [[f"Tenants Union {number}", "Mobile", "AL", "Orange"] for number in range(9)]
    assert guess_fields(None, rows) == ["name", "location.city", "location.state", None]
    assert guess_fields(["Organization", "City", "State", ""], rows) == ["name", "location.city", "location.state", None]
    assert "already has that field" in guess_columns(None, rows)[3].reason


def test_words_for_dues_confirm_a_membership() -> None:
    assert guess_only_column("Dues status", ["Paid", "Comp'd", "overdue"]).field == "membership.status"
    assert guess_only_column("Dues status", ["$20", "$35", "$40"]).field is None
