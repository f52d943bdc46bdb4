"""How long a text from outside may be, by the name of the argument that holds it.

The limits are declared here once. GraphQL enforces them for every argument before a resolver runs (schema/argument_limits.py).
"""

from collections.abc import Mapping
from types import MappingProxyType

from directory.cursors import CURSOR_LIMIT, malformed_cursor
from directory.errors import BadInput

QUERY_LIMIT = 500  # a person's words
PLACE_NAME_LIMIT = 200
KEY_LIMIT = 100  # a slug, a code or a number of a register
GLOBAL_ID_LIMIT = 400
CURSOR_ARGUMENTS = ("after", "before")
LANGUAGE_LIMIT = 40  # BCP 47, section 4.4.1: 35 are enough

TEXT_LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "query": QUERY_LIMIT,
        "name": PLACE_NAME_LIMIT,
        "postalCode": KEY_LIMIT,
        "region": KEY_LIMIT,
        "code": KEY_LIMIT,
        "within": KEY_LIMIT,
        "slug": KEY_LIMIT,
        "broader": KEY_LIMIT,
        "anyOf": KEY_LIMIT,
        "allOf": KEY_LIMIT,
        "noneOf": KEY_LIMIT,
        "scheme": KEY_LIMIT,
        "value": KEY_LIMIT,
        "id": GLOBAL_ID_LIMIT,
        "ids": GLOBAL_ID_LIMIT,
        "organization": GLOBAL_ID_LIMIT,
        "place": GLOBAL_ID_LIMIT,
        "after": CURSOR_LIMIT,
        "before": CURSOR_LIMIT,
        "language": LANGUAGE_LIMIT,
    }
)  # characters


def check_length(argument: str, text: str) -> None:
    """Raises BadInput for a text that is too long; params: `argument`, `limit` and `length`, both in characters.

    Raises BadCursor for a cursor that is too long, as for any other that was never given out.
    """
    limit, length = TEXT_LIMITS[argument], len(text)
    if length > limit and argument in CURSOR_ARGUMENTS:
        raise malformed_cursor()
    if length > limit:
        sentence = f"`{argument}` takes at most {limit:,} characters, and this text has {length:,}. Shorten it."
        raise BadInput(sentence, argument=argument, limit=limit, length=length)
