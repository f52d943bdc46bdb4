"""Execute a whole request with graphql-core, within the limits of the request.

This is how requests are answered that compiled plans decline, and what plans are compared with in tests. It calls graphql-core
directly instead of Strawberry's `execute`: the resolvers are the same, but there are no extensions and nothing is awaited.
"""

from collections.abc import Awaitable
from typing import Any, NamedTuple, TypeGuard

import msgspec
from graphql import DocumentNode, ExecutionResult, Executor, GraphQLSchema, execute

from directory.errors import UnknownValue
from schema.context import Context
from schema.errors import RequestRefusedError, format_error
from schema.limits import Limits, RequestClock, too_many_fields_error, too_much_text_error

_encode = msgspec.json.Encoder().encode


class CoreAnswer(NamedTuple):
    """`data` is JSON, None if the request is refused before a field is resolved. `errors` are the first of `error_count`."""

    data: bytes | None
    errors: list[dict[str, Any]]
    error_count: int
    unknown_values: list[tuple[dict[str, Any], UnknownValue]]


def execute_with_core(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: dict[str, Any] | None,
    operation: str | None,
    context: Context,
    deadline: float,
) -> CoreAnswer:
    """Execute a valid document. `deadline` is in CPU seconds of this thread. Raises RequestRefusedError at a limit."""
    limits = context.limits
    try:
        result = execute(
            schema,
            document,
            context_value=context,
            variable_values=variables,
            operation_name=operation,
            max_coercion_errors=limits.errors,
            is_awaitable=_is_never_awaitable,
            executor_class=_LimitedExecutor,
            limits=limits,
            cpu_deadline=deadline,
        )
    except _ExecutionAborted as abort:
        raise abort.refusal from None
    assert isinstance(result, ExecutionResult)  # noqa: S101 - no resolver is awaited
    all_errors = result.errors or []
    errors = [format_error(error) for error in all_errors[: limits.errors]]
    causes = (error.original_error for error in all_errors)
    unknown_values = [(error, cause) for error, cause in zip(errors, causes, strict=False) if isinstance(cause, UnknownValue)]
    has_data = result.data is not None or any("path" in error for error in errors)
    return CoreAnswer(_encode(result.data) if has_data else None, errors, len(all_errors), unknown_values)


class _ExecutionAborted(BaseException):
    """Ends the execution. Not an Exception, because graphql-core turns those into the error of one field and continues."""

    def __init__(self, refusal: RequestRefusedError) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class _LimitedExecutor(Executor[None]):
    """Checks the time and counts fields before each root field and each object, including the objects in lists.

    Counts the characters of the response, with the names of fields: a text selected under two aliases counts twice.
    """

    def __init__(self, *arguments: Any, limits: Limits, cpu_deadline: float, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.limits, self.clock = limits, RequestClock(limits, cpu_deadline)
        self.fields = self.characters = 0

    def execute_fields(self, parent_type: Any, source: Any, path: Any, grouped: Any, position: Any) -> Any:
        if path is None and len(grouped) > 1:  # execute root fields one by one, to check the time before each
            results: dict[str, Any] = {}
            for name, fields in grouped.items():
                results |= self.execute_fields(parent_type, source, None, {name: fields}, position)
            return results
        self.fields += len(grouped)
        if self.fields > self.limits.answered_fields:
            raise _ExecutionAborted(too_many_fields_error(self.limits.answered_fields))
        self._count_characters(sum(map(len, grouped)))
        try:
            self.clock.check_time()
        except RequestRefusedError as refusal:
            raise _ExecutionAborted(refusal) from None
        return super().execute_fields(parent_type, source, path, grouped, position)

    def complete_leaf_value(self, return_type: Any, result: Any) -> Any:  # type: ignore[override] # a static method in Executor
        value = return_type.coerce_output_value(result)
        if type(value) is str:
            self._count_characters(len(value))
            return value
        return super().complete_leaf_value(return_type, result)

    def _count_characters(self, number: int) -> None:
        self.characters += number
        if self.characters > self.limits.answered_characters:
            raise _ExecutionAborted(too_much_text_error(self.limits.answered_characters))


def _is_never_awaitable(_value: Any) -> TypeGuard[Awaitable[Any]]:
    return False
