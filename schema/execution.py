"""From a document and its variables to an answer.

The document goes to graphql-core straight, not through Strawberry's `execute`: the resolvers are the same, and without
Strawberry's frame of extensions and awaiting an answer takes about half the time. Everything runs on the caller's thread.
"""

from collections.abc import Awaitable
from functools import lru_cache
from typing import Any, NamedTuple, TypeGuard

from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSyntaxError, execute, parse, validate

from directory.errors import Code
from schema.context import Context
from schema.errors import refusal, refused, told, unforeseen
from schema.graph import SCHEMA

DOCUMENTS_KEPT = 512  # parsed and validated; one of 16 KiB takes about 1 MB
LARGEST_KEPT = 16_384  # characters


class Prepared(NamedTuple):
    """A parsed document, or the errors for which it is refused."""

    document: DocumentNode | None
    errors: list[dict[str, Any]]


class Answer(NamedTuple):
    """What is sent: `errors` alone when the request as a whole is refused, `data` with or without errors otherwise."""

    body: dict[str, Any]

    @property
    def refused(self) -> bool:
        return "data" not in self.body


def answer(document: str, variables: dict[str, Any] | None, operation: str | None, context: Context) -> Answer:
    """Never raises. The document's and the variables' faults are told with a code, ours with an id of the log."""
    try:
        return _answer(document, variables, operation, context)
    except RecursionError:
        return Answer({"errors": [refused(Code.TOO_LARGE, "The document is nested too deeply. Ask for less at once.")]})
    except Exception as problem:
        return Answer({"errors": [unforeseen(problem)]})


def _answer(document: str, variables: dict[str, Any] | None, operation: str | None, context: Context) -> Answer:
    prepared = _kept(document) if len(document) <= LARGEST_KEPT else _prepare(document)
    if prepared.document is None:
        return Answer({"errors": prepared.errors})
    result = execute(
        SCHEMA,
        prepared.document,
        context_value=context,
        variable_values=variables,
        operation_name=operation,
        is_awaitable=_never,
    )
    assert isinstance(result, ExecutionResult)  # noqa: S101 - no resolver is awaited
    errors = [told(error) for error in result.errors or ()]
    if result.data is None and errors and all("path" not in error for error in errors):
        return Answer({"errors": errors})
    return Answer({"data": result.data, "errors": errors} if errors else {"data": result.data})


def _prepare(text: str) -> Prepared:
    try:
        document = parse(text, no_location=False)
    except GraphQLSyntaxError as problem:
        return Prepared(None, refusal(Code.BAD_SYNTAX, [problem]))
    try:
        errors = validate(SCHEMA, document)
    except ValueError:  # int() refuses numbers of more than 4,300 digits
        errors = [GraphQLError("A number in the document has too many digits.")]
    if errors:
        return Prepared(None, refusal(Code.NOT_VALID, errors))
    return Prepared(document, [])


_kept = lru_cache(maxsize=DOCUMENTS_KEPT)(_prepare)


def _never(_value: Any) -> TypeGuard[Awaitable[Any]]:
    return False
