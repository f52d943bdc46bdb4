"""Execute a document with its variables and build the response.

This calls graphql-core directly instead of Strawberry's `execute`. The resolvers are the same, but without Strawberry's
extensions and awaiting, a response takes about half the time. Everything runs on the caller's thread.
"""

import time
from collections.abc import Awaitable, Sequence
from math import ceil, inf
from typing import Any, NamedTuple, TypeGuard

import msgspec
from graphql import ExecutionResult, Executor, execute

from directory.errors import ErrorCode, UnknownValue
from schema.context import Context, SingleUseFields
from schema.errors import RequestRefusedError, add_suggestions, format_error, format_request_error, log_internal_error
from schema.execution import prepared_document
from schema.execution.cost import compute_points
from schema.execution.document_measures import iterate_values
from schema.limits import (
    LIMITS,
    NEW_DOCUMENT_POINTS,
    QUICK_SECONDS,
    SECONDS_PER_POINT,
    Limits,
    too_costly_error,
    too_large_error,
    too_many_fields_error,
    too_much_text_error,
    too_slow_error,
)
from schema.schema import SCHEMA

_encode = msgspec.json.Encoder().encode


class Answer(NamedTuple):
    """The response. `body` is complete JSON. It has only `errors` when the whole request is refused; otherwise it has `data`,
    with or without errors.

    `points` is the charge for the request: the time spent on parsing and validation, plus the price of execution or the time it
    took, whichever is greater. `first_error` is the `extensions` of the first error, None without errors.
    """

    body: bytes
    points: int
    has_data: bool = False
    first_error: dict[str, Any] | None = None
    unknown_values: Sequence[tuple[dict[str, Any], UnknownValue]] = ()  # errors in the body that can get suggestions
    is_unfinished: bool = False  # stopped on the event loop; execute the document again on another thread
    response: dict[str, Any] | None = None  # what `body` encodes, if suggestions can be added to it


def answer_document(document: str, variables: dict[str, Any] | None, operation: str | None, context: Context) -> Answer:
    """Execute a document and return the response, with suggestions for unknown values.

    Never raises. Mistakes of the client become errors with a code; unexpected exceptions are logged and become INTERNAL errors.
    """
    return add_suggestions_to_answer(answer_without_suggestions(document, variables, operation, context))


def add_suggestions_to_answer(answer: Answer) -> Answer:
    """Return the answer with suggestions for unknown values, and with their cost. Takes milliseconds per value."""
    if not answer.unknown_values:
        return answer
    start = time.thread_time()
    for error, refusal in answer.unknown_values:
        add_suggestions(error, refusal)
    assert answer.response is not None  # noqa: S101 - it is there whenever there are unknown values
    return _build_answer(answer.response, answer.points + _count_points_since(start))


def answer_quickly(document: str, variables: dict[str, Any] | None, operation: str | None, context: Context) -> Answer:
    """Execute a document on the event loop: without suggestions, and unfinished if it takes more than QUICK_SECONDS."""
    return answer_without_suggestions(document, variables, operation, context, QUICK_SECONDS)


def answer_without_suggestions(
    document: str, variables: dict[str, Any] | None, operation: str | None, context: Context, cpu_seconds: float = inf
) -> Answer:
    """Execute a document like `answer_document`, but leave suggestions to `add_suggestions_to_answer`.

    The answer is unfinished if execution takes more than `cpu_seconds` of CPU time and that is below the limit.
    """
    start = time.thread_time()
    cost = None
    try:
        prepared = prepared_document.get_prepared_document(document, context.limits)
        preparation_points = _count_points_since(start)
        cost = _check_cost(prepared, variables, operation, context)
        context = context._replace(cost=cost, single_use_fields=SingleUseFields())
        deadline = start + min(cpu_seconds, context.limits.cpu_seconds)
        body, unknown_values = _execute_prepared(prepared, variables, operation, context, deadline)
        points = max(preparation_points + cost, _count_points_since(start))
        return _build_answer(_add_cost(body, cost, context), points, unknown_values)
    except _CpuTimeExceededError as refusal:
        is_unfinished = cpu_seconds < context.limits.cpu_seconds
        return _build_answer({"errors": refusal.errors}, _count_points_since(start), is_unfinished=is_unfinished)
    except RequestRefusedError as refusal:
        cost = refusal.cost if cost is None else cost
        body = {"errors": refusal.errors[: context.limits.errors]}
    except RecursionError:
        body = {"errors": [_nesting_error()]}
    except Exception as problem:
        body = {"errors": [log_internal_error(problem)]}
    return _build_answer(_add_cost(body, cost, context) if cost else body, _count_points_since(start))


def estimate_points(document: str, variables: dict[str, Any] | None, operation: str | None) -> int:
    """Estimate the cost of a request before it is executed.

    New documents and slow fields get at least NEW_DOCUMENT_POINTS, too much for the event loop.
    """
    prepared = prepared_document.find_cached_document(document)
    if prepared is None:
        return NEW_DOCUMENT_POINTS
    cost = prepared.find_cost(operation)
    return max(compute_points(cost, variables), NEW_DOCUMENT_POINTS if cost.is_slow else 0)


