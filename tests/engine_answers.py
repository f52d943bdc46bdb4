"""Execute a valid document with the compiled engine, and with graphql-core alone, in a form that can be compared."""

import importlib
import importlib.util
from typing import Any, NamedTuple

import msgspec
from graphql import DocumentNode, ExecutionResult, GraphQLSchema, execute, parse

from schema.errors import format_error

HAS_ENGINE = importlib.util.find_spec("schema.execution.plan") is not None
INTERNAL = "INTERNAL"


class EngineAnswer(NamedTuple):
    """The JSON of `data`, and the formatted errors. Not `is_compiled` when the engine declined and graphql-core executed it."""

    data: bytes
    errors: list[dict[str, Any]]
    is_compiled: bool = False


class EngineRequest(NamedTuple):
    """A valid document to execute on a schema whose resolvers are plain functions."""

    schema: GraphQLSchema
    text: str
    variables: dict[str, Any] | None = None
    operation: str | None = None
    root: Any = None
    context: Any = None

    @property
    def document(self) -> DocumentNode:
        return parse(self.text)


def execute_with_engine(request: EngineRequest) -> EngineAnswer:
    """Compile and run a request. If the engine declines it, graphql-core executes it, as on a server."""
    if not HAS_ENGINE:
        return execute_with_graphql_core(request)
    plan, coercion = map(importlib.import_module, ("schema.execution.plan", "schema.execution.coercion"))
    try:
        compiled = plan.compile_plan(request.schema, request.document, request.operation)
        answer = compiled.run(request.root, request.context, request.variables)
    except coercion.Declined:
        return execute_with_graphql_core(request)
    return EngineAnswer(answer.data, mask_error_ids(answer.errors), True)


def execute_with_graphql_core(request: EngineRequest) -> EngineAnswer:
    """Execute a request with graphql-core alone and without limits."""
    result = execute(
        request.schema,
        request.document,
        request.root,
        request.context,
        request.variables,
        request.operation,
    )
    assert isinstance(result, ExecutionResult)
    errors = [format_error(error) for error in result.errors or ()]
    return EngineAnswer(msgspec.json.encode(result.data), mask_error_ids(errors))


def mask_error_ids(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the errors without the random ids of internal errors."""
    return [_mask_error_id(error) if error["extensions"]["code"] == INTERNAL else error for error in errors]


def _mask_error_id(error: dict[str, Any]) -> dict[str, Any]:
    error_id = error["extensions"]["errorId"]
    return {
        **error,
        "message": error["message"].replace(error_id, "ID"),
        "extensions": {**error["extensions"], "errorId": "ID"},
    }


def assert_same_answer(request: EngineRequest) -> EngineAnswer:
    """Check that the engine answers like graphql-core, with keys in the same order, and return the answer."""
    answer, expected = execute_with_engine(request), execute_with_graphql_core(request)
    difference = f"{request.text}\n{request.variables}"
    assert answer.data == expected.data, difference
    assert msgspec.json.encode(answer.errors) == msgspec.json.encode(expected.errors), difference
    return answer
