"""Lines of calendars, read again with a library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from directory.export.calendar_lines import MAX_BYTES, escape_text, format_line, join_lines, wrap_component

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
CONTROLS = {chr(number) for number in (*range(32), 127)} - {"\t", "\n"}


def read_back(line: bytes) -> str:
    """Return the text of a line with the name SUMMARY."""
    calendar = Calendar.from_ical(join_lines(wrap_component("VCALENDAR", wrap_component("VEVENT", [line]))))
    [event] = calendar.walk("VEVENT")
    assert list(event) == ["SUMMARY"]
    return str(event["SUMMARY"])


@given(TEXTS)
def test_texts_are_read_as_they_were_written(text: str) -> None:
    expected = "".join(character for character in text.replace("\r\n", "\n") if character not in CONTROLS)
    assert read_back(format_line("SUMMARY", escape_text(text))) == expected


@given(st.text(st.sampled_from("aé漢🎉 \t,;\\"), min_size=40, max_size=400))
def test_long_lines_are_folded_between_characters(text: str) -> None:
    pieces = format_line("SUMMARY", text).split(b"\r\n")
    assert max(map(len, pieces)) <= MAX_BYTES
    assert all(len(piece) > MAX_BYTES - 4 for piece in pieces[:-1])
    assert all(piece.startswith(b" ") for piece in pieces[1:])
    first, *others = (piece.decode() for piece in pieces)
    assert first + "".join(piece.removeprefix(" ") for piece in others) == f"SUMMARY:{text}"


@pytest.mark.parametrize(
    "value", ["https://example.org/\r\nATTACH:x", "a\nEND:VEVENT", "a\rb", "\x00\x0b\x0c\x1f\x7f", "a\u0085b"]
)
def test_a_value_adds_no_line(value: str) -> None:
    line = format_line("URL", value)
    assert not {"\r", "\n", "\x00", "\x0b", "\x0c"} & set(line.decode())
    [event] = Calendar.from_ical(join_lines(wrap_component("VCALENDAR", wrap_component("VEVENT", [line])))).walk("VEVENT")
    assert list(event) == ["URL"]
