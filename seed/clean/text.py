"""Any text of a cell: plain, readable and free of what cannot be seen."""

import re
import unicodedata
from functools import lru_cache

from directory.errors import BadInput
from directory.text import fold
from seed.clean.markup import has_markup, without_markup
from seed.clean.mended import Mended

REMEMBERED = 1 << 12  # texts with something to put right

_SPECIAL = re.compile(r"[^ -~\n¡-¬®-ǿ‐-―‘-”…]|[<&\xc2\xc3\xe2]")
_MOJIBAKE = re.compile("[\xc2\xc3][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|\xe2(?:€|‚|„|†|ˆ)|\xf0Ÿ")
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000))
_UNSEEN = re.compile(  # soft hyphen, zero-width blanks and joins, byte order mark, and what is no character at all
    f"[\u00ad\u180e\u200b\u2060\ufeff{_NONCHARACTERS}]"
)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji are misspelled without them
_NEVER_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co"})  # Unicode categories: controls, formats, surrogates, private use
_TIMES_MISREAD = 3
_NOTHING = frozenset(  # folded; what people and programs write into a cell that is meant to be empty
    {
        *("n a", "na", "nan", "nil", "none", "null", "undefined", "tbd", "tba", "tbc", "to be determined", "to be announced"),
        *("not applicable", "not available", "not provided", "unknown", "no aplica", "no disponible", "por definir"),
        *("ninguno", "ninguna", "sin dato", "sin datos", "desconocido", "desconocida"),
    }
)
_SIGNS_OF_NOTHING = frozenset("-–—._?/* ")
_SPREADSHEET_ERRORS = re.compile(r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|ERROR!)", re.IGNORECASE)
_BEGINNINGS = _SIGNS_OF_NOTHING | {"#"} | {letter for word in _NOTHING for letter in (word[0], word[0].upper())}
_LONGEST_NOTHING = 20  # characters


def plain(text: str, *, markup: bool = False) -> Mended[str]:
    """The text without HTML, unseen characters and garbled letters; line breaks as "\\n", other blanks as they are.

    With `markup` tags and entities stay, for readers that find addresses in them. Raises BadInput for NUL, direction marks and
    other control characters: they make a text read otherwise than it is stored.
    """
    return _plain(text, markup) if _SPECIAL.search(text) else Mended(text)


@lru_cache(maxsize=REMEMBERED)
def _plain(text: str, markup: bool) -> Mended[str]:
    reasons: list[str] = []
    unbroken = _LINE_BREAKS.sub("\n", text)
    visible = _UNSEEN.sub("", unbroken)
    if visible != unbroken:
        reasons.append("unseen characters left out")
    if (readable := _unscrambled(visible)) != visible:
        reasons.append("garbled letters restored")
    if not markup and has_markup(readable):
        readable = _LINE_BREAKS.sub("\n", _UNSEEN.sub("", without_markup(readable)))
        reasons.append("HTML to plain text")
    _refuse_controls(readable)
    return Mended(readable, tuple(reasons))


def line(text: str) -> Mended[str]:
    """`plain` on one line, blanks run together."""
    found = plain(text)
    return Mended(" ".join(found.value.split()), found.reasons)


def says_nothing(text: str) -> bool:
    """Whether the text stands for an empty cell: "N/A", "none", "TBD", "-", "#REF!". An empty one says nothing either."""
    if len(text) > _LONGEST_NOTHING or (text and text[0] not in _BEGINNINGS):
        return False
    return _SIGNS_OF_NOTHING.issuperset(text) or fold(text) in _NOTHING or _SPREADSHEET_ERRORS.fullmatch(text) is not None


def _unscrambled(text: str) -> str:
    """UTF-8 that was read as Windows-1252 read rightly, where the text shows its typical pairs and all of it decodes."""
    for _ in range(_TIMES_MISREAD):
        if not _MOJIBAKE.search(text):
            break
        try:
            text = b"".join(_as_byte(character) for character in text).decode("utf-8")
        except UnicodeError:
            break
    return text


def _as_byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")  # the five bytes that Windows-1252 leaves open


def _refuse_controls(text: str) -> None:
    for character in text:
        if character in _BIDI:
            raise BadInput(
                f"The text holds an invisible direction mark (U+{ord(character):04X}), which can make it read"
                " otherwise than it is stored; type it again without it."
            )
        if unicodedata.category(character) in _NEVER_SHOWN and character not in f"\n\t{_JOINERS}":
            raise BadInput(f"The text holds an invisible control character (U+{ord(character):04X}); type it again without it.")
