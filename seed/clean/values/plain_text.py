"""Clean plain text: remove HTML and invisible characters, repair mojibake, and recognize placeholders for empty cells."""

import html
import re
import unicodedata
from functools import lru_cache

import ftfy

from directory.errors import BadInput
from directory.text import fold
from seed.clean.cleaning_log import CleaningResult

_HTML_TAG = re.compile(r"<!--.*?(?:-->|$)|<(/?)([A-Za-z][A-Za-z0-9]*+)[^<>]*+>|<[!?/][^<>]*+>", re.DOTALL)
_HTML_ENTITY = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)  # the ";" is required: "R&D&not so" has no entity
_MARKUP = re.compile(rf"<[A-Za-z/!?]|{_HTML_ENTITY.pattern}")
_BLOCK_ELEMENTS = frozenset(
    {"br", "p", "div", "li", "ul", "ol", "tr", "table", "section", "article", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_HIDDEN_ELEMENTS = frozenset({"script", "style", "template", "noscript", "title"})  # not shown by browsers
_MAX_ESCAPE_DEPTH = 3  # escaped HTML within escaped HTML

CACHE_SIZE = 1 << 12  # texts that need cleaning
MARKUP_REMOVED = "HTML converted to plain text"  # the reason of a repair

_SPECIAL = re.compile(r"[^ -~\n¡-¬®-ǿ‐-―‘-”…]|[<&\xc2\xc3\xe2]")
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000))
_INVISIBLE_CHARACTERS = re.compile(  # soft hyphen, zero-width spaces, byte order mark, and noncharacters
    f"[\u00ad\u180e\u200b\u2060\ufeff{_NONCHARACTERS}]"
)
_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji need them
_CONTROL_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co"})  # controls, formats, surrogates, private use
MAX_MOJIBAKE_LENGTH = 100_000  # characters; longer texts are not repaired
_ENCODING_ONLY = ftfy.TextFixerConfig(  # repair whole texts only, and nothing but their encoding
    unescape_html=False,
    remove_terminal_escapes=False,
    restore_byte_a0=False,
    replace_lossy_sequences=False,
    decode_inconsistent_utf8=False,
    fix_c1_controls=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
)
_EMPTY_VALUES = frozenset(  # folded; what people and programs write into empty cells
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


def has_markup(text: str) -> bool:
    return _MARKUP.search(text) is not None


def strip_markup(text: str) -> str:
    """Return the text as a browser would show it, with a line for each block. "<" and "&" outside markup are unchanged.

    A text that was escaped several times is unescaped as often, so no tag remains as visible text.
    """
    for _ in range(_MAX_ESCAPE_DEPTH):
        if not has_markup(text):
            break
        text = _HTML_ENTITY.sub(lambda entity: html.unescape(entity[0]), _strip_tags(text))
    return text


def _strip_tags(text: str) -> str:
    pieces: list[str] = []
    start, hidden_element = 0, ""
    for tag in _HTML_TAG.finditer(text):
        name = (tag[2] or "").lower()
        if not hidden_element:
            pieces += (text[start : tag.start()], "\n" if name in _BLOCK_ELEMENTS else "")
        hidden_element = _find_hidden_element(hidden_element, name, closing=bool(tag[1]))
        start = tag.end()
    return "".join(pieces) + ("" if hidden_element else text[start:])


def _find_hidden_element(hidden_element: str, name: str, *, closing: bool) -> str:
    """Return the element whose content is hidden after this tag; "" for none."""
    if hidden_element:
        return "" if closing and name == hidden_element else hidden_element
    return name if name in _HIDDEN_ELEMENTS and not closing else ""


def clean_text(text: str, *, markup: bool = False) -> CleaningResult[str]:
    """Return the text without HTML, invisible characters and mojibake. Line breaks become "\\n"; other whitespace is unchanged.

    With `markup`, tags and entities are kept, because they may contain addresses. Raises BadInput for NUL, direction marks and
    other control characters: they make a text look different from what is stored.
    """
    return _clean_special_text(text, markup) if _SPECIAL.search(text) else CleaningResult(text)


@lru_cache(maxsize=CACHE_SIZE)
def _clean_special_text(text: str, markup: bool) -> CleaningResult[str]:
    reasons: list[str] = []
    with_newlines = _LINE_BREAKS.sub("\n", text)
    visible = _INVISIBLE_CHARACTERS.sub("", with_newlines)
    if visible != with_newlines:
        reasons.append("invisible characters removed")
    if (readable := _repair_mojibake(visible)) != visible:
        reasons.append("garbled letters repaired")
    if not markup and has_markup(readable):
        readable = _LINE_BREAKS.sub("\n", _INVISIBLE_CHARACTERS.sub("", strip_markup(readable)))
        reasons.append(MARKUP_REMOVED)
    _require_no_controls(readable)
    return CleaningResult(readable, tuple(reasons))


def clean_line(text: str) -> CleaningResult[str]:
    """Return the cleaned text on one line, with single spaces. Raises BadInput like `clean_text`."""
    result = clean_text(text)
    return CleaningResult(" ".join(result.value.split()), result.reasons)


def is_empty_value(text: str) -> bool:
    """Whether the text is empty or a placeholder for an empty cell: "N/A", "none", "TBD", "-", "#REF!"."""
    if len(text) > _MAX_EMPTY_LENGTH or (text and text[0] not in _EMPTY_VALUE_BEGINNINGS):
        return False
    return _EMPTY_SIGNS.issuperset(text) or fold(text) in _EMPTY_VALUES or _SPREADSHEET_ERRORS.fullmatch(text) is not None


def _repair_mojibake(text: str) -> str:
    """Repair UTF-8 that was decoded with another encoding, such as Windows-1252, if all of the text can be repaired."""
    if len(text) > MAX_MOJIBAKE_LENGTH:
        return text
    repaired, steps = ftfy.fix_encoding_and_explain(text, _ENCODING_ONLY)
    # Without a UTF-8 step, ftfy only reinterprets control characters, which are refused below.
    return repaired if steps and any(step.parameter.startswith("utf-8") for step in steps) else text


def _require_no_controls(text: str) -> None:
    for character in text:
        if character in _DIRECTION_MARKS:
            raise BadInput(
                f"The text contains an invisible direction mark (U+{ord(character):04X}), which can make it look"
                " different from what is stored; type the text again without it."
            )
        if unicodedata.category(character) in _CONTROL_CATEGORIES and character not in f"\n\t{_JOINERS}":
            raise BadInput(
                f"The text contains an invisible control character (U+{ord(character):04X}); type it again without it."
            )
