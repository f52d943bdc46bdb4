from seed.rows import Row, Table
from seed.sources.own_tables import CORRECTION_COLUMNS, apply_answers, find_source_key, is_corrections_table, restore_table

HEADINGS = ("Name", "Phone", *CORRECTION_COLUMNS)


def a_table(headings: tuple[str, ...] | None, *rows: tuple[str, ...]) -> Table:
    return Table("to correct.csv", headings, enumerate(rows, start=2 if headings else 1))


def test_a_corrections_file_is_a_part_of_its_source() -> None:
    assert is_corrections_table(HEADINGS)
    assert is_corrections_table(["why it came back", "came from"])
    for other in (None, (), ("Name",), ("Name", "came from"), ("Name", "why it came back")):
        assert not is_corrections_table(other)


def test_the_source_is_known_if_all_rows_agree() -> None:
    assert find_source_key(HEADINGS, [("A", "", "bapd", "", ""), ("B", "", " bapd ", "", ""), ("C", "", "", "", "")]) == "bapd"
    assert find_source_key(HEADINGS, [("A", "", "bapd", "", ""), ("B", "", "irs", "", "")]) == ""
    assert find_source_key(HEADINGS, []) == find_source_key(None, [("bapd",)]) == find_source_key(("Name",), [("bapd",)]) == ""


def test_formula_escapes_are_removed_from_cells() -> None:
    table = restore_table(a_table(HEADINGS, ("'-ism", "'+1 404 588 9761", "bapd", "", "'=x"), ("'tis", "-7", "bapd", "", "")))
    assert [cells[:2] for _, cells in table.rows] == [("-ism", "+1 404 588 9761"), ("'tis", "-7")]


def test_any_other_table_stays_as_it_is() -> None:
    rows = [("'-ism", "'=1"), ("B", "")]
    for headings in (("Name", "Phone"), None):
        table = restore_table(a_table(headings, *rows))
        assert table.headings == headings
        assert [cells for _, cells in table.rows] == rows
    assert list(restore_table(a_table(None)).rows) == []


def test_the_headings_of_a_source_without_headings_are_restored() -> None:
    table = restore_table(a_table(None, ("column 1", "column 2", *CORRECTION_COLUMNS), ("'-ism", "x", "bapd", "", "")))
    assert table.headings == ("column 1", "column 2", *CORRECTION_COLUMNS)
    assert list(table.rows) == [(2, ("-ism", "x", "bapd", "", ""))]


def test_answers_are_added_to_the_rows() -> None:
    rows = [
        Row("f", 2, {"name": "A"}, cells={"SAME_AS": " tenants-union ", "NAME": "A"}),
        Row("f", 3, {"name": "B"}, cells={"same_as": " "}),
        Row("f", 4, {"name": "C"}),
    ]
    assert [row.fields for row in apply_answers(iter(rows))] == [
        {"name": "A", "same_as": "tenants-union"},
        {"name": "B"},
        {"name": "C"},
    ]
