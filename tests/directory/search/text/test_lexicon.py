from hypothesis import given
from hypothesis import strategies as st

from directory.search.text.lexicon import INSERT_LIMIT, Lexicon
from directory.search.text.parsed_text import Word

WORDS = st.text("aeiost", min_size=1, max_size=7)


def test_numbers_stay_the_same_when_a_lexicon_grows() -> None:
    lexicon = Lexicon.build(["tenant", "house"])
    grown = lexicon.with_words(["apple"]).with_words([f"word{n}" for n in range(INSERT_LIMIT + 1)])
    assert [grown.find_number(word) for word in ("tenant", "house", "apple", "word0", "zebra")] == [0, 1, 2, 3, None]
    assert (len(lexicon), lexicon.find_number("apple")) == (2, None)


def test_an_empty_lexicon_accepts_nothing() -> None:
    assert Lexicon.build([]).find_accepted(Word("housing", is_prefix=True, allows_typo=True)) == []


@given(st.lists(WORDS, unique=True), WORDS, st.booleans(), st.booleans(), st.integers(0, 20))
def test_a_lexicon_finds_the_words_that_a_word_accepts(
    words: list[str], typed: str, prefix: bool, allows_typo: bool, cut: int
) -> None:
    word = Word(typed, prefix, allows_typo)
    lexicon = Lexicon.build(words[:cut]).with_words(words[cut:])
    assert lexicon.find_accepted(word) == [n for n, other in enumerate(words) if word.accepts(other)]


def test_words_that_are_not_visible_are_not_found() -> None:
    words = ["tenant", "tenants", "tenent", "tenancy"]
    lexicon = Lexicon.build(words)
    everything = Word("tenant", is_prefix=True, allows_typo=True)
    assert lexicon.find_accepted(everything) == [0, 1, 2]
    for visible in (bytes([1, 0, 1, 1]), bytes([0, 1, 0, 0]), bytes(4)):
        assert lexicon.find_accepted(everything, visible) == [number for number in (0, 1, 2) if visible[number]]
        assert [lexicon.find_number(word, visible) for word in words] == [
            number if visible[number] else None for number in range(4)
        ]
