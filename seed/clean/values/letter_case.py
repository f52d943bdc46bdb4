"""Restore the letter case of words, names and places written in ALL CAPS or all lower case, with the words of words.toml."""

import re
import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from directory.text import fold, has_single_case

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


_WORD = re.compile(r"(\W*+)((?:.*\w)?)(\W*+)", re.DOTALL)
_PIECES = re.compile(r"([-–—/&+@:,;|_.…()]+)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?")
_ROMAN = re.compile(r"(?=..)X{0,3}(?:IX|IV|V?I{0,3})")  # up to 39; larger ones look like words: MIX, DC, CIVIL
_ORDINAL = re.compile(r"\d+(?:ST|ND|RD|TH)|(?:1[89]|20)\d0S")  # 21st, 1960s
_DOMAIN = re.compile(r"[A-Z0-9-]+(?:\.[A-Z0-9-]+)*\.(?:ORG|COM|NET|EDU|GOV|INFO|IO|US|COOP|NGO)")
_VOWELS = re.compile("[AEIOUY]+")
_APOSTROPHES = "'’`´ʻ"
_SPLIT_BY_APOSTROPHE = re.compile(f"([{_APOSTROPHES}])")
_ELIDED_PREFIXES = frozenset({"D", "L", "O"})  # d'Arc, l'Enfant, O'Neill
_MIN_MC_LENGTH = 5  # letters: McGee
_MAX_PARENTHESIZED_ACRONYM = 5  # letters; a single word in parentheses this short is an acronym of the name before it
_NEVER_ACRONYMS = frozenset(
    {"INC", "NEW", "OLD", "THE", "NORTH", "SOUTH", "EAST", "WEST", "MEN", "WOMEN", "GIRLS", "BOYS", "TRUST", "FUND"}
)


_SMALL_PLACE_WORDS = frozenset({"and", "at", "by", "de", "del", "in", "of", "on", "the", "y"})
_SEPARATED_MC = re.compile(r"\bMC ([A-Z]{3,})")  # postal addresses write McLean as MC LEAN
_PLACE_SIGNS = re.compile(r"[^\w.]+")


_POSSIBLY_SMALL = frozenset(word.upper() for word in (*SMALL_WORDS, *ARTICLES, "a", "e", "y"))
_NAME_SIGNS = re.compile(r"[^\w&]+", re.UNICODE)
_PHRASE_ENDINGS = (":", ";", "!", "?", "–", "—", "-", "/", "(", '"', "“")


@lru_cache(maxsize=1 << 14)
def recase_word(word: str) -> str:
    """Return a word in capitals, with punctuation around it, in its normal case outside any context."""
    match = _WORD.fullmatch(word)
    if match is None or not match[2]:
        return word
    front, core, back = match.groups()
    if core + back in SPECIAL_SPELLINGS:  # 501(c)(3)
        return front + SPECIAL_SPELLINGS[core + back]
    may_be_acronym = core.isalpha() and len(core) <= _MAX_PARENTHESIZED_ACRONYM and core not in _NEVER_ACRONYMS
    if front.endswith("(") and back.startswith(")") and may_be_acronym:
        return word
    return front + _recase_core(core, back) + back


def _recase_core(core: str, back: str) -> str:
    if core in SPECIAL_SPELLINGS:
        return SPECIAL_SPELLINGS[core]
    if _INITIALS.fullmatch(core + back[:1]) or (_INITIALS.fullmatch(core + ".") and "." in core):
        return core
    if _DOMAIN.fullmatch(core):
        return core.lower() if core.startswith("WWW.") else core[0] + core[1:].lower()
    pieces = _PIECES.split(core)
    if len(pieces) == 1:
        return _recase_piece(core)
    if "&" in pieces and all(len(piece) <= 2 for piece in pieces):
        return core  # AT&T, A&M, R&D
    return "".join(_recase_compound_piece(pieces, position) for position in range(len(pieces)))


def _recase_compound_piece(pieces: list[str], position: int) -> str:
    """Return one piece of a compound word. Small words inside become lower case: "Face-to-Face"."""
    piece = pieces[position]
    inside = 0 < position < len(pieces) - 1 and pieces[position - 1] == pieces[position + 1] == "-"
    return piece.lower() if inside and piece.lower() in (*SMALL_WORDS, "a") else _recase_piece(piece)


def _recase_piece(piece: str) -> str:
    recase = next((recase for applies, recase in _CASE_RULES if applies(piece)), _capitalize_piece)
    return recase(piece)


def _keep_piece(piece: str) -> str:
    return piece


def _capitalize_piece(piece: str) -> str:
    if piece in MAC_NAMES:
        return f"Mac{piece[3:].capitalize()}"
    if piece.startswith("MC") and len(piece) >= _MIN_MC_LENGTH:
        return f"Mc{piece[2:].capitalize()}"
    return piece[:1] + piece[1:].lower()


def _recase_with_apostrophe(piece: str) -> str:
    first, *others = _SPLIT_BY_APOSTROPHE.split(piece)
    elided = first in _ELIDED_PREFIXES and len(others[-1]) > 1 and len(others) == 2
    head = _recase_piece(first) if first else ""
    return head + others[0] + (_capitalize_piece(others[1]) if elided else "".join(others[1:]).lower())


