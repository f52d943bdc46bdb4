from collections.abc import Callable
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from directory.drafts.problems import Problem, format_problem, list_problems, validate_with
from directory.errors import ErrorCode, UnknownTerm


def list_problems_of(check: Callable[[str], str]) -> list[Problem]:
    adapter: TypeAdapter[str] = TypeAdapter(Annotated[str, validate_with(check)])
    with pytest.raises(ValidationError) as refusal:
        adapter.validate_python("x")
    return list_problems(refusal.value)


def test_a_problem_is_formatted_with_its_path() -> None:
    problem = Problem(("locations", 0, "postal_code"), ErrorCode.BAD_INPUT, "This must be text.")
    assert format_problem(problem) == "locations[0].postal_code: This must be text."
    assert format_problem(Problem((), ErrorCode.BAD_INPUT, "This must be text.")) == "This must be text."


def test_our_own_errors_keep_code_message_and_params() -> None:
    def refuse(_: str) -> str:
        raise UnknownTerm("No {such} term.", suggestions=["housing"])

    assert list_problems_of(refuse) == [Problem((), ErrorCode.UNKNOWN_TERM, "No {such} term.", {"suggestions": ["housing"]})]


def test_only_bad_input_becomes_a_problem() -> None:
    def fail(_: str) -> str:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        list_problems_of(fail)


def test_an_error_type_without_a_message_gets_a_general_one() -> None:
    with pytest.raises(ValidationError) as refusal:
        TypeAdapter(dict[str, str]).validate_python(3)
    assert list_problems(refusal.value)[0].message == "This value is not valid. Check its format."
