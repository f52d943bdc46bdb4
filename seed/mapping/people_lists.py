"""Detect files that list people: activists, voters, guests of an event. They do not belong in a directory of organizations."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from directory.text import fold
from seed.mapping import value_patterns
from seed.mapping.heading_meaning import interpret_heading
from seed.mapping.headings import column_labels
from seed.mapping.person_signs import begins_with_given_name, is_mailbox_of
from seed.mapping.value_patterns import matching_share, sample_values

MIN_FILLED_SHARE = 0.5  # share of rows that must have an organization's name
MIN_DISTINCT_SHARE = 0.6  # share of these names that must differ: a list of people repeats their employers
PERSON_SHARE = 0.3  # share of ambiguous names that look like the row's own person, from which all are persons' names
CERTAIN_PERSON_SHARE = 0.8  # the same share under a heading of organizations' names
MIN_ORGANIZATION_SHARE = 0.4  # share of names under an unknown heading that must contain a word of organizations' names
MAX_QUOTED_HEADINGS = 4


class _PeopleWords(Struct, frozen=True, forbid_unknown_fields=True):
    platform_beginnings: tuple[str, ...]
    certain: frozenset[str]
    likely: frozenset[str]
    certain_words: frozenset[str]
    first_names: frozenset[str]
    last_names: frozenset[str]
    whole_names: frozenset[str]
    affiliations: frozenset[str]
    ambiguous: frozenset[str]
    mailboxes: frozenset[str]
    identifiers: frozenset[str]
    roles: frozenset[str]


_PEOPLE_WORDS = msgspec.convert(tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")), _PeopleWords)
FIRST_NAMES, LAST_NAMES = _PEOPLE_WORDS.first_names, _PEOPLE_WORDS.last_names  # folded headings
WHOLE_NAMES, AMBIGUOUS_NAMES = _PEOPLE_WORDS.whole_names, _PEOPLE_WORDS.ambiguous


class _SampledTable(Struct, frozen=True):
    names: tuple[str, ...]  # labels of the columns
    folded_names: tuple[str, ...]
    rows: tuple[Sequence[str], ...]

    def iterate_column(self, position: int) -> Iterator[str]:
        return (row[position] if position < len(row) else "" for row in self.rows)

    def find_columns(self, phrases: frozenset[str]) -> list[int]:
        return [position for position, heading in enumerate(self.folded_names) if heading in phrases]


def describes_people(headings: Sequence[str] | None, sample_rows: Sequence[Sequence[str]]) -> str | None:
    """Return a sentence on why the file looks like a list of people; None for any other file, and without headings.

    A file with a column of organizations' names that is mostly filled and mostly distinct is a list of organizations, whatever it
    contains about their contact persons.
    """
    if not headings:
        return None
    table = _SampledTable(column_labels(headings), tuple(map(fold, headings)), tuple(sample_rows[: value_patterns.SAMPLE_SIZE]))
    if _has_organizations(table):
        return None
    signs = _find_platform_columns(table) or _find_voter_or_guest_columns(table) or _find_person_signs(table)
    if not signs:
        return None
    shown = ", ".join(f'"{table.names[position]}"' for position in list(dict.fromkeys(signs))[:MAX_QUOTED_HEADINGS])
    return (
        f"This looks like a list of people: it has columns such as {shown}, and no column with names of organizations. "
        "This directory does not store people. Import a list of organizations instead."
    )


def _find_platform_columns(table: _SampledTable) -> list[int]:
    return [
        position for position, heading in enumerate(table.folded_names) if heading.startswith(_PEOPLE_WORDS.platform_beginnings)
    ]


def _find_voter_or_guest_columns(table: _SampledTable) -> list[int]:
    """Find headings that only lists of people have: one with a person's name, two, or three including those that are likely."""
    certain = [*table.find_columns(_PEOPLE_WORDS.certain), *_find_columns_with_words(table, _PEOPLE_WORDS.certain_words)]
    likely = table.find_columns(_PEOPLE_WORDS.likely)
    names = _find_name_columns(table)
    if certain and (names or len(set(certain)) > 1):
        return [*names, *certain]
    return [*certain, *likely] if len({*certain, *likely}) > 2 and not table.find_columns(_PEOPLE_WORDS.ambiguous) else []


def _find_person_signs(table: _SampledTable) -> list[int]:
    """Find persons' names with a mailbox or telephone number and nothing that identifies an organization."""
    first, last = table.find_columns(_PEOPLE_WORDS.first_names), table.find_columns(_PEOPLE_WORDS.last_names)
    mailboxes = [*table.find_columns(_PEOPLE_WORDS.mailboxes), *table.find_columns(_PEOPLE_WORDS.likely)]
    if first and last:
        return [] if table.find_columns(_PEOPLE_WORDS.identifiers) else [*first, *last, *mailboxes]
    whole = [*table.find_columns(_PEOPLE_WORDS.whole_names), *_find_person_name_columns(table)]
    return [*whole, *mailboxes] if whole and mailboxes else []


