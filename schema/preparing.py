"""From a document's text to what can be executed: read, counted, validated and priced, in this order, each step within limits."""

from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError, parse, validate
from graphql.validation import NoFragmentCyclesRule, specified_rules
from graphql.validation.rules import overlapping_fields_can_be_merged
from graphql.validation.validate import ValidationAbortedError
from msgspec import Struct

from directory.errors import Code
from schema.cost import Cost, compiled
from schema.errors import Refused, refusal, refused
from schema.graph import SCHEMA
from schema.kept import Kept
from schema.limits import COMPARISONS, Limits, too_large
from schema.measure import measure

overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = COMPARISONS


class Prepared(Struct, frozen=True):
    """A document that can be executed, and what each of its operations costs, by name."""

    document: DocumentNode
    costs: dict[str | None, Cost]
    limits: Limits  # that it was found to be within

    def cost(self, operation: str | None) -> Cost:
        """Of the operation that would be executed; nothing where it is not clear which."""
        if operation is None and len(self.costs) == 1:
            return next(iter(self.costs.values()))
        return self.costs.get(operation, _NOTHING)


def prepared(text: str, limits: Limits) -> Prepared:
    """Raises Refused. What is refused is not kept, so that it cannot crowd out what is asked every day."""
    found = _kept.get(text)
    if found is not None and found.limits == limits:
        return found
    made = prepare(text, limits)
    _kept.keep(text, made)
    return made


def kept(text: str) -> Prepared | None:
    """What was made of the document before; None where it has to be read and validated first, which may take 100 ms."""
    return _kept.get(text)


def prepare(text: str, limits: Limits) -> Prepared:
    """Raises Refused."""
    # Counting bytes takes time in proportion to the text, and there are no fewer of them than characters.
    size = len(text) if len(text) > limits.document_bytes else len(text.encode(errors="replace"))
    if size > limits.document_bytes:
        raise _long(size, limits)
    document = _parse(text, limits)
    measured = measure(document, limits)
    # The other rules are not made for fragments that contain themselves.
    rules = [NoFragmentCyclesRule] if measured.cyclic else specified_rules
    _validate(document, rules, limits)
    return Prepared(document, compiled(SCHEMA, document), limits)


_kept: Kept[Prepared] = Kept()
_NOTHING = Cost()


def _long(size: int, limits: Limits) -> Refused:
    return too_large("document_bytes", "bytes in the document", limits.document_bytes, size)


def _parse(text: str, limits: Limits) -> DocumentNode:
    try:
        return parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.comments, allow_empty_selection_sets=False)
    except GraphQLSyntaxError as problem:
        # The parser has no other mark for its own limits.
        if problem.message.endswith(" tokens. Parsing aborted."):
            raise too_large("tokens", "tokens in the document", limits.tokens) from None
        if f"more than {limits.comments} comments" in problem.message:
            raise too_large("comments", "comments in the document", limits.comments) from None
        raise Refused(*refusal(Code.BAD_SYNTAX, [problem])) from None


def _validate(document: DocumentNode, rules: Any, limits: Limits) -> None:
    try:
        errors = validate(SCHEMA, document, rules, max_errors=limits.errors)
    except ValueError:  # int() refuses numbers of more than 4,300 digits
        errors = [GraphQLError("A number in the document has too many digits.")]
    told = [error for error in errors if not isinstance(error, ValidationAbortedError)]
    if told:
        raise Refused(*refusal(Code.NOT_VALID, told))
    if errors:
        sentence = (
            "Too many fields of the document meet under one name, or fragments are nested too deeply. Ask for each field once."
        )
        raise Refused(refused(Code.TOO_COMPLEX, sentence, limit=COMPARISONS, of="comparisons"))
