"""Prepare a document for execution: parse, measure, validate and price it, in this order, each step within limits."""

from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError, parse, validate
from graphql.validation import NoFragmentCyclesRule, specified_rules
from graphql.validation.rules import overlapping_fields_can_be_merged
from graphql.validation.validate import ValidationAbortedError
from msgspec import Struct

from directory.errors import ErrorCode
from schema.errors import RequestRefusedError, format_document_errors, format_request_error
from schema.execution.cost import Cost, compile_costs
from schema.execution.document_cache import DocumentCache
from schema.execution.document_measures import measure_document
from schema.limits import MAX_FIELD_COMPARISONS, Limits, too_large_error
from schema.schema import SCHEMA

overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = MAX_FIELD_COMPARISONS


class PreparedDocument(Struct, frozen=True):
    """A valid document, and the cost of each of its operations by name."""

    document: DocumentNode
    costs: dict[str | None, Cost]
    limits: Limits  # that it was checked against

    def find_cost(self, operation: str | None) -> Cost:
        """Return the cost of the operation to execute, or no cost if the name does not select one."""
        if operation is None and len(self.costs) == 1:
            return next(iter(self.costs.values()))
        return self.costs.get(operation, _NO_COST)


def get_prepared_document(text: str, limits: Limits) -> PreparedDocument:
    """Return the document from the cache, or prepare and store it. Raises RequestRefusedError.

    Refused documents are not stored: they would displace documents in daily use.
    """
    cached_document = _document_cache.get(text)
    if cached_document is not None and cached_document.limits == limits:
        return cached_document
    document = prepare_document(text, limits)
    _document_cache.store(text, document)
    return document


def find_cached_document(text: str) -> PreparedDocument | None:
    """Return the document if it is in the cache. Otherwise preparing it may take 100 ms."""
    return _document_cache.get(text)


def prepare_document(text: str, limits: Limits) -> PreparedDocument:
    """Prepare a document. Raises RequestRefusedError."""
    # A text has at least as many bytes as characters, so a long one is refused without the time to encode it.
    size = len(text) if len(text) > limits.document_bytes else len(text.encode(errors="replace"))
    if size > limits.document_bytes:
        raise _document_too_large_error(size, limits)
    document = _parse_document(text, limits)
    measures = measure_document(document, limits)
    # The other rules may not terminate for fragments that contain themselves.
    rules = [NoFragmentCyclesRule] if measures.is_cyclic else specified_rules
    _validate_document(document, rules, limits)
    return PreparedDocument(document, compile_costs(SCHEMA, document), limits)


_document_cache: DocumentCache[PreparedDocument] = DocumentCache()
_NO_COST = Cost()


def _document_too_large_error(size: int, limits: Limits) -> RequestRefusedError:
    return too_large_error("document_bytes", "bytes in the document", limits.document_bytes, size)


def _parse_document(text: str, limits: Limits) -> DocumentNode:
    try:
        return parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.comments, allow_empty_selection_sets=False)
    except GraphQLSyntaxError as problem:
        # The parser reports its own limits only in the message.
        if problem.message.endswith(" tokens. Parsing aborted."):
            raise too_large_error("tokens", "tokens in the document", limits.tokens) from None
        if f"more than {limits.comments} comments" in problem.message:
            raise too_large_error("comments", "comments in the document", limits.comments) from None
        raise RequestRefusedError(*format_document_errors(ErrorCode.BAD_SYNTAX, [problem])) from None


def _validate_document(document: DocumentNode, rules: Any, limits: Limits) -> None:
    try:
        errors = validate(SCHEMA, document, rules, max_errors=limits.errors)
    except ValueError:  # int() rejects numbers of more than 4,300 digits
        errors = [GraphQLError("A number in the document has too many digits.")]
    validation_errors = [error for error in errors if not isinstance(error, ValidationAbortedError)]
    if validation_errors:
        raise RequestRefusedError(*format_document_errors(ErrorCode.NOT_VALID, validation_errors))
    if errors:
        sentence = (
            "The document selects too many fields with the same name, or its fragments are nested too deeply. "
            "Select each field once."
        )
        raise RequestRefusedError(
            format_request_error(ErrorCode.TOO_COMPLEX, sentence, limit=MAX_FIELD_COMPARISONS, of="comparisons")
        )
