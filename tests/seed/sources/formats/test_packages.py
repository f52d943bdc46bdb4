import pytest

from directory.errors import BadInput, TooLarge
from seed.sources.formats import limits
from seed.sources.formats.limits import CHUNK_SIZE
from seed.sources.formats.spreadsheet import inspect_package
from tests.seed.sources.formats.workbooks import build_zip

SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("before", [*range(CHUNK_SIZE - 12, CHUNK_SIZE + 2), 0])
def test_declarations_are_found_across_pieces(before: int) -> None:
    for declaration in (b"<!DOCTYPE x>", b"<!ENTITY x 'y'>"):
        with pytest.raises(BadInput, match="entities"):
            inspect_package(build_zip({"docProps/app.xml": b"<a>" * (before // 3) + b" " * (before % 3) + declaration}), "a.xlsx")


def test_texts_between_tags_have_a_limit_where_cells_are() -> None:
    text = b"<t>" + b"x" * 7 * limits.MAX_CELL_SIZE
    with pytest.raises(TooLarge) as refusal:
        inspect_package(build_zip({SHEET: text}), "a.xlsx")
    assert refusal.value.params == {"limit": limits.MAX_CELL_SIZE, "file": "a.xlsx", "row": None}
    assert inspect_package(build_zip({"xl/media/image1.png": text}), "a.xlsx").size == len(text)
    assert (
        inspect_package(build_zip({SHEET: b"<t>" + b"&amp;" * limits.MAX_CELL_SIZE + b"</t>"}), "a.xlsx").size
        > limits.MAX_CELL_SIZE
    )


@pytest.mark.parametrize("before", [0, *range(CHUNK_SIZE - 6, CHUNK_SIZE + 2)])
def test_errors_of_formulas_are_counted_once(before: int) -> None:
    cells = b"<c" + b" " * before + b' t="e"><v>#N/A</v></c><c t="e"/><c r="B1" t="n"/>'
    assert inspect_package(build_zip({SHEET: cells, "xl/other.xml": cells}), "a.xlsx").formula_errors == 2
