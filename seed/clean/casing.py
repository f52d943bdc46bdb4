"""The case of a single word: which letters are capitals where it stands alone."""

import re
from collections.abc import Callable
from functools import lru_cache

from directory.text import fold
from seed.clean.name_words import ACRONYMS, CODAS, LONGEST_UNSPOKEN, MACS, ONSETS, OWN, SHORTENED, SMALL

_WORD = re.compile(r"(\W*+)((?:.*\w)?)(\W*+)", re.DOTALL)
_TWO_LETTERS = re.compile(r"[^\W\d_][\W\d_]*[^\W\d_]")
_PIECES = re.compile(r"([-–—/&+@:,;|_.…()]+)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?")
_ROMAN = re.compile(r"(?=..)X{0,3}(?:IX|IV|V?I{0,3})")  # up to 39; larger ones look like words: MIX, DC, CIVIL
_ORDINAL = re.compile(r"\d+(?:ST|ND|RD|TH)|(?:1[89]|20)\d0S")  # 21st, 1960s
_DOMAIN = re.compile(r"[A-Z0-9-]+(?:\.[A-Z0-9-]+)*\.(?:ORG|COM|NET|EDU|GOV|INFO|IO|US|COOP|NGO)")
_VOWELS = re.compile("[AEIOUY]+")
_APOSTROPHES = "'’`´ʻ"
_SPLIT_BY_APOSTROPHE = re.compile(f"([{_APOSTROPHES}])")
_ELIDED = frozenset({"D", "L", "O"})  # d'Arc, l'Enfant, O'Neill
_SHORTEST_MC = 5  # letters: McGee
_IN_PARENTHESES = 5  # letters up to which a single word in parentheses is an acronym of what stands before
_NO_ACRONYMS = frozenset(
    {"INC", "NEW", "OLD", "THE", "NORTH", "SOUTH", "EAST", "WEST", "MEN", "WOMEN", "GIRLS", "BOYS", "TRUST", "FUND"}
)


def in_one_case(text: str) -> bool:
    """Whether its letters, two at least, are all capitals or all small. Letters without case say nothing."""
    if not (text.isupper() or text.islower()) or len(text.upper()) != len(text):  # "ß" has no capital that could be undone
        return False
    return _TWO_LETTERS.search(text) is not None


@lru_cache(maxsize=1 << 14)
def cased_word(word: str) -> str:
    """A word in capitals, punctuation around it included, as it is written alone."""
    found = _WORD.fullmatch(word)
    if found is None or not found[2]:
        return word
    front, core, back = found.groups()
    if core + back in OWN:  # 501(c)(3)
        return front + OWN[core + back]
    if (
        front.endswith("(")
        and back.startswith(")")
        and core.isalpha()
        and len(core) <= _IN_PARENTHESES
        and core not in _NO_ACRONYMS
    ):
        return word
    return front + _core(core, back) + back


def _core(core: str, back: str) -> str:
    if core in OWN:
        return OWN[core]
    if _INITIALS.fullmatch(core + back[:1]) or (_INITIALS.fullmatch(core + ".") and "." in core):
        return core
    if _DOMAIN.fullmatch(core):
        return core.lower() if core.startswith("WWW.") else core[0] + core[1:].lower()
    pieces = _PIECES.split(core)
    if len(pieces) == 1:
        return _piece(core)
    if "&" in pieces and all(len(piece) <= 2 for piece in pieces):
        return core  # AT&T, A&M, R&D
    return "".join(_within(pieces, position) for position in range(len(pieces)))


def _within(pieces: list[str], position: int) -> str:
    """A piece of a compound: FACE-TO-FACE has a small one inside."""
    piece = pieces[position]
    inside = 0 < position < len(pieces) - 1 and pieces[position - 1] == pieces[position + 1] == "-"
    return piece.lower() if inside and piece.lower() in (*SMALL, "a") else _piece(piece)


def _piece(piece: str) -> str:
    shape = next((shape for is_it, shape in _SHAPES if is_it(piece)), _capitalised)
    return shape(piece)


def _as_it_is(piece: str) -> str:
    return piece


def _capitalised(piece: str) -> str:
    if piece in MACS:
        return f"Mac{piece[3:].capitalize()}"
    if piece.startswith("MC") and len(piece) >= _SHORTEST_MC:
        return f"Mc{piece[2:].capitalize()}"
    return piece[:1] + piece[1:].lower()


def _with_apostrophe(piece: str) -> str:
    first, *others = _SPLIT_BY_APOSTROPHE.split(piece)
    elided = first in _ELIDED and len(others[-1]) > 1 and len(others) == 2
    head = _piece(first) if first else ""
    return head + others[0] + (_capitalised(others[1]) if elided else "".join(others[1:]).lower())


def _ordinal(piece: str) -> str:
    return piece.lower()


def _is_unspoken(piece: str) -> bool:
    """Whether nobody could say it as a word: no vowel at all, or a beginning or an end that no word has."""
    letters = fold(piece).upper()
    is_mc = letters.startswith("MC") and len(letters) >= _SHORTEST_MC
    if not letters.isascii() or not letters.isalpha() or piece in SHORTENED or is_mc:
        return False
    parts = _VOWELS.split(letters)
    if len(parts) == 1:
        return True
    onset, coda = parts[0], parts[-1]
    odd = (onset and onset not in ONSETS) or (coda and coda not in CODAS) or letters.startswith("AA")
    return bool(odd) and len(letters) <= LONGEST_UNSPOKEN


_SHAPES: tuple[tuple[Callable[[str], bool], Callable[[str], str]], ...] = (  # the first that fits
    (lambda piece: any(sign in piece for sign in _APOSTROPHES), _with_apostrophe),
    (lambda piece: piece in ACRONYMS or len(piece) < 2, _as_it_is),
    (lambda piece: piece in SHORTENED, _capitalised),
    (lambda piece: _ROMAN.fullmatch(piece) is not None, _as_it_is),
    (lambda piece: _ORDINAL.fullmatch(piece) is not None, _ordinal),
    (lambda piece: any(sign.isdigit() for sign in piece), _as_it_is),
    (_is_unspoken, _as_it_is),
)
