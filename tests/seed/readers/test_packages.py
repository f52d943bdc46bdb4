import pytest

from directory.errors import BadInput, TooLarge
from seed.readers import limits
from seed.readers.archives import PIECE
from seed.readers.packages import inspected
from tests.seed.readers.workbooks import zipped

SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("before", [*range(PIECE - 12, PIECE + 2), 0])
def test_declarations_are_found_across_pieces(before: int) -> None:
    for declaration in (b"<!DOCTYPE x>", b"<!ENTITY x 'y'>"):
        with pytest.raises(BadInput, match="entities"):
            inspected(zipped({"docProps/app.xml": b"<a>" * (before // 3) + b" " * (before % 3) + declaration}), "a.xlsx")


def test_texts_between_tags_have_a_limit_where_cells_are() -> None:
    text = b"<t>" + b"x" * 7 * limits.CELL
    with pytest.raises(TooLarge) as refusal:
        inspected(zipped({SHEET: text}), "a.xlsx")
    assert refusal.value.params == {"limit": limits.CELL, "file": "a.xlsx", "row": None}
    assert inspected(zipped({"xl/media/image1.png": text}), "a.xlsx").size == len(text)
    assert inspected(zipped({SHEET: b"<t>" + b"&amp;" * limits.CELL + b"</t>"}), "a.xlsx").size > limits.CELL


@pytest.mark.parametrize("before", [0, *range(PIECE - 6, PIECE + 2)])
def test_errors_of_formulas_are_counted_once(before: int) -> None:
    cells = b"<c" + b" " * before + b' t="e"><v>#N/A</v></c><c t="e"/><c r="B1" t="n"/>'
    assert inspected(zipped({SHEET: cells, "xl/other.xml": cells}), "a.xlsx").spoilt == 2
