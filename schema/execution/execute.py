"""From a document and its variables to an answer.

The document goes to graphql-core straight, not through Strawberry's `execute`: the resolvers are the same, and without
Strawberry's frame of extensions and awaiting an answer takes about half the time. Everything runs on the caller's thread.
"""

import time
from collections.abc import Awaitable, Sequence
from math import ceil, inf
from typing import Any, NamedTuple, TypeGuard

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


class Answer(NamedTuple):
    """What is sent: `errors` alone when the request as a whole is refused, `data` with or without errors otherwise.

    `points` is what the request is to be charged: what it took to read and validate the document, then the price of executing
    it, or what that used where it used more.
    """

    body: dict[str, Any]
    points: int
    unknown_values: Sequence[tuple[dict[str, Any], UnknownValue]] = ()  # errors of the body that suggestions can be added to
    is_unfinished: bool = False  # given up where others wait: to be answered anew on another thread

    @property
    def is_refused(self) -> bool:
        return "data" not in self.body


def answer_document(document: str, variables: dict[str, Any] | None, operation: str | None, context: Context) -> Answer:
    """Never raises. The document's and the variables' faults are told with a code, ours with an id of the log."""
    return add_suggestions_to_answer(answer_without_suggestions(document, variables, operation, context))


def add_suggestions_to_answer(answer: Answer) -> Answer:
    """The answer with suggestions for its unknown values, and charged for finding them. Takes milliseconds for each."""
    if not answer.unknown_values:
        return answer
    began = time.thread_time()
    for shown, refusal in answer.unknown_values:
        add_suggestions(shown, refusal)
    return Answer(answer.body, answer.points + _count_points_since(began))


def answer_quickly(document: str, variables: dict[str, Any] | None, operation: str | None, context: Context) -> Answer:
    """As `answer`, for a thread on which others wait: without suggestions, and unfinished where it took QUICK_SECONDS."""
    return answer_without_suggestions(document, variables, operation, context, QUICK_SECONDS)


def answer_without_suggestions(
    document: str, variables: dict[str, Any] | None, operation: str | None, context: Context, cpu_seconds: float = inf
) -> Answer:
    """As `answer`. What is suggested for unknown values can be added later, on another thread.

    Unfinished where it took `cpu_seconds` of the processor, if this is less than the limit.
    """
    began = time.thread_time()
    cost = None
    try:
        prepared = prepared_document.get_prepared_document(document, context.limits)
        spent = _count_points_since(began)
        cost = _check_cost(prepared, variables, operation, context)
        asked_once = context._replace(cost=cost, single_use_fields=SingleUseFields())
        deadline = began + min(cpu_seconds, context.limits.cpu_seconds)
        body, unknown = _execute_prepared(prepared, variables, operation, asked_once, deadline)
        return Answer(_add_cost(body, cost, context), max(spent + cost, _count_points_since(began)), unknown)
    except _CpuTimeExceededError as refusal:
        return Answer(
            {"errors": refusal.errors}, _count_points_since(began), is_unfinished=cpu_seconds < context.limits.cpu_seconds
        )
    except RequestRefusedError as refusal:
        cost = refusal.cost if cost is None else cost
        body = {"errors": refusal.errors[: context.limits.errors]}
    except RecursionError:
        body = {
            "errors": [format_request_error(ErrorCode.TOO_COMPLEX, "The document is nested too deeply. Ask for less at once.")]
        }
    except Exception as problem:
        body = {"errors": [log_internal_error(problem)]}
    return Answer(_add_cost(body, cost, context) if cost else body, _count_points_since(began))


def estimate_points(document: str, variables: dict[str, Any] | None, operation: str | None) -> int:
    """What `answer` will cost, as far as that is known. What may take long, as a new document does, counts as not quick."""
    known = prepared_document.find_cached_document(document)
    if known is None:
        return NEW_DOCUMENT_POINTS
    cost = known.find_cost(operation)
    return max(compute_points(cost, variables), NEW_DOCUMENT_POINTS if cost.is_slow else 0)


def find_document_errors(document: str) -> list[dict[str, Any]]:
    """For what the document would be refused, whatever its variables; empty when it can be answered."""
    try:
        prepared_document.prepare_document(document, LIMITS)
    except RequestRefusedError as refusal:
        return refusal.errors
    except RecursionError:
        return [format_request_error(ErrorCode.TOO_COMPLEX, "The document is nested too deeply.")]
    return []


def _check_cost(
    prepared: prepared_document.PreparedDocument, variables: dict[str, Any] | None, operation: str | None, context: Context
) -> int:
    """The request's cost. Raises Refused, before the variables are read against the schema."""
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
    """The body, and those of its errors that suggestions can be added to. `deadline` is of this thread's CPU time."""
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
    except _ExecutionAborted as given_up:
        raise given_up.refusal from None
    assert isinstance(result, ExecutionResult)  # noqa: S101 - no resolver is awaited
    found = result.errors or []
    errors = [format_error(error) for error in found[: limits.errors]]
    causes = (error.original_error for error in found)
    unknown = [(shown, cause) for shown, cause in zip(errors, causes, strict=False) if isinstance(cause, UnknownValue)]
    return _build_body(result.data, errors, len(found)), unknown[: limits.suggested_for]


def _build_body(data: dict[str, Any] | None, errors: list[dict[str, Any]], count: int) -> dict[str, Any]:
    """`errors` are the first of so many."""
    if data is None and errors and all("path" not in error for error in errors):
        return {"errors": errors}
    if not errors:
        return {"data": data}
    body = {"data": data, "errors": errors}
    if count > len(errors):
        body["extensions"] = {"errorsLeftOut": count - len(errors)}
    return body


class _CpuTimeExceededError(RequestRefusedError):
    """The processor's time for this request is spent."""


class _ExecutionAborted(BaseException):
    """Why the execution ends. No Exception: those are told as the fault of one field, and execution goes on."""

    def __init__(self, refusal: RequestRefusedError) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class _LimitedExecutor(Executor[None]):
    """Before each root field and each object, also each object of a list, looks at the clocks and counts fields.

    Characters are counted as they are answered: an alias makes a long text twice as long, and a name may be long, too.
    """

    def __init__(self, *arguments: Any, limits: Limits, cpu_deadline: float, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.limits = limits
        now = time.monotonic()
        self.deadline = now + limits.seconds
        self.cpu_deadline = cpu_deadline
        self.first_cpu_check = now + cpu_deadline - time.thread_time()  # the processor has not been used longer than this
        self.fields = self.characters = 0

    def execute_fields(self, parent_type: Any, source: Any, path: Any, grouped: Any, position: Any) -> Any:
        if path is None and len(grouped) > 1:  # one root field after the other, to look at the clocks before each
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

    def complete_leaf_value(self, return_type: Any, result: Any) -> Any:  # type: ignore[override] # static there
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


def _count_points_since(began: float) -> int:
    return ceil((time.thread_time() - began) / SECONDS_PER_POINT)


def _is_never_awaitable(_value: Any) -> TypeGuard[Awaitable[Any]]:
    return False
