"""Words of names and addresses that are not written with one capital in front: words.toml, and how they hang together."""

import tomllib
from pathlib import Path

_FILE = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def _words(key: str) -> frozenset[str]:
    return frozenset(_FILE[key].split())


ACRONYMS = _words("acronyms")
SHORTENED = _words("shortened")
MACS = _words("macs")
SMALL = _words("small")
STATES = _words("states")
WORDLIKE_STATES = _words("wordlike_states")
BEFORE_US = _words("before_us")
GIVEN_NAMES = _words("given_names")
TITLES = _words("titles")
ONSETS = _words("onsets")
CODAS = _words("codas")
ENDINGS = _words("endings")
IN_CAPITALS = _words("in_capitals")
OWN: dict[str, str] = _FILE["own"]

ARTICLES = frozenset({"el", "la", "las", "los"})  # Spanish: small after one of the words below
BEFORE_ARTICLES = frozenset({"a", "con", "contra", "de", "en", "entre", "para", "por", "sobre", "y"})
PLACES_WITH_ARTICLE = frozenset(
    {
        *(("EL", "MONTE"), ("EL", "PASO"), ("EL", "SALVADOR"), ("LA", "CROSSE"), ("LA", "HABRA"), ("LA", "MESA"), ("LA", "PAZ")),
        *(("LA", "PUENTE"), ("LA", "VERNE"), ("LAS", "CRUCES"), ("LAS", "VEGAS"), ("LOS", "ALAMOS"), ("LOS", "ANGELES")),
    }
)
LONGEST_UNSPOKEN = 5  # letters; longer words with odd beginnings or endings are foreign names more often than acronyms
