"""HTML to plain text: tags leave, blocks become lines, entities become their characters."""

import html
import re
import unicodedata
from functools import lru_cache

from directory.errors import BadInput
from directory.text import fold
from seed.clean.cleaning_log import CleaningResult

_HTML_TAG = re.compile(r"<!--.*?(?:-->|$)|<(/?)([A-Za-z][A-Za-z0-9]*+)[^<>]*+>|<[!?/][^<>]*+>", re.DOTALL)
_HTML_ENTITY = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)  # without ; "R&D&not so" is no entity
_MARKUP = re.compile(rf"<[A-Za-z/!?]|{_HTML_ENTITY.pattern}")
_BLOCK_ELEMENTS = frozenset(
    {"br", "p", "div", "li", "ul", "ol", "tr", "table", "section", "article", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_HIDDEN_ELEMENTS = frozenset({"script", "style", "template", "noscript", "title"})  # what a browser does not show
_MAX_ESCAPE_DEPTH = 3  # times that a text may have been escaped over


def has_markup(text: str) -> bool:
    return _MARKUP.search(text) is not None


def strip_markup(text: str) -> str:
    """The text as a browser would show it, lines of blocks as lines. "<" and "&" that are no markup stay.

    A text that was escaped several times is unwrapped as often, so that no tag is left that a page would show as text.
    """
    for _ in range(_MAX_ESCAPE_DEPTH):
        if not has_markup(text):
            break
        text = _HTML_ENTITY.sub(lambda entity: html.unescape(entity[0]), _strip_tags(text))
    return text


def _strip_tags(text: str) -> str:
    kept: list[str] = []
    start, unseen = 0, ""
    for tag in _HTML_TAG.finditer(text):
        name = (tag[2] or "").lower()
        if not unseen:
            kept += (text[start : tag.start()], "\n" if name in _BLOCK_ELEMENTS else "")
        unseen = _find_hidden_element(unseen, name, closing=bool(tag[1]))
        start = tag.end()
    return "".join(kept) + ("" if unseen else text[start:])


def _find_hidden_element(unseen: str, name: str, *, closing: bool) -> str:
    """The element whose content is being left out after this tag, "" for none."""
    if unseen:
        return "" if closing and name == unseen else unseen
    return name if name in _HIDDEN_ELEMENTS and not closing else ""


CACHE_SIZE = 1 << 12  # texts with something to put right

_SPECIAL = re.compile(r"[^ -~\n¡-¬®-ǿ‐-―‘-”…]|[<&\xc2\xc3\xe2]")
_MOJIBAKE = re.compile("[\xc2\xc3][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|\xe2(?:€|‚|„|†|ˆ)|\xf0Ÿ")
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000))
_INVISIBLE_CHARACTERS = re.compile(  # soft hyphen, zero-width blanks and joins, byte order mark, and what is no character at all
    f"[\u00ad\u180e\u200b\u2060\ufeff{_NONCHARACTERS}]"
)
_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji are misspelled without them
_CONTROL_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co"})  # Unicode categories: controls, formats, surrogates, private use
_MAX_MISDECODINGS = 3
_EMPTY_VALUES = frozenset(  # folded; what people and programs write into a cell that is meant to be empty
    {
        *("n a", "na", "nan", "nil", "none", "null", "undefined", "tbd", "tba", "tbc", "to be determined", "to be announced"),
        *("not applicable", "not available", "not provided", "unknown", "no aplica", "no disponible", "por definir"),
        *("ninguno", "ninguna", "sin dato", "sin datos", "desconocido", "desconocida"),
    }
)
_EMPTY_SIGNS = frozenset("-–—._?/* ")
_SPREADSHEET_ERRORS = re.compile(r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|ERROR!)", re.IGNORECASE)
_EMPTY_VALUE_BEGINNINGS = _EMPTY_SIGNS | {"#"} | {letter for word in _EMPTY_VALUES for letter in (word[0], word[0].upper())}
_MAX_EMPTY_LENGTH = 20  # characters


def clean_text(text: str, *, markup: bool = False) -> CleaningResult[str]:
    """The text without HTML, unseen characters and garbled letters; line breaks as "\\n", other blanks as they are.

    With `markup` tags and entities stay, for readers that find addresses in them. Raises BadInput for NUL, direction marks and
    other control characters: they make a text read otherwise than it is stored.
    """
    return _clean_special_text(text, markup) if _SPECIAL.search(text) else CleaningResult(text)


@lru_cache(maxsize=CACHE_SIZE)
def _clean_special_text(text: str, markup: bool) -> CleaningResult[str]:
    reasons: list[str] = []
    unbroken = _LINE_BREAKS.sub("\n", text)
    visible = _INVISIBLE_CHARACTERS.sub("", unbroken)
    if visible != unbroken:
        reasons.append("unseen characters left out")
    if (readable := _repair_mojibake(visible)) != visible:
        reasons.append("garbled letters restored")
    if not markup and has_markup(readable):
        readable = _LINE_BREAKS.sub("\n", _INVISIBLE_CHARACTERS.sub("", strip_markup(readable)))
        reasons.append("HTML to plain text")
    _require_no_controls(readable)
    return CleaningResult(readable, tuple(reasons))


def clean_line(text: str) -> CleaningResult[str]:
    """`plain` on one line, blanks run together."""
    found = clean_text(text)
    return CleaningResult(" ".join(found.value.split()), found.reasons)


def is_empty_value(text: str) -> bool:
    """Whether the text stands for an empty cell: "N/A", "none", "TBD", "-", "#REF!". An empty one says nothing either."""
    if len(text) > _MAX_EMPTY_LENGTH or (text and text[0] not in _EMPTY_VALUE_BEGINNINGS):
        return False
    return _EMPTY_SIGNS.issuperset(text) or fold(text) in _EMPTY_VALUES or _SPREADSHEET_ERRORS.fullmatch(text) is not None


def _repair_mojibake(text: str) -> str:
    """UTF-8 that was read as Windows-1252 read rightly, where the text shows its typical pairs and all of it decodes."""
    for _ in range(_MAX_MISDECODINGS):
        if not _MOJIBAKE.search(text):
            break
        try:
            text = b"".join(_encode_byte(character) for character in text).decode("utf-8")
        except UnicodeError:
            break
    return text


def _encode_byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")  # the five bytes that Windows-1252 leaves open


def _require_no_controls(text: str) -> None:
    for character in text:
        if character in _DIRECTION_MARKS:
            raise BadInput(
                f"The text holds an invisible direction mark (U+{ord(character):04X}), which can make it read"
                " otherwise than it is stored; type it again without it."
            )
        if unicodedata.category(character) in _CONTROL_CATEGORIES and character not in f"\n\t{_JOINERS}":
            raise BadInput(f"The text holds an invisible control character (U+{ord(character):04X}); type it again without it.")
