"""What is wrong with what somebody submitted: every problem at once, each with its place, its code and a sentence."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from msgspec import Struct
from pydantic import AfterValidator, ValidationError
from pydantic_core import PydanticCustomError

from directory.errors import BadInput, ErrorCode

T = TypeVar("T")


class Problem(Struct, frozen=True):
    """What is wrong with one value: `path` leads to it (field names, and positions from 0), `message` is for a person.

    `params` are JSON-ready facts for translators, such as the `suggestions` for an unknown term.
    """

    path: tuple[str | int, ...]
    code: ErrorCode
    message: str
    params: Mapping[str, Any] = {}

    @property
    def path_text(self) -> str:
        """The path as it is written: `locations[0].postal_code`; "" for the whole record."""
        return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")


def format_problem(problem: Problem) -> str:
    return f"{problem.path_text}: {problem.message}" if problem.path else problem.message


def validate_with(check: Callable[[Any], T]) -> AfterValidator:
    """A check of ours inside pydantic: its refusal becomes one problem among all."""

    def run(value: Any) -> T:
        try:
            return check(value)
        except BadInput as refusal:
            raise to_pydantic_error(refusal) from refusal

    return AfterValidator(run)


def to_pydantic_error(refusal: BadInput) -> PydanticCustomError:
    return PydanticCustomError(refusal.code.value, "{sentence}", {"sentence": refusal.user_message, "params": refusal.params})


def list_problems(error: ValidationError) -> list[Problem]:
    """Every problem of a refused draft, in the order of its fields."""
    return [_build_problem(detail["loc"], detail["type"], detail.get("ctx", {})) for detail in error.errors(include_url=False)]


def _build_problem(path: tuple[str | int, ...], kind: str, context: Mapping[str, Any]) -> Problem:
    if kind in ErrorCode.__members__:
        return Problem(path, ErrorCode(kind), context["sentence"], context["params"])
    known = _MESSAGES_BY_TYPE.get(kind) or _MESSAGES_BY_TYPE_PREFIX.get(kind.partition("_")[0])
    return Problem(path, ErrorCode.BAD_INPUT, known.format_map(context) if known else "This cannot be used here; check its form.")


_MESSAGES_BY_TYPE = {  # by pydantic's error types
    "missing": "This must be given.",
    "extra_forbidden": "There is no such field; check its spelling or leave it out.",
    "string_type": "This must be text; a number that is a code belongs in quotation marks.",
    "string_too_long": "This is too long; it has at most {max_length} characters.",
    "string_pattern_mismatch": "This is one lower-case word, as in instagram.",
    "too_long": "These are too many; there are at most {max_length}.",
    "enum": "This is one of {expected}.",
    "greater_than_equal": "This is {ge} or more.",
    "less_than_equal": "This is {le} or less.",
    "tuple_type": "This must be a list.",
    "model_type": "This must be a group of named fields.",
    "timezone_aware": "A moment needs its time zone, as in 2024-05-01T12:00:00Z.",
}
_MESSAGES_BY_TYPE_PREFIX = {  # by what these types begin with
    "int": "This must be a whole number.",
    "float": "This must be a number.",
    "bool": "This is true or false.",
    "datetime": "This must be a moment, as in 2024-05-01T12:00:00Z.",
    "date": "This must be a date, as in 2024-05-01.",
}
