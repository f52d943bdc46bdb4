"""The result of cleaning one value, the memory of such results, and the log of repairs and problems for one row."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar, TypeVarTuple

from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import BadInput
from seed.rows import Repair, Row

T_co = TypeVar("T_co", covariant=True)


class CleaningResult(Struct, Generic[T_co], frozen=True, gc=False):
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
Ts = TypeVarTuple("Ts")
DraftPath = tuple[str | int, ...]

MAX_SHOWN_LENGTH = 300  # characters of a value shown in a repair; the row's cells hold the whole value


MAX_RESULTS = 1 << 13  # of one function and one half of its results
TRIAL_CALLS = 1_000  # after which a function whose results hardly ever come back is not cached any more
MIN_REPEATED_SHARE = 0.05  # of its calls


class _Results:
    """The results of one function. When the recent ones are full, those that nobody has asked for since the last time go."""

    __slots__ = ("calls", "earlier", "recent", "repeats")

    def __init__(self) -> None:
        self.recent: dict[tuple[object, ...], Any] = {}
        self.earlier: dict[tuple[object, ...], Any] = {}
        self.calls = self.repeats = 0

    @property
    def are_useless(self) -> bool:
        return self.calls > TRIAL_CALLS and self.repeats < MIN_REPEATED_SHARE * self.calls

    def add(self, arguments: tuple[object, ...], result: object) -> None:
        if len(self.recent) >= MAX_RESULTS:
            self.earlier, self.recent = self.recent, {}
        self.recent[arguments] = result


class ValueCache:
    """Results of pure functions for the values of one import, so that equal values of a column are cleaned once.

    Refusals are remembered too. A cache lives as long as its import, because it may hold private texts.
    """

    def __init__(self) -> None:
        self._results: dict[Callable[..., Any], _Results] = {}

    def call(self, function: Callable[[*Ts], T], *arguments: *Ts) -> T:
        """Return what the function returns for the arguments. Raises the BadInput that it raises."""
        result = self.try_call(function, *arguments)
        if isinstance(result, BadInput):
            raise result.with_traceback(None)
        return result

    def try_call(self, function: Callable[[*Ts], T], *arguments: *Ts) -> T | BadInput:
        """Return what the function returns for the arguments, or the BadInput that it raises."""
        results = self._results.get(function)
        if results is None:
            results = self._results[function] = _Results()
        results.calls += 1
        result: T | BadInput | None = results.recent.get(arguments)
        if result is not None:
            results.repeats += 1
            return result
        return self._compute(results, function, *arguments)

    def count_results(self) -> int:
        return sum(len(results.recent) + len(results.earlier) for results in self._results.values())

    def _compute(self, results: _Results, function: Callable[[*Ts], T], *arguments: *Ts) -> T | BadInput:
        result: T | BadInput | None = results.earlier.pop(arguments, None)
        if result is None:
            try:
                result = function(*arguments)
            except BadInput as error:
                result = error
            if results.are_useless:
                return result
        results.add(arguments, result)
        return result


class CleaningLog:
    """Collects the repairs, problems, unknown terms and column headings of one row.

    `columns` leads from flat fields to headings of the file, and `path_headings` from draft paths. `values` is the cache of the
    row's import.
    """

    def __init__(self, row: Row, values: ValueCache | None = None) -> None:
        self.repairs: list[Repair] = list(row.repairs)
        self.problems: list[Problem] = list(row.problems)
        self.unknown_terms: dict[str, tuple[str, ...]] = dict(row.unknown_terms)
        self.columns: Mapping[str, str] = row.columns
        self.path_headings: dict[str, str] = {}
        self.values = ValueCache() if values is None else values

    def find_heading(self, field: str) -> str:
        """Return the file's heading of a flat field, or the field itself if it has no heading."""
        return self.columns.get(field, field)

    def set_heading(self, field: str, heading: str) -> None:
        """Set the heading of a flat field whose value was found in the column of another field."""
        self.columns = {**self.columns, field: heading}

    def set_path_heading(self, path: DraftPath, field: str) -> None:
        """Record that the value at `path` of the draft came from the flat field."""
        heading = self.columns.get(field)
        if heading is not None:
            self.path_headings[format_path(path)] = heading

    def add_repair(self, field: str, before: str, after: object, reasons: Iterable[str]) -> None:
        if reason := "; ".join(reasons):
            self.repairs.append(Repair(self.find_heading(field), _shorten(before), _shorten(format_value(after)), reason))

    def add_problem(self, path: DraftPath, error: BadInput) -> None:
        self.problems.append(Problem(path, error.code, error.user_message, {**error.params}))

    def parse_field(
        self, field: str, path: DraftPath, text: str, parse: Callable[..., CleaningResult[T]], *context: object
    ) -> T | None:
        """Return `parse(text, *context)`, and log its repairs and problems at `path`. If it raises BadInput, return None."""
        self.set_path_heading(path, field)
        result = self.values.try_call(parse, text, *context)
        if isinstance(result, BadInput):
            self.add_problem(path, result)
            return None
        if result.reasons:
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
            columns={**self.columns, **self.path_headings},
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
