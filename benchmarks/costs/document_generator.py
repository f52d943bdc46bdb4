"""Generate random GraphQL documents with variables from the schema. New fields are covered automatically."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_composite_type,
)

from directory.records import Organization
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS
from schema.schema import SCHEMA
from schema.types.global_ids import GlobalId

MAX_DEPTH = 4
MAX_FIELDS = 5  # in one selection
MAX_LIST_ITEMS = 3
LONG_LIST = 40  # in one list of twenty
INPUT_SHARE = 0.25  # of the optional fields of an input object
NESTED_SHARE = 0.15  # of those that hold the same type again: few enough that values end, enough to nest too deep
WORDS_SHARE = 0.8  # of the searches: understanding them leads through more code than any other argument
PAGES = (1, 1, 2, 5, 20, 100)
PLACES = (
    "Atlanta",
    "san antonio",
    "Fulton County, GA",
    "Georgia",
    "30312",
    "st. paul",
    "Springfield",
    "New York, NY",
    "Bay Area",
)
WORDS = (
    *("tenants", "housing", "rights", "immigrant", "workers", "legal", "aid", "women", "youth", "food", "land", "climate"),
    *("police", "school", "health", "union", "street", "harbor", "vivienda", "derechos", "trabajadores", "near", "in", "san"),
    *("st.", "the", "of", "and", "nonprofits", "serving", "black", "lgbtq", "formerly", "incarcerated", "elders"),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class TextGenerator:
    """Generates texts that match something in a directory with these records, and misspellings of them."""

    def __init__(self, random: Random, records: Sequence[Organization]) -> None:
        self.random, self.records = random, records
        self._codes = [region.code for region in REGIONS]
        self._issue_slugs = [term.slug for term in ISSUE_AREAS]
        self._slugs = [*self._issue_slugs, *(term.slug for term in COMMUNITIES)]

    def choose_record(self) -> Organization:
        return self.random.choice(self.records)

    def generate_words(self, most: int = 8) -> str:
        """Return a few words, often misspelled, sometimes with a place or the name of a record."""
        words = self.random.choices(WORDS, k=self.random.randint(1, most))
        if self.random.random() < 0.3:
            words += self.random.choice(["near", "in", "serving"]), self.generate_place()
        if self.random.random() < 0.2:
            words += self.choose_record().name.split()
        return " ".join(self.misspell(word) if self.random.random() < 0.3 else word for word in words)

    def generate_place(self) -> str:
        place = self.random.choice(PLACES)
        return self.misspell(place) if self.random.random() < 0.4 else place

    def generate_code(self) -> str:
        return self._misspell_sometimes(self.random.choice(self._codes))

    def generate_slug(self) -> str:
        return self._misspell_sometimes(self.random.choice(self._slugs))

    def sample_issue_areas(self, count: int) -> list[str]:
        return self.random.sample(self._issue_slugs, min(count, len(self._issue_slugs)))

    def sample_states(self, count: int) -> list[str]:
        return self.random.sample([code for code in self._codes if len(code) == len("US-GA") and code.startswith("US-")], count)

    def generate_query_string(self, most_clauses: int = 3) -> str:
        """Return a search as a query string, with alternatives that have up to two conditions. Its circles have one center."""
        pairs = self._generate_pairs(4)
        if self.random.random() < 0.3:
            pairs.append(f"optional={self.random.choice(WORDS)}")
        for _ in range(self.random.randint(0, most_clauses)):
            alternatives = [self._generate_alternative() for _ in range(self.random.randint(1, 4))]
            pairs.append(f"any={quote_plus('|'.join(alternatives), '|:,=')}")
        text = "&".join(pairs)
        return self.misspell(text) if self.random.random() < 0.1 else text

    def _generate_alternative(self) -> str:
        if self.random.random() < 0.4:
            return f"near=city:US-GA:atlanta&radius={self.random.choice([5, 50, 500, 5_000])}"
        return "&".join(self._generate_pairs(2)) or "kind=UNION"

    def _generate_pairs(self, most: int) -> list[str]:
        """Return keys with values, each key once."""
        choices = {
            "issue": self.random.choice(self._issue_slugs),
            "region": self.random.choice(self._codes),
            "founded": f"{self.random.randint(1900, 2000)}-",
            "located": "true",
            "updated": "2020-01-31T12:00:00Z",
            "id": self.choose_record().id,
        }
        keys = self.random.sample(sorted(choices), self.random.randint(0, most))
        return [f"{key}={quote_plus(choices[key])}" for key in keys]

    def misspell(self, word: str) -> str:
        position = self.random.randrange(len(word) + 1)
        return word[:position] + self.random.choice(LETTERS) + word[position + self.random.randint(0, 1) :]

    def _misspell_sometimes(self, text: str) -> str:
        return self.misspell(text) if self.random.random() < 0.08 else text


class GeneratedDocument(NamedTuple):
    """A document whose arguments are all variables. `draw` returns new values for them."""

    text: str
    draw: Callable[[], dict[str, Any]]


class DocumentWriter:
    """Writes one document."""

    def __init__(self, vocabulary: TextGenerator) -> None:
        self.vocabulary, self.random = vocabulary, vocabulary.random
        self.variables: dict[str, tuple[GraphQLInputType, str]] = {}  # variable -> its type, and the argument's name
        self._aliases = 0

    def write(self) -> GeneratedDocument:
        assert SCHEMA.query_type
        selection = self._write_selection(SCHEMA.query_type, 0)
        heading = ", ".join(f"${variable}: {kind}" for variable, (kind, _) in self.variables.items())
        arguments = f"({heading})" if heading else ""
        text = f"query Generated{arguments} {selection}"
        return GeneratedDocument(
            text, lambda: {name: self.generate_value(kind, arg) for name, (kind, arg) in self.variables.items()}
        )

    def generate_value(self, kind: GraphQLInputType, name: str) -> Any:
        """Return a random value of this type, as in JSON."""
        if isinstance(kind, GraphQLNonNull):
            return self.generate_value(kind.of_type, name)
        if isinstance(kind, GraphQLList):
            most = LONG_LIST if self.random.random() < 0.05 else MAX_LIST_ITEMS
            return [self.generate_value(kind.of_type, name) for _ in range(self.random.randint(0, most))]
        if isinstance(kind, GraphQLEnumType):
            return self.random.choice(sorted(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            return self._generate_input(kind, name)
        return self._generate_scalar(kind.name, name)

    def _write_selection(self, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        fields = {name: field for name, field in kind.fields.items() if depth < MAX_DEPTH or not _is_nested(field)}
        chosen = self.random.choices(sorted(fields), k=self.random.randint(1, MAX_FIELDS)) if fields else ["__typename"]
        parts = [self._write_field(name, fields[name], depth) if fields else name for name in chosen]
        if isinstance(kind, GraphQLInterfaceType):
            possible = self.random.choice(SCHEMA.get_possible_types(kind))
            parts.append(f"... on {possible.name} {self._write_selection(possible, depth + 1)}")
        return f"{{ {' '.join(parts)} }}"

    def _write_field(self, name: str, field: GraphQLField, depth: int) -> str:
        arguments = [
            f"{key}: {self._declare_variable(argument.type, key)}"
            for key, argument in field.args.items()
            if self._choose_argument(argument.type, key)
        ]
        kind = get_named_type(field.type)
        selection = self._write_selection(kind, depth + 1) if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) else ""
        if not arguments:
            return f"{name} {selection}"
        self._aliases += 1
        return f"f{self._aliases}: {name}({', '.join(arguments)}) {selection}"

    def _declare_variable(self, kind: GraphQLInputType, name: str) -> str:
        variable = f"v{len(self.variables)}"
        self.variables[variable] = kind, name
        return f"${variable}"

    def _choose_argument(self, kind: GraphQLInputType, name: str) -> bool:
        if name in ("after", "before", "last"):  # random cursors are refused, and paging forward is enough
            return False
        return isinstance(kind, GraphQLNonNull) or self.random.random() < (WORDS_SHARE if name == "words" else 0.5)

    def _generate_input(self, kind: GraphQLInputObjectType, name: str) -> dict[str, Any]:
        if kind.is_one_of:
            key = self.random.choice(sorted(kind.fields))
            return {key: self.generate_value(kind.fields[key].type, f"{name}.{key}")}
        term_name = name if kind.name == "TermFilter" else ""
        return {
            key: self.generate_value(field.type, f"regions.{key}" if kind.name == "RegionFilter" else term_name or key)
            for key, field in kind.fields.items()
            if isinstance(field.type, GraphQLNonNull) or self.random.random() < _find_share(kind, field)
        }

    def _generate_scalar(self, kind: str, name: str) -> Any:
        random, vocabulary = self.random, self.vocabulary
        scalars: dict[str, Callable[[], Any]] = {
            "Int": lambda: random.choice(PAGES),
            "Float": lambda: round(random.uniform(-120, 80), 3) if name != "radius" else random.choice([1, 20, 50, 500]),
            "Boolean": lambda: random.random() < 0.5,
            "Date": lambda: f"20{random.randint(10, 26)}-0{random.randint(1, 9)}-11",
            "DateTime": lambda: f"20{random.randint(10, 26)}-0{random.randint(1, 9)}-11T12:00:00Z",
            "ID": lambda: str(GlobalId("Organization", vocabulary.choose_record().id)),
        }
        return scalars.get(kind, lambda: self._generate_text(name))()

    def _generate_text(self, name: str) -> str:
        vocabulary = self.vocabulary
        if name in ("query", "words"):
            return vocabulary.generate_words()
        if name == "search":
            return vocabulary.generate_query_string()
        if name.startswith("regions") or name in ("code", "within"):
            return vocabulary.generate_code()
        if "name" in name or "place" in name:
            return vocabulary.generate_place()
        if name == "languages":
            return self.random.choice(["en", "es", "fr", "vi"])
        return vocabulary.choose_record().slug if name.endswith(".slug") else vocabulary.generate_slug()


def _find_share(kind: GraphQLInputObjectType, field: GraphQLInputField) -> float:
    return NESTED_SHARE if get_named_type(field.type) is kind else INPUT_SHARE


def _is_nested(field: GraphQLField) -> bool:
    return is_composite_type(get_named_type(field.type))
