"""Every refusal this directory can give.

    DirectoryError
    ├── BadInput               a value that cannot be
    │   ├── UnknownValue       a name, slug or code that nothing has
    │   │   ├── UnknownTerm    no such issue area, community, work area or language
    │   │   ├── UnknownRegion  no such region code
    │   │   └── UnknownPlace   the gazetteer has no such place
    │   ├── AmbiguousPlace     the gazetteer has several, none of them foremost
    │   ├── BadCursor          malformed, of an older format, or from another question
    │   ├── TooLarge           more bytes, rows or values than are read
    │   └── TooComplex         read, and more than is worked out
    ├── NotFound               a record asked for by a key that must exist (edits, the shell)
    ├── Conflict               the record changed since it was read
    ├── Busy                   another writer holds the store for too long
    └── Unavailable            the store cannot be reached, or is not what it should be
        └── OutcomeUnknown     it failed during a commit, so it is not known whether the change was written

Each carries a code for programs, a sentence for a person that says what to do, and parameters for translators.
One renderer per door (GraphQL, pages, shell) shows them; nothing else formats an error.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cached_property
from typing import ClassVar


class ErrorCode(StrEnum):
    """The value of `extensions.code`, in every door. The meaning stands beside each member."""

    BAD_SYNTAX = "BAD_SYNTAX"  # the document cannot be parsed
    NOT_VALID = "NOT_VALID"  # the document does not fit the schema
    BAD_INPUT = "BAD_INPUT"  # a value that cannot be
    UNKNOWN_TERM = "UNKNOWN_TERM"  # no such issue area, community, work area or language
    UNKNOWN_REGION = "UNKNOWN_REGION"  # no such region code
    UNKNOWN_PLACE = "UNKNOWN_PLACE"  # the gazetteer has no such place
    AMBIGUOUS_PLACE = "AMBIGUOUS_PLACE"  # the gazetteer has several of that name, none of them foremost
    BAD_CURSOR = "BAD_CURSOR"  # malformed, of an older format, or from another question
    NOT_FOUND = "NOT_FOUND"  # there is nothing under that key or address
    TOO_LARGE = "TOO_LARGE"  # more bytes, tokens or values than are read
    TOO_COMPLEX = "TOO_COMPLEX"  # read, and more than is executed: too deep, too many fields, too costly
    TOO_SLOW = "TOO_SLOW"  # given up at a deadline, while it was sent or executed
    RATE_LIMITED = "RATE_LIMITED"  # this client has spent its points for now
    DOCUMENT_NOT_FOUND = "DOCUMENT_NOT_FOUND"  # no document is known here by that id
    DOCUMENT_REQUIRED = "DOCUMENT_REQUIRED"  # only documents that are known here are executed
    UNAUTHENTICATED = "UNAUTHENTICATED"  # who is asking is not known, and has to be
    FORBIDDEN = "FORBIDDEN"  # who is asking is known, and may not
    CONFLICT = "CONFLICT"  # the record changed since it was read
    BUSY = "BUSY"  # another writer holds the store for too long; try again later
    UNAVAILABLE = "UNAVAILABLE"  # the store is out of reach, or the server is about to stop; try again later
    INTERNAL = "INTERNAL"  # ours; the details are in the log under the error's id


class DirectoryError(Exception):
    """A refusal. `sentence` tells a person what is wrong and what to do; `params` are JSON-ready facts about it."""

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
    """A value that cannot be. `argument` in params names it where it is known."""

    code = ErrorCode.BAD_INPUT


class UnknownValue(BadInput):
    """A name, slug or code that nothing has.

    `suggest` finds what may have been meant, nearest first. This takes milliseconds: it is called once, when `suggestions`,
    `sentence` or `params` is first read, and never for a refusal that nobody reads. `advice` is for whoever gets no suggestion.
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
        """The same refusal, which has no suggestions and looks for none."""
        return type(self)(self._message, suggest=tuple, advice=self._advice, **self._params) if self._suggest else self


class UnknownTerm(UnknownValue):
    """params: `vocabulary`, `value`, `suggestions` (slugs, nearest first, may be empty)."""

    code = ErrorCode.UNKNOWN_TERM


class UnknownRegion(UnknownValue):
    """params: `value`, `suggestions` (region codes, nearest first, may be empty)."""

    code = ErrorCode.UNKNOWN_REGION


class UnknownPlace(UnknownValue):
    """params: `value`, `suggestions` (place names, nearest first, may be empty)."""

    code = ErrorCode.UNKNOWN_PLACE


class AmbiguousPlace(BadInput):
    """params: `value`, `candidates` (place names that can be asked for instead)."""

    code = ErrorCode.AMBIGUOUS_PLACE


class BadCursor(BadInput):
    """params: `reason`: MALFORMED, OLD_FORMAT or OTHER_QUESTION."""

    code = ErrorCode.BAD_CURSOR


class TooLarge(BadInput):
    """More bytes, rows or values than are read. `limit` in params is how many are."""

    code = ErrorCode.TOO_LARGE


class TooComplex(BadInput):
    """More than one request is given. `limit` in params is how many are, `of` is what."""

    code = ErrorCode.TOO_COMPLEX


class NotFound(DirectoryError):
    """params: `value`, the key that led nowhere."""

    code = ErrorCode.NOT_FOUND


class Conflict(DirectoryError):
    """params: `current`, the revision that the record has now."""

    code = ErrorCode.CONFLICT


class Busy(DirectoryError):
    """Nothing was written; trying again later may succeed."""

    code = ErrorCode.BUSY


class Unavailable(DirectoryError):
    """The store is out of reach or not usable. Nothing was written, unless it is OutcomeUnknown."""

    code = ErrorCode.UNAVAILABLE


class OutcomeUnknown(Unavailable):
    """The store failed while a change was being committed: it may have been written, or not."""
