import pytest
from hypothesis import given
from hypothesis import strategies as st

from seed.writers.apostrophes import ERRORS, VISIBLE_MARKS, bare, marked, neutral

signs = st.text("'=+-@\t\r\n＝＋－＠﹦﹢﹣﹫−⁺a1.", max_size=6) | st.builds(
    "{}{}".format, st.sampled_from(["", "'", "''"]), st.sampled_from(sorted(ERRORS))
)


@given(signs)
def test_what_is_marked_is_read_back_as_it_was(text: str) -> None:
    assert bare(neutral(text)) == text
    assert bare(marked(text)) == text


@given(signs)
def test_a_reader_that_takes_the_apostrophe_away_itself_changes_nothing(text: str) -> None:
    cell = neutral(text)
    taken = cell[1:] if cell.startswith(VISIBLE_MARKS) else cell
    assert bare(taken) == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@A1", "\t=1", "\r=1", "-", "--1", "-1e5", "-1,5", "-٣", "\n=1"])
def test_what_may_be_a_formula_is_text(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("sign", "＝＋－＠﹦﹢﹣﹫⁺⁼₊₌−⁻")
def test_signs_that_a_spreadsheet_reads_as_others_are_text(sign: str) -> None:
    """Full-width, small, raised and lowered ones, and the minus sign."""
    assert neutral(f"{sign}1+1") == f"'{sign}1+1"
    assert marked(f"'{sign}x") == f"''{sign}x"


@pytest.mark.parametrize("text", ["", "a", "-84.38", "-7", "o'neill", "'tis", "1-2", "a=b"])
def test_what_cannot_be_one_stays(text: str) -> None:
    assert neutral(text) == text


def test_a_text_that_looks_marked_is_marked_once_more() -> None:
    assert [neutral(text) for text in ("'=x", "''", "''=x")] == ["''=x", "'''", "'''=x"]
