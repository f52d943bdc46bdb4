"""A question as parts that a page can show and remove.

The field of a part has the same name as in the API, and its value is the same text in the API, in a part and in a query string.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from directory.filters.filter_part import ALL_FIELD
from directory.filters.filter_part import FilterPart as FilterPart
from directory.filters.query_strings import SEPARATOR, format_clause, format_query_string
from directory.filters.question_fields import ANY_FIELD, FIELDS, FILTER_FIELDS, QuestionField, replace_values
from directory.question import Clause, Filter, Near, OrderField, Page, Question, SortOrder, find_choice

_WORD = re.compile(r'"[^"]*"|[^\s"]+')


def list_filter_parts(question: Question) -> tuple[FilterPart, ...]:
    """Return the parts that differ from an empty question, () if there are none. The page is not a part."""
    return tuple(_mark_leading_terms(part for field in FIELDS for part in _list_field_parts(field, question)))


def _list_field_parts(field: QuestionField, condition: Filter) -> list[FilterPart]:
    """Return the parts of one field of a question or alternative."""
    values = field.list_values(condition)
    if field.name == ANY_FIELD:
        return [_build_clause_part(clause) for clause in values]
    if field.is_one_part and values:
        return [FilterPart(field.name, ",".join(map(field.format, values)))]
    return [FilterPart(field.name, field.format(value), value if isinstance(value, Near) else None) for value in values]


def _build_clause_part(clause: Clause) -> FilterPart:
    parts = tuple(part for alternative in clause for part, _ in _split_alternative(alternative))
    return FilterPart(ANY_FIELD, format_clause(clause), alternatives=parts)


def _split_alternative(alternative: Filter) -> Iterator[tuple[FilterPart, Filter]]:
    """Yield the parts of an alternative with what each stands for: one for each value that it chooses, otherwise a single one."""
    parts_by_field = {field: parts for field in FILTER_FIELDS if (parts := _list_field_parts(field, alternative))}
    if len(parts_by_field) == 1 and find_choice(alternative):
        ((field, parts),) = parts_by_field.items()
        for part, value in zip(parts, field.list_values(alternative), strict=True):
            yield part, replace_values(alternative, {field.path: (value,)})
    else:
        yield _combine_parts(alternative, parts_by_field), alternative


def _combine_parts(alternative: Filter, parts_by_field: dict[QuestionField, list[FilterPart]]) -> FilterPart:
    combined: list[FilterPart] = []
    for field, parts in parts_by_field.items():
        if field.is_choice and len(parts) > 1:
            value = SEPARATOR.join(f"{field.key}={part.value}" for part in parts)
            combined.append(FilterPart(ANY_FIELD, value, alternatives=tuple(parts)))
        else:
            combined += [replace(part, is_additional_term=False) for part in parts]
    if len(combined) == 1:
        return combined[0]
    return FilterPart(ALL_FIELD, format_query_string(alternative), alternatives=tuple(combined))


def remove_filter_parts(question: Question, removed_parts: Iterable[FilterPart]) -> Question:
    """Return the question without these parts, at its first page. Parts that depend on a removed part are removed too.

    A part of "query" may also be a single word or quoted phrase of the text. A part that the question itself does not have is
    removed from the alternatives of its clauses; if they do not have it either, it is ignored.
    """
    changes = _find_changes(FIELDS, question, removed_parts)
    if not changes:
        return question
    near, clauses = (changes.get((name,), getattr(question, name)) for name in ("near", "clauses"))
    has_origin = near or any(one.near for clause in clauses for alternative in clause for one in alternative.list_filters())
    if question.order.field is OrderField.DISTANCE and not has_origin:
        changes["order",] = SortOrder()
    return replace_values(question, {**changes, ("page",): Page()})


def _find_changes(
    fields: Sequence[QuestionField], condition: Filter, removed_parts: Iterable[FilterPart]
) -> dict[tuple[str, ...], Any]:
    """Return the new values of fields, by their paths. The settings of a facet that has no values left are reset."""
    removed = {(part.field, part.value) for part in removed_parts}
    names = {ANY_FIELD, *(name for name, _ in removed)}
    values = {field: _remove_from_field(field, condition, removed) for field in fields if field.name in names}
    changes = {field.path: value for field, value in values.items() if value != field.get_value(condition)}
    for facet in {path[0] for path in changes if len(path) > 1}:
        settings = [field for field in fields if field.path[0] == facet]
        if not any(changes.get(field.path, field.get_value(condition)) for field in settings if field.is_list):
            changes |= {field.path: field.get_default(condition) for field in settings}
    return changes


def split_words(text: str) -> list[str]:
    """Return the words and "quoted phrases" of a search text that can be removed one by one."""
    return _WORD.findall(text)


def _mark_leading_terms(parts: Iterable[FilterPart]) -> Iterator[FilterPart]:
    facets: set[str] = set()
    for part in parts:
        facet, _, operator = part.field.partition(".")
        yield replace(part, is_additional_term=False) if operator == "allOf" and facet not in facets else part
        facets.add(facet)


def _remove_from_field(field: QuestionField, question: Filter, removed: set[tuple[str, str]]) -> Any:
    value = field.get_value(question)
    if field.name == ANY_FIELD:
        return _remove_from_clauses(question, removed)
    if field.is_one_part:
        return () if (field.name, ",".join(map(field.format, value))) in removed else value
    if field.is_list:
        return tuple(item for item in value if (field.name, field.format(item)) not in removed)
    default = field.get_default(question)
    if value == default or (field.name, field.format(value)) in removed:
        return default
    if field.name == "query" and not removed.isdisjoint((field.name, word) for word in split_words(value)):
        return " ".join(word for word in split_words(value) if (field.name, word) not in removed)
    return value


def _remove_from_clauses(condition: Filter, removed: set[tuple[str, str]]) -> tuple[Clause, ...]:
    clauses = condition.clauses
    if not clauses:
        return ()
    if any(field == ANY_FIELD for field, _ in removed):
        clauses = tuple(clause for clause in clauses if (ANY_FIELD, format_clause(clause)) not in removed)
    fields = [field for field in (FIELDS if isinstance(condition, Question) else FILTER_FIELDS) if field.name != ANY_FIELD]
    own = {(part.field, part.value) for field in fields for part in _list_field_parts(field, condition)}
    others = {(field, value) for field, value in removed - own if field != ANY_FIELD}
    if not others:
        return clauses
    remaining = []
    for clause in clauses:
        split = [pair for alternative in clause for pair in _split_alternative(alternative)]
        left = tuple(one for part, one in split if (part.field, part.value) not in others)
        remaining += [clause if len(left) == len(split) else left] if left else []
    return tuple(remaining)


# ---------------------------------------------------------------- one alternative, or one condition of it


def remove_nested_part(question: Question, path: Sequence[FilterPart]) -> Question:
    """Return the question without one part, at its first page. `path` leads to it: a part of the question, then alternatives.

    Unlike `remove_filter_parts`, it leaves equal parts elsewhere. An alternative that has no condition left is removed, and so is
    a clause without alternatives.
    """
    if len(path) == 1:
        return remove_filter_parts(question, path)
    clauses = _remove_from_clause(question.clauses, path)
    order = question.order
    filters = (one for clause in clauses for alternative in clause for one in alternative.list_filters())
    if order.field is OrderField.DISTANCE and question.near is None and not any(one.near for one in filters):
        order = SortOrder()
    return replace_values(question, {("clauses",): clauses, ("order",): order, ("page",): Page()})


def _remove_from_clause(clauses: Iterable[Clause], path: Sequence[FilterPart]) -> tuple[Clause, ...]:
    """Return the clauses without a part of one: path[0] is the part of the clause, path[1] that of an alternative."""
    remaining = []
    for clause in clauses:
        left: Clause = clause
        if format_clause(clause) == path[0].value:
            split = [pair for alternative in clause for pair in _split_alternative(alternative)]
            changed = (_remove_condition(one, path[2:]) if part == path[1] else one for part, one in split)
            left = tuple(one for one in changed if one is not None)
        remaining += [left] if left else []
    return tuple(remaining)


def _remove_condition(alternative: Filter, path: Sequence[FilterPart]) -> Filter | None:
    """Return an alternative without one of its conditions; None if there is no path, or no condition left."""
    if not path:
        return None
    clause_texts = [format_clause(clause) for clause in alternative.clauses]
    if len(path) > 1 and path[0].value in clause_texts:
        remaining = replace_values(alternative, {("clauses",): _remove_from_clause(alternative.clauses, path)})
    else:
        is_group = path[-1].field == ANY_FIELD and path[-1].value not in clause_texts
        removed_parts = path[-1].alternatives if is_group else path[-1:]
        remaining = replace_values(alternative, _find_changes(FILTER_FIELDS, alternative, removed_parts))
    restricts = [field for field in remaining.list_set_fields() if field != "near" or _has_radius(remaining.near)]
    return remaining if restricts else None


def _has_radius(near: Near | None) -> bool:
    return near is not None and near.radius_km is not None
