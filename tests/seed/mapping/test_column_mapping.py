import datetime as dt
from collections.abc import Sequence

from directory.errors import ErrorCode
from seed.mapping.column_mapping import MappedColumn, TableMapping, map_rows
from seed.rows import Row, Table


def read(
    cells: Sequence[Sequence[str]],
    fields: Sequence[str | None],
    *,
    headings: Sequence[str] | None = None,
    constants: dict[str, str] | None = None,
    clear_empty: bool = False,
) -> list[Row]:
    named = tuple(headings) if headings else None
    labels = named or tuple(f"column {place + 1}" for place in range(len(fields)))
    columns = tuple(MappedColumn(place, labels[place], field) for place, field in enumerate(fields))
    table = Table("members.csv", named, [(place + 2, tuple(row)) for place, row in enumerate(cells)])
    return list(map_rows(table, TableMapping(columns, constants or {}), clear_empty=clear_empty))


def test_a_row_states_its_filled_cells() -> None:
    row = read([[" Mijente\u00a0", "", "Macon ", "call first"]], ["name", "summary", "location.city", None], headings="ABCD")[0]
    assert row.fields == {"name": "Mijente", "location.city": "Macon"}
    assert row.cells == {"A": " Mijente\u00a0", "C": "Macon ", "D": "call first"}
    assert (row.file, row.number) == ("members.csv", 2)
    assert row.columns == {"name": "A", "summary": "B", "location.city": "C"}


def test_an_empty_cell_clears_only_on_request() -> None:
    cells, fields = [["", " ", "", "a"]], ["name", "summary", "issue_areas", "slug"]
    assert read(cells, fields)[0].fields == {"slug": "a"}
    assert read(cells, fields, clear_empty=True)[0].fields == {"summary": None, "issue_areas": None, "slug": "a"}


def test_identifying_fields_are_never_cleared() -> None:
    fields = ["id", "slug", "same_as", "source_id", "as_of", "name"]
    row = read([[""] * 6], fields, clear_empty=True)[0]
    assert row.fields == {}
    assert (row.source_id, row.as_of, row.problems) == (None, None, ())


def test_terms_and_regions_are_lists() -> None:
    row = read([["Housing; Arts, culture and resistance", "Georgia", ";"]], ["issue_areas", "service_areas", "communities"])[0]
    assert row.fields == {"issue_areas": ["Housing", "Arts, culture and resistance"], "service_areas": ["Georgia"]}


def test_the_lists_of_two_rows_are_not_one() -> None:
    first, second = read([["Housing"], ["Housing"]], ["issue_areas"])
    assert first.fields["issue_areas"] is not second.fields["issue_areas"]


def test_columns_with_one_field_make_one_list() -> None:
    cells = [["Housing", "Workers; Housing", ""], ["", "", "Health"], ["", "", ""]]
    fields = ["issue_areas"] * 3
    stated = [row.fields for row in read(cells, fields)]
    assert stated == [{"issue_areas": ["Housing", "Workers"]}, {"issue_areas": ["Health"]}, {}]
    cleared = [row.fields for row in read(cells, fields, clear_empty=True)]
    assert cleared == [*stated[:2], {"issue_areas": None}]


def test_a_constant_applies_if_the_row_states_nothing() -> None:
    constants = {"location.state": "GA", "issue_areas": "Housing; Workers", "membership.status": "ACTIVE"}
    first, second = read(
        [["Macon Aid", "", ""], ["Mobile Aid", "AL", "Health"]], ["name", "location.state", "issue_areas"], constants=constants
    )
    assert first.fields == {
        "name": "Macon Aid",
        "location.state": "GA",
        "issue_areas": ["Housing", "Workers"],
        "membership.status": "ACTIVE",
    }
    assert (second.fields["location.state"], second.fields["issue_areas"]) == ("AL", ["Health"])


def test_a_constant_applies_if_an_empty_cell_would_clear() -> None:
    row = read([[""]], ["location.state"], constants={"location.state": "GA"}, clear_empty=True)[0]
    assert row.fields == {"location.state": "GA"}


def test_the_source_id_and_date_are_separate() -> None:
    row = read([["rec7", "May 6, 2024", "Mijente"]], ["source_id", "as_of", "name"])[0]
    assert (row.source_id, row.as_of, row.fields) == ("rec7", dt.date(2024, 5, 6), {"name": "Mijente"})


def test_an_invalid_date_is_a_problem_of_its_row() -> None:
    bad, good = read([["soon", "A"], ["2024-05-06", "B"]], ["as_of", "name"], headings=["Updated", "Name"])
    assert [(problem.path_text, problem.code, problem.params["value"]) for problem in bad.problems] == [
        ("as_of", ErrorCode.BAD_INPUT, "soon")
    ]
    assert bad.problems[0].params["column"] == "Updated"
    assert (bad.as_of, good.problems) == (None, ())


def test_an_ambiguous_date_is_reported() -> None:
    row = read([["03/04/2024"]], ["as_of"], headings=["Updated"])[0]
    assert row.as_of == dt.date(2024, 3, 4)
    assert [(repair.column, repair.after) for repair in row.repairs] == [("Updated", "2024-03-04")]


def test_tables_without_headings_go_by_position() -> None:
    row = read([["Mijente", "x"]], ["name", None])[0]
    assert row.cells == {"column 1": "Mijente", "column 2": "x"}
    assert row.columns == {"name": "column 1"}


def test_rows_may_be_longer_or_shorter_than_the_headings() -> None:
    short, long = read([["Mijente"], ["Aid", "Macon", "more"]], ["name", "location.city"], headings=["Name", "City"])
    assert short.fields == {"name": "Mijente"}
    assert long.cells == {"Name": "Aid", "City": "Macon", "column 3": "more"}


def test_equal_headings_keep_both_cells() -> None:
    table = Table("a.csv", ("City", "City"), [(2, ("Macon", "Athens"))])
    assert next(map_rows(table, TableMapping(()))).cells == {"City": "Macon", "City (column 2)": "Athens"}


def test_rows_are_read_lazily() -> None:
    table = Table("a.csv", ("Name",), ((number, (f"Group {number}",)) for number in range(2, 10**9)))
    reading = map_rows(table, TableMapping((MappedColumn(0, "Name", "name"),)))
    assert [next(reading).number for _ in range(3)] == [2, 3, 4]


def test_a_mapping_lists_the_columns_that_are_left_out() -> None:
    mapping = TableMapping((MappedColumn(0, "Name", "name"), MappedColumn(1, "Notes")))
    assert mapping.unmapped_columns == ("Notes",)
    assert TableMapping((MappedColumn(0, "Notes", is_ignored=True),)).unmapped_columns == ()
