import pytest

from directory.cursors import CURSOR_LIMIT, decode_cursor, encode_cursor
from directory.errors import BadCursor


@pytest.mark.parametrize(
    ("list_key", "position", "cursor"),
    [("changes", 3, "kwGnY2hhbmdlcwM"), (b"123456", "b", "kwHEBjEyMzQ1NqFi")],
)
def test_cursors_keep_their_bytes(list_key: str | bytes, position: int | str, cursor: str) -> None:
    """Clients store cursors of the change feed for years."""
    encoded = encode_cursor(list_key, position)
    assert encoded == cursor
    assert decode_cursor(cursor, list_key, type(position)) == position


@pytest.mark.parametrize(
    ("cursor", "reason"),
    [
        ("nonsense", "MALFORMED"),
        ("é", "MALFORMED"),
        ("x" * (CURSOR_LIMIT + 1), "MALFORMED"),
        (encode_cursor("changes", "a name"), "MALFORMED"),  # a position of another type
        (encode_cursor(b"changes", 3), "MALFORMED"),  # a key of another type
        ("kwCnY2hhbmdlcwM", "OLD_FORMAT"),
        ("kwA", "MALFORMED"),  # cut off
        (encode_cursor("members", 3), "OTHER_QUESTION"),
    ],
)
def test_a_bad_cursor_is_refused_with_its_reason(cursor: str, reason: str) -> None:
    with pytest.raises(BadCursor) as refusal:
        decode_cursor(cursor, "changes", int)
    assert refusal.value.params["reason"] == reason


def test_a_list_may_have_another_format_than_others() -> None:
    cursor = encode_cursor("changes", 3, 2)
    assert decode_cursor(cursor, "changes", int, 2) == 3
    for refused, cursor_format in ((cursor, 1), (encode_cursor("changes", 3), 2)):
        with pytest.raises(BadCursor) as refusal:
            decode_cursor(refused, "changes", int, cursor_format)
        assert refusal.value.params["reason"] == "OLD_FORMAT"
