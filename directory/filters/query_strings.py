"""Convert questions to URL query strings and back.

A query string uses short keys, always in the order of `FIELDS`, and leaves out default values: each question has exactly one
query string.
"""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from directory.errors import BadInput
from directory.filters.filter_parts import list_field_parts
from directory.filters.origins import OriginLookup, resolve_near
from directory.filters.question_fields import (
    FIELDS,
    MAX_ECHO_LENGTH,
    RADIUS_KEY,
    QuestionField,
    list_near_pairs,
    parse_number,
    replace_values,
)
from directory.question import Question

_KEYS = [key for field in FIELDS for key in ((field.key, RADIUS_KEY) if field.key == "near" else (field.key,))]


def format_query_string(question: Question) -> str:
    """Return the query string without "?": "q=tenants&near=city:US-GA:atlanta&radius=80". "" for an empty question."""
    pairs: list[tuple[str, str]] = []
    for field in FIELDS:
        pairs += [(field.key, part.value) for part in list_field_parts(field, question)]
        if field.key == "near" and question.near is not None:
            pairs[-1:] = list_near_pairs(question.near)
    return urlencode(pairs, safe=":,", errors="replace")


def parse_query_string(query_string: str, find_origin: OriginLookup | None = None) -> Question:
    """Return the question, at its first page. Keys may come in any order, may be repeated and may be empty.

    `find_origin` is needed if an organization is the origin. Raises BadInput for unknown keys and invalid values, and its
    subclasses for unknown terms, regions and places.
    """
    values_by_key = _parse_pairs(query_string)
    radius = _require_single_value(RADIUS_KEY, values_by_key.pop(RADIUS_KEY, []))
    values = {
        field.path: _parse_value(field, values_by_key.pop(field.key))
        for field in FIELDS
        if field.key in values_by_key and field.key != "near"
    }
    if "near" in values_by_key:
        origin = _require_single_value("near", values_by_key.pop("near")) or ""
        values["near",] = resolve_near(origin, None if radius is None else parse_number(radius), find_origin)
    elif radius is not None:
        raise BadInput("A radius needs a center. Add `near`.", argument=RADIUS_KEY)
    if values_by_key:
        unknown = next(iter(values_by_key))[:MAX_ECHO_LENGTH]
        raise BadInput(f'There is no search parameter "{unknown}". Use {", ".join(_KEYS)}.', argument=unknown)
    return replace_values(Question(), values)


def _parse_pairs(query_string: str) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(query_string.removeprefix("?"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        raise BadInput("This is not a query string. Write key=value pairs separated by &.") from None
    values_by_key: dict[str, list[str]] = {}
    for key, value in pairs:
        values_by_key.setdefault(key, []).extend([value] if value.strip() else [])
    return {key: values for key, values in values_by_key.items() if values or key not in _KEYS}


def _parse_value(field: QuestionField, values: list[str]) -> Any:
    if field.is_list:
        return tuple(field.parse(value) for value in values)
    return field.parse(_require_single_value(field.key, values) or "")


def _require_single_value(key: str, values: list[str]) -> str | None:
    if len(values) > 1:
        raise BadInput(f"`{key}` can be used only once, but it is there {len(values)} times.", argument=key)
    return values[0] if values else None
