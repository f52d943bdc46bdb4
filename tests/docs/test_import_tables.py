"""The tables on files say what the code says."""

from directory.export.flat_fields import FIELDS, GROUP_FIELDS
from directory.export.formats import EXPORT_FORMATS
from docs import import_tables
from seed.mapping.heading_meaning import interpret_heading

COLUMNS = [row.strip("| ").split(" | ") for row in import_tables.build_columns_table().splitlines()[2:]]


def test_every_field_has_one_row_and_a_meaning() -> None:
    fields = [row[0].strip("`") for row in COLUMNS]
    assert len(fields) == len(set(fields))
    assert {*FIELDS, *GROUP_FIELDS} <= set(fields)
    assert all(row[1] for row in COLUMNS)


def test_headings_that_are_shown_are_understood() -> None:
    shown = [(row[0].strip("`"), heading) for row in COLUMNS for cell in row[2:] for heading in cell.split(", ") if heading]
    assert len(shown) > 150
    wrong = [one for one in shown if one[0] not in {meaning.field for meaning in interpret_heading(one[1]).meanings}]
    assert wrong == []


def test_english_and_spanish_stand_apart() -> None:
    rows = {row[0].strip("`"): row for row in COLUMNS}
    assert rows["name"][2:] == ["name, title, organization(s)", "nombre, titulo"]
    assert rows["location.city"][3] == "ciudad, municipio"
    assert rows["location.postal_code"][3].startswith("codigo postal")


def test_every_format_has_a_row_and_one_of_an_ending_is_told_by_it() -> None:
    rows = import_tables.build_formats_table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == list(EXPORT_FORMATS)
    assert sum(row.endswith("| yes |") for row in rows) == len({one.extension for one in EXPORT_FORMATS.values()})


def test_limits_are_told_with_their_units() -> None:
    told = import_tables.build_file_limits_table()
    assert "| a file | 20 MiB |" in told
    assert "| columns | 200 |" in told
