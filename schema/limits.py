"""Limits on the size and cost of one request, and the errors for requests that exceed them.

A document is measured before validation (schema/execution/document_measures.py) and priced before execution
(schema/execution/cost.py). One point of cost is about 10 µs of server time, as measured by `python -m benchmarks costs`.
"""

import time
from collections.abc import Iterable
from math import inf

from msgspec import Struct
from msgspec.structs import asdict, replace

from directory.errors import ErrorCode
from schema.errors import CpuTimeExceeded, RequestRefusedError, format_request_error

POINTS_A_MINUTE = 300_000  # for one client: enough for an office of 30 people behind one address
SECONDS_PER_POINT = 10e-6  # of CPU time
QUICK_POINTS = 2_000  # requests up to this price may run on the event loop
QUICK_SECONDS = 0.02  # of CPU time on the event loop; a request that exceeds it is started again on another thread
SLOW_POINTS = 2_001  # reserved for a request whose document is new, or that graphql-core executes
MAX_FIELD_COMPARISONS = 25_000  # steps of the one validation rule whose work grows faster than the document


class Limits(Struct, frozen=True):
    """The limits of one request. Counts cover the whole document; a fragment counts each time it is used."""

    document_bytes: int = 16_384  # in UTF-8; checked before parsing
    tokens: int = 2_000  # without comments; checked while parsing
    comments: int = 500  # checked while parsing, as the parser stores them
    depth: int = 16  # nested fields; the standard introspection query has 15
    fields: int = 1_000
    selections: int = 2_000  # fields, fragment spreads and inline fragments
    equal_keys: int = 50  # fields with the same response key in one selection, which are merged into one
    root_fields: int = 30  # of one operation
    operations: int = 50
    aliases: int = 100
    directives: int = 50
    variable_values: int = 2_000  # including lists, objects and the values in them; checked before coercion
    variable_characters: int = 16_384  # of all texts in the variables
    cost: int = 10_000  # points
    answered_fields: int = 20_000  # in the response, for lists that are longer than usual
    answered_characters: int = 2_000_000  # of all texts and field names in the response
    errors: int = 5  # in the response
    suggested_for: int = 3  # unknown values per request that get suggestions
    seconds: float = 5.0  # of wall-clock time for execution
    cpu_seconds: float = 0.2  # of CPU time for parsing, validation and execution


LIMITS = Limits()


def parse_limits(parts: Iterable[str]) -> Limits:
    """Return the default limits with changes such as "cost=5000". Raises ValueError with an explanation if one is invalid."""
    return replace(LIMITS, **dict(map(_parse_limit, parts)))


def _parse_limit(part: str) -> tuple[str, int | float]:
    name, _, number = (word.strip() for word in part.partition("="))
    kinds = {field: type(value) for field, value in asdict(LIMITS).items()}
    if name not in kinds:
        raise ValueError(f"unknown limit {name!r}; use one of {', '.join(kinds)}")
    try:
        value: int | float = kinds[name](number)
    except ValueError:
        value = 0
    if not 0 < value < inf:
        raise ValueError(f"{name} must be a number above 0, such as {name}={asdict(LIMITS)[name]}")
    return name, value


# Measures of a document that are checked before validation, in this order. The first one exceeded is reported.
COMPLEXITY_SENTENCES = {
    "depth": "fields nested {counted:,} levels deep; the limit is {limit:,}. Load deeper objects by id in another request.",
    "fields": "{counted:,} fields, counting a fragment each time it is used; the limit is {limit:,}. Select fewer fields.",
    "selections": "{counted:,} fields and fragments, counting each use; the limit is {limit:,}. Select fewer fields.",
    "root_fields": "{counted:,} root fields; the limit is {limit:,}. Send several requests.",
    "operations": "{counted:,} operations; the limit is {limit:,}. Send only the one to execute.",
    "aliases": "{counted:,} aliases; the limit is {limit:,}. Use list fields, or send several requests.",
    "directives": "{counted:,} directives; the limit is {limit:,}. Remove those you do not need.",
    "equal_keys": "{counted:,} fields with the same name in one selection; the limit is {limit:,}. Select each field once.",
}


def too_complex_error(name: str, counted: int, limit: int) -> RequestRefusedError:
    """`name` is a key of COMPLEXITY_SENTENCES."""
    sentence = "The document has " + COMPLEXITY_SENTENCES[name].format(counted=counted, limit=limit)
    return RequestRefusedError(format_request_error(ErrorCode.TOO_COMPLEX, sentence, limit=limit, counted=counted, of=name))


def too_costly_error(cost: int, limit: int) -> RequestRefusedError:
    sentence = f"This request would cost {cost:,} points; the limit is {limit:,}. Request smaller pages or fewer fields."
    return RequestRefusedError(format_request_error(ErrorCode.TOO_COMPLEX, sentence, limit=limit, cost=cost, of="cost"))


def too_large_error(name: str, unit: str, limit: int, counted: int | None = None) -> RequestRefusedError:
    """`counted` is None when counting stopped at the limit."""
    params: dict[str, object] = {"limit": limit, "of": name}
    if counted is not None:
        params["counted"] = counted
    number = f"more than {limit:,}" if counted is None else f"{counted:,}"
    sentence = f"There are {number} {unit}; the limit is {limit:,}. Split this into smaller requests."
    return RequestRefusedError(format_request_error(ErrorCode.TOO_LARGE, sentence, **params))


def too_many_fields_error(limit: int) -> RequestRefusedError:
    sentence = f"The response would have more than {limit:,} fields. Request smaller pages or fewer fields."
    return RequestRefusedError(format_request_error(ErrorCode.TOO_COMPLEX, sentence, limit=limit, of="answered_fields"))


def too_much_text_error(limit: int) -> RequestRefusedError:
    sentence = f"The response would have more than {limit:,} characters. Request smaller pages, or long texts separately."
    return RequestRefusedError(format_request_error(ErrorCode.TOO_COMPLEX, sentence, limit=limit, of="answered_characters"))


def too_slow_error(seconds: float) -> RequestRefusedError:
    sentence = f"This request was stopped after {seconds:g} seconds. Request smaller pages or fewer fields."
    return RequestRefusedError(format_request_error(ErrorCode.TOO_SLOW, sentence, limit=seconds))


class RequestClock:
    """Knows when the time of a request is over, by the wall clock and by the CPU clock of its thread.

    Compiled plans and graphql-core check it in the same way.
    """

    __slots__ = ("_cpu_deadline", "_deadline", "_first_cpu_check", "limits")

    def __init__(self, limits: Limits, cpu_deadline: float) -> None:
        """`cpu_deadline` is in CPU seconds of this thread."""
        now = time.monotonic()
        self.limits, self._cpu_deadline = limits, cpu_deadline
        self._deadline = now + limits.seconds
        # Before this, the CPU deadline cannot have passed: the CPU clock is much slower to read than the other.
        self._first_cpu_check = now + cpu_deadline - time.thread_time() if cpu_deadline < inf else inf

    def check_time(self) -> None:
        """Raises RequestRefusedError if the time is over; CpuTimeExceeded if it was CPU time."""
        now = time.monotonic()
        if now > self._deadline:
            raise too_slow_error(self.limits.seconds)
        if now > self._first_cpu_check and time.thread_time() > self._cpu_deadline:
            raise CpuTimeExceeded(*too_slow_error(self.limits.cpu_seconds).errors)
