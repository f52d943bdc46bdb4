"""Execute a valid document with the compiled engine, and with graphql-core alone, in a form that can be compared."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, execute, parse

from schema.errors import DeclinedError, format_error
from schema.execution.literals import take_out_literals
from schema.execution.plan import Plan
from schema.limits import LIMITS


class EngineAnswer(NamedTuple):
    """The JSON of `data`, and the formatted errors with their causes.

    Not `is_compiled` when the engine declined the request and graphql-core executed it.
    """

    data: bytes
    errors: list[dict[str, Any]]
    is_compiled: bool = False
    causes: Sequence[GraphQLError] = ()


@lru_cache(maxsize=4)  # both executions of a request use it
def parse_document(text: str) -> DocumentNode:
    return parse(text)


class EngineRequest(NamedTuple):
    """A valid document to execute on a schema whose resolvers are plain functions.

    Each execution gets its own context, because resolvers may note in it what a request has used.
    """

    schema: GraphQLSchema
    text: str
    variables: dict[str, Any] | None = None
    operation: str | None = None
    root: Any = None
    build_context: Callable[[], Any] = lambda: None


def execute_with_engine(request: EngineRequest) -> EngineAnswer:
    """Compile and run a request. If the engine declines it, graphql-core executes it, as on a server."""
    document, text = parse_document(request.text), take_out_literals(request.text)
    try:
        plan = Plan(request.schema, document, request.operation, text)
        answer = plan.run(request.root, request.build_context(), request.variables, text, document)
        return EngineAnswer(answer.data, mask_error_ids(answer.errors), is_compiled=True)
    except DeclinedError:
        pass
    return execute_with_graphql_core(request)


def execute_with_graphql_core(request: EngineRequest) -> EngineAnswer:
    """Execute a request with graphql-core alone and without limits of its time and size."""
    result = execute(
        request.schema,
        parse_document(request.text),
        request.root,
        request.build_context(),
        request.variables,
        request.operation,
        max_coercion_errors=LIMITS.errors,
    )
    assert isinstance(result, ExecutionResult)
    causes = result.errors or []
    return EngineAnswer(msgspec.json.encode(result.data), mask_error_ids(list(map(format_error, causes))), causes=causes)


def mask_error_ids(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the errors without the random ids of internal errors."""
    return [_mask_error_id(error) if "errorId" in error["extensions"] else error for error in errors]


def _mask_error_id(error: dict[str, Any]) -> dict[str, Any]:
    error_id = error["extensions"]["errorId"]
    message, extensions = error["message"].replace(error_id, "ID"), {**error["extensions"], "errorId": "ID"}
    return {**error, "message": message, "extensions": extensions}


def assert_same_answer(request: EngineRequest) -> EngineAnswer:
    """Check that the engine answers like graphql-core, with keys in the same order, and return the answer."""
    answer, expected = execute_with_engine(request), execute_with_graphql_core(request)
    assert_equal_answers(answer, expected, request)
    return answer


def assert_equal_answers(answer: EngineAnswer, expected: EngineAnswer, request: EngineRequest) -> None:
    description = f"{request.text}\n{request.variables}"
    assert answer.data.decode() == expected.data.decode(), description
    errors, expected_errors = (msgspec.json.encode(each.errors).decode() for each in (answer, expected))
    assert errors == expected_errors, description