def _lowercase_ordinal(piece: str) -> str:
    return piece.lower()


def _is_unpronounceable(piece: str) -> bool:
    """Whether the piece cannot be spoken as a word: it has no vowel, or begins or ends like no word does."""
    letters = fold(piece).upper()
    is_mc = letters.startswith("MC") and len(letters) >= _MIN_MC_LENGTH
    if not letters.isascii() or not letters.isalpha() or piece in ABBREVIATIONS or is_mc:
        return False
    parts = _VOWELS.split(letters)
    if len(parts) == 1:
        return True
    onset, coda = parts[0], parts[-1]
    is_unusual = (onset and onset not in ONSETS) or (coda and coda not in CODAS) or letters.startswith("AA")
    return bool(is_unusual) and len(letters) <= MAX_UNPRONOUNCEABLE_LENGTH


_CASE_RULES: tuple[tuple[Callable[[str], bool], Callable[[str], str]], ...] = (  # the first rule that applies is used
    (lambda piece: any(char in piece for char in _APOSTROPHES), _recase_with_apostrophe),
    (lambda piece: piece in ACRONYMS or len(piece) < 2, _keep_piece),
    (lambda piece: piece in ABBREVIATIONS, _capitalize_piece),
    (lambda piece: _ROMAN.fullmatch(piece) is not None, _keep_piece),
    (lambda piece: _ORDINAL.fullmatch(piece) is not None, _lowercase_ordinal),
    (lambda piece: any(char.isdigit() for char in piece), _keep_piece),
    (_is_unpronounceable, _keep_piece),
)


def recase_place(text: str) -> str:
    """Return a street or city in normal case, with single spaces. A text with both cases keeps its case."""
    words = text.split()
    if not has_single_case(text):
        return " ".join(words)
    words = _SEPARATED_MC.sub(r"MC\1", " ".join(words).upper()).split()
    bare = [_PLACE_SIGNS.sub("", word) for word in words]
    return " ".join(_recase_place_word(words[position], bare, position) for position in range(len(words)))


def _recase_place_word(word: str, bare: list[str], position: int) -> str:
    core, last = bare[position], position == len(bare) - 1
    if core in CAPITALIZED_STREET_WORDS or (last and position and core in STATES and core not in STREET_ENDINGS):
        return word
    if position and not last and (core.lower() in _SMALL_PLACE_WORDS or _is_article(core, bare[position - 1])):
        return word.lower()
    if core.rstrip(".") in STREET_ENDINGS:
        return word.capitalize() if word[:1].isalpha() else word[:1] + word[1:].capitalize()
    return recase_word(word)


def _is_article(core: str, word_before: str) -> bool:
    return core.lower() in ARTICLES and fold(word_before) in BEFORE_ARTICLES


def recase_name(name: str) -> str:
    """Return a name in normal case, with single spaces. A name with both cases keeps its case.

    Known acronyms, unpronounceable words and Roman numerals stay in capitals. Other short words ("HOPE") become ordinary words,
    because a pronounceable acronym cannot be recognized.
    """
    words = name.split()
    if not has_single_case(name):
        return " ".join(words)
    upper = [word.upper() for word in words]
    bare = [_NAME_SIGNS.sub("", word) for word in upper]
    return " ".join(_recase_name_word(upper, bare, position) for position in range(len(words)))


def _recase_name_word(words: list[str], bare: list[str], position: int) -> str:
    """Return the word at that position: its neighbors decide, otherwise its case outside any context."""
    core, last = bare[position], position == len(words) - 1
    before = bare[position - 1] if position else ""
    after = "" if last else bare[position + 1]
    if core == "US":
        return "Us" if before in WORDS_BEFORE_US and (last or before != "WITH") else words[position]
    if _is_state(words, bare, position):
        return words[position]
    may_be_small = position and not last and core in _POSSIBLY_SMALL
    if may_be_small and _is_small_word(core.lower(), before, after, bare[:position], words[position - 1]):
        return words[position].lower()
    return recase_word(words[position])


def _is_state(words: list[str], bare: list[str], position: int) -> bool:
    core = bare[position]
    if position == 0 or not (position == len(words) - 1 or core in ("VA", "DC")):
        return False
    is_marked = words[position - 1].endswith(",") or bare[position - 1] == "OF" or words[position].startswith("(")
    return core in STATES or (core in WORDLIKE_STATES and is_marked)


def _is_small_word(core: str, before: str, after: str, earlier: list[str], word_before: str) -> bool:
    if word_before.endswith(_PHRASE_ENDINGS):
        return False
    if core in ARTICLES:
        return before.lower() in BEFORE_ARTICLES and (core.upper(), after) not in PLACES_WITH_ARTICLE
    if core == "a":
        return len(before) > 1 and len(after) > 1 and not _follows_given_name(earlier)
    if core in ("y", "e"):
        return len(before) > 1 and len(after) > 1 and core == "y" and before not in ("GEN", "GENERATION", "THE", *GIVEN_NAMES)
    return core in SMALL_WORDS


def _follows_given_name(earlier: list[str]) -> bool:
    return earlier[-1] in GIVEN_NAMES or not TITLES.isdisjoint(earlier)
