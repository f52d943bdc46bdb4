"""Answer a GraphQL request: find its document among the prepared ones, check its price, run its plan, and build the body.

A new document is prepared first: parsed, measured, validated, priced and compiled. A request that its plan declines is executed
by graphql-core. Both take milliseconds and are never done on the event loop. Everything runs on the caller's thread.
"""

import time
from collections.abc import Sequence
from math import ceil
from typing import Any, NamedTuple

import msgspec
from graphql import DocumentNode

from directory.errors import ErrorCode, UnknownValue
from schema.context import Context, SingleUseFields
from schema.errors import RequestRefusedError, add_suggestions, format_request_error, log_internal_error
from schema.execution import prepared_document
from schema.execution.coercion import Declined
from schema.execution.cost import compute_points
from schema.execution.document_measures import iterate_values
from schema.execution.graphql_core import execute_with_core
from schema.execution.literals import DocumentText
from schema.execution.plan import CpuTimeExceeded
from schema.execution.prepared_document import PreparedDocument
from schema.limits import (
    LIMITS,
    NEW_DOCUMENT_POINTS,
    QUICK_POINTS,
    QUICK_SECONDS,
    SECONDS_PER_POINT,
    Limits,
    too_costly_error,
    too_large_error,
)
from schema.schema import SCHEMA

_encode = msgspec.json.Encoder().encode


class Answer(NamedTuple):
    """The response: `data` as JSON, None if the whole request is refused, and the first of all `errors`.

    `points` is the charge for the request: the time spent on parsing and validation, plus the price of execution or the time it
    took, whichever is greater.
    """

    data: bytes | None
    errors: Sequence[dict[str, Any]]
    points: int
    extensions: dict[str, Any]
    unknown_values: Sequence[tuple[dict[str, Any], UnknownValue]] = ()  # errors that can get suggestions
    is_unfinished: bool = False  # stopped on the event loop; answer the request again on another thread, for `estimate` points
    estimate: int = 0

    @property
    def body(self) -> bytes:
        """The response as JSON."""
        parts = [] if self.data is None else [b'"data":' + self.data]
        if self.errors:
            parts.append(b'"errors":' + _encode(self.errors))
        if self.extensions:
            parts.append(b'"extensions":' + _encode(self.extensions))
        return b"{" + b",".join(parts) + b"}"

    @property
    def has_data(self) -> bool:
        return self.data is not None

    @property
    def first_error(self) -> dict[str, Any] | None:
        """The `extensions` of the first error; None if there is none."""
        extensions: dict[str, Any] | None = self.errors[0]["extensions"] if self.errors else None
        return extensions


