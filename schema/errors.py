"""Format errors for GraphQL: a message, and `extensions` with the error code and its parameters.

An unexpected exception becomes INTERNAL with an `errorId`; its details go to the log under that id and nowhere else.
"""

import logging
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from graphql import GraphQLError, SourceLocation

from directory.errors import DirectoryError, ErrorCode, UnknownValue

log = logging.getLogger("directory.graphql")


class RequestRefusedError(Exception):
    """The whole request is refused. `errors` are formatted for the response."""

    def __init__(self, *errors: dict[str, Any]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = list(errors)


class CpuTimeExceeded(RequestRefusedError):
    """The request has used up its CPU time."""


class DeclinedError(Exception):
    """Compiled code cannot answer the request; graphql-core executes it."""


def format_error(error: GraphQLError) -> dict[str, Any]:
    """Format an error raised during execution, without the suggestions for an unknown value, which are slow to compute."""
    cause = error.original_error
    if isinstance(cause, DirectoryError):
        return format_refusal(cause, error.locations, error.path)
    is_variable_error = error.path is None and (cause is None or isinstance(cause, GraphQLError))
    is_argument_error = isinstance(cause, GraphQLError) and bool(cause.nodes)  # errors in values that we return have no nodes
    if is_variable_error or is_argument_error:
        return _build_error(error.locations, error.path, error.message, {"code": ErrorCode.BAD_INPUT})
    return _mask_internal_error(error)


def format_refusal(
    refusal: DirectoryError, locations: Sequence[SourceLocation] | None, path: Sequence[str | int] | None
) -> dict[str, Any]:
    """Format a refusal of a field, without the suggestions for an unknown value, which are slow to compute."""
    if isinstance(refusal, UnknownValue):
        refusal = refusal.without_suggestions()
    return _build_error(locations, path, refusal.user_message, {"code": refusal.code, **refusal.params})


def add_suggestions(error: dict[str, Any], refusal: UnknownValue) -> None:
    """Add suggestions to an error that `format_error` made from this refusal. Takes milliseconds."""
    error["message"] = refusal.user_message
    error["extensions"] |= refusal.params


def format_document_errors(code: ErrorCode, errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """Format errors in the document: in its syntax, or where it does not match the schema."""
    return [_build_error(error.locations, error.path, error.message, {"code": code}) for error in errors]


def format_request_error(code: ErrorCode, sentence: str, **params: object) -> dict[str, Any]:
    """Format an error that applies to a whole request."""
    return {"message": sentence, "extensions": {"code": code, **params}}


def log_internal_error(problem: BaseException) -> dict[str, Any]:
    """Log an unexpected exception and return an error with the id of the log entry."""
    error_id = uuid4().hex[:12]
    log.error("error %s", error_id, exc_info=problem)
    return format_request_error(
        ErrorCode.INTERNAL, f"An internal error occurred. If you report it, quote this id: {error_id}.", errorId=error_id
    )


def _mask_internal_error(error: GraphQLError) -> dict[str, Any]:
    masked_error = log_internal_error(error.original_error or error)
    return _build_error(error.locations, error.path, masked_error["message"], masked_error["extensions"])


def _build_error(
    locations: Sequence[SourceLocation] | None, path: Sequence[str | int] | None, sentence: str, extensions: dict[str, Any]
) -> dict[str, Any]:
    formatted: dict[str, Any] = {"message": sentence}
    if locations:
        formatted["locations"] = [{"line": location.line, "column": location.column} for location in locations]
    if path is not None:
        formatted["path"] = path
    return {**formatted, "extensions": extensions}
