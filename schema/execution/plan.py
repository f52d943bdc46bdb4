"""Plans: how the operations of a document are answered without graphql-core.

A plan is compiled from a valid document, once for each combination of the variables in its conditions. Running it calls our
resolvers and writes bytes. Whatever is unusual raises DeclinedError, and graphql-core executes the whole request instead: a plan
only has to be right about successful answers, and about refusals with a code at the nullable fields of the root.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from hashlib import blake2b
from math import inf
from typing import Any, NamedTuple, TypeAlias

import msgspec
from graphql import DocumentNode, GraphQLSchema, get_operation_ast
from msgspec import Struct

from directory.errors import DirectoryError, UnknownValue
from schema.errors import DeclinedError, RequestRefusedError, format_refusal
from schema.execution.cards import CARDS, find_answer, keep_answer
from schema.execution.codegen import Generator
from schema.execution.coercion import Arguments, compile_variables
from schema.execution.literals import DocumentText
from schema.execution.selections import (
    FieldSelection,
    ObjectSelection,
    has_introspection,
    list_condition_variables,
    select_operation,
)
from schema.fields import Dependence
from schema.limits import LIMITS, Limits, RequestClock, too_many_fields_error

MAX_VARIANTS = 8  # combinations of condition variables that are compiled; graphql-core executes the others
MAX_LITERALS = 200  # graphql-core executes documents with more
OBJECT_BYTES, LINE_BYTES = 7_000, 600  # memory for each kind of object and for each line of the generated functions
GRANTED_FIELDS = 200  # answered fields until the time is checked again
_encode = msgspec.json.Encoder().encode

Values: TypeAlias = Mapping[str, Any]


class PlanAnswer(NamedTuple):
    """`data` is JSON. `unknown_values` are the errors that can get suggestions, each with its cause."""

    data: bytes
    errors: list[dict[str, Any]]
    unknown_values: list[tuple[dict[str, Any], UnknownValue]]


class RootField(Struct, frozen=True):
    """A field of the root: its key in the response, and the offsets of its selections in the key of the document's text."""

    key: str
    offsets: tuple[int, ...]


class CardKind(Struct, frozen=True):
    """What the key of a selection's cards consists of. `arguments` are positions in the arguments of the run."""

    signature: str
    depends_on: Dependence
    arguments: tuple[int, ...]

    def build_key(self, context: Any, arguments: Sequence[Mapping[str, Any]]) -> Hashable:
        """Return the key. Raises TypeError for arguments that are lists or objects."""
        key: tuple[Hashable, ...] = (self.signature, *(tuple(arguments[each].items()) for each in self.arguments))
        if self.depends_on >= Dependence.SNAPSHOT:
            key = (*key, context.snapshot.token)
        return (*key, context.now.date()) if self.depends_on >= Dependence.DAY else key


class Variant(Struct, frozen=True, eq=False):
    """The compiled functions for one combination of conditions. `size` is about the memory that they take, in bytes."""

    conditions: tuple[bool, ...]
    answer: Callable[[Any, "Run"], Any]
    arguments: tuple[Arguments, ...]
    cards: tuple[CardKind, ...]
    root_fields: tuple[RootField, ...]
    keeps_answers: bool
    size: int


class Run(RequestClock):
    """One execution of a plan. Resolvers get it as `info` and read only `context`.

    It counts the fields of the answer, and checks the time whenever some have been answered.
    """

    __slots__ = (
        "arguments", "cards", "context", "errors", "granted", "left", "may_keep", "text", "unknown_values", "variant",
    )  # fmt: skip

    def __init__(
        self,
        variant: Variant,
        values: Values,
        literals: Sequence[Any],
        context: Any,
        text: DocumentText,
        limits: Limits,
        cpu_deadline: float,
    ) -> None:
        super().__init__(limits, cpu_deadline)
        self.variant, self.context, self.text, self.may_keep = variant, context, text, variant.keeps_answers
        self.arguments = [arguments.build(values, literals) for arguments in variant.arguments]
        self.cards = [CARDS.find_cards(kind.build_key(context, self.arguments), len(kind.arguments)) for kind in variant.cards]
        self.errors: list[dict[str, Any]] = []
        self.unknown_values: list[tuple[dict[str, Any], UnknownValue]] = []
        self.left = self.granted = min(GRANTED_FIELDS, limits.answered_fields)

    @property
    def fields(self) -> int:
        """The number of fields answered so far."""
        return self.granted - self.left

    def renew(self) -> None:
        """Check the limits of the answer and of time. Raises RequestRefusedError."""
        if self.fields > self.limits.answered_fields:
            raise too_many_fields_error(self.limits.answered_fields)
        self.check_time()
        granted = min(self.fields + GRANTED_FIELDS, self.limits.answered_fields)
        self.left += granted - self.granted
        self.granted = granted

    def refuse(self, number: int, refusal: DirectoryError) -> None:
        """Note that a field of the root was refused with a code. The field is null."""
        field = self.variant.root_fields[number]
        locations = [self.text.locate(offset) for offset in field.offsets]
        error = format_refusal(refusal, locations, [field.key])
        self.errors.append(error)
        if isinstance(refusal, UnknownValue) and len(self.errors) <= self.limits.errors:
            self.unknown_values.append((error, refusal))


