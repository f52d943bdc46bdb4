"""Turn the cells of a row into plain text, and drop cells that say they are empty, such as "N/A"."""

from collections.abc import Mapping
from functools import lru_cache

from directory.errors import BadInput
from directory.export.flat_fields import FieldKind, find_field_kind, parse_group_field
from directory.records import NameKind
from directory.text import fold
from seed.clean.cleaning_log import CleaningLog, CleaningResult, DraftPath
from seed.clean.values.plain_text import clean_line, clean_text, is_empty_value

FlatTexts = dict[str, str | list[str] | None]  # by flat field; None clears the field

MAX_VALUE_LENGTH = 2_000  # characters of a value that is neither prose nor a list
_KINDS_WITH_MARKUP = frozenset({FieldKind.URL, FieldKind.EMAIL})  # tags may contain the address
_MULTILINE_KINDS = frozenset(
    {
        FieldKind.PARAGRAPHS,
        FieldKind.TERMS,
        FieldKind.REGIONS,
        FieldKind.ADDRESS,
        FieldKind.STREET,
        FieldKind.PHONE,
        FieldKind.NAME,
    }
)
_KINDS_KEEPING_WHITESPACE = _KINDS_WITH_MARKUP | _MULTILINE_KINDS | {FieldKind.JSON}  # except around the text
_UNLIMITED_KINDS = frozenset({FieldKind.PARAGRAPHS, FieldKind.LINE, FieldKind.TERMS, FieldKind.REGIONS, FieldKind.JSON})
_LIST_KINDS = frozenset({FieldKind.TERMS, FieldKind.REGIONS, FieldKind.NAME, FieldKind.IDENTIFIER})
_FIELDS_ALLOWING_NONE = frozenset({"name", "membership.status", "acronym", "short_name"})  # NONE is a status, NA an acronym
_INAPPLICABLE = frozenset({"n a", "na", "nan", "null", "not applicable", "no aplica"})  # folded; such a membership is not stated
NAME_KINDS = {
    "legal_name": NameKind.LEGAL,
    "acronym": NameKind.ACRONYM,
    "short_name": NameKind.SHORT,
    "former_name": NameKind.FORMER,
    "translated_name": NameKind.TRANSLATED,
    "also_known_as": NameKind.ALSO_KNOWN_AS,
}

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
        elif (text := _clean_value(field, field_kind, value, log)) is not None:
            texts[field] = text
    return texts, others


def join_text(value: str | list[str] | None) -> str:
    """Return the value of a field that takes one text; "" if the field is cleared."""
    return "; ".join(value) if isinstance(value, list) else value or ""


def find_draft_path(field: str) -> DraftPath:
    """Return the approximate draft path of a flat field, before positions in lists are known."""
    if part := get_group_field(field):
        return (f"{part[0]}s", part[1], part[2])
    if ":" in field:
        return (f"{field.partition(':')[0]}s",)
    if field in NAME_KINDS:
        return ("names",)
    if field in ("email", "phone"):
        return ("contacts", 0, field)
    return tuple(field.split("."))


def _clean_value(field: str, field_kind: FieldKind, value: object, log: CleaningLog) -> str | list[str] | None:
    if isinstance(value, str):
        return _clean_text(field, field_kind, value, log)
    texts = [text for item in value if (text := _clean_text(field, field_kind, str(item), log))]  # type: ignore[attr-defined]
    if not texts:
        return None
    if field_kind in _LIST_KINDS:
        return texts
    return ("\n" if field_kind in (FieldKind.URL, FieldKind.EMAIL, FieldKind.PHONE) else "; ").join(texts)


def _clean_text(field: str, field_kind: FieldKind, text: str, log: CleaningLog) -> str | None:
    """Return the plain text; None if the cell is empty, says that it is empty, or is invalid. An invalid cell logs a problem."""
    if not text or text.isspace():
        return None
    try:
        result = _clean_characters(text, field_kind)
    except BadInput as error:
        log.set_path_heading(find_draft_path(field), field)
        log.add_problem(find_draft_path(field), error)
        return None
    log.add_repair(field, text, result.value, result.reasons)
    if is_empty_value(result.value) and not _is_meaningful(field, field_kind, result.value):
        if result.value:
            log.add_repair(field, text, "", ("placeholder treated as empty",))
        return None
    return result.value


def _clean_characters(text: str, field_kind: FieldKind) -> CleaningResult[str]:
    if len(text) <= MAX_VALUE_LENGTH and text.isascii() and text.isprintable() and "<" not in text and "&" not in text:
        return CleaningResult(text.strip() if field_kind in _KINDS_KEEPING_WHITESPACE else " ".join(text.split()))
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
