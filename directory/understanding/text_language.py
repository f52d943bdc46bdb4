"""The language of a text, by its small words: what a page tells to screen readers, because records do not state it."""

from collections.abc import Iterator
from functools import cache, lru_cache

from directory.text import fold
from directory.understanding.function_words import LANGUAGES, list_small_words

MAX_LENGTH = 1_000  # characters that are read
MIN_WORDS = 2  # different ones, of one language alone
MIN_SHARE = 0.12  # of all words of the text: texts in other languages have some of them by chance
MIN_RATIO = 3  # times as many as of the other language, which may be in names
# Small words that other languages of members have too: French, Portuguese, Haitian Creole, Tagalog.
SHARED_WORDS = (
    "a ako al as at con contra da de e en entre es esta este la le me no o "
    "on or os pa para por que se si so sobre te tu un una yo"
)


def guess_text_language(text: str) -> str | None:
    """Return "en" or "es", None if the text is too short, in another language or in both. Takes about 30 µs for a sentence."""
    return _guess(text[:MAX_LENGTH])


@lru_cache(maxsize=5_000)
def _guess(text: str) -> str | None:
    words = fold(text).split()
    found = {language: [word for word in words if word in own] for language, own in _list_own_words().items()}
    language = max(found, key=lambda each: len(found[each]))
    count, others = len(found[language]), sum(map(len, found.values())) - len(found[language])
    is_certain = count >= max(MIN_RATIO * others, MIN_SHARE * len(words)) and len(set(found[language])) >= MIN_WORDS
    return language if is_certain else None


@cache
def _list_own_words() -> dict[str, frozenset[str]]:
    """Return the small words of each language that the other does not have, such as "the" and "los"."""
    return dict(_iter_own_words())


def _iter_own_words() -> Iterator[tuple[str, frozenset[str]]]:
    for language in LANGUAGES:
        others = frozenset().union(*(list_small_words(other) for other in LANGUAGES if other != language))
        yield language, frozenset(list_small_words(language)) - others - frozenset(SHARED_WORDS.split())
