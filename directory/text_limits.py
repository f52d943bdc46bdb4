"""How long a text from outside may be, by the name of the argument that holds it.

The limits are declared here once. GraphQL enforces them for every argument before a resolver runs (schema/argument_limits.py).
"""

from collections.abc import Mapping
from types import MappingProxyType

from directory.errors import BadCursor, BadInput

QUERY = 500  # a person's words
PLACE_NAME = 200
KEY = 100  # a slug, a code or a number of a register
GLOBAL_ID = 400
CURSOR = 4_000  # holds the name of a record
CURSOR_ARGUMENTS = ("after", "before")
LANGUAGE = 40  # BCP 47, section 4.4.1: 35 are enough

TEXT_LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "query": QUERY,
        "name": PLACE_NAME,
        "postalCode": KEY,
        "region": KEY,
        "code": KEY,
        "within": KEY,
        "slug": KEY,
        "broader": KEY,
        "anyOf": KEY,
        "allOf": KEY,
        "noneOf": KEY,
        "scheme": KEY,
        "value": KEY,
        "id": GLOBAL_ID,
        "ids": GLOBAL_ID,
        "organization": GLOBAL_ID,
        "place": GLOBAL_ID,
        "after": CURSOR,
        "before": CURSOR,
        "language": LANGUAGE,
    }
)  # characters


def check_length(argument: str, text: str) -> None:
    """Raises BadInput for a text that is too long; params: `argument`, `limit` and `length`, both in characters.

    Raises BadCursor for a cursor that is too long, as for any other that was never given out.
    """
    limit, length = TEXT_LIMITS[argument], len(text)
    if length > limit and argument in CURSOR_ARGUMENTS:
        raise BadCursor("This is no cursor of ours. Use one from `pageInfo` or an edge.", reason="MALFORMED")
    if length > limit:
        sentence = f"`{argument}` takes at most {limit:,} characters, and this text has {length:,}. Shorten it."
        raise BadInput(sentence, argument=argument, limit=limit, length=length)
