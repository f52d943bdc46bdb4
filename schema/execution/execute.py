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
from schema.errors import (
    CpuTimeExceeded,
    DeclinedError,
    RequestRefusedError,
    add_suggestions,
    format_request_error,
    log_internal_error,
)
from schema.execution import prepared_document
from schema.execution.cost import compute_points
from schema.execution.document_measures import iterate_values
from schema.execution.graphql_core import execute_with_core
from schema.execution.literals import DocumentText
from schema.execution.prepared_document import PreparedDocument
from schema.limits import (
    LIMITS,
    QUICK_POINTS,
    QUICK_SECONDS,
    SECONDS_PER_POINT,
    SLOW_POINTS,
    Limits,
    too_costly_error,
    too_large_error,
)
from schema.schema import SCHEMA

_encode = msgspec.json.Encoder().encode


class Answer(NamedTuple):
    """The response: `data` as JSON, None if the whole request is refused, and the first of all `errors`.

    `points` is the charge for the request: the time spent on parsing and validation, plus the price of execution or the time it
    took, whichever is greater. `cost` is the price, None if it is not known, and `cost_limit` the most that a request may cost.
    """

    data: bytes | None
    errors: Sequence[dict[str, Any]]
    points: int
    cost: int | None = None
    cost_limit: int = 0
    errors_left_out: int = 0
    unknown_values: Sequence[tuple[dict[str, Any], UnknownValue]] = ()  # errors that can get suggestions
    is_unfinished: bool = False  # stopped on the event loop; answer the request again on another thread, for `estimate` points
    estimate: int = 0

    @property
    def body(self) -> bytes:
        """The response as JSON."""
        parts = [] if self.data is None else [b'"data":%b' % self.data]
        if self.errors:
            parts.append(b'"errors":%b' % _encode(self.errors))
        if self.cost:
            left_out = b'"errorsLeftOut":%d,' % self.errors_left_out if self.errors_left_out else b""
            cost = b'"cost":{"requested":%d,"limit":%d}' % (self.cost, self.cost_limit)
            parts.append(b'"extensions":{%b%b}' % (left_out, cost))
        return b"{%b}" % b",".join(parts)

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
    points = ceil((time.thread_time() - start) / SECONDS_PER_POINT)
    return answer._replace(points=answer.points + points, unknown_values=())


def answer_quickly(document: str, variables: dict[str, Any] | None, operation: str | None, context: Context) -> Answer:
    """Answer a request on the event loop: without suggestions, and unfinished if it takes more than QUICK_SECONDS.

    It is also unfinished if its price is above QUICK_POINTS, if the document has to be prepared, or if the plan declines it.
    """
    return answer_without_suggestions(document, variables, operation, context, is_quick=True)


