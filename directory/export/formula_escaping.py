"""Escape cells so that no spreadsheet runs them as formulas, and unescape them on import.

A spreadsheet runs a CSV cell that begins with one of the formula signs (OWASP, CSV Injection). Some accept the full-width, small,
superscript and subscript forms and the minus sign too. An apostrophe in front makes the cell text. A text that already looks
escaped gets another apostrophe. Negative numbers are not formulas, and are not escaped.
"""

import re

_VISIBLE_FORMULA_SIGNS = (*"=+-@", *"＝＋－＠", *"﹦﹢﹣﹫", *"⁼⁺⁻", *"₌₊₋", "\N{MINUS SIGN}")
FORMULA_SIGNS = (*_VISIBLE_FORMULA_SIGNS, "\t", "\r", "\n")
VISIBLE_ESCAPES = tuple(f"'{sign}" for sign in _VISIBLE_FORMULA_SIGNS)  # how an escaped formula begins, in files of any program
FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#ERROR!"})
_NEGATIVE_NUMBER = re.compile(r"-\d+(\.\d+)?", re.ASCII)
_ESCAPE_PREFIXES = tuple(f"'{sign}" for sign in (*FORMULA_SIGNS, "'"))


def escape_csv_cell(text: str) -> str:
    """Return the text for a CSV cell."""
    if text.startswith(FORMULA_SIGNS) and not _NEGATIVE_NUMBER.fullmatch(text):
        return f"'{text}"
    return escape_text_cell(text)


def escape_text_cell(text: str) -> str:
    """Return the text for a cell with a text type, as in XLSX. It cannot be a formula, but `unescape_cell` must restore it.

    A text that is only a formula error, such as "#REF!", is escaped too: readers would treat it as empty.
    """
    return f"'{text}" if text in FORMULA_ERRORS or _is_escaped(text) else text


def unescape_cell(text: str) -> str:
    """Return the text before `escape_csv_cell` or `escape_text_cell`."""
    return text[1:] if _is_escaped(text) else text


def _is_escaped(text: str) -> bool:
    return text.startswith(_ESCAPE_PREFIXES) or (text.startswith("'") and text[1:] in FORMULA_ERRORS)
