"""Prepare a document for execution: parse, measure, validate, price and compile it, in this order, each step within limits."""

from collections.abc import Callable
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError, parse, validate
from graphql.validation import NoFragmentCyclesRule, specified_rules
from graphql.validation.rules import overlapping_fields_can_be_merged
from graphql.validation.validate import ValidationAbortedError
from msgspec import Struct

from directory.errors import ErrorCode
from schema.errors import DeclinedError, RequestRefusedError, format_document_errors, format_request_error
from schema.execution.byte_cache import ByteCache
from schema.execution.coercion import compile_literal_checks
from schema.execution.cost import Cost, compile_costs
from schema.execution.document_measures import measure_document
from schema.execution.literals import DocumentText, list_equal_pairs, take_out_literals
from schema.execution.plan import Plan
from schema.limits import MAX_FIELD_COMPARISONS, Limits, too_large_error
from schema.schema import SCHEMA

MAX_BYTES = 20_000_000  # of all prepared documents
# The most memory that a prepared document takes: besides its text, for each character of its key and for each literal
DOCUMENT_BYTES, CHARACTER_BYTES, LITERAL_BYTES = 8_000, 20, 1_200
SYNTAX_BYTES = 200  # and for each character if its parsed form is kept

overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = MAX_FIELD_COMPARISONS


class PreparedDocument(Struct, frozen=True):
    """What is kept of a valid document: the cost of each of its operations by name, and the plans of those that were requested.

    A plan is None if the operation is left to graphql-core. Texts with the same key share all this. `document` is kept if
    graphql-core needs it and it has no literals.
    """

    costs: dict[str | None, Cost]
    plans: dict[str | None, Plan | None]
    limits: Limits  # that it was checked against
    text: DocumentText  # without literals
    accepts_literals: Callable[[DocumentText], bool] | None  # of a text with this key; None if the text has no literals
    document: DocumentNode | None = None

    def find_cost(self, operation: str | None) -> Cost:
        """Return the cost of the operation to execute, or no cost if the name does not select one."""
        if operation is None and len(self.costs) == 1:
            return next(iter(self.costs.values()))
        return self.costs.get(operation, _NO_COST)


def find_prepared(text: str, limits: Limits) -> tuple[PreparedDocument, DocumentText] | None:
    """Return what is kept of a document, with the text's literals; None if it has to be prepared, which may take 100 ms."""
    prepared = _document_cache.get(text)
    if prepared is not None and prepared.accepts_literals is None:
        return (prepared, prepared.text) if prepared.limits == limits else None
    if _measure_bytes(text, limits) > limits.document_bytes:
        return None
    parts = take_out_literals(text)
    prepared = _document_cache.get(parts.key) if parts.literals else None
    if prepared is None or prepared.limits != limits or prepared.accepts_literals is None:
        return None
    return (prepared, parts) if prepared.accepts_literals(parts) else None


def prepare_operation(text: str, operation: str | None, limits: Limits) -> tuple[PreparedDocument, DocumentText, DocumentNode]:
    """Prepare a document and the plan of one of its operations. Raises RequestRefusedError."""
    found = find_prepared(text, limits)
    if found and found[0].document and operation in found[0].plans:
        return *found, found[0].document
    document = prepare_document(text, limits)
    parts = found[1] if found else take_out_literals(text)
    costs = compile_costs(SCHEMA, document, parts.number_literals())
    plans = dict(found[0].plans) if found else {}  # threads read the other one
    if operation not in plans and (operation is None or operation in costs):
        plans[operation] = _compile(document, operation, parts)
    kept = document if None in plans.values() and not parts.literals else None
    key_text = DocumentText(parts.key, parts.key, ())
    return PreparedDocument(costs, plans, limits, key_text, _build_literal_check(document, parts), kept), parts, document


def _build_literal_check(document: DocumentNode, text: DocumentText) -> Callable[[DocumentText], bool] | None:
    """Return whether other literals are valid in their places, and equal where they have to be; None if there are none."""
    if not text.literals:
        return None
    equal_pairs = list_equal_pairs(document, text.number_literals())
    try:
        check_values = compile_literal_checks(SCHEMA, document, text)
    except DeclinedError:
        return lambda _: False

    def accepts_literals(other: DocumentText) -> bool:
        literals = other.literals
        if any(literals[first].raw != literals[second].raw for first, second in equal_pairs):
            return False
        try:
            check_values(other.read_values())
        except DeclinedError:
            return False
        return True

    return accepts_literals


def store(prepared: PreparedDocument, text: DocumentText) -> None:
    """Keep a prepared document, with what has been compiled so far."""
    plan_bytes = sum(plan.size for plan in prepared.plans.values() if plan)
    literal_bytes = LITERAL_BYTES * len(text.literals) if plan_bytes else 0
    text_bytes = (CHARACTER_BYTES + (SYNTAX_BYTES if prepared.document else 0)) * len(text.key)
    size = DOCUMENT_BYTES + text_bytes + literal_bytes + plan_bytes
    _document_cache.store(text.key, prepared, size)


def _compile(document: DocumentNode, operation: str | None, text: DocumentText) -> Plan | None:
    try:
        return Plan(SCHEMA, document, operation, text)
    except (DeclinedError, RecursionError):
        return None


def prepare_document(text: str, limits: Limits) -> DocumentNode:
    """Parse, measure and validate a document. Raises RequestRefusedError."""
    size = _measure_bytes(text, limits)
    if size > limits.document_bytes:
        raise _document_too_large_error(size, limits)
    document = _parse_document(text, limits)
    measures = measure_document(document, limits)
    # The other rules may not terminate for fragments that contain themselves.
    rules = [NoFragmentCyclesRule] if measures.is_cyclic else specified_rules
    _validate_document(document, rules, limits)
    return document


_document_cache: ByteCache[PreparedDocument] = ByteCache(MAX_BYTES)
_NO_COST = Cost()


def _measure_bytes(text: str, limits: Limits) -> int:
    """Return the size of a text in UTF-8; of one that is too long in any case, the number of its characters."""
    return len(text) if len(text) > limits.document_bytes or text.isascii() else len(text.encode(errors="replace"))


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
