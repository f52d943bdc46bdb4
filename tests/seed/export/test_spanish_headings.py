"""Our own tables with Spanish headings."""

from seed.export.flat_columns import COLUMNS
from seed.export.spanish_headings import SPANISH_HEADINGS, restore_headings, translate_headings
from seed.export.tables import READ_ONLY_COLUMNS
from seed.sources.own_tables import REQUIRED_COLUMNS

ALL_COLUMNS = (*COLUMNS, *READ_ONLY_COLUMNS, "rest", "rest_2", "rest_11")


def test_every_column_has_a_heading_of_its_own() -> None:
    assert set(SPANISH_HEADINGS) == {*COLUMNS, *READ_ONLY_COLUMNS, "rest"}
    assert len(set(SPANISH_HEADINGS.values())) == len(SPANISH_HEADINGS)
    assert set(SPANISH_HEADINGS.values()).isdisjoint(SPANISH_HEADINGS)


def test_headings_are_restored() -> None:
    spanish = translate_headings(ALL_COLUMNS, "es")
    assert spanish[-3:] == ("resto", "resto_2", "resto_11")
    assert restore_headings((*spanish, "mis notas"), REQUIRED_COLUMNS) == (*ALL_COLUMNS, "mis notas")
    assert translate_headings(ALL_COLUMNS, "en") == ALL_COLUMNS


def test_tables_of_others_keep_their_headings() -> None:
    for headings in (("nombre", "lugar: ciudad"), ("nombre", "resumen", "resto", "identificador"), ("name", "id")):
        assert restore_headings(headings, REQUIRED_COLUMNS) == headings