def find_document_errors(document: str) -> list[dict[str, Any]]:
    """Return the errors for which a document is refused, whatever its variables; [] if it can be executed."""
    try:
        prepared_document.prepare_document(document, LIMITS)
    except RequestRefusedError as refusal:
        return refusal.errors
    except RecursionError:
        return [_nesting_error()]
    return []


def _build_answer(
    response: dict[str, Any],
    points: int,
    unknown_values: Sequence[tuple[dict[str, Any], UnknownValue]] = (),
    is_unfinished: bool = False,
) -> Answer:
    errors = response.get("errors")
    return Answer(
        _encode(response),
        points,
        "data" in response,
        errors[0]["extensions"] if errors else None,
        unknown_values,
        is_unfinished,
        response if unknown_values else None,
    )


def _nesting_error() -> dict[str, Any]:
    return format_request_error(ErrorCode.TOO_COMPLEX, "The document is nested too deeply. Split it into several requests.")


def _check_cost(
    prepared: prepared_document.PreparedDocument, variables: dict[str, Any] | None, operation: str | None, context: Context
) -> int:
    """Return the cost of the request. Raises RequestRefusedError, before the variables are coerced to their types."""
    if variables:
        _check_variables(variables, context.limits)
    cost = compute_points(prepared.find_cost(operation), variables)
    if cost > context.limits.cost:
        raise too_costly_error(cost, context.limits.cost)
    return cost


def _check_variables(variables: dict[str, Any], limits: Limits) -> None:
    characters = 0
    for count, value in enumerate(iterate_values(variables)):
        characters += len(value) if isinstance(value, str) else 0
        if count > limits.variable_values:
            raise too_large_error("variable_values", "values in the variables", limits.variable_values)
        if characters > limits.variable_characters:
            raise too_large_error("variable_characters", "characters in the variables", limits.variable_characters)


def _execute_prepared(
    prepared: prepared_document.PreparedDocument,
    variables: dict[str, Any] | None,
    operation: str | None,
    context: Context,
    deadline: float,
) -> tuple[dict[str, Any], list[tuple[dict[str, Any], UnknownValue]]]:
    """Return the body, and those of its errors that can get suggestions. `deadline` is in CPU seconds of this thread."""
    limits = context.limits
    try:
        result = execute(
            SCHEMA,
            prepared.document,
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
    return _build_body(result.data, errors, len(all_errors)), unknown_values[: limits.suggested_for]


def _build_body(data: dict[str, Any] | None, errors: list[dict[str, Any]], count: int) -> dict[str, Any]:
    """Build the body of a response. `errors` are the first of `count` errors."""
    if data is None and errors and all("path" not in error for error in errors):
        return {"errors": errors}
    if not errors:
        return {"data": data}
    body = {"data": data, "errors": errors}
    if count > len(errors):
        body["extensions"] = {"errorsLeftOut": count - len(errors)}
    return body


class _CpuTimeExceededError(RequestRefusedError):
    """The request has used up its CPU time."""


class _ExecutionAborted(BaseException):
    """Ends the execution. Not an Exception, because graphql-core turns those into the error of one field and continues."""

    def __init__(self, refusal: RequestRefusedError) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class _LimitedExecutor(Executor[None]):
    """Checks the clocks and counts fields before each root field and each object, including the objects in lists.

    Counts the characters of the response, with the names of fields: a text selected under two aliases counts twice.
    """

    def __init__(self, *arguments: Any, limits: Limits, cpu_deadline: float, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.limits = limits
        now = time.monotonic()
        self.deadline = now + limits.seconds
        self.cpu_deadline = cpu_deadline
        self.first_cpu_check = now + cpu_deadline - time.thread_time()  # before this, the CPU deadline cannot have passed
        self.fields = self.characters = 0

    def execute_fields(self, parent_type: Any, source: Any, path: Any, grouped: Any, position: Any) -> Any:
        if path is None and len(grouped) > 1:  # execute root fields one by one, to check the clocks before each
            results: dict[str, Any] = {}
            for name, fields in grouped.items():
                results |= self.execute_fields(parent_type, source, None, {name: fields}, position)
            return results
        self.fields += len(grouped)
        if self.fields > self.limits.answered_fields:
            raise _ExecutionAborted(too_many_fields_error(self.limits.answered_fields))
        self._count_characters(sum(map(len, grouped)))
        now = time.monotonic()
        if now > self.deadline:
            raise _ExecutionAborted(too_slow_error(self.limits.seconds))
        if now > self.first_cpu_check and time.thread_time() > self.cpu_deadline:
            raise _ExecutionAborted(_CpuTimeExceededError(*too_slow_error(self.limits.cpu_seconds).errors))
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


def _add_cost(body: dict[str, Any], cost: int, context: Context) -> dict[str, Any]:
    return {**body, "extensions": {**body.get("extensions", {}), "cost": {"requested": cost, "limit": context.limits.cost}}}


def _count_points_since(start: float) -> int:
    return ceil((time.thread_time() - start) / SECONDS_PER_POINT)


def _is_never_awaitable(_value: Any) -> TypeGuard[Awaitable[Any]]:
    return False
