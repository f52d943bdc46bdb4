"""The questions about values of a column that may be spellings of one value. A person decides each; nothing is automatic."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from directory.errors import BadInput
from directory.export.flat_fields import FieldKind, find_field_kind
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from seed.clean.values.service_areas import find_region
from seed.clean.values.terms import find_term
from seed.mapping.cell_splitting import CellSplitter, build_splitter
from seed.mapping.column_mapping import fold_value
from seed.mapping.headings import strip_field_number
from seed.mapping.profile import Profile
from seed.mapping.questions import IGNORE, MAX_QUESTIONS, Choices, add_meanings, count_rows, require_short
from seed.mapping.value_clusters import ValueTest, find_clusters
from seed.mapping.value_patterns import explain_choice, is_choice, is_city, is_country, is_state, understands_choice
from seed.rows import Row

MAX_SPELLINGS_SHOWN = 20  # of one value
MAX_CELL_LENGTH = 2_000  # characters; a longer cell is prose, not a list of values

Meanings: TypeAlias = Mapping[str, Mapping[str, str]]  # of folded texts, by field

_FREE_TEXT_FIELDS = ("location.city", "contact.role")  # other texts are names, addresses and prose
_CASE_MATTERS = "contact.role"  # cleaning does not repair its capital letters


class SpellingQuestion(Struct, frozen=True, kw_only=True):
    """Are these spellings of one value? `spellings` has their numbers of rows, the suggested one first."""

    field: str  # without its number
    heading: str
    spellings: tuple[tuple[str, int], ...]

    @property
    def key(self) -> str:
        return f"spelling:{self.field}:{fold_value(self.spellings[0][0])}"

    @property
    def text(self) -> str:
        return f'"{self.heading}": these may be {len(self.spellings)} spellings of one value, in {count_rows(self.count)}.'

    @property
    def count(self) -> int:
        return sum(count for _, count in self.spellings)

    @property
    def samples(self) -> tuple[str, ...]:
        return tuple(text for text, _ in self.spellings)

    @property
    def choices(self) -> Choices:
        return tuple((text, f"{text} ({count_rows(count)})") for text, count in self.spellings[:MAX_SPELLINGS_SHOWN])

    def apply(self, profile: Profile, answer: str) -> Profile:
        """Return the profile that reads all spellings as the answer, or with IGNORE keeps each as it is.

        The answer is the number of a spelling, from 1, or a text. Raises BadInput if it is empty or not a choice of the field.
        """
        text = require_short(answer)
        if text.isascii() and text.isdigit() and 1 <= int(text) <= len(self.samples) and text not in self.samples:
            text = self.samples[int(text) - 1]
        if text == IGNORE:  # a text that is not a choice cannot be the meaning of one, so nothing can be remembered
            return profile if is_choice(self.field) else add_meanings(profile, self.field, {one: one for one in self.samples})
        if not text:
            raise BadInput("Choose one of the spellings, or write a text.", argument="answer")
        if not understands_choice(self.field, text):
            raise BadInput(explain_choice(self.field, text), argument="answer")
        return add_meanings(profile, self.field, {one: text for one in self.samples if one != text})


def list_spelling_questions(rows: Iterable[Row], profile: Profile) -> list[SpellingQuestion]:
    """Return a question for each cluster of spellings, by column, those of the most rows first; at most MAX_QUESTIONS.

    Only columns of places, tags, areas, choices and roles are compared: never names of organizations or people, addresses and
    identifiers. Spellings that the profile maps, that the import understands, or that differ only in what cleaning repairs
    anyway, are not asked for.
    """
    meanings = {
        field: {fold_value(text): meaning for text, meaning in values.items()} for field, values in profile.values.items()
    }
    questions: list[SpellingQuestion] = []
    for (field, heading), counts in _count_values(rows, profile, meanings).items():
        is_known, decided = _build_known_test(field), meanings.get(field, {})
        for cluster in find_clusters(counts, is_known):
            open_spellings = [text for text, _ in cluster.spellings if fold_value(text) not in decided and not is_known(text)]
            if _needs_decision(field, cluster.suggestion, open_spellings, is_known):
                questions.append(SpellingQuestion(field=field, heading=heading, spellings=cluster.spellings))
    return questions[:MAX_QUESTIONS]


def _count_values(rows: Iterable[Row], profile: Profile, meanings: Meanings) -> Mapping[tuple[str, str], Counter[str]]:
    """Count the rows with each value, as the profile reads it, by field and heading."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    splitters: dict[tuple[str, str], CellSplitter | None] = {}
    for row in rows:
        for column in _list_columns(row, profile):
            field, heading = column
            if column not in splitters:
                splitters[column] = _build_splitter(field, heading, profile)
            split, cell = splitters[column], row.cells.get(heading, "").strip()
            if cell and len(cell) <= MAX_CELL_LENGTH:
                read = meanings.get(field, {})
                values = {read.get(fold_value(text), text) for text in (split(cell) if split else (cell,))}
                counts.setdefault(column, Counter()).update(filter(None, values))
    return counts


def _list_columns(row: Row, profile: Profile) -> Iterator[tuple[str, str]]:
    """Yield the field, without its number, and the heading of each column whose values are compared."""
    stated = {heading: rule.field for heading, rule in profile.columns.items()}
    for heading, field in {**{heading: field for field, heading in row.columns.items()}, **stated}.items():
        if _is_compared(strip_field_number(field)):
            yield strip_field_number(field), heading


def _is_compared(field: str) -> bool:
    compared_kinds = (FieldKind.TERMS, FieldKind.REGIONS, FieldKind.STATE, FieldKind.COUNTY, FieldKind.COUNTRY)
    return field in _FREE_TEXT_FIELDS or is_choice(field) or find_field_kind(field) in compared_kinds


def _build_splitter(field: str, heading: str, profile: Profile) -> CellSplitter | None:
    rule = profile.columns.get(heading)
    labels = (tag for tag in profile.terms if "," in tag)
    return build_splitter(field, rule.split if rule else None, labels)


def _needs_decision(field: str, suggestion: str, open_spellings: Iterable[str], is_known: ValueTest) -> bool:
    """Whether a spelling without a decision differs from the suggestion in more than cleaning repairs.

    The meaning of a choice must be one of the choices, so without one among the spellings, each is asked for by itself.
    """
    if is_choice(field) and not is_known(suggestion):
        return False
    return any(_simplify(field, text) != _simplify(field, suggestion) for text in open_spellings)


def _simplify(field: str, text: str) -> str:
    words = " ".join(text.split())
    return words if field == _CASE_MATTERS else words.casefold()


def _build_known_test(field: str) -> Callable[[str], bool]:
    """Return a test for values of the field that the import understands."""
    kind = find_field_kind(field)
    if is_choice(field):
        return lambda text: understands_choice(field, text)
    if kind is FieldKind.TERMS:
        vocabulary = "languages" if field == "contact.languages" else field
        return lambda text: not find_term(text, vocabulary).is_unknown
    tests: Mapping[FieldKind | None, ValueTest] = {
        FieldKind.REGIONS: lambda text: not find_region(text, None).is_unknown,
        FieldKind.STATE: is_state,
        FieldKind.COUNTRY: is_country,
        FieldKind.COUNTY: _is_county,
    }
    return tests.get(kind, is_city if field == "location.city" else lambda text: False)


def _is_county(text: str) -> bool:
    return any(region.kind is RegionKind.COUNTY for name in (text, f"{text} County") for region in REGIONS.find(name))
