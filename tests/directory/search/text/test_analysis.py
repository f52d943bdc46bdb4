from concurrent.futures import ThreadPoolExecutor

import pytest

from directory.search.text.analysis import STOP_WORDS, _stem_cached, stem_token, tokenize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, []),
        ("", []),
        ("—", []),
        ("Niñez & Juventud", ["ninez", "and", "juventud"]),
        ("anti-eviction", ["anti", "eviction"]),
    ],
)
def test_tokens_are_folded_words(text: str | None, expected: list[str]) -> None:
    assert tokenize(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("evictions", "eviction"),
        ("communities", "community"),
        ("viviendas", "vivienda"),
        ("organizaciones", "organizacion"),
        ("abogadas", "abogados"),
        ("migrantes", "migrante"),
        ("laws", "law"),
        ("leyes", "ley"),
        ("redes", "red"),
        ("arts", "art"),
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert set(stem_token(one)) & set(stem_token(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("us", "use"), ("cars", "care"), ("30312", "3031"), ("housing", "horse"), ("salieron", "sale"), ("salieron", "sal")],
)
def test_other_words_do_not(one: str, other: str) -> None:
    assert not set(stem_token(one)) & set(stem_token(other))


def test_stems_are_right_in_many_threads_at_once() -> None:
    words = [f"{'ab' * (n % 7)}organizations{'xyz'[n % 3]}ing" for n in range(300)]
    alone = [_stem_cached.__wrapped__(word) for word in words]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(_stem_cached.__wrapped__, words)) == alone


def test_us_is_a_name() -> None:
    assert "us" not in STOP_WORDS
