"""Word lists of words.toml, by their role in names."""

import tomllib
from pathlib import Path

_TABLES = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def _load_words(name: str) -> frozenset[str]:
    return frozenset(_TABLES[name].split())


LEGAL_FORMS = _load_words("legal_forms")
SMALL_WORDS = _load_words("small_words")
DERIVING_WORDS = _load_words("deriving")
FILLER_WORDS = _load_words("fillers")
PHRASES: dict[str, str] = _TABLES["phrases"]
SHORT_FORMS: dict[str, str] = {short: word for word, forms in _TABLES["short_forms"].items() for short in forms.split()}
NUMBER_WORDS: dict[str, str] = {
    **{word: str(value) for value, word in enumerate(_TABLES["cardinals"].split())},
    **{word: str(value) for value, word in enumerate(_TABLES["ordinals"].split(), 1)},
    **_TABLES["roman"],
}
WORD_SHARES: dict[str, float] = {
    word: int(count) / 1000 for count, words in reversed(_TABLES["per_thousand"].items()) for word in words.split()
}
