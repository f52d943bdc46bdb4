import unicodedata

import pytest

from cli.command_group import escape_line


@pytest.mark.parametrize(
    ("text", "shown"),
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
def test_what_a_terminal_would_obey_is_shown_by_its_name(text: str, shown: str) -> None:
    assert escape_line(text) == shown


def test_nothing_that_is_obeyed_is_left_out() -> None:
    """Every control, format and line character of Unicode but the two joiners."""
    obeyed = {chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert {character for character in obeyed if escape_line(character) == character} == {"\u200c", "\u200d"}
