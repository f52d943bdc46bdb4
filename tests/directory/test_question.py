"""Validation of questions. What each part means is tested with the search."""

import pytest

from directory.errors import BadInput
from directory.question import QUERY_LIMIT, Question


@pytest.mark.parametrize("text", ["\ud800", "housing \udfff", "\ud83d housing"])
def test_half_a_character_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        Question(text=text)
    assert refusal.value.params["argument"] == "query"


def test_whole_characters_of_any_script_are_text() -> None:
    assert Question(text="vivienda 住房 🏠").fingerprint


def test_a_text_that_is_too_long_is_refused() -> None:
    assert Question(text="a" * QUERY_LIMIT).text
    with pytest.raises(BadInput):
        Question(text="a" * (QUERY_LIMIT + 1))
