"""What is found out about one row while its values are cleaned: repairs, problems, unknown terms, and where each field stands."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from msgspec.structs import replace

from directory.errors import BadInput
from directory.problems import Problem
from seed.clean.mended import Mended
from seed.rows import Repair, Row

T = TypeVar("T")
Path = tuple[str | int, ...]

SHOWN = 300  # characters of a value that a repair shows; the whole stands in the row's cells


class Findings:
    """Collects for one row. A field's heading is known by its flat name, and from `place` on by its draft path too."""

    def __init__(self, row: Row) -> None:
        self.repairs: list[Repair] = list(row.repairs)
        self.problems: list[Problem] = list(row.problems)
        self.unknown: dict[str, tuple[str, ...]] = dict(row.unknown_terms)
        self.columns: dict[str, str] = dict(row.columns)

    def heading(self, field: str) -> str:
        """The file's own heading of a flat field, or the field where there is none."""
        return self.columns.get(field, field)

    def place(self, path: Path, field: str) -> None:
        """Says that what stands at `path` of the draft came from the flat field."""
        heading = self.columns.get(field)
        if heading is not None:
            self.columns[where(path)] = heading

    def repair(self, field: str, before: str, after: object, reasons: Iterable[str]) -> None:
        if told := "; ".join(reasons):
            self.repairs.append(Repair(self.heading(field), _shown(before), _shown(shown(after)), told))

    def refuse(self, path: Path, refusal: BadInput) -> None:
        self.problems.append(Problem(path, refusal.code, refusal.sentence, {**refusal.params}))

    def read(self, field: str, path: Path, text: str, reading: Callable[[str], Mended[T]]) -> T | None:
        """What `reading` makes of the text; None when it refuses, and the refusal is a problem at `path`."""
        self.place(path, field)
        try:
            mended = reading(text)
        except BadInput as refusal:
            self.refuse(path, refusal)
            return None
        if mended.reasons:
            self.repair(field, text, mended.value, mended.reasons)
        return mended.value

    def unknown_term(self, tag: str, nearest: Iterable[str]) -> None:
        self.unknown[tag] = tuple(nearest)

    def row(self, row: Row, stated: Mapping[str, object], **fields: Any) -> Row:
        """The row with what was found."""
        return replace(
            row,
            stated=stated,
            repairs=tuple(self.repairs),
            problems=tuple(self.problems),
            columns=self.columns,
            unknown_terms=self.unknown,
            **fields,
        )


@lru_cache(maxsize=1 << 12)
def where(path: Path) -> str:
    """The path as Problem.where writes it: "locations[0].postal_code"."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def shown(value: object) -> str:
    """A value of a draft as a person reads it; "" for none."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ", ".join(shown(part) for part in value.values() if part is not None)
    if isinstance(value, (list, tuple)):
        return "; ".join(shown(part) for part in value)
    return str(value)


def _shown(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
