"""Find what is wrong with the address of a search, so that the page can say it and search for the rest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from directory.filters.labels import format_origin
from directory.filters.origins import resolve_near
from web.pages.page import PageRequest
from web.pages.search.search_form import NEAR, WORDS, Pair, SearchForm, format_pairs

MAX_CHECKED_PARTS = 20
MAX_ECHO_LENGTH = 80
BAD_CURSOR = "BAD_CURSOR"


class Suggestion(Struct, frozen=True):
    """A value that exists, with its name in the language of the page."""

    value: str
    label: str


class Problem(Struct, frozen=True):
    """Why pairs of an address are left out. `suggestions` are values that exist, nearest first."""

    code: str
    key: str
    value: str  # shortened
    pairs: tuple[Pair, ...]
    suggestions: tuple[Suggestion, ...] = ()
    limit: int | None = None

    @property
    def is_repeated(self) -> bool:
        """Whether a key that can have one value has several."""
        return len(self.pairs) > 1 and len({key for key, _ in self.pairs}) == 1

    @classmethod
    def from_leftover(cls, pair: Pair) -> "Problem":
        """Return the problem with a parameter of the page that is not possible."""
        key, value = pair
        return cls("BAD_INPUT", key, value[:MAX_ECHO_LENGTH], (pair,))

    @classmethod
    def from_error(cls, error: Mapping[str, Any], pairs: Sequence[Pair]) -> "Problem":
        """Return the problem that an error of the API describes. The labels of suggestions are their values."""
        details = error["extensions"]
        key, value = pairs[0] if pairs else ("", "")
        shown = str(details.get("value", value))[:MAX_ECHO_LENGTH]
        suggestions = tuple(Suggestion(str(each), str(each)) for each in details.get("suggestions", ()))
        return cls(str(details["code"]), key, shown, tuple(pairs), suggestions, details.get("limit"))


def find_problems(request: PageRequest, form: SearchForm, errors: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Return what is invalid by itself, in the order of the address. `errors` are those of the whole search.

    Of an address with many parts only the first are checked; the others are left out, and the last problem says so.
    """
    if errors[0]["extensions"]["code"] == BAD_CURSOR:
        return [Problem.from_error(errors[0], form.cursor_pairs)]
    parts = list(form.iter_parts())
    checked, unchecked = parts[:MAX_CHECKED_PARTS], parts[MAX_CHECKED_PARTS:]
    problems = [problem for part in checked if (problem := _check(request, part))]
    if unchecked:
        pairs = tuple(pair for part in unchecked for pair in part)
        problems.append(Problem("TOO_LARGE", pairs[0][0], pairs[0][1][:MAX_ECHO_LENGTH], pairs, limit=MAX_CHECKED_PARTS))
    return problems


def _check(request: PageRequest, part: tuple[Pair, ...]) -> Problem | None:
    key, value = part[0]
    answer = request.ask("check", **({WORDS: value} if key == WORDS else {"search": format_pairs(part)}))
    if answer.data.get("organizations") is not None:
        return None
    problem = Problem.from_error(answer.errors[0], part)
    return replace(problem, suggestions=_build_suggestions(request, key, [each.value for each in problem.suggestions]))


def _build_suggestions(request: PageRequest, key: str, values: Sequence[str]) -> tuple[Suggestion, ...]:
    """Return the values that the key can have, with their labels. Equal labels, as of both Georgias, have their values."""
    labels = {value: label for value in values if (label := _find_label(request, key, value))}
    repeated = {label for label, count in Counter(labels.values()).items() if count > 1}
    return tuple(Suggestion(value, f"{label} ({value})" if label in repeated else label) for value, label in labels.items())


def _find_label(request: PageRequest, key: str, value: str) -> str | None:
    """Return what a value is called as a part of a search; None if the key cannot have it. A place is called by its name."""
    found = request.ask("check", search=format_pairs([(key, value)])).data.get("organizations")
    if not found or not found["question"]:
        return None
    return format_origin(resolve_near(value), request.language.code) if key == NEAR else str(found["question"][0]["label"])
