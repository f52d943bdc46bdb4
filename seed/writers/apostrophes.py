"""Cells that a spreadsheet cannot take for formulas, and that are read back as they were.

A spreadsheet runs a cell of a CSV file that begins with one of these signs (OWASP, CSV Injection); some also take the full-width,
small, raised or lowered forms and the minus sign for them. An apostrophe before it makes it text; a text that looks as if it had
been given one is given another. Plain numbers below zero are no formulas and stay.
"""

import re

_VISIBLE_SIGNS = (*"=+-@", *"＝＋－＠", *"﹦﹢﹣﹫", *"⁼⁺⁻", *"₌₊₋", "\N{MINUS SIGN}")
FORMULA_SIGNS = (*_VISIBLE_SIGNS, "\t", "\r", "\n")
VISIBLE_MARKS = tuple(f"'{sign}" for sign in _VISIBLE_SIGNS)  # how a formula begins that any export has made safe
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#ERROR!"})
_NUMBER = re.compile(r"-\d+(\.\d+)?", re.ASCII)
_MARKS = tuple(f"'{sign}" for sign in (*FORMULA_SIGNS, "'"))


def neutral(text: str) -> str:
    """The text of a CSV cell."""
    if text.startswith(FORMULA_SIGNS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return marked(text)


def marked(text: str) -> str:
    """The text of a cell whose file says itself that it is text: no formula, but `bare` must give it back.

    A text that is just the error of a formula would be read as no value at all.
    """
    return f"'{text}" if text in ERRORS or _looks_marked(text) else text


def bare(text: str) -> str:
    """The text as it was before `neutral` or `marked`."""
    return text[1:] if _looks_marked(text) else text


def _looks_marked(text: str) -> bool:
    return text.startswith(_MARKS) or (text.startswith("'") and text[1:] in ERRORS)
