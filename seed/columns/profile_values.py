"""The values of a profile's file, checked one by one: each refusal names the file, the key and what to do."""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from typing import NoReturn

from rapidfuzz import process

from directory.errors import BadInput
from directory.vocabulary import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS
from seed.columns.splitting import splitter
from seed.fields import FIELDS, GROUPED, Kind, kind

NEAR = 60  # rapidfuzz's WRatio, 0 to 100, from which a known word is suggested for an unknown one
SUGGESTIONS = 3
LONGEST_KEY = 28  # characters; "X-" before it makes an identifier's scheme, which has 30 at most

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OTHER_NAMES = frozenset({"legal_name", "acronym", "short_name", "former_name", "translated_name", "also_known_as"})
_VOCABULARIES = (ISSUE_AREAS, COMMUNITIES, WORK_AREAS, LANGUAGES)


def refuse(file: str, key: str, sentence: str) -> NoReturn:
    raise BadInput(f"{file}: {key}: {sentence}", file=file, argument=key)


def known_keys(file: str, where: str, given: Collection[str], known: Collection[str]) -> None:
    for key in given:
        if key not in known:
            refuse(file, f"{where}{key}", f"there is no such key. {near(key, known)}")


def near(word: str, known: Collection[str]) -> str:
    """ "Did you mean ...?", or all that could be meant where nothing is near and they are few."""
    found = [one for one, _, _ in process.extract(word, list(known), limit=SUGGESTIONS, score_cutoff=NEAR)]
    return f"Did you mean {' or '.join(found)}?" if found else f"Use one of {', '.join(known)}."


def text(file: str, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        refuse(file, key, "this is text in quotation marks; fill it in or leave the key out.")
    return value


def source_key(file: str, key: str, value: object) -> str:
    """The name by which the source's records are known."""
    name = text(file, key, value)
    if not _KEY.fullmatch(name) or len(name) > LONGEST_KEY:
        refuse(file, key, f"this is lower-case words joined by hyphens, at most {LONGEST_KEY} characters, as in bay-area-list.")
    return name


def day(file: str, key: str, value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        refuse(file, key, "this is a day, as in 2024-05-31.")


def truth(file: str, key: str, value: object) -> bool:
    if not isinstance(value, bool):
        refuse(file, key, "this is true or false, without quotation marks.")
    return value


def texts(file: str, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        refuse(file, key, 'this is a list of headings, as in ["Notes", "Owner"].')
    return tuple(value)


def table(file: str, key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        refuse(file, key, f"this is a table; write [{key}] on a line of its own and its keys below.")
    return value


def field(file: str, key: str, value: object) -> str:
    """A flat field, or "" for a column that nobody has decided on."""
    if not isinstance(value, str):
        refuse(file, key, 'this is a field in quotation marks, as in "location.city".')
    if value and kind(value) is None:
        refuse(file, key, f'there is no field "{value}". {near(value, [*FIELDS, *GROUPED, "link:…", "identifier:…"])}')
    return value


def column(file: str, key: str, value: object) -> tuple[str, str | None]:
    """The field of a column and its rule of splitting: "name", or { field = "tags", split = "comma" }."""
    if not isinstance(value, dict):
        return field(file, key, value), None
    known_keys(file, f"{key}.", value, ("field", "split"))
    if "field" not in value:
        refuse(file, key, 'this needs a field, as in { field = "tags", split = "comma" }.')
    named = field(file, key, value["field"])
    rule = value.get("split")
    if rule is None:
        return named, None
    if not isinstance(rule, str):
        refuse(file, key, "split is comma, semicolon, newline, pipe, whole, or the sign itself in quotation marks.")
    try:
        splitter(named, rule)
    except BadInput as refusal:
        refuse(file, key, refusal.sentence)
    return named, rule


def no_field_twice(file: str, fields: Mapping[str, str]) -> None:
    """Only lists may be filled by several columns."""
    holders: dict[str, str] = {}
    for name, held in fields.items():
        if held in holders and not may_be_several(held):
            refuse(file, f'columns."{name}"', f'"{holders[held]}" holds {held} already; give one of them another field or "".')
        if held:
            holders[held] = name


def may_be_several(field: str) -> bool:
    """Whether an organization has any number of what the field holds."""
    return kind(field) in (Kind.TERMS, Kind.REGIONS) or field in _OTHER_NAMES or field.startswith("link:")


def constant(file: str, key: str, value: object) -> str:
    """The text of a constant; several values of a list one a line."""
    if isinstance(value, list) and value and all(isinstance(one, str) and one.strip() for one in value):
        return "\n".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float | dt.date) or not str(value).strip():
        refuse(file, key, "this is text in quotation marks, a number, a day or a list of texts.")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def term(file: str, key: str, value: object) -> str:
    """The slug that a tag stands for, "" for a tag that is left out."""
    if not isinstance(value, str):
        refuse(file, key, 'this is the slug of a term in quotation marks, or "" to leave the tag out.')
    if value and not any(value in vocabulary for vocabulary in _VOCABULARIES):
        found = list(dict.fromkeys(slug for vocabulary in _VOCABULARIES for slug in vocabulary.suggestions(value, SUGGESTIONS)))
        hint = f"Did you mean {' or '.join(found[:SUGGESTIONS])}?" if found else "See the vocabularies for their slugs."
        refuse(file, key, f'there is no term "{value}". {hint}')
    return value
