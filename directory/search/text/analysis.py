"""Text analysis: tokens, stop words and stems."""

from functools import lru_cache

from directory.text import MAX_STEMMED_LENGTH, STEM_CACHE_SIZE, fold, stem_word

# Records need not match these words, unless a text has no other words or they are quoted. "us" is not a stop word, because it
# is a name in a directory of the United States.
ENGLISH_STOP_WORDS = ("a", "an", "and", "are", "as", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with")
SPANISH_STOP_WORDS = (
    *("al", "con", "de", "del", "e", "el", "en", "la", "las", "los"),
    *("o", "para", "por", "que", "u", "un", "una", "y"),
)
STOP_WORDS = frozenset((*ENGLISH_STOP_WORDS, *SPANISH_STOP_WORDS))
MIN_STEM_LENGTH = 4  # letters; a shorter stem stands for too many words to lose more than a short suffix
MAX_SHORT_SUFFIX = 2  # letters, as in "leyes" and "laws"


def tokenize(text: str | None) -> list[str]:
    """Return the folded words of a text in order; [] for None or a text without words."""
    return fold(text).split() if text else []


def stem_token(token: str) -> tuple[str, str]:
    """Return the English and the Spanish Snowball stem, each with a prefix for its language.

    A short stem that has lost a long ending is not used: in Spanish, "salieron" would have the same stem as "sale".
    """
    if len(token) > MAX_STEMMED_LENGTH or not token.isalpha():
        return "en:" + token, "es:" + token
    return _stem_cached(token)


@lru_cache(maxsize=STEM_CACHE_SIZE)
def _stem_cached(token: str) -> tuple[str, str]:
    return "en:" + _stem(token, "en"), "es:" + _stem(token, "es")


def _stem(token: str, language: str) -> str:
    stem = stem_word(token, language)
    return token if len(stem) < MIN_STEM_LENGTH and len(token) - len(stem) > MAX_SHORT_SUFFIX else stem
