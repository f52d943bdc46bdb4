"""Check that a request over our own schema is answered as graphql-core answers it, by the engine and by the whole service."""

import re
from collections import Counter
from random import Random
from typing import Any, NamedTuple

import msgspec
from graphql import validate
from msgspec import Raw, Struct

from directory.errors import UnknownValue
from directory.question import MAX_NESTING
from directory.search.snapshot import Snapshot
from schema.context import Context, SingleUseFields
from schema.errors import add_suggestions
from schema.execution.execute import answer_document
from schema.limits import LIMITS
from schema.schema import SCHEMA
from tests.builders import NOW
from tests.engine_answers import (
    EngineAnswer,
    EngineRequest,
    assert_equal_answers,
    execute_with_engine,
    execute_with_graphql_core,
    mask_error_ids,
    parse_document,
)
from tests.schema.execution.documents.variable_variation import Values
from tests.schema.execution.documents.varied_document import OPERATION, VariedDocument

LOOSE_LIMITS = msgspec.structs.replace(LIMITS, seconds=60.0, cpu_seconds=60.0)  # so that no answer depends on the clock
REFUSALS = {"TOO_COMPLEX", "TOO_LARGE", "NOT_VALID"}  # of a document, whatever its variables
OTHER_STRINGS = ('"housing"', '"workers"', '"US-GA"', '"Atlanta"', '"es"')
_NESTED_FILTER = re.compile(r"\b(and|or): \[?\{")
_STRING = re.compile(r'"[^"\\\\]*"')


class ResponseBody(Struct):
    """The body of a response, with the bytes of its parts. Empty ones are missing."""

    data: Raw = Raw()
    errors: Raw = Raw()
    extensions: dict[str, Any] = {}

    def list_errors(self) -> list[dict[str, Any]]:
        return mask_error_ids(msgspec.json.decode(self.errors)) if bytes(self.errors) else []


class RequestChecker(NamedTuple):
    """Checks requests over one snapshot, and counts the interesting cases that they reach."""

    snapshot: Snapshot
    case_counts: Counter[str]

    def check_document(self, document: VariedDocument) -> bool:
        """Check a document with variables, then its next pages, then the same document with other literals.

        Returns False if the document is refused, so that nothing is executed.
        """
        variables = document.draw()
        data = self.check(document.text, variables)
        if cursors := document.take_cursors(data):
            self.case_counts["next page"] += 1
            self.check(document.text, variables | cursors)
        text = replace_strings(document.text, document.random)
        if data is not None and text != document.text and document.random.random() < 0.5:
            self._check_other_literals(text, document.draw())
        return data is not None

    def _check_other_literals(self, text: str, variables: Values) -> None:
        """Check a document that is like a valid one but may be invalid itself."""
        problems = [problem.message for problem in validate(SCHEMA, parse_document(text))][: LIMITS.errors]
        if problems:
            errors = self._answer(text, variables).list_errors()
            assert [(error["message"], error["extensions"]["code"]) for error in errors] == [
                (problem, "NOT_VALID") for problem in problems
            ]
        self.case_counts["other literals"] += 1
        self.case_counts["other literals, not valid"] += bool(problems)
        self.check(text, variables)

    def check(self, text: str, variables: Values) -> Values | None:
        """Check one request, and return the data of its answer; None if the document is refused."""
        body = self._answer(text, variables)
        if not bytes(body.data) and body.list_errors()[0]["extensions"]["code"] in REFUSALS:
            self.case_counts["refused"] += 1
            return None
        self._count(text, variables, body)
        cost = body.extensions["cost"]["requested"]
        request = self._build_request(text, variables, cost)
        expected = execute_with_graphql_core(request)
        answer = execute_with_engine(request)
        self.case_counts["compiled"] += answer.is_compiled
        assert_equal_answers(answer, expected, request)
        _assert_expected_body(body, expected, request)
        data: Values | None = msgspec.json.decode(expected.data)
        return data or {}

    def _answer(self, text: str, variables: Values) -> ResponseBody:
        body = answer_document(text, variables, OPERATION, Context(self.snapshot, NOW, limits=LOOSE_LIMITS)).body
        return msgspec.json.decode(body, type=ResponseBody)

    def _build_request(self, text: str, variables: Values, cost: int) -> EngineRequest:
        def build_context() -> Context:
            return Context(self.snapshot, NOW, cost=cost, limits=LOOSE_LIMITS, single_use_fields=SingleUseFields())

        return EngineRequest(SCHEMA, text, variables, OPERATION, build_context=build_context)

    def _count(self, text: str, variables: Values, body: ResponseBody) -> None:
        codes = {error["extensions"]["code"] for error in body.list_errors()}
        cases = {
            "request": True,
            "without data": not bytes(body.data),
            "errors": bool(codes) and bool(bytes(body.data)),
            "condition": "@skip" in text or "@include" in text,
            "variable condition": "(if: $" in text,
            "named fragment": "\nfragment " in text,
            "interface": "on Node" in text,
            "default": re.search(r"\$\w+: [\w\[\]!]+ = ", text) is not None,
            "filter in a filter": _NESTED_FILTER.search(text) is not None or count_filter_levels(variables) > 0,
            "filter nested twice": count_filter_levels(variables) == MAX_NESTING,
            "filter nested too deep": count_filter_levels(variables) > MAX_NESTING,
            "words": "words:" in text,
            "query string": "search:" in text,
        }
        self.case_counts.update([name for name, applies in cases.items() if applies])
        self.case_counts.update(codes)


def count_filter_levels(value: Any) -> int:
    """Return how deep filters are nested in `and` and `or`, in variables or in a value of one."""
    if isinstance(value, list):
        return max(map(count_filter_levels, value), default=0)
    if not isinstance(value, dict):
        return 0
    return max((count_filter_levels(inner) + (name in ("and", "or")) for name, inner in value.items()), default=0)


def _assert_expected_body(body: ResponseBody, expected: EngineAnswer, request: EngineRequest) -> None:
    errors = expected.errors[: LIMITS.errors]
    causes = [cause.original_error for cause in expected.causes[: LIMITS.errors]]
    unknown = [(error, cause) for error, cause in zip(errors, causes, strict=True) if isinstance(cause, UnknownValue)]
    for error, cause in unknown[: LIMITS.suggested_for]:
        add_suggestions(error, cause)
    is_refused = expected.data == b"null" and all("path" not in error for error in errors)
    expected_body = EngineAnswer(b"" if is_refused else expected.data, errors)
    assert_equal_answers(EngineAnswer(bytes(body.data), body.list_errors()), expected_body, request)
    assert is_refused or body.extensions.get("errorsLeftOut", 0) == len(expected.errors) - len(errors)


def replace_strings(text: str, random: Random) -> str:
    """Return the document with other strings. Usually equal ones stay equal, so that fields can still be merged."""
    strings = sorted({*_STRING.findall(text)})
    choices = sorted({*strings, *OTHER_STRINGS})
    exchanged = dict(zip(strings, random.sample(choices, len(strings)), strict=True))
    are_equal = random.random() < 0.8
    return _STRING.sub(lambda match: exchanged[match.group()] if are_equal else random.choice(choices), text)
