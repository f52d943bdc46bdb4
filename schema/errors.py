"""How a refusal is told in GraphQL: a sentence, and `extensions` with its code and parameters.

What nobody foresaw is told as INTERNAL with the id under which the log has it, and nothing else.
"""

import logging
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from graphql import GraphQLError

from directory.errors import DirectoryError, ErrorCode, UnknownValue

log = logging.getLogger("directory.graphql")


class RequestRefusedError(Exception):
    """The request as a whole is refused; `errors` as they stand in the answer. `cost` in points, where it is known."""

    def __init__(self, *errors: dict[str, Any], cost: int | None = None) -> None:
        super().__init__(errors[0]["message"])
        self.errors = list(errors)
        self.cost = cost


def format_error(error: GraphQLError) -> dict[str, Any]:
    """An error met while answering, as it stands in the answer's `errors`, without suggestions for an unknown value."""
    cause = error.original_error
    if isinstance(cause, UnknownValue):
        cause = cause.without_suggestions()
    if isinstance(cause, DirectoryError):
        return _build_error(error, cause.user_message, {"code": cause.code, **cause.params})
    of_a_variable = error.path is None and (cause is None or isinstance(cause, GraphQLError))
    of_an_argument = isinstance(cause, GraphQLError) and bool(cause.nodes)  # what our own values lack
    if of_a_variable or of_an_argument:
        return _build_error(error, error.message, {"code": ErrorCode.BAD_INPUT})
    return _mask_internal_error(error)


def add_suggestions(error: dict[str, Any], refusal: UnknownValue) -> None:
    """To an error as `told` made it of this refusal. Takes milliseconds."""
    error["message"] = refusal.user_message
    error["extensions"] |= refusal.params


def format_document_errors(code: ErrorCode, errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """Errors met before anything was answered: in the document's syntax, or where it does not fit the schema."""
    return [_build_error(error, error.message, {"code": code}) for error in errors]


def format_request_error(code: ErrorCode, sentence: str, **params: object) -> dict[str, Any]:
    """A refusal that stands for a whole request."""
    return {"message": sentence, "extensions": {"code": code, **params}}


def log_internal_error(problem: BaseException) -> dict[str, Any]:
    """Logs the problem; what is told is the id that leads to it."""
    error_id = uuid4().hex[:12]
    log.error("error %s", error_id, exc_info=problem)
    return format_request_error(
        ErrorCode.INTERNAL, f"Something went wrong here. If you report it, tell this id: {error_id}.", errorId=error_id
    )


def _mask_internal_error(error: GraphQLError) -> dict[str, Any]:
    shown = log_internal_error(error.original_error or error)
    return _build_error(error, shown["message"], shown["extensions"])


def _build_error(error: GraphQLError, sentence: str, extensions: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"message": sentence}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        shown["path"] = error.path
    return {**shown, "extensions": extensions}
