"""Cursor pagination of lists in memory."""

from base64 import urlsafe_b64encode
from typing import Any

import msgspec
import pytest

from directory.errors import BadCursor
from directory.question import Page
from schema.types.pagination import ListPage, paginate

LETTERS = ["a", "b", "c", "d", "e"]
B = "kwHEBhNlx7muXKFi"  # the cursor of "b" in list "x"


def page(name: str = "x", items: list[str] = LETTERS, **arguments: Any) -> ListPage[str]:
    return paginate(items, str, Page(**arguments), name, None)


@pytest.mark.parametrize(
    ("arguments", "nodes", "has_next", "has_previous"),
    [
        ({"first": 2}, ["a", "b"], True, False),
        ({"first": 5}, LETTERS, False, False),
        ({"first": 2, "after": B}, ["c", "d"], True, True),
        ({"first": 3, "after": B}, ["c", "d", "e"], False, True),
        ({"last": 2}, ["d", "e"], False, True),
        ({"last": 5}, LETTERS, False, False),
        ({"last": 1, "before": B}, ["a"], True, False),
        ({"last": 9, "before": B}, ["a"], True, False),
    ],
)
def test_a_page_and_whether_there_is_more_on_each_side(
    arguments: dict[str, Any], nodes: list[str], has_next: bool, has_previous: bool
) -> None:
    result = page(**arguments)
    assert result.nodes == nodes
    assert (result.page_info.has_next_page, result.page_info.has_previous_page) == (has_next, has_previous)
    assert (result.page_info.start_cursor, result.page_info.end_cursor) == (result.edges[0].cursor, result.edges[-1].cursor)
    assert result.total_count == 5


def test_an_empty_page_has_no_cursors() -> None:
    result = page(items=[])
    assert (result.nodes, result.total_count) == ([], 0)
    assert (result.page_info.start_cursor, result.page_info.end_cursor) == (None, None)


def test_changes_between_two_pages_do_not_skip_or_repeat_items() -> None:
    assert page(items=["a", "aa", "c", "d"], first=2, after=B).nodes == ["c", "d"]
    assert page(items=["a", "bb", "c"], first=2, after=B).nodes == ["bb", "c"]
    assert page(items=["a", "aa", "c"], last=2, before=B).nodes == ["a", "aa"]


def test_the_format_of_cursors_is_stable() -> None:
    assert page(first=2).edges[1].cursor == B


@pytest.mark.parametrize(
    ("cursor", "reason"),
    [
        ("nonsense", "MALFORMED"),
        ("", "MALFORMED"),
        (urlsafe_b64encode(msgspec.msgpack.encode((0, b"123456", "b"))).decode().rstrip("="), "OLD_FORMAT"),
    ],
)
def test_a_malformed_cursor_is_refused_with_a_reason(cursor: str, reason: str) -> None:
    with pytest.raises(BadCursor) as refusal:
        page(first=2, after=cursor)
    assert refusal.value.params["reason"] == reason


def test_a_cursor_of_another_question_is_refused() -> None:
    with pytest.raises(BadCursor) as refusal:
        page("y", first=2, after=B)
    assert refusal.value.params["reason"] == "OTHER_QUESTION"
