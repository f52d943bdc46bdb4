"""Values for the fields of the field registry, so that a test of all fields covers a new one without an edit."""

import datetime as dt
from collections.abc import Callable, Mapping
from types import NoneType
from typing import Any, get_args

from directory.fields import FIELDS, Field, ValueForm

MOMENT = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)

_BUILDERS: Mapping[ValueForm, Callable[[Field], Any]] = {
    ValueForm.LINE: lambda field: f"{make_token(field.name)} in a line",
    ValueForm.PARAGRAPHS: lambda field: f"{make_token(field.name)} in a line\n\nand another",
    ValueForm.URL: lambda field: f"https://{make_token(field.name)}.example/",
    ValueForm.YEAR: lambda field: 1987,
    ValueForm.DATE: lambda field: MOMENT,
    ValueForm.CHOICE: lambda field: [choice for choice in _get_enumeration(field) if choice != field.default][-1],
    ValueForm.TERMS: lambda field: tuple(term.slug for term in field.vocabulary or ())[:2],
    ValueForm.REGIONS: lambda field: ("US-GA", "US-FL"),
}


def _get_enumeration(field: Field) -> Any:
    return next(each for each in get_args(field.value_type) or (field.value_type,) if each is not NoneType)


def make_token(name: str) -> str:
    """Return a word that occurs nowhere else."""
    return f"zq{name.replace('_', '')}qz"


def build_value(field: Field) -> Any:
    """Return a valid value that differs from the default."""
    return _BUILDERS[field.form](field)


def build_values() -> dict[str, Any]:
    """Return a value for every field."""
    return {name: build_value(field) for name, field in FIELDS.items()}
