"""Format text for the terminal, and make text from records and files safe to print."""

import datetime as dt
import unicodedata

NOT_STATED = "not stated"  # in place of a value that a record does not have

_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji need them


def escape_line(text: str) -> str:
    r"""Return the text as one line, with control characters, line breaks and direction marks escaped (\x1b).

    Imported files are untrusted: an escape sequence could rewrite earlier output, a line break could fake a line of this program,
    and a direction mark could reorder words.
    """
    return text if text.isprintable() else "".join(map(_escape_character, text))


def _escape_character(character: str) -> str:
    if character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs":
        return character
    return ascii(character)[1:-1]


def format_time(moment: dt.datetime) -> str:
    """Return the moment, which must be in UTC, to the minute."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
