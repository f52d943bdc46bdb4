"""The longest texts that the arguments of every interface accept."""

from collections.abc import Mapping
from types import MappingProxyType

from directory.cursors import CURSOR_LIMIT, malformed_cursor
from directory.errors import BadInput

QUERY_LIMIT = 500
WORD_LIMIT = 32  # words of a search text
SEARCH_LIMIT = 8_000  # a question as a URL query string; servers on the way accept no longer addresses
PLACE_NAME_LIMIT = 200
KEY_LIMIT = 100  # slugs, codes and identifiers
GLOBAL_ID_LIMIT = 400
CURSOR_ARGUMENTS = ("after", "before")
LANGUAGE_LIMIT = 40  # BCP 47, section 4.4.1, asks for at least 35

# The longest text that each argument of the API accepts. schema/argument_limits.py enforces these limits.
TEXT_LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "query": QUERY_LIMIT,
        "words": QUERY_LIMIT,
        "search": SEARCH_LIMIT,
        "seeks": QUERY_LIMIT,
        "offers": QUERY_LIMIT,
        "organizations": GLOBAL_ID_LIMIT,
        "issueAreas": KEY_LIMIT,
        "communities": KEY_LIMIT,
        "workAreas": KEY_LIMIT,
        "regions": KEY_LIMIT,
        "parent": GLOBAL_ID_LIMIT,
        "coalition": KEY_LIMIT,
        "instrument": KEY_LIMIT,
        "cycle": KEY_LIMIT,
        "response": PLACE_NAME_LIMIT,
        "member": GLOBAL_ID_LIMIT,
        "host": GLOBAL_ID_LIMIT,
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
        "include": GLOBAL_ID_LIMIT,
        "exclude": GLOBAL_ID_LIMIT,
        "without": GLOBAL_ID_LIMIT,
        "scheme": KEY_LIMIT,
        "value": KEY_LIMIT,
        "values": KEY_LIMIT,
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
    """Raise BadInput if the text is too long, with params `argument`, `limit` and `length` (in characters).

    A cursor that is too long raises BadCursor, like any other malformed cursor.
    """
    limit, length = TEXT_LIMITS[argument], len(text)
    if length > limit and argument in CURSOR_ARGUMENTS:
        raise malformed_cursor()
    if length > limit:
        sentence = f"`{argument}` can have at most {limit:,} characters, but this text has {length:,}. Shorten it."
        raise BadInput(sentence, argument=argument, limit=limit, length=length)
