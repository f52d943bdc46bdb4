"""The values of a profile's file, checked one by one: each refusal names the file, the key and what to do."""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from typing import NoReturn

from rapidfuzz import process

from directory.errors import BadInput
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS
from seed.flat_fields import FIELDS, GROUP_FIELDS, FieldKind, find_field_kind
from seed.mapping.cell_splitting import build_splitter

MIN_SUGGESTION_SCORE = 60  # rapidfuzz's WRatio, 0 to 100, from which a known word is suggested for an unknown one
MAX_SUGGESTIONS = 3
MAX_KEY_LENGTH = 28  # characters; "X-" before it makes an identifier's scheme, which has 30 at most

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAME_FIELDS = frozenset({"legal_name", "acronym", "short_name", "former_name", "translated_name", "also_known_as"})
_VOCABULARIES = (ISSUE_AREAS, COMMUNITIES, WORK_AREAS, LANGUAGES)


def reject_value(file: str, key: str, sentence: str) -> NoReturn:
    raise BadInput(f"{file}: {key}: {sentence}", file=file, argument=key)


def require_known_keys(file: str, where: str, keys: Collection[str], allowed_keys: Collection[str]) -> None:
    for key in keys:
        if key not in allowed_keys:
            reject_value(file, f"{where}{key}", f"there is no such key. {suggest_words(key, allowed_keys)}")


def suggest_words(word: str, vocabulary: Collection[str]) -> str:
    """ "Did you mean ...?", or all that could be meant where nothing is near and they are few."""
    found = [
        one for one, _, _ in process.extract(word, list(vocabulary), limit=MAX_SUGGESTIONS, score_cutoff=MIN_SUGGESTION_SCORE)
    ]
    return f"Did you mean {' or '.join(found)}?" if found else f"Use one of {', '.join(vocabulary)}."


def check_text(file: str, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        reject_value(file, key, "this is text in quotation marks; fill it in or leave the key out.")
    return value


def check_source_key(file: str, key: str, value: object) -> str:
    """The name by which the source's records are known."""
    name = check_text(file, key, value)
    if not _KEY.fullmatch(name) or len(name) > MAX_KEY_LENGTH:
        reject_value(
            file, key, f"this is lower-case words joined by hyphens, at most {MAX_KEY_LENGTH} characters, as in bay-area-list."
        )
    return name


def check_date(file: str, key: str, value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        reject_value(file, key, "this is a day, as in 2024-05-31.")


def check_boolean(file: str, key: str, value: object) -> bool:
    if not isinstance(value, bool):
        reject_value(file, key, "this is true or false, without quotation marks.")
    return value


def check_texts(file: str, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        reject_value(file, key, 'this is a list of headings, as in ["Notes", "Owner"].')
    return tuple(value)


def check_table(file: str, key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        reject_value(file, key, f"this is a table; write [{key}] on a line of its own and its keys below.")
    return value


def check_field(file: str, key: str, value: object) -> str:
    """A flat field, or "" for a column that nobody has decided on."""
    if not isinstance(value, str):
        reject_value(file, key, 'this is a field in quotation marks, as in "location.city".')
    if value and find_field_kind(value) is None:
        reject_value(
            file, key, f'there is no field "{value}". {suggest_words(value, [*FIELDS, *GROUP_FIELDS, "link:…", "identifier:…"])}'
        )
    return value


def check_column(file: str, key: str, value: object) -> tuple[str, str | None]:
    """The field of a column and its rule of splitting: "name", or { field = "tags", split = "comma" }."""
    if not isinstance(value, dict):
        return check_field(file, key, value), None
    require_known_keys(file, f"{key}.", value, ("field", "split"))
    if "field" not in value:
        reject_value(file, key, 'this needs a field, as in { field = "tags", split = "comma" }.')
    named = check_field(file, key, value["field"])
    rule = value.get("split")
    if rule is None:
        return named, None
    if not isinstance(rule, str):
        reject_value(file, key, "split is comma, semicolon, newline, pipe, whole, or the sign itself in quotation marks.")
    try:
        build_splitter(named, rule)
    except BadInput as refusal:
        reject_value(file, key, refusal.user_message)
    return named, rule


def require_distinct_fields(file: str, fields: Mapping[str, str]) -> None:
    """Only lists may be filled by several columns."""
    holders: dict[str, str] = {}
    for name, held in fields.items():
        if held in holders and not accepts_several_values(held):
            reject_value(
                file, f'columns."{name}"', f'"{holders[held]}" holds {held} already; give one of them another field or "".'
            )
        if held:
            holders[held] = name


def accepts_several_values(field: str) -> bool:
    """Whether an organization has any number of what the field holds."""
    return find_field_kind(field) in (FieldKind.TERMS, FieldKind.REGIONS) or field in _NAME_FIELDS or field.startswith("link:")


def check_constant(file: str, key: str, value: object) -> str:
    """The text of a constant; several values of a list one a line."""
    if isinstance(value, list) and value and all(isinstance(one, str) and one.strip() for one in value):
        return "\n".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float | dt.date) or not str(value).strip():
        reject_value(file, key, "this is text in quotation marks, a number, a day or a list of texts.")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def check_term(file: str, key: str, value: object) -> str:
    """The slug that a tag stands for, "" for a tag that is left out."""
    if not isinstance(value, str):
        reject_value(file, key, 'this is the slug of a term in quotation marks, or "" to leave the tag out.')
    if value and not any(value in vocabulary for vocabulary in _VOCABULARIES):
        found = list(dict.fromkeys(slug for vocabulary in _VOCABULARIES for slug in vocabulary.suggest(value, MAX_SUGGESTIONS)))
        hint = f"Did you mean {' or '.join(found[:MAX_SUGGESTIONS])}?" if found else "See the vocabularies for their slugs."
        reject_value(file, key, f'there is no term "{value}". {hint}')
    return value
