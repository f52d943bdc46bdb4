"""Cells that a spreadsheet cannot take for formulas, and that are read back as they were.

A spreadsheet runs a cell of a CSV file that begins with one of these signs (OWASP, CSV Injection); some also take the full-width,
small, raised or lowered forms and the minus sign for them. An apostrophe before it makes it text; a text that looks as if it had
been given one is given another. Plain numbers below zero are no formulas and stay.
"""

import re

_VISIBLE_FORMULA_SIGNS = (*"=+-@", *"＝＋－＠", *"﹦﹢﹣﹫", *"⁼⁺⁻", *"₌₊₋", "\N{MINUS SIGN}")
FORMULA_SIGNS = (*_VISIBLE_FORMULA_SIGNS, "\t", "\r", "\n")
VISIBLE_ESCAPES = tuple(f"'{sign}" for sign in _VISIBLE_FORMULA_SIGNS)  # how a formula begins that any export has made safe
FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#ERROR!"})
_NEGATIVE_NUMBER = re.compile(r"-\d+(\.\d+)?", re.ASCII)
_ESCAPE_PREFIXES = tuple(f"'{sign}" for sign in (*FORMULA_SIGNS, "'"))


def escape_csv_cell(text: str) -> str:
    """The text of a CSV cell."""
    if text.startswith(FORMULA_SIGNS) and not _NEGATIVE_NUMBER.fullmatch(text):
        return f"'{text}"
    return escape_text_cell(text)


def escape_text_cell(text: str) -> str:
    """The text of a cell whose file says itself that it is text: no formula, but `bare` must give it back.

    A text that is just the error of a formula would be read as no value at all.
    """
    return f"'{text}" if text in FORMULA_ERRORS or _is_escaped(text) else text


def unescape_cell(text: str) -> str:
    """The text as it was before `neutral` or `marked`."""
    return text[1:] if _is_escaped(text) else text


def _is_escaped(text: str) -> bool:
    return text.startswith(_ESCAPE_PREFIXES) or (text.startswith("'") and text[1:] in FORMULA_ERRORS)
