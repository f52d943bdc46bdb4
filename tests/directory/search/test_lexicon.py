from hypothesis import given
from hypothesis import strategies as st

from directory.search.lexicon import FEW, Lexicon
from directory.search.wording import Word

WORDS = st.text("aeiost", min_size=1, max_size=7)


def test_numbers_are_kept_when_it_grows() -> None:
    lexicon = Lexicon.of(["tenant", "house"])
    grown = lexicon.extended(["apple"]).extended([f"word{n}" for n in range(FEW + 1)])
    assert [grown.number(word) for word in ("tenant", "house", "apple", "word0", "zebra")] == [0, 1, 2, 3, None]
    assert (len(lexicon), lexicon.number("apple")) == (2, None)


def test_an_empty_one_knows_nothing() -> None:
    assert Lexicon.of([]).accepted(Word("housing", prefix=True, forgiving=True)) == []


@given(st.lists(WORDS, unique=True), WORDS, st.booleans(), st.booleans(), st.integers(0, 20))
def test_it_leads_to_the_words_that_are_accepted(words: list[str], typed: str, prefix: bool, forgiving: bool, cut: int) -> None:
    word = Word(typed, prefix, forgiving)
    lexicon = Lexicon.of(words[:cut]).extended(words[cut:])
    assert lexicon.accepted(word) == [n for n, other in enumerate(words) if word.accepts(other)]
