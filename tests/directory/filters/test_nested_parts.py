"""Removing one alternative of a clause, or one condition of an alternative, from generated questions."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from directory.filters.filter_parts import FilterPart, list_filter_parts, remove_filter_parts, remove_nested_part
from directory.filters.query_strings import format_query_string, parse_query_string
from directory.question import Page, Question
from tests.directory.filters.generated_filters import list_typical_questions, questions

pytestmark = pytest.mark.slow


def iter_paths(parts: tuple[FilterPart, ...], above: tuple[FilterPart, ...] = ()) -> Iterator[tuple[FilterPart, ...]]:
    """Yield the way to every part, from the part of the question that it is in."""
    for part in parts:
        path = (*above, part)
        yield path
        yield from iter_paths(part.alternatives, path)


@settings(deadline=None)
@given(questions())
def test_a_part_at_every_level_can_be_removed(question: Question) -> None:
    for path in iter_paths(list_filter_parts(question)):
        rest = remove_nested_part(question, path)
        assert rest != replace(question, page=Page()), path
        assert rest.page == Page()
        assert parse_query_string(format_query_string(rest)) == rest


@settings(deadline=None)
@given(questions())
def test_removing_an_alternative_keeps_everything_outside_its_clause(question: Question) -> None:
    for path in iter_paths(list_filter_parts(question)):
        if len(path) > 1:
            without_clause = remove_filter_parts(question, [path[0]])
            left = set(list_filter_parts(without_clause)) - set(list_filter_parts(remove_nested_part(question, path)))
            kept = {part.field for part in left if not is_idle_setting(part, question)}
            assert kept <= {"membership", "any"} or path[-1].field == "near", left


def is_idle_setting(part: FilterPart, question: Question) -> bool:
    """Return whether it is a setting of a facet without values: those of an alternative that is left alone replace it."""
    facet, _, setting = part.field.partition(".")
    values = {facet, f"{facet}.allOf", f"{facet}.noneOf"}
    return setting in ("narrower", "by") and not any(one.field in values for one in list_filter_parts(question))


def test_generated_questions_have_parts_at_every_level() -> None:
    levels = {len(path) for question in list_typical_questions() for path in iter_paths(list_filter_parts(question))}
    assert levels >= {1, 2, 3, 4}
