"""Questions as members type them, labelled by others than their writers. `./dev bench words` prints the scores by style."""

from collections.abc import Sequence

import pytest

from benchmarks.fictional_networks import build_snapshot
from benchmarks.targets import UNDERSTOOD_SHARES
from benchmarks.words.word_scores import FILES, QUESTIONS, Score, list_mistakes, measure_file

MIN_OPEN_QUESTIONS = {"en": 130, "es": 65}
SEALED_QUESTIONS = 60
NETWORK_SIZE = 2_000  # the benchmark takes more
MAX_EMPTY_SHARE = 0.25  # of questions that find nothing, because they combine rare conditions


@pytest.fixture(scope="module")
def scores() -> dict[str, list[Score]]:
    snapshot = build_snapshot(NETWORK_SIZE)
    return {name: measure_file(QUESTIONS / name, snapshot) for name in FILES}


def select(scores: Sequence[Score], language: str) -> list[Score]:
    return [score for score in scores if score.label.language == language]


@pytest.mark.parametrize("language", ["en", "es"])
def test_most_questions_are_understood_in_each_language(scores: dict[str, list[Score]], language: str) -> None:
    own = select(scores["questions.toml"], language)
    assert len(own) >= MIN_OPEN_QUESTIONS[language]
    assert sum(score.is_right for score in own) >= UNDERSTOOD_SHARES["questions.toml"] * len(own), list_mistakes(own)


def test_most_questions_that_were_set_aside_are_understood(scores: dict[str, list[Score]]) -> None:
    sealed = scores["sealed_questions.toml"]
    assert len(sealed) == SEALED_QUESTIONS
    assert sum(score.is_right for score in sealed) >= UNDERSTOOD_SHARES["sealed_questions.toml"] * len(sealed)


@pytest.mark.parametrize("name", FILES)
def test_no_question_is_a_dead_end(scores: dict[str, list[Score]], name: str) -> None:
    assert [score.label.text for score in scores[name] if score.is_dead_end] == []
    empty = sum(score.total == 0 for score in scores[name])
    assert 0 < empty < MAX_EMPTY_SHARE * len(scores[name])  # so that next steps are tried


@pytest.mark.parametrize("name", FILES)
def test_every_style_is_asked(scores: dict[str, list[Score]], name: str) -> None:
    styles = {score.label.style for score in scores[name]}
    assert styles >= {"sentence", "keywords", "colloquial", "typo", "place", "negation", "people", "kind"}
