"""Text from files is escaped before it is printed."""

import unicodedata

import pytest

from cli.terminal import escape_line


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("\x1b[31mRed\x1b]0;title\x07", "\\x1b[31mRed\\x1b]0;title\\x07"),
        ("\x9b2J", "\\x9b2J"),
        ("Union\nWritten: 500 created", "Union\\nWritten: 500 created"),
        ("\u202eevil\u202c", "\\u202eevil\\u202c"),
        ("Ñandú “Unión” 櫻 → …", "Ñandú “Unión” 櫻 → …"),
        ("می\u200cخواهم 👩\u200d⚖️", "می\u200cخواهم 👩\u200d⚖️"),
        ("", ""),
    ],
)
def test_control_characters_are_escaped(text: str, escaped: str) -> None:
    assert escape_line(text) == escaped


def test_every_control_format_and_line_character_is_escaped_except_joiners() -> None:
    controls = {chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert {character for character in controls if escape_line(character) == character} == {"\u200c", "\u200d"}
