"""The words of words.toml, by what they do to a name."""

import tomllib
from pathlib import Path

_WRITTEN = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def _listed(name: str) -> frozenset[str]:
    return frozenset(_WRITTEN[name].split())


LEGAL_FORMS = _listed("legal_forms")
SMALL_WORDS = _listed("small_words")
DERIVING = _listed("deriving")
FILLERS = _listed("fillers")
PHRASES: dict[str, str] = _WRITTEN["phrases"]
SHORT_FORMS: dict[str, str] = {short: word for word, forms in _WRITTEN["short_forms"].items() for short in forms.split()}
NUMBERS: dict[str, str] = {
    **{word: str(value) for value, word in enumerate(_WRITTEN["cardinals"].split())},
    **{word: str(value) for value, word in enumerate(_WRITTEN["ordinals"].split(), 1)},
    **_WRITTEN["roman"],
}
SHARES: dict[str, float] = {
    word: int(count) / 1000 for count, words in reversed(_WRITTEN["per_thousand"].items()) for word in words.split()
}
