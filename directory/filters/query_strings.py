"""Convert questions to URL query strings and back.

A query string uses short keys, always in the order of `FIELDS`, and leaves out default values: each question has exactly one
query string. A clause has the key `any`. Its value is its alternatives, separated by "|", each a query string of its own:
"any=issue=reentry|community=formerly-incarcerated-people". What would be ambiguous there is percent-encoded once more.
"""

from typing import Any
from urllib.parse import parse_qsl, quote_plus

from msgspec.structs import replace

from directory.errors import BadInput
from directory.filters.origins import OriginLookup, resolve_near
from directory.filters.question_fields import (
    CLAUSE_KEY,
    FIELDS,
    FILTER_FIELDS,
    MAX_ECHO_LENGTH,
    RADIUS_KEY,
    QuestionField,
    list_near_pairs,
    parse_number,
    replace_values,
)
from directory.question import MAX_NESTING, Clause, Filter, Near, Question

SEPARATOR = "|"  # of alternatives
MAX_LENGTH = 100_000  # characters; a question of 3,000 regions has fewer
MAX_ORIGIN_TEXTS = 5  # different texts for the one origin of a question

_SAFE = ":,"  # not encoded in values
_SAFE_IN_CLAUSE = _SAFE + "="


def format_query_string(condition: Filter) -> str:
    """Return the query string without "?": "q=tenants&near=city:US-GA:atlanta&radius=80". "" for an empty question."""
    return _format_pairs(condition, _SAFE_IN_CLAUSE + SEPARATOR)


def format_clause(clause: Clause) -> str:
    """Return the alternatives of a clause, separated by "|"."""
    return SEPARATOR.join(_format_pairs(alternative, _SAFE_IN_CLAUSE) for alternative in clause)


def _format_pairs(condition: Filter, safe_in_clause: str) -> str:
    fields = FIELDS if isinstance(condition, Question) else FILTER_FIELDS
    pairs = [(key, text) for field in fields for key, text in _list_pairs(field, condition)]
    return "&".join(f"{key}={quote_plus(text, safe_in_clause if key == CLAUSE_KEY else _SAFE)}" for key, text in pairs)


def _list_pairs(field: QuestionField, condition: Filter) -> list[tuple[str, str]]:
    if field.key == CLAUSE_KEY:
        return [(field.key, format_clause(clause)) for clause in condition.clauses]
    if field.key == "near":
        return [] if condition.near is None else list_near_pairs(condition.near)
    return [(field.key, field.format(value)) for value in field.list_values(condition)]


def parse_query_string(query_string: str, find_origin: OriginLookup | None = None) -> Question:
    """Return the question, at its first page. Keys may come in any order, may be repeated and may be empty.

    `find_origin` is needed if an organization is the origin. Raises BadInput for unknown keys and invalid values, and its
    subclasses for unknown terms, regions and places.
    """
    if len(query_string) > MAX_LENGTH:
        sentence = f"A search can have at most {MAX_LENGTH:,} characters, and this one has {len(query_string):,}. Shorten it."
        raise BadInput(sentence, argument="search", limit=MAX_LENGTH, length=len(query_string))
    values = _Parser(find_origin).parse_values(query_string.removeprefix("?"), FIELDS)
    return replace_values(Question(), {("membership",): (), **values})  # () means ACTIVE unless an alternative names a status


class _Parser:
    """Parses a question and its alternatives. Remembers the origin, which takes long to look up."""

    def __init__(self, find_origin: OriginLookup | None) -> None:
        self._find_origin = find_origin
        self._origins: dict[str, Near] = {}

    def parse_values(self, text: str, fields: tuple[QuestionField, ...], nesting: int = 0) -> dict[tuple[str, ...], Any]:
        """Return the values in a query string, by the paths of their fields."""
        keys = [key for field in fields for key in ((field.key, RADIUS_KEY) if field.key == "near" else (field.key,))]
        values_by_key = _parse_pairs(text, keys)
        radius = _require_single_value(RADIUS_KEY, values_by_key.pop(RADIUS_KEY, []))
        values: dict[tuple[str, ...], Any] = {}
        if "near" in values_by_key:
            origin = _require_single_value("near", values_by_key.pop("near")) or ""
            values["near",] = self._resolve_near(origin, None if radius is None else parse_number(radius))
        elif radius is not None:
            raise BadInput("A radius needs a center. Add `near`.", argument=RADIUS_KEY)
        if clauses := values_by_key.pop(CLAUSE_KEY, []):
            values["clauses",] = tuple(self._parse_clause(clause, nesting + 1) for clause in clauses)
        for field in fields:
            if field.key in values_by_key:
                values[field.path] = _parse_value(field, values_by_key.pop(field.key))
        if values_by_key:
            unknown = next(iter(values_by_key))[:MAX_ECHO_LENGTH]
            sentence = f'There is no search parameter "{unknown}" here. Use {", ".join(keys)}.'
            raise BadInput(sentence, argument=unknown)
        return values

    def _parse_clause(self, text: str, nesting: int) -> Clause:
        if nesting > MAX_NESTING:
            raise BadInput(f"`any` can be nested {MAX_NESTING} levels deep. Use fewer levels.", argument=CLAUSE_KEY)
        pieces = text.split(SEPARATOR)
        return tuple(replace_values(Filter(), self.parse_values(piece, FILTER_FIELDS, nesting)) for piece in pieces)

    def _resolve_near(self, origin: str, radius_km: float | None) -> Near:
        if origin not in self._origins:
            if len(self._origins) == MAX_ORIGIN_TEXTS:
                raise BadInput("A search can have one origin for distances. Write it the same everywhere.", argument="near")
            self._origins[origin] = resolve_near(origin, None, self._find_origin)
        return replace(self._origins[origin], radius_km=radius_km)


def _parse_pairs(text: str, keys: list[str]) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        raise BadInput("This is not a query string. Write key=value pairs separated by &.", argument="search") from None
    values_by_key: dict[str, list[str]] = {}
    for key, value in pairs:
        values_by_key.setdefault(key, []).extend([value] if value.strip() else [])
    return {key: values for key, values in values_by_key.items() if values or key not in keys}


def _parse_value(field: QuestionField, values: list[str]) -> Any:
    if field.is_list:
        return tuple(field.parse(value) for value in values)
    return field.parse(_require_single_value(field.key, values) or "")


def _require_single_value(key: str, values: list[str]) -> str | None:
    if len(values) > 1:
        raise BadInput(f"`{key}` can be used only once, but it is there {len(values)} times.", argument=key)
    return values[0] if values else None
