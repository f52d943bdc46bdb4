"""The result of cleaning one value, and the log of repairs and problems for one row."""

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
    """A cleaned value, and why it was repaired.

    `value` is None if the text holds no usable value, such as "N/A". Each of the `reasons` describes one repair in a few words;
    they are () if the value was only normalized. Each of the `problems` is a sentence about a part of the text that is not in
    the value.
    """

    value: T_co
    reasons: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        return "; ".join(self.reasons)


T = TypeVar("T")
DraftPath = tuple[str | int, ...]

MAX_SHOWN_LENGTH = 300  # characters of a value shown in a repair; the row's cells hold the whole value


class CleaningLog:
    """Collects the repairs, problems, unknown terms and column headings of one row.

    `columns` leads from flat fields to headings of the file. `set_path_heading` adds draft paths to it.
    """

    def __init__(self, row: Row) -> None:
        self.repairs: list[Repair] = list(row.repairs)
        self.problems: list[Problem] = list(row.problems)
        self.unknown_terms: dict[str, tuple[str, ...]] = dict(row.unknown_terms)
        self.columns: dict[str, str] = dict(row.columns)

    def find_heading(self, field: str) -> str:
        """Return the file's heading of a flat field, or the field itself if it has no heading."""
        return self.columns.get(field, field)

    def set_path_heading(self, path: DraftPath, field: str) -> None:
        """Record that the value at `path` of the draft came from the flat field."""
        heading = self.columns.get(field)
        if heading is not None:
            self.columns[format_path(path)] = heading

    def add_repair(self, field: str, before: str, after: object, reasons: Iterable[str]) -> None:
        if reason := "; ".join(reasons):
            self.repairs.append(Repair(self.find_heading(field), _shorten(before), _shorten(format_value(after)), reason))

    def add_problem(self, path: DraftPath, error: BadInput) -> None:
        self.problems.append(Problem(path, error.code, error.user_message, {**error.params}))

    def parse_field(self, field: str, path: DraftPath, text: str, parse: Callable[[str], CleaningResult[T]]) -> T | None:
        """Return the parsed value, and log its repairs and problems at `path`. If `parse` raises BadInput, return None."""
        self.set_path_heading(path, field)
        try:
            result = parse(text)
        except BadInput as error:
            self.add_problem(path, error)
            return None
        self.add_repair(field, text, result.value, result.reasons)
        for sentence in result.problems:
            self.add_problem(path, BadInput(sentence))
        return result.value

    def add_unknown_term(self, tag: str, nearest: Iterable[str]) -> None:
        self.unknown_terms[tag] = tuple(nearest)

    def build_row(self, row: Row, draft_fields: Mapping[str, object], **fields: Any) -> Row:
        """Return the row with these draft fields and everything in the log. `fields` replaces further fields of the row."""
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
    """Return the path in the form of `Problem.path_text`: "locations[0].postal_code"."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def format_value(value: object) -> str:
    """Return a draft value as readable text; "" for None."""
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
