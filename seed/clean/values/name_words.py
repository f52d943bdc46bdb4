"""Words with an unusual letter case in names and addresses, loaded from words.toml."""

import tomllib
from pathlib import Path

_FILE = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def _load_words(key: str) -> frozenset[str]:
    return frozenset(_FILE[key].split())


ACRONYMS = _load_words("acronyms")
ABBREVIATIONS = _load_words("shortened")
MAC_NAMES = _load_words("macs")
SMALL_WORDS = _load_words("small")
STATES = _load_words("states")
WORDLIKE_STATES = _load_words("wordlike_states")
WORDS_BEFORE_US = _load_words("before_us")
GIVEN_NAMES = _load_words("given_names")
TITLES = _load_words("titles")
ONSETS = _load_words("onsets")
CODAS = _load_words("codas")
STREET_ENDINGS = _load_words("endings")
CAPITALIZED_STREET_WORDS = _load_words("in_capitals")
SPECIAL_SPELLINGS: dict[str, str] = _FILE["own"]

ARTICLES = frozenset({"el", "la", "las", "los"})  # Spanish: lower case after one of the words below
BEFORE_ARTICLES = frozenset({"a", "con", "contra", "de", "en", "entre", "para", "por", "sobre", "y"})
PLACES_WITH_ARTICLE = frozenset(
    {
        *(("EL", "MONTE"), ("EL", "PASO"), ("EL", "SALVADOR"), ("LA", "CROSSE"), ("LA", "HABRA"), ("LA", "MESA"), ("LA", "PAZ")),
        *(("LA", "PUENTE"), ("LA", "VERNE"), ("LAS", "CRUCES"), ("LAS", "VEGAS"), ("LOS", "ALAMOS"), ("LOS", "ANGELES")),
    }
)
MAX_UNPRONOUNCEABLE_LENGTH = 5  # letters; longer words with unusual beginnings or endings are mostly foreign names
