"""How much one request may ask for, and the sentence for whoever asks for more.

What is counted of a document is counted before it is validated (schema/execution/document_measures.py), its cost before it is executed
(schema/execution/cost.py). One point of cost is about 10 µs of the server's time, as `python -m benchmarks costs` measures it.
"""

from collections.abc import Iterable
from math import inf

from msgspec import Struct
from msgspec.structs import asdict, replace

from directory.errors import ErrorCode
from schema.errors import RequestRefusedError, format_request_error

POINTS_A_MINUTE = 100_000  # for one client
SECONDS_PER_POINT = 10e-6  # of the processor
QUICK_POINTS = 2_000  # what may run where others wait for it
QUICK_SECONDS = 0.02  # of the processor, after which what turns out to take longer is given up there, and begun anew elsewhere
NEW_DOCUMENT_POINTS = (
    2_001  # what a document that is new counts for until it is read; few are dearer, and it may not hold others up
)
MAX_FIELD_COMPARISONS = 25_000  # steps of the one rule of validation whose work grows faster than the document


class Limits(Struct, frozen=True):
    """The most that is answered. Counts are of everything in the document, fragments as often as they are reached."""

    document_bytes: int = 16_384  # in UTF-8; before parsing
    tokens: int = 2_000  # while parsing, comments apart
    comments: int = 500  # while parsing: the parser keeps them
    depth: int = 16  # fields within fields; the standard introspection query has 15
    fields: int = 1_000
    selections: int = 2_000  # fields, fragment spreads and inline fragments
    equal_keys: int = 50  # fields that are merged into one, as they answer under one name in one place
    root_fields: int = 30  # of one operation
    operations: int = 50
    aliases: int = 100
    directives: int = 50
    variable_values: int = 2_000  # with lists and objects and what is in them; before they are read
    variable_characters: int = 16_384  # of all texts among them
    cost: int = 10_000  # points
    answered_fields: int = 20_000  # in an answer, where lists are longer than usual
    answered_characters: int = 2_000_000  # of all texts and names of fields in an answer
    errors: int = 5  # in an answer
    suggested_for: int = 3  # unknown values of a request for which similar ones are suggested
    seconds: float = 5.0  # for executing, by the clock
    cpu_seconds: float = 0.2  # of the processor, for reading, validating and executing


LIMITS = Limits()


def parse_limits(parts: Iterable[str]) -> Limits:
    """The limits with some of them set anew, as "cost=5000". Raises ValueError, which says what is wrong, for what cannot be."""
    return replace(LIMITS, **dict(map(_parse_limit, parts)))


def _parse_limit(part: str) -> tuple[str, int | float]:
    name, _, number = (word.strip() for word in part.partition("="))
    kinds = {field: type(value) for field, value in asdict(LIMITS).items()}
    if name not in kinds:
        raise ValueError(f"there is no limit {name!r}; they are {', '.join(kinds)}")
    try:
        value: int | float = kinds[name](number)
    except ValueError:
        value = 0
    if not 0 < value < inf:
        raise ValueError(f"{name} is a number above 0, as in {name}={asdict(LIMITS)[name]}")
    return name, value


# Counted in a document before it is validated; in this order the first that is exceeded is told.
COMPLEXITY_SENTENCES = {
    "depth": "fields nested {counted:,} deep; {limit:,} is the most. Ask for what lies deeper by its id, in another request.",
    "fields": "{counted:,} fields, counting fragments as often as they are used; {limit:,} are the most. Ask for fewer.",
    "selections": "{counted:,} fields and fragments, as often as they are used; {limit:,} are the most. Ask for fewer.",
    "root_fields": "{counted:,} fields at its root; {limit:,} are the most. Send several requests.",
    "operations": "{counted:,} operations; {limit:,} are the most. Send the one that is to be executed.",
    "aliases": "{counted:,} aliases; {limit:,} are the most. Ask for lists, or send several requests.",
    "directives": "{counted:,} directives; {limit:,} are the most. Leave out what is not needed.",
    "equal_keys": "{counted:,} fields under one name in one place; {limit:,} are the most. Ask for a field once.",
}


def too_complex_error(name: str, counted: int, limit: int) -> RequestRefusedError:
    """`name` is a key of COUNTED."""
    sentence = "The document has " + COMPLEXITY_SENTENCES[name].format(counted=counted, limit=limit)
    return RequestRefusedError(format_request_error(ErrorCode.TOO_COMPLEX, sentence, limit=limit, counted=counted, of=name))


def too_costly_error(cost: int, limit: int) -> RequestRefusedError:
    sentence = f"This would cost {cost:,} points; {limit:,} are the most. Ask for smaller pages or for fewer fields."
    return RequestRefusedError(
        format_request_error(ErrorCode.TOO_COMPLEX, sentence, limit=limit, cost=cost, of="cost"), cost=cost
    )


def too_large_error(name: str, what: str, limit: int, counted: int | None = None) -> RequestRefusedError:
    """`counted` where counting did not stop at the limit."""
    params: dict[str, object] = {"limit": limit, "of": name}
    if counted is not None:
        params["counted"] = counted
    number = f"more than {limit:,}" if counted is None else f"{counted:,}"
    sentence = f"There are {number} {what}, and {limit:,} are the most. Ask for less at once."
    return RequestRefusedError(format_request_error(ErrorCode.TOO_LARGE, sentence, **params))


def too_many_fields_error(limit: int) -> RequestRefusedError:
    sentence = f"The answer would have more than {limit:,} fields. Ask for smaller pages or for fewer fields."
    return RequestRefusedError(format_request_error(ErrorCode.TOO_COMPLEX, sentence, limit=limit, of="answered_fields"))


def too_much_text_error(limit: int) -> RequestRefusedError:
    sentence = f"The answer would have more than {limit:,} characters. Ask for smaller pages, or for long texts by themselves."
    return RequestRefusedError(format_request_error(ErrorCode.TOO_COMPLEX, sentence, limit=limit, of="answered_characters"))


def too_slow_error(seconds: float) -> RequestRefusedError:
    sentence = f"This was given up after {seconds:g} seconds. Ask for smaller pages or for fewer fields."
    return RequestRefusedError(format_request_error(ErrorCode.TOO_SLOW, sentence, limit=seconds))
