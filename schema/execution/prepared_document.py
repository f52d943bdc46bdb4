"""From a document's text to what can be executed: read, counted, validated and priced, in this order, each step within limits."""

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
    """A document that can be executed, and what each of its operations costs, by name."""

    document: DocumentNode
    costs: dict[str | None, Cost]
    limits: Limits  # that it was found to be within

    def find_cost(self, operation: str | None) -> Cost:
        """Of the operation that would be executed; nothing where it is not clear which."""
        if operation is None and len(self.costs) == 1:
            return next(iter(self.costs.values()))
        return self.costs.get(operation, _NO_COST)


def get_prepared_document(text: str, limits: Limits) -> PreparedDocument:
    """Raises Refused. What is refused is not kept, so that it cannot crowd out what is asked every day."""
    found = _document_cache.get(text)
    if found is not None and found.limits == limits:
        return found
    made = prepare_document(text, limits)
    _document_cache.store(text, made)
    return made


def find_cached_document(text: str) -> PreparedDocument | None:
    """What was made of the document before; None where it has to be read and validated first, which may take 100 ms."""
    return _document_cache.get(text)


def prepare_document(text: str, limits: Limits) -> PreparedDocument:
    """Raises Refused."""
    # Counting bytes takes time in proportion to the text, and there are no fewer of them than characters.
    size = len(text) if len(text) > limits.document_bytes else len(text.encode(errors="replace"))
    if size > limits.document_bytes:
        raise _document_too_large_error(size, limits)
    document = _parse_document(text, limits)
    measured = measure_document(document, limits)
    # The other rules are not made for fragments that contain themselves.
    rules = [NoFragmentCyclesRule] if measured.is_cyclic else specified_rules
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
        # The parser has no other mark for its own limits.
        if problem.message.endswith(" tokens. Parsing aborted."):
            raise too_large_error("tokens", "tokens in the document", limits.tokens) from None
        if f"more than {limits.comments} comments" in problem.message:
            raise too_large_error("comments", "comments in the document", limits.comments) from None
        raise RequestRefusedError(*format_document_errors(ErrorCode.BAD_SYNTAX, [problem])) from None


def _validate_document(document: DocumentNode, rules: Any, limits: Limits) -> None:
    try:
        errors = validate(SCHEMA, document, rules, max_errors=limits.errors)
    except ValueError:  # int() refuses numbers of more than 4,300 digits
        errors = [GraphQLError("A number in the document has too many digits.")]
    told = [error for error in errors if not isinstance(error, ValidationAbortedError)]
    if told:
        raise RequestRefusedError(*format_document_errors(ErrorCode.NOT_VALID, told))
    if errors:
        sentence = (
            "Too many fields of the document meet under one name, or fragments are nested too deeply. Ask for each field once."
        )
        raise RequestRefusedError(
            format_request_error(ErrorCode.TOO_COMPLEX, sentence, limit=MAX_FIELD_COMPARISONS, of="comparisons")
        )