def _find_name_columns(table: _SampledTable) -> list[int]:
    parts = frozenset({"name", "nombre"}) | _PEOPLE_WORDS.first_names | _PEOPLE_WORDS.last_names | _PEOPLE_WORDS.whole_names
    return table.find_columns(parts)


def _find_columns_with_words(table: _SampledTable, words: Iterable[str]) -> list[int]:
    return [
        position for position, heading in enumerate(table.folded_names) if any(f" {word} " in f" {heading} " for word in words)
    ]


def _find_person_name_columns(table: _SampledTable) -> list[int]:
    """Find columns such as "Name" that hold names of persons."""
    return [
        position
        for position in table.find_columns(_PEOPLE_WORDS.ambiguous)
        if _person_share(table, position) >= PERSON_SHARE
        or _are_staff_names(table, sample_values(table.iterate_column(position)))
    ]


def _has_organizations(table: _SampledTable) -> bool:
    """Return whether a column holds the name of a different organization in each row."""
    return any(_holds_organizations(table, position) for position in range(len(table.names)))


def _holds_organizations(table: _SampledTable, position: int) -> bool:
    heading, values = table.folded_names[position], sample_values(table.iterate_column(position))
    interpretation = interpret_heading(table.names[position])
    fields = {meaning.field for meaning in interpretation.meanings}
    if heading in _PEOPLE_WORDS.affiliations or interpretation.exclusion_reason or (fields and "name" not in fields):
        return False
    is_ambiguous = heading in _PEOPLE_WORDS.ambiguous
    if not table.rows:
        return bool(fields) and not is_ambiguous
    if not (_is_filled_and_distinct(table, values) and _person_share(table, position) < _person_share_limit(is_ambiguous)):
        return False
    if not fields:
        return matching_share(values, value_patterns.has_organization_word) >= MIN_ORGANIZATION_SHARE
    return not (is_ambiguous and (_are_guest_names(table, values) or _are_staff_names(table, values)))


def _is_filled_and_distinct(table: _SampledTable, values: Sequence[str]) -> bool:
    is_filled = len(values) >= MIN_FILLED_SHARE * len(table.rows)
    return bool(values) and is_filled and len(set(map(fold, values))) >= MIN_DISTINCT_SHARE * len(values)


def _person_share_limit(is_ambiguous: bool) -> float:
    return PERSON_SHARE if is_ambiguous else CERTAIN_PERSON_SHARE


def _are_guest_names(table: _SampledTable, values: Sequence[str]) -> bool:
    """Return whether names under "Name" are guests: no organizations' words, in a list with columns for people."""
    certain = [
        *table.find_columns(_PEOPLE_WORDS.certain),
        *_find_columns_with_words(table, _PEOPLE_WORDS.certain_words),
        *_find_platform_columns(table),
    ]
    return bool(certain) and matching_share(values, value_patterns.has_organization_word) < PERSON_SHARE


def _are_staff_names(table: _SampledTable, values: Sequence[str]) -> bool:
    """Return whether names under "Name" are staff: roles and mailboxes beside them, and no other contact person."""
    has_roles = bool(
        table.find_columns(_PEOPLE_WORDS.roles) and table.find_columns(_PEOPLE_WORDS.mailboxes)
    ) and not _has_contact(table)
    return has_roles and bool(values) and matching_share(values, value_patterns.has_organization_word) < PERSON_SHARE


def _has_contact(table: _SampledTable) -> bool:
    """Return whether a column other than the ambiguous ones names a contact person."""
    others = [name for name, folded in zip(table.names, table.folded_names, strict=True) if folded not in _PEOPLE_WORDS.ambiguous]
    return any(
        meaning.field.startswith("contact.") and "name" in meaning.field
        for name in others
        for meaning in interpret_heading(name).meanings
    )


def _person_share(table: _SampledTable, position: int) -> float:
    """Return the share of names that match the row's first and last name or mailbox, or begin with a given name."""
    named_rows = [(name, row) for name, row in zip(table.iterate_column(position), table.rows, strict=True) if name.strip()]
    if not named_rows:
        return 0.0
    first, last = table.find_columns(_PEOPLE_WORDS.first_names)[:1], table.find_columns(_PEOPLE_WORDS.last_names)[:1]
    has_parts = bool(first and last)
    same_person = sum(fold(name) == fold(" ".join(_select_cells(row, first + last))) for name, row in named_rows if has_parts)
    mailboxes = table.find_columns(_PEOPLE_WORDS.mailboxes)
    same_mailbox = sum(any(is_mailbox_of(cell, name) for cell in _select_cells(row, mailboxes)) for name, row in named_rows)
    given_name = sum(begins_with_given_name(name) for name, _ in named_rows)
    return max(same_person, same_mailbox, given_name) / len(named_rows)


def _select_cells(row: Sequence[str], positions: Iterable[int]) -> list[str]:
    return [row[position] for position in positions if position < len(row)]
