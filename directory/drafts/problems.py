"""Validate submitted data, and report all problems at once, each with its path, its code and a message."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from msgspec import Struct
from pydantic import AfterValidator, BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from directory.errors import BadInput, ErrorCode

T = TypeVar("T")
D = TypeVar("D", bound=BaseModel)

_MESSAGES_BY_TYPE = {  # by the error types of pydantic
    "missing": "This field is required.",
    "extra_forbidden": "There is no such field. Check its spelling or leave it out.",
    "string_type": "This must be text. Put a number that is a code in quotation marks.",
    "string_too_long": "This is too long. It can have at most {max_length} characters.",
    "string_pattern_mismatch": "This must be one lower-case word, for example instagram.",
    "too_long": "This list is too long. It can have at most {max_length} items.",
    "enum": "This must be one of {expected}.",
    "greater_than_equal": "This must be {ge} or more.",
    "less_than_equal": "This must be {le} or less.",
    "tuple_type": "This must be a list.",
    "model_type": "This must be an object with named fields.",
    "timezone_aware": "This time needs a time zone, for example 2024-05-01T12:00:00Z.",
}
_MESSAGES_BY_TYPE_PREFIX = {  # by the first word of the error type
    "int": "This must be a whole number.",
    "float": "This must be a number.",
    "bool": "This must be true or false.",
    "datetime": "This must be a date and time, for example 2024-05-01T12:00:00Z.",
    "date": "This must be a date, for example 2024-05-01.",
}


class Problem(Struct, frozen=True):
    """A problem with one value. `path` consists of field names and positions (from 0); `message` is for a person.

    `params` are JSON-ready facts for translators, such as the `suggestions` for an unknown term.
    """

    path: tuple[str | int, ...]
    code: ErrorCode
    message: str
    params: Mapping[str, Any] = {}

    @property
    def path_text(self) -> str:
        """The path as text, for example `locations[0].postal_code`. "" for the whole record."""
        return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")


def format_problem(problem: Problem) -> str:
    return f"{problem.path_text}: {problem.message}" if problem.path else problem.message


def build_error(problems: list[Problem]) -> BadInput:
    """Return the error that reports these problems."""
    return BadInput(" ".join(map(format_problem, problems)), problems=problems)


def validate_draft(draft_type: type[D], submitted: Mapping[str, object], context: Mapping[str, Any] | None = None) -> D:
    """Return the draft of submitted data. Raises BadInput with all problems in its param `problems`, a list of Problem."""
    try:
        return draft_type.model_validate(submitted, context=dict(context or {}))
    except ValidationError as error:
        raise build_error(list_problems(error)) from error


def validate_with(check: Callable[[Any], T]) -> AfterValidator:
    """Return a pydantic validator that calls `check` and reports its BadInput as a problem."""

    def validate(value: Any) -> T:
        try:
            return check(value)
        except BadInput as refusal:
            raise to_pydantic_error(refusal) from refusal

    return AfterValidator(validate)


def to_pydantic_error(refusal: BadInput) -> PydanticCustomError:
    """Return a pydantic error that `list_problems` turns back into the code, message and params of `refusal`."""
    return PydanticCustomError(refusal.code.value, "{sentence}", {"sentence": refusal.user_message, "params": refusal.params})


def list_problems(error: ValidationError) -> list[Problem]:
    """Return every problem of an invalid draft, in the order of its fields."""
    return [_build_problem(detail["loc"], detail["type"], detail.get("ctx", {})) for detail in error.errors(include_url=False)]


def _build_problem(path: tuple[str | int, ...], kind: str, context: Mapping[str, Any]) -> Problem:
    if kind in ErrorCode.__members__:
        return Problem(path, ErrorCode(kind), context["sentence"], context["params"])
    message = _MESSAGES_BY_TYPE.get(kind) or _MESSAGES_BY_TYPE_PREFIX.get(kind.partition("_")[0])
    return Problem(
        path, ErrorCode.BAD_INPUT, message.format_map(context) if message else "This value is not valid. Check its format."
    )
