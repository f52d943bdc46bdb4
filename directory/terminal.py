"""Text that a terminal shows and does not obey."""

import unicodedata

_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji are misspelled without them


def escape_line(text: str) -> str:
    """The text as one line that says what it holds: control characters, line breaks and direction marks by their names (\\x1b).

    Somebody else's file is told in a terminal: an escape sequence in it could rewrite what stands there already, a line break
    add a line that this program never said, a direction mark turn the words around.
    """
    return text if text.isprintable() else "".join(map(_escape_character, text))


def _escape_character(character: str) -> str:
    if character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs":
        return character
    return ascii(character)[1:-1]
