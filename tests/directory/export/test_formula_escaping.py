import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.export.formula_escaping import FORMULA_ERRORS, VISIBLE_ESCAPES, escape_csv_cell, escape_text_cell, unescape_cell

texts_with_signs = st.text("'=+-@\t\r\n＝＋－＠﹦﹢﹣﹫−⁺a1.", max_size=6) | st.builds(
    "{}{}".format, st.sampled_from(["", "'", "''"]), st.sampled_from(sorted(FORMULA_ERRORS))
)


@given(texts_with_signs)
def test_an_escaped_text_can_be_restored(text: str) -> None:
    assert unescape_cell(escape_csv_cell(text)) == text
    assert unescape_cell(escape_text_cell(text)) == text


@given(texts_with_signs)
def test_a_reader_that_removes_the_apostrophe_changes_nothing(text: str) -> None:
    cell = escape_csv_cell(text)
    read_text = cell[1:] if cell.startswith(VISIBLE_ESCAPES) else cell
    assert unescape_cell(read_text) == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@A1", "\t=1", "\r=1", "-", "--1", "-1e5", "-1,5", "-٣", "\n=1"])
def test_a_possible_formula_is_escaped(text: str) -> None:
    assert escape_csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("sign", "＝＋－＠﹦﹢﹣﹫⁺⁼₊₌−⁻")
def test_variants_of_formula_signs_are_escaped(sign: str) -> None:
    """Full-width, small, raised and lowered ones, and the minus sign."""
    assert escape_csv_cell(f"{sign}1+1") == f"'{sign}1+1"
    assert escape_text_cell(f"'{sign}x") == f"''{sign}x"


@pytest.mark.parametrize("text", ["", "a", "-84.38", "-7", "o'neill", "'tis", "1-2", "a=b"])
def test_other_texts_are_unchanged(text: str) -> None:
    assert escape_csv_cell(text) == text


def test_a_text_that_looks_escaped_is_escaped_again() -> None:
    assert [escape_csv_cell(text) for text in ("'=x", "''", "''=x")] == ["''=x", "'''", "'''=x"]
