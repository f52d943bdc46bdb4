"""Clean plain text: remove HTML and invisible characters, repair mojibake, and recognize placeholders for empty cells."""

import html
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

import ftfy

from directory.errors import BadInput
from directory.export.flat_fields import GROUPS, FieldKind, find_field_kind, parse_group_field
from directory.text import fold
from seed.clean.cleaning_log import CleaningLog, CleaningResult, DraftPath

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


FlatTexts = dict[str, str | list[str] | None]  # by flat field; None clears the field
GroupTexts = dict[int, dict[str, str | None]]  # by number of the group, from 0, and field within it

MAX_VALUE_LENGTH = 2_000  # characters of a value that is neither prose nor a list
_KINDS_WITH_MARKUP = frozenset({FieldKind.URL, FieldKind.EMAIL})  # tags may contain the address
_MULTILINE_KINDS = frozenset(
    {
        *(FieldKind.PARAGRAPHS, FieldKind.TERMS, FieldKind.REGIONS, FieldKind.ADDRESS, FieldKind.STREET, FieldKind.PHONE),
        FieldKind.NAME,
    }
)
_KINDS_KEEPING_WHITESPACE = _KINDS_WITH_MARKUP | _MULTILINE_KINDS | {FieldKind.JSON}  # except around the text
_UNLIMITED_KINDS = frozenset({FieldKind.PARAGRAPHS, FieldKind.LINE, FieldKind.TERMS, FieldKind.REGIONS, FieldKind.JSON})
_LIST_KINDS = frozenset({FieldKind.TERMS, FieldKind.REGIONS, FieldKind.NAME, FieldKind.IDENTIFIER})
_FIELDS_ALLOWING_NONE = frozenset({"name", "membership.status", "acronym", "short_name"})  # NONE is a status, NA an acronym
_INAPPLICABLE = frozenset({"n a", "na", "nan", "null", "not applicable", "no aplica"})  # folded; such a membership is not stated

get_field_kind = lru_cache(maxsize=1 << 12)(find_field_kind)
get_group_field = lru_cache(maxsize=1 << 12)(parse_group_field)


def extract_texts(flat_fields: Mapping[str, object], log: CleaningLog) -> tuple[FlatTexts, dict[str, object]]:
    """Return the flat fields as plain texts (lists for fields with several values), and all other fields unchanged."""
    texts: FlatTexts = {}
    others: dict[str, object] = {}
    for field, value in flat_fields.items():
        field_kind = get_field_kind(field)
        if field_kind is None or not (value is None or isinstance(value, str | list | tuple)):
            others[field] = value
        elif value is None:
            texts[field] = None
        elif (text := _read_value(field, field_kind, value, log)) is not None:
            texts[field] = text
    return texts, others


def join_text(value: str | list[str] | None) -> str:
    """Return the value of a field that takes one text; "" if the field is cleared."""
    return "; ".join(value) if isinstance(value, list) else value or ""


def group_texts(cells: FlatTexts) -> dict[str, GroupTexts]:
    """Return the texts of each group of fields, such as "location", by its number (from 0) and the field within it, in order."""
    groups: dict[str, GroupTexts] = {group: {} for group in GROUPS}
    for field, value in cells.items():
        if part := get_group_field(field):
            groups[part[0]].setdefault(part[1], {})[part[2]] = None if value is None else join_text(value)
    return {group: dict(sorted(texts.items())) if len(texts) > 1 else texts for group, texts in groups.items()}


def name_group(group: str, number: int) -> str:
    """Return the beginning of the flat fields of a group: "location" for number 0, "location2" for number 1."""
    return f"{group}{number + 1}" if number else group


def find_draft_path(field: str) -> DraftPath:
    """Return the approximate draft path of a flat field, before positions in lists are known."""
    if part := get_group_field(field):
        return (f"{part[0]}s", part[1], part[2])
    if ":" in field:
        return (f"{field.partition(':')[0]}s",)
    if get_field_kind(field) is FieldKind.NAME and field != "name":
        return ("names",)
    if field in ("email", "phone"):
        return ("contacts", 0, field)
    return tuple(field.split("."))


def _read_value(
    field: str, field_kind: FieldKind, value: str | list[object] | tuple[object, ...], log: CleaningLog
) -> str | list[str] | None:
    if isinstance(value, str):
        return _read_text(field, field_kind, value, log)
    texts = [text for item in value if (text := _read_text(field, field_kind, str(item), log))]
    if not texts:
        return None
    if field_kind in _LIST_KINDS:
        return texts
    return ("\n" if field_kind in (FieldKind.URL, FieldKind.EMAIL, FieldKind.PHONE) else "; ").join(texts)


def _read_text(field: str, field_kind: FieldKind, text: str, log: CleaningLog) -> str | None:
    """Return the plain text; None if the cell is empty, says that it is empty, or is invalid. An invalid cell logs a problem."""
    if len(text) <= MAX_VALUE_LENGTH and text.isascii() and text.isprintable() and "<" not in text and "&" not in text:
        plain = text.strip() if field_kind in _KINDS_KEEPING_WHITESPACE else " ".join(text.split())
    else:
        result = log.values.try_call(_clean_characters, text, field_kind)
        if isinstance(result, BadInput):
            log.set_path_heading(find_draft_path(field), field)
            log.add_problem(find_draft_path(field), result)
            return None
        plain = result.value
        log.add_repair(field, text, plain, result.reasons)
    if is_empty_value(plain) and not _is_meaningful(field, field_kind, plain):
        if plain:
            log.add_repair(field, text, "", ("placeholder treated as empty",))
        return None
    return plain


def _clean_characters(text: str, field_kind: FieldKind) -> CleaningResult[str]:
    if len(text) > MAX_VALUE_LENGTH and field_kind not in _UNLIMITED_KINDS:
        raise BadInput(f"This value is {len(text):,} characters long; shorten it to at most {MAX_VALUE_LENGTH:,}.")
    if field_kind is FieldKind.JSON:
        return CleaningResult(text)
    if field_kind in _KINDS_KEEPING_WHITESPACE:
        result = clean_text(text, markup=field_kind in _KINDS_WITH_MARKUP)
        return CleaningResult(result.value.strip(), result.reasons)
    return clean_line(text)


def _is_meaningful(field: str, field_kind: FieldKind, text: str) -> bool:
    if field == "membership.status":  # "TBD" or "unknown" does not say that it is a member
        return bool(text) and fold(text) not in _INAPPLICABLE and any(map(str.isalpha, text))
    if field in _FIELDS_ALLOWING_NONE:
        return bool(text)
    if field_kind is FieldKind.CHOICE and field.endswith("disclosure"):
        return text.casefold() in ("none", "no")
    return field_kind is FieldKind.COUNTRY and text == "NA"  # Namibia