class Plan:
    """How one operation of a document is answered. The literals of its text are parameters, like its variables."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation_name: str | None, text: DocumentText) -> None:
        """`document` is valid and was parsed from `text` with locations. Raises DeclinedError."""
        operation = get_operation_ast(document, operation_name)
        if operation is None or len(text.literals) > MAX_LITERALS or has_introspection(document):
            raise DeclinedError
        self._schema, self._operation_name = schema, operation_name
        self._coerce_variables = compile_variables(schema, operation, text)
        declared = {definition.variable.name.value for definition in operation.variable_definitions or ()}
        self._conditions = tuple(name for name in list_condition_variables(document) if name in declared)
        self._variants: dict[tuple[bool, ...], Variant] = {}
        # A digest instead of the plan itself: what is stored under a key must not keep the plan alive.
        self._identity = blake2b(f"{operation_name}\n{text.key}".encode(errors="replace"), digest_size=16).digest()

    def run(
        self,
        root: Any,
        context: Any,
        variables: dict[str, Any] | None,
        text: DocumentText,
        document: DocumentNode | None = None,
        limits: Limits = LIMITS,
        cpu_deadline: float = inf,
    ) -> PlanAnswer:
        """Answer the operation. `text` has the same key as that of the plan.

        Without `document`, nothing is compiled. Raises DeclinedError if graphql-core has to execute the request, and
        RequestRefusedError if it exceeds a limit.
        """
        literals = text.read_values()
        try:
            values = self._coerce_variables(variables, literals)
            variant = self._find_variant(values, text, document)
            if not variant.keeps_answers:
                return self._answer(Run(variant, values, literals, context, text, limits, cpu_deadline), root)
            sizes = limits.answered_fields, limits.answered_characters
            key = (self._identity, variant.conditions, sizes, context.now.date(), _encode(variables), *literals)
            kept = find_answer(context.snapshot, key)
            if kept is not None:
                return PlanAnswer(kept, [], [])
            run = Run(variant, values, literals, context, text, limits, cpu_deadline)
            answer = self._answer(run, root)
            if run.may_keep:
                keep_answer(context.snapshot, key, answer.data)
            return answer
        except (DeclinedError, RequestRefusedError):
            raise
        except Exception as problem:  # any mistake of a resolver: graphql-core finds out which field it belongs to
            raise DeclinedError from problem

    def _answer(self, run: "Run", root: Any) -> PlanAnswer:
        data = _encode(run.variant.answer(root, run))
        if run.left < 0:
            run.renew()
        if len(data) > run.limits.answered_characters:  # characters are not more than bytes: graphql-core counts them
            raise DeclinedError
        return PlanAnswer(data, run.errors, run.unknown_values)

    def _find_variant(self, values: Values, text: DocumentText, document: DocumentNode | None) -> Variant:
        conditions = tuple(values[name] for name in self._conditions)
        variant = self._variants.get(conditions)
        if variant is None:
            if document is None or len(self._variants) >= MAX_VARIANTS or None in conditions:
                raise DeclinedError
            variant = self._variants[conditions] = self._compile(document, text, conditions)
        return variant

    def _compile(self, document: DocumentNode, text: DocumentText, conditions: tuple[bool, ...]) -> Variant:
        operation = get_operation_ast(document, self._operation_name)
        assert operation is not None  # noqa: S101 - as when the plan was made
        named_conditions = dict(zip(self._conditions, conditions, strict=True))
        selection = select_operation(self._schema, document, operation, text, named_conditions)
        generator = Generator(self._schema)
        answer = generator.generate(selection)
        cards = tuple(_describe_card(card, generator.arguments) for card in generator.cards)
        root_fields = tuple(_locate_root_field(field, text) for field in selection.fields)
        size = generator.struct_count * OBJECT_BYTES + len(generator.lines) * LINE_BYTES
        return Variant(conditions, answer, tuple(generator.arguments), cards, root_fields, _keeps_answers(selection), size)

    @property
    def size(self) -> int:
        """About the memory that the compiled functions take, in bytes."""
        return sum(variant.size for variant in tuple(self._variants.values()))  # other threads may compile another one


def _describe_card(selection: ObjectSelection, positions: Mapping[Arguments, int]) -> CardKind:
    return CardKind(selection.signature, selection.depends_on, tuple(positions[each] for each in selection.arguments))


def _keeps_answers(root: ObjectSelection) -> bool:
    """Return whether every field of the root may be kept, and nothing below depends on the request."""
    fields = [field for field in root.fields if field.resolver]
    inner = [selection.depends_on for field in fields for selection in field.objects.values()]
    return all(field.resolver.keeps for field in fields if field.resolver) and bool(inner) and max(inner) < Dependence.REQUEST


def _locate_root_field(field: FieldSelection, text: DocumentText) -> RootField:
    return RootField(field.key, tuple(text.find_key_offset(node.loc.start) for node in field.nodes if node.loc))
