import csv
import io
import re

from directory.export.flat_columns import COLUMNS
from directory.export.tables import READ_ONLY_COLUMNS, load_spanish_headings, restore_headings, translate_headings
from seed.sources.own_tables import REQUIRED_COLUMNS
from tests.builders import NOW, a_location, an_organization
from tests.directory.export.difficult_records import LONG, build_difficult_organizations
from tests.directory.export.exported_tables import export_bytes, export_table

ALL_COLUMNS = (*COLUMNS, *READ_ONLY_COLUMNS, "rest", "rest_2", "rest_11")


def test_it_follows_rfc_4180_with_a_byte_order_mark() -> None:
    content = export_bytes("csv", [an_organization("Harbor, Tenants"), an_organization('The "Union"')])
    assert content.startswith(b"\xef\xbb\xbfname,acronym,")
    assert content.endswith(b"\r\n")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert len(lines) == 4
    assert lines[1].startswith('"Harbor, Tenants",')
    assert lines[2].startswith('"The ""Union""",')


def test_every_line_has_the_same_number_of_cells() -> None:
    lines = list(csv.reader(io.StringIO(export_bytes("csv", build_difficult_organizations(60)).decode("utf-8-sig"), newline="")))
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines) == len(build_difficult_organizations(60)) + 1


def test_no_cell_is_a_formula() -> None:
    for _, cells in export_table("csv", build_difficult_organizations(150)).rows:
        formulas = [cell for cell in cells if re.match(r"[=+\-@\t\r]", cell) and not re.fullmatch(r"-\d+(\.\d+)?", cell)]
        assert formulas == []


def test_a_rest_longer_than_a_cell_uses_further_columns() -> None:
    sources = [one for one in build_difficult_organizations(150) if len(one.sources) > 50]
    assert sources
    headings = export_table("csv", sources).headings or ()
    assert headings[-2:] == ("rest", "rest_2")
    assert (export_table("csv", [an_organization("U", description=LONG)]).headings or ())[-1] == "rest"


def test_published_data_is_in_read_only_columns() -> None:
    one = an_organization("Union", locations=(a_location("Atlanta, GA", radius_km=12.5),))
    export = export_table("csv", [one, an_organization("Nowhere")])
    first, second = (dict(zip(export.headings or (), cells, strict=True)) for _, cells in export.rows)
    point = one.points[0]
    assert [first[column] for column in READ_ONLY_COLUMNS] == [
        "CITY",
        str(point.latitude),
        str(point.longitude),
        "12.5",
        "2026-06-01T12:00:00Z",
    ]
    assert [second[column] for column in READ_ONLY_COLUMNS] == ["", "", "", "", NOW.isoformat().replace("+00:00", "Z")]


def test_an_empty_export_has_headings() -> None:
    export = export_table("csv", iter([]))
    assert export.rows == []
    assert (export.headings or ())[0] == "name"


def test_every_column_has_a_spanish_heading_of_its_own() -> None:
    headings = load_spanish_headings()
    assert set(headings) == {*COLUMNS, *READ_ONLY_COLUMNS, "rest"}
    assert len(set(headings.values())) == len(headings)
    assert set(headings.values()).isdisjoint(headings)


def test_spanish_headings_are_restored() -> None:
    spanish = translate_headings(ALL_COLUMNS, "es")
    assert spanish[-3:] == ("resto", "resto_2", "resto_11")
    assert restore_headings((*spanish, "mis notas"), REQUIRED_COLUMNS) == (*ALL_COLUMNS, "mis notas")
    assert translate_headings(ALL_COLUMNS, "en") == ALL_COLUMNS


def test_tables_of_others_keep_their_headings() -> None:
    for headings in (("nombre", "lugar: ciudad"), ("nombre", "resumen", "resto", "identificador"), ("name", "id")):
        assert restore_headings(headings, REQUIRED_COLUMNS) == headings