def answer_document(document: str, variables: dict[str, Any] | None, operation: str | None, context: Context) -> Answer:
    """Answer a request, with suggestions for unknown values.

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
    return answer._replace(points=answer.points + _count_points_since(start), unknown_values=())


def answer_quickly(document: str, variables: dict[str, Any] | None, operation: str | None, context: Context) -> Answer:
    """Answer a request on the event loop: without suggestions, and unfinished if it takes more than QUICK_SECONDS.

    It is also unfinished if its price is above QUICK_POINTS, if the document has to be prepared, or if the plan declines it.
    """
    return answer_without_suggestions(document, variables, operation, context, is_quick=True)


def answer_without_suggestions(
    document: str, variables: dict[str, Any] | None, operation: str | None, context: Context, is_quick: bool = False
) -> Answer:
    """Answer a request like `answer_document`, or like `answer_quickly`, but leave suggestions to `add_suggestions_to_answer`."""
    start = time.thread_time()
    seconds = context.limits.cpu_seconds
    deadline = start + (min(QUICK_SECONDS, seconds) if is_quick else seconds)
    request = _Request(document, variables, operation, context, deadline, is_quick)
    try:
        try:
            return request.run_plan(start)
        except Declined:
            return request.build_unfinished(start) if is_quick else request.take_long_way(start)
    except CpuTimeExceeded as refusal:
        if is_quick and seconds > QUICK_SECONDS:
            return request.build_unfinished(start)
        return Answer(None, refusal.errors, _count_points_since(start), {})
    except RequestRefusedError as refusal:
        errors = refusal.errors[: context.limits.errors]
        cost = refusal.cost if request.cost is None else request.cost
    except RecursionError:
        errors, cost = [_nesting_error()], request.cost
    except Exception as problem:
        errors, cost = [log_internal_error(problem)], request.cost
    return Answer(None, errors, _count_points_since(start), _describe_cost(cost, context.limits) if cost else {})


def find_document_errors(document: str) -> list[dict[str, Any]]:
    """Return the errors for which a document is refused, whatever its variables; [] if it can be executed."""
    try:
        prepared_document.prepare_document(document, LIMITS)
    except RequestRefusedError as refusal:
        return refusal.errors
    except RecursionError:
        return [_nesting_error()]
    return []


class _Request:
    """One request. `cost` is its price once it is known; `deadline` is in CPU seconds of this thread."""

    def __init__(
        self,
        document: str,
        variables: dict[str, Any] | None,
        operation: str | None,
        context: Context,
        deadline: float,
        is_quick: bool,
    ) -> None:
        self.document, self.variables, self.operation, self.context = document, variables, operation, context
        self.deadline, self.is_quick = deadline, is_quick
        self.cost: int | None = None
        self.is_slow = False

    @property
    def estimate(self) -> int:
        """The points to reserve while the request runs: its price, or more if the document has to be prepared first."""
        return NEW_DOCUMENT_POINTS if self.cost is None else max(self.cost, NEW_DOCUMENT_POINTS if self.is_slow else 0)

    def build_unfinished(self, start: float) -> Answer:
        return Answer(None, [], _count_points_since(start), {}, is_unfinished=True, estimate=self.estimate)

    def run_plan(self, start: float) -> Answer:
        """Answer with the plan of a prepared document. Raises Declined if there is none, and what the plan raises."""
        found = prepared_document.find_prepared(self.document, self.context.limits)
        if found is None:
            raise Declined
        return self._run(*found, None, start, 0)

    def take_long_way(self, start: float) -> Answer:
        """Prepare the document, and answer with its plan or with graphql-core."""
        prepared, text, document = prepared_document.prepare_operation(self.document, self.operation, self.context.limits)
        preparation_points = _count_points_since(start)
        try:
            return self._run(prepared, text, document, start, preparation_points)
        except Declined:
            pass
        finally:  # a refused request does not get here, so its document displaces no other
            prepared_document.store(prepared, text)
        answer = execute_with_core(SCHEMA, document, self.variables, self.operation, self._price(prepared, text), self.deadline)
        return self._build(answer.data, answer.errors, answer.error_count, answer.unknown_values, start, preparation_points)

    def _run(
        self, prepared: PreparedDocument, text: DocumentText, document: DocumentNode | None, start: float, preparation_points: int
    ) -> Answer:
        context = self._price(prepared, text)
        plan = prepared.plans.get(self.operation)
        if plan is None or (self.is_quick and self.estimate > QUICK_POINTS):
            raise Declined
        data, errors, unknown_values = plan.run(None, context, self.variables, text, document, context.limits, self.deadline)
        return self._build(data, errors, len(errors), unknown_values, start, preparation_points)

    def _price(self, prepared: PreparedDocument, text: DocumentText) -> Context:
        """Check the price and return the context of the execution. Raises RequestRefusedError before variables are coerced."""
        limits = self.context.limits
        if self.variables:
            _check_variables(self.variables, limits)
        cost = prepared.find_cost(self.operation)
        organizations = self.context.snapshot.organization_count
        self.cost, self.is_slow = compute_points(cost, self.variables, text.literals, organizations), cost.is_slow
        if self.cost > limits.cost:
            raise too_costly_error(self.cost, limits.cost)
        return self.context._replace(cost=self.cost, single_use_fields=SingleUseFields())

    def _build(
        self,
        data: bytes | None,
        errors: list[dict[str, Any]],
        error_count: int,
        unknown_values: list[tuple[dict[str, Any], UnknownValue]],
        start: float,
        preparation_points: int,
    ) -> Answer:
        limits = self.context.limits
        cost = self.cost or 0
        left_out = error_count - min(error_count, limits.errors) if data is not None else 0
        extensions = {"errorsLeftOut": left_out} if left_out else {}
        return Answer(
            data,
            errors[: limits.errors],
            max(preparation_points + cost, _count_points_since(start)),
            {**extensions, **_describe_cost(cost, limits)},
            unknown_values[: limits.suggested_for],
        )


def _check_variables(variables: dict[str, Any], limits: Limits) -> None:
    characters = 0
    for count, value in enumerate(iterate_values(variables)):
        characters += len(value) if isinstance(value, str) else 0
        if count > limits.variable_values:
            raise too_large_error("variable_values", "values in the variables", limits.variable_values)
        if characters > limits.variable_characters:
            raise too_large_error("variable_characters", "characters in the variables", limits.variable_characters)


def _describe_cost(cost: int, limits: Limits) -> dict[str, Any]:
    return {"cost": {"requested": cost, "limit": limits.cost}}


def _nesting_error() -> dict[str, Any]:
    return format_request_error(ErrorCode.TOO_COMPLEX, "The document is nested too deeply. Split it into several requests.")


def _count_points_since(start: float) -> int:
    return ceil((time.thread_time() - start) / SECONDS_PER_POINT)
