"""All errors that the directory raises for its callers.

    DirectoryError
    ├── BadInput               an invalid value
    │   ├── UnknownValue       a name, slug or code that does not exist
    │   │   ├── UnknownTerm    no such issue area, community, work area or language
    │   │   ├── UnknownRegion  no such region code
    │   │   └── UnknownPlace   no such place in the gazetteer
    │   ├── AmbiguousPlace     several places of that name, none much larger than the others
    │   ├── BadCursor          malformed, in an older format, or from another question
    │   ├── TooLarge           more bytes, rows or values than allowed
    │   └── TooComplex         a valid request that needs more work than allowed
    ├── NotFound               no record with that key (edits and the command line)
    ├── Conflict               the record changed since it was read
    ├── Busy                   other writes or coalition plans take too long
    └── Unavailable            the store cannot be reached or used
        └── OutcomeUnknown     the store failed during a commit; the change may have been written or not

Each error has a code for programs, a message that tells a person what to do, and parameters for translators.
Each interface (GraphQL, web pages, command line) has one renderer; nothing else formats an error.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cached_property
from typing import ClassVar


class ErrorCode(StrEnum):
    """The value of `extensions.code`, the same in every interface."""

    BAD_SYNTAX = "BAD_SYNTAX"  # the document cannot be parsed
    NOT_VALID = "NOT_VALID"  # the document does not match the schema
    BAD_INPUT = "BAD_INPUT"  # an invalid value
    UNKNOWN_TERM = "UNKNOWN_TERM"  # no such issue area, community, work area or language
    UNKNOWN_REGION = "UNKNOWN_REGION"  # no such region code
    UNKNOWN_PLACE = "UNKNOWN_PLACE"  # no such place in the gazetteer
    AMBIGUOUS_PLACE = "AMBIGUOUS_PLACE"  # several places of that name, none much larger than the others
    BAD_CURSOR = "BAD_CURSOR"  # malformed, in an older format, or from another question
    NOT_FOUND = "NOT_FOUND"  # no record with that key, or no page at that address
    TOO_LARGE = "TOO_LARGE"  # more bytes, tokens or values than allowed
    TOO_COMPLEX = "TOO_COMPLEX"  # too deep, too many fields or too costly to execute
    TOO_SLOW = "TOO_SLOW"  # not sent or executed before the deadline
    RATE_LIMITED = "RATE_LIMITED"  # the client has used up its points for now
    DOCUMENT_NOT_FOUND = "DOCUMENT_NOT_FOUND"  # no registered document has that id
    DOCUMENT_REQUIRED = "DOCUMENT_REQUIRED"  # this server executes registered documents only
    UNAUTHENTICATED = "UNAUTHENTICATED"  # the client must sign in
    FORBIDDEN = "FORBIDDEN"  # the client is known but not allowed
    CONFLICT = "CONFLICT"  # the record changed since it was read
    BUSY = "BUSY"  # other writes or coalition plans take too long; try again later
    UNAVAILABLE = "UNAVAILABLE"  # the store cannot be reached, or the server is shutting down; try again later
    INTERNAL = "INTERNAL"  # a bug in the server; the log has the details under the error's id


class DirectoryError(Exception):
    """Base class of all errors. `user_message` tells a person what is wrong and what to do; `params` are JSON-ready facts."""

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self._message, self._params = message, params

    @property
    def user_message(self) -> str:
        return self._message

    @property
    def params(self) -> dict[str, object]:
        return self._params


class BadInput(DirectoryError):
    """An invalid value. params: `argument` names it, if known."""

    code = ErrorCode.BAD_INPUT


class UnknownValue(BadInput):
    """A name, slug or code that does not exist.

    `suggest` returns similar values that do exist, nearest first. It takes milliseconds, so it is called only when
    `suggestions`, `user_message` or `params` is first read. `advice` ends the message when there are no suggestions.
    """

    def __init__(
        self, message: str, *, suggest: Callable[[], Sequence[str]] | None = None, advice: str = "", **params: object
    ) -> None:
        super().__init__(message, **params)
        self._suggest, self._advice = suggest, advice

    @cached_property
    def suggestions(self) -> list[str]:
        return list(self._suggest()) if self._suggest else []

    @property
    def user_message(self) -> str:
        if not self._suggest:
            return self._message
        hint = f"Did you mean {' or '.join(self.suggestions)}?" if self.suggestions else self._advice
        return f"{self._message} {hint}"

    @property
    def params(self) -> dict[str, object]:
        return {**self._params, "suggestions": self.suggestions} if self._suggest else self._params

    def without_suggestions(self) -> "UnknownValue":
        """Return the same error with an empty list of suggestions, without computing them."""
        return type(self)(self._message, suggest=tuple, advice=self._advice, **self._params) if self._suggest else self


class UnknownTerm(UnknownValue):
    """params: `vocabulary`, `value`, `suggestions` (slugs, nearest first, may be empty)."""

    code = ErrorCode.UNKNOWN_TERM


class UnknownRegion(UnknownValue):
    """params: `value`, `suggestions` (region codes, nearest first, may be empty)."""

    code = ErrorCode.UNKNOWN_REGION


class UnknownPlace(UnknownValue):
    """params: `value`, `suggestions` (place names, or codes for a region; nearest first, may be empty)."""

    code = ErrorCode.UNKNOWN_PLACE


class AmbiguousPlace(BadInput):
    """params: `value`, `candidates` (place names to use instead)."""

    code = ErrorCode.AMBIGUOUS_PLACE


class BadCursor(BadInput):
    """params: `reason`: MALFORMED, OLD_FORMAT or OTHER_QUESTION."""

    code = ErrorCode.BAD_CURSOR


class TooLarge(BadInput):
    """More bytes, rows or values than allowed. params: `limit`."""

    code = ErrorCode.TOO_LARGE


class TooComplex(BadInput):
    """A valid request that needs more work than allowed. params: `limit`, and `of`, what is limited."""

    code = ErrorCode.TOO_COMPLEX


class NotFound(DirectoryError):
    """params: `value`, the key that no record has."""

    code = ErrorCode.NOT_FOUND


class Conflict(DirectoryError):
    """params: `current`, the present revision of the record."""

    code = ErrorCode.CONFLICT


class Busy(DirectoryError):
    """Other writes or coalition plans take too long. Nothing was written; try again later."""

    code = ErrorCode.BUSY


class Unavailable(DirectoryError):
    """The store cannot be reached or used. Nothing was written, except perhaps with OutcomeUnknown."""

    code = ErrorCode.UNAVAILABLE


class OutcomeUnknown(Unavailable):
    """The store failed while committing a change. The change may have been written or not."""
