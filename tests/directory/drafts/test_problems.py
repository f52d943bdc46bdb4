from collections.abc import Callable
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from directory.drafts.problems import Problem, format_problem, list_problems, validate_with
from directory.errors import ErrorCode, UnknownTerm


def told_of(check: Callable[[str], str]) -> list[Problem]:
    adapter: TypeAdapter[str] = TypeAdapter(Annotated[str, validate_with(check)])
    with pytest.raises(ValidationError) as refusal:
        adapter.validate_python("x")
    return list_problems(refusal.value)


def test_a_path_reads_as_it_is_written() -> None:
    problem = Problem(("locations", 0, "postal_code"), ErrorCode.BAD_INPUT, "This must be text.")
    assert format_problem(problem) == "locations[0].postal_code: This must be text."
    assert format_problem(Problem((), ErrorCode.BAD_INPUT, "This must be text.")) == "This must be text."


def test_our_own_refusal_keeps_its_code_sentence_and_params() -> None:
    def refuse(_: str) -> str:
        raise UnknownTerm("No {such} term.", suggestions=["housing"])

    assert told_of(refuse) == [Problem((), ErrorCode.UNKNOWN_TERM, "No {such} term.", {"suggestions": ["housing"]})]


def test_only_refusals_become_problems() -> None:
    def fail(_: str) -> str:
        raise KeyError("a mistake of ours")

    with pytest.raises(KeyError):
        told_of(fail)


def test_a_kind_of_error_without_a_sentence_still_gets_one() -> None:
    with pytest.raises(ValidationError) as refusal:
        TypeAdapter(dict[str, str]).validate_python(3)
    assert list_problems(refusal.value)[0].message == "This cannot be used here; check its form."
