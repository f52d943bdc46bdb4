"""A value as it came out of cleaning, with what was put right on the way."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import BadInput
from seed.rows import Repair, Row

T_co = TypeVar("T_co", covariant=True)


class CleaningResult(Struct, Generic[T_co], frozen=True):
    """`value` is None where nothing usable was meant ("N/A"). `reasons` are a few words each on what a person would want to know
    was changed; () where the value merely stands in its normal form."""

    value: T_co
    reasons: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        return "; ".join(self.reasons)


T = TypeVar("T")
DraftPath = tuple[str | int, ...]

MAX_SHOWN_LENGTH = 300  # characters of a value that a repair shows; the whole stands in the row's cells


class CleaningLog:
    """Collects for one row. A field's heading is known by its flat name, and from `place` on by its draft path too."""

    def __init__(self, row: Row) -> None:
        self.repairs: list[Repair] = list(row.repairs)
        self.problems: list[Problem] = list(row.problems)
        self.unknown_terms: dict[str, tuple[str, ...]] = dict(row.unknown_terms)
        self.columns: dict[str, str] = dict(row.columns)

    def find_heading(self, field: str) -> str:
        """The file's own heading of a flat field, or the field where there is none."""
        return self.columns.get(field, field)

    def set_path_heading(self, path: DraftPath, field: str) -> None:
        """Says that what stands at `path` of the draft came from the flat field."""
        heading = self.columns.get(field)
        if heading is not None:
            self.columns[format_path(path)] = heading

    def add_repair(self, field: str, before: str, after: object, reasons: Iterable[str]) -> None:
        if told := "; ".join(reasons):
            self.repairs.append(Repair(self.find_heading(field), _shorten(before), _shorten(format_value(after)), told))

    def add_problem(self, path: DraftPath, refusal: BadInput) -> None:
        self.problems.append(Problem(path, refusal.code, refusal.user_message, {**refusal.params}))

    def parse_field(self, field: str, path: DraftPath, text: str, parse: Callable[[str], CleaningResult[T]]) -> T | None:
        """What `reading` makes of the text; None when it refuses, and the refusal is a problem at `path`."""
        self.set_path_heading(path, field)
        try:
            mended = parse(text)
        except BadInput as refusal:
            self.add_problem(path, refusal)
            return None
        if mended.reasons:
            self.add_repair(field, text, mended.value, mended.reasons)
        return mended.value

    def add_unknown_term(self, tag: str, nearest: Iterable[str]) -> None:
        self.unknown_terms[tag] = tuple(nearest)

    def build_row(self, row: Row, draft_fields: Mapping[str, object], **fields: Any) -> Row:
        """The row with what was found."""
        return replace(
            row,
            fields=draft_fields,
            repairs=tuple(self.repairs),
            problems=tuple(self.problems),
            columns=self.columns,
            unknown_terms=self.unknown_terms,
            **fields,
        )


@lru_cache(maxsize=1 << 12)
def format_path(path: DraftPath) -> str:
    """The path as Problem.where writes it: "locations[0].postal_code"."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def format_value(value: object) -> str:
    """A value of a draft as a person reads it; "" for none."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ", ".join(format_value(part) for part in value.values() if part is not None)
    if isinstance(value, (list, tuple)):
        return "; ".join(format_value(part) for part in value)
    return str(value)


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_SHOWN_LENGTH else text[: MAX_SHOWN_LENGTH - 1] + "…"
