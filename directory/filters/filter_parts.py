"""A question as parts that a page can show and remove.

The field of a part has the same name as in the API, and its value is the same text in the API, in a part and in a query string.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from directory.filters import labels
from directory.filters.question_fields import FIELDS, QuestionField, replace_values
from directory.question import Near, OrderField, Page, Question, SortOrder

_WORD = re.compile(r'"[^"]*"|[^\s"]+')


class FilterPart(Struct, frozen=True, eq=False):
    """One part of a question: "issueAreas" with "housing", "regions.noneOf" with "US-TX", "near" with "city:US-GA:atlanta".

    Parts are equal if field and value are equal. The other attributes are only needed for the label.
    """

    field: str
    value: str
    near: Near | None = None  # for the field "near"
    is_additional_term: bool = True  # for "allOf": whether another term of the facet comes before it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FilterPart) and (self.field, self.value) == (other.field, other.value)

    def __hash__(self) -> int:
        return hash((self.field, self.value))

    def label(self, language: str = "en") -> str:
        """Return the label in English or, for "es", in Spanish: "within 50 miles of Atlanta, GA"."""
        return labels.format_label(self.field, self.value, self.near, language, is_additional_term=self.is_additional_term)


def list_filter_parts(question: Question) -> tuple[FilterPart, ...]:
    """Return the parts that differ from an empty question, () if there are none. The page is not a part."""
    return tuple(_mark_leading_terms(part for field in FIELDS for part in list_field_parts(field, question)))


def list_field_parts(field: QuestionField, question: Question) -> list[FilterPart]:
    """Return the parts of one field of the question."""
    value = field.get_value(question)
    if value == field.default:
        return []
    values = value if field.is_list else (value,)
    return [FilterPart(field.name, field.format(item), item if isinstance(item, Near) else None) for item in values]


def remove_filter_parts(question: Question, removed_parts: Iterable[FilterPart]) -> Question:
    """Return the question without these parts, at its first page. Parts that depend on a removed part are removed too.

    A part of "query" may also be a single word or quoted phrase of the text. Parts that the question does not have are ignored.
    """
    removed = {(part.field, part.value) for part in removed_parts}
    values = {field: _remove_from_value(field, field.get_value(question), removed) for field in FIELDS}
    changes = {field.path: value for field, value in values.items() if value != field.get_value(question)}
    if not changes:
        return question
    for facet in {path[0] for path in changes if len(path) > 1}:
        if not any(value for field, value in values.items() if field.path[0] == facet and field.is_list):
            changes |= {field.path: field.default for field in FIELDS if field.path[0] == facet}
    if ("near",) in changes and question.order.field is OrderField.DISTANCE:
        changes["order",] = SortOrder()
    return replace(replace_values(question, changes), page=Page())


def split_words(text: str) -> list[str]:
    """Return the words and "quoted phrases" of a search text that can be removed one by one."""
    return _WORD.findall(text)


def _mark_leading_terms(parts: Iterable[FilterPart]) -> Iterator[FilterPart]:
    facets: set[str] = set()
    for part in parts:
        facet, _, operator = part.field.partition(".")
        yield replace(part, is_additional_term=False) if operator == "allOf" and facet not in facets else part
        facets.add(facet)


def _remove_from_value(field: QuestionField, value: Any, removed: set[tuple[str, str]]) -> Any:
    if field.is_list:
        return tuple(item for item in value if (field.name, field.format(item)) not in removed)
    if value == field.default or (field.name, field.format(value)) in removed:
        return field.default
    if field.name == "query" and not removed.isdisjoint((field.name, word) for word in split_words(value)):
        return " ".join(word for word in split_words(value) if (field.name, word) not in removed)
    return value