def answer_without_suggestions(
    document: str, variables: dict[str, Any] | None, operation: str | None, context: Context, is_quick: bool = False
) -> Answer:
    """Answer a request like `answer_document`, or like `answer_quickly`, but leave suggestions to `add_suggestions_to_answer`."""
    request = _Request(document, variables, operation, context, is_quick)
    try:
        return request.answer()
    except CpuTimeExceeded as refusal:
        return request.refuse_slow(refusal)
    except RequestRefusedError as refusal:
        return request.refuse(refusal.errors)
    except RecursionError:
        return request.refuse([_nesting_error()])
    except Exception as problem:
        return request.refuse([log_internal_error(problem)])


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
    """One request. `cost` is its price once it is known; `start` and `deadline` are in CPU seconds of this thread."""

    def __init__(
        self, document: str, variables: dict[str, Any] | None, operation: str | None, context: Context, is_quick: bool
    ) -> None:
        self.document, self.variables, self.operation, self.context = document, variables, operation, context
        self.is_quick, self.start = is_quick, time.thread_time()
        seconds = context.limits.cpu_seconds
        self.deadline = self.start + (min(QUICK_SECONDS, seconds) if is_quick else seconds)
        self.single_use_fields = SingleUseFields()
        self.preparation_points = 0
        self.cost: int | None = None

    def answer(self) -> Answer:
        """Answer with the plan of the document if it is prepared, else the long way. Raises RequestRefusedError."""
        try:
            found = prepared_document.find_prepared(self.document, self.context.limits)
            if found is not None:
                return self._run_plan(*found)
        except DeclinedError:
            pass
        return self.build_unfinished() if self.is_quick else self._take_long_way()

    def refuse(self, errors: list[dict[str, Any]]) -> Answer:
        """Return the refusal of the whole request."""
        limits = self.context.limits
        return Answer(None, errors[: limits.errors], self._count_points(), self.cost, limits.cost)

    def refuse_slow(self, refusal: CpuTimeExceeded) -> Answer:
        """Return the refusal of a request that has used up its time, or let it be answered on another thread."""
        if self.is_quick and self.context.limits.cpu_seconds > QUICK_SECONDS:
            return self.build_unfinished()
        return Answer(None, refusal.errors, self._count_points())

    def build_unfinished(self) -> Answer:
        """Return an answer that has to be tried again. `estimate` is enough to prepare its document or to run graphql-core."""
        return Answer(None, [], self._count_points(), is_unfinished=True, estimate=max(self.cost or 0, SLOW_POINTS))

    def _take_long_way(self) -> Answer:
        """Prepare the document, and answer with its plan or with graphql-core."""
        prepared, text, document = prepared_document.prepare_operation(self.document, self.operation, self.context.limits)
        self.preparation_points = self._count_points()
        try:
            return self._run_plan(prepared, text, document)
        except DeclinedError:
            pass
        finally:  # documents that are not valid do not get here, so they displace no others
            prepared_document.store(prepared, text)
        context, _ = self._price(prepared, text)
        answer = execute_with_core(SCHEMA, document, self.variables, self.operation, context, self.deadline)
        return self._build(answer.data, answer.errors, answer.error_count, answer.unknown_values)

    def _run_plan(self, prepared: PreparedDocument, text: DocumentText, document: DocumentNode | None = None) -> Answer:
        context, is_quick = self._price(prepared, text)
        plan = prepared.plans.get(self.operation)
        if plan is None or (self.is_quick and not is_quick):
            raise DeclinedError
        data, errors, unknown_values = plan.run(None, context, self.variables, text, document, context.limits, self.deadline)
        return self._build(data, errors, len(errors), unknown_values)

    def _price(self, prepared: PreparedDocument, text: DocumentText) -> tuple[Context, bool]:
        """Check the price. Return the context of the execution and whether it is cheap enough for the event loop.

        Raises RequestRefusedError, before the variables are coerced to their types.
        """
        limits, snapshot = self.context.limits, self.context.snapshot
        if self.variables:
            _check_variables(self.variables, limits)
        cost = prepared.find_cost(self.operation)
        points = self.cost = compute_points(cost, self.variables, text.literals, snapshot.organization_count)
        if points > limits.cost:
            raise too_costly_error(points, limits.cost)
        given = self.context
        # a request that is executed again may use its fields again
        fields = self.single_use_fields = SingleUseFields(self.single_use_fields.other_cpu_seconds)
        # `_replace` takes twice as long
        context = Context(snapshot, given.now, given.budget, limits, points, fields, given.solve_cover)
        return context, points <= QUICK_POINTS and not cost.is_slow

    def _build(
        self,
        data: bytes | None,
        errors: list[dict[str, Any]],
        error_count: int,
        unknown_values: list[tuple[dict[str, Any], UnknownValue]],
    ) -> Answer:
        limits, cost = self.context.limits, self.cost or 0
        left_out = max(0, error_count - limits.errors) if data is not None else 0
        points = max(self.preparation_points + cost, self._count_points())
        unknown_values = unknown_values[: limits.suggested_for]
        return Answer(data, errors[: limits.errors], points, cost, limits.cost, left_out, unknown_values)

    def _count_points(self) -> int:
        """Return the points for the CPU time so far, in other processes too."""
        return ceil((time.thread_time() - self.start + self.single_use_fields.other_cpu_seconds) / SECONDS_PER_POINT)


def _check_variables(variables: dict[str, Any], limits: Limits) -> None:
    characters = 0
    for count, value in enumerate(iterate_values(variables)):
        characters += len(value) if isinstance(value, str) else 0
        if count > limits.variable_values:
            raise too_large_error("variable_values", "values in the variables", limits.variable_values)
        if characters > limits.variable_characters:
            raise too_large_error("variable_characters", "characters in the variables", limits.variable_characters)


def _nesting_error() -> dict[str, Any]:
    return format_request_error(ErrorCode.TOO_COMPLEX, "The document is nested too deeply. Split it into several requests.")
