import pytest
from hypothesis import given
from hypothesis import strategies as st

from seed.export.formula_escaping import FORMULA_ERRORS, VISIBLE_ESCAPES, escape_csv_cell, escape_text_cell, unescape_cell

signs = st.text("'=+-@\t\r\n＝＋－＠﹦﹢﹣﹫−⁺a1.", max_size=6) | st.builds(
    "{}{}".format, st.sampled_from(["", "'", "''"]), st.sampled_from(sorted(FORMULA_ERRORS))
)


@given(signs)
def test_what_is_marked_is_read_back_as_it_was(text: str) -> None:
    assert unescape_cell(escape_csv_cell(text)) == text
    assert unescape_cell(escape_text_cell(text)) == text


@given(signs)
def test_a_reader_that_takes_the_apostrophe_away_itself_changes_nothing(text: str) -> None:
    cell = escape_csv_cell(text)
    taken = cell[1:] if cell.startswith(VISIBLE_ESCAPES) else cell
    assert unescape_cell(taken) == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@A1", "\t=1", "\r=1", "-", "--1", "-1e5", "-1,5", "-٣", "\n=1"])
def test_what_may_be_a_formula_is_text(text: str) -> None:
    assert escape_csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("sign", "＝＋－＠﹦﹢﹣﹫⁺⁼₊₌−⁻")
def test_signs_that_a_spreadsheet_reads_as_others_are_text(sign: str) -> None:
    """Full-width, small, raised and lowered ones, and the minus sign."""
    assert escape_csv_cell(f"{sign}1+1") == f"'{sign}1+1"
    assert escape_text_cell(f"'{sign}x") == f"''{sign}x"


@pytest.mark.parametrize("text", ["", "a", "-84.38", "-7", "o'neill", "'tis", "1-2", "a=b"])
def test_what_cannot_be_one_stays(text: str) -> None:
    assert escape_csv_cell(text) == text


def test_a_text_that_looks_marked_is_marked_once_more() -> None:
    assert [escape_csv_cell(text) for text in ("'=x", "''", "''=x")] == ["''=x", "'''", "'''=x"]
