"""Files that list people: activists, voters, guests of an event. A directory of organizations is no place for them."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from directory.text import fold
from seed.clean.name_words import GIVEN_NAMES
from seed.columns import contents
from seed.columns.contents import sampled, share
from seed.columns.labels import labels
from seed.columns.meaning import read

FILLED = 0.5  # share of rows that must have an organization's name, for the rows to be organizations
DISTINCT = 0.6  # share of these names that must differ: a list of people repeats their employers
PERSONS = (
    0.3  # share of ambiguous names with a given name in front, or equal to the row's own person, from which all are persons'
)
SURELY_PERSONS = 0.8  # the same share under a heading that says that they are organizations'
LIKE_ORGANIZATIONS = 0.4  # share of names under an unknown heading with a word that only organizations have in their names
MOST_WORDS = 4  # of a person's name
SHOWN = 4  # headings that the sentence quotes


class _File(Struct, frozen=True, forbid_unknown_fields=True):
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
    given_names: str


_KNOWN = msgspec.convert(tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")), _File)
_GIVEN_NAMES = GIVEN_NAMES | frozenset(_KNOWN.given_names.split())
_SEPARATORS = re.compile(r"[._+-]+")


class _Table(Struct, frozen=True):
    names: tuple[str, ...]  # labels of the columns
    folded: tuple[str, ...]
    rows: tuple[Sequence[str], ...]

    def cells(self, position: int) -> Iterator[str]:
        return (row[position] if position < len(row) else "" for row in self.rows)

    def called(self, phrases: frozenset[str]) -> list[int]:
        return [position for position, heading in enumerate(self.folded) if heading in phrases]


def describes_people(headings: Sequence[str] | None, sample_rows: Sequence[Sequence[str]]) -> str | None:
    """A sentence on why the file looks like a list of people; None for any other, and where there are no headings to tell by.

    A file with a column of organizations' names, mostly there and mostly distinct, is a list of organizations, whatever else it
    says of the people to be asked for there.
    """
    if not headings:
        return None
    table = _Table(labels(headings), tuple(map(fold, headings)), tuple(sample_rows[: contents.SAMPLED]))
    if _has_organizations(table):
        return None
    signs = _platform(table) or _voters_or_guests(table) or _persons(table)
    if not signs:
        return None
    shown = ", ".join(f'"{table.names[position]}"' for position in list(dict.fromkeys(signs))[:SHOWN])
    return (
        f"This looks like a list of people, by its columns {shown}, and none of them names organizations. "
        "People are not kept here; give a list of organizations, or say that it is one."
    )


def _platform(table: _Table) -> list[int]:
    return [position for position, heading in enumerate(table.folded) if heading.startswith(_KNOWN.platform_beginnings)]


def _voters_or_guests(table: _Table) -> list[int]:
    """Headings that only lists of people have: one beside a person's name or two; with those that are merely likely, three."""
    certain = [*table.called(_KNOWN.certain), *_with_words(table, _KNOWN.certain_words)]
    likely = table.called(_KNOWN.likely)
    named = _name_columns(table)
    if certain and (named or len(set(certain)) > 1):
        return [*named, *certain]
    return [*certain, *likely] if len({*certain, *likely}) > 2 and not table.called(_KNOWN.ambiguous) else []


def _persons(table: _Table) -> list[int]:
    """First and last names, or whole names of persons, with a mailbox or a telephone number and nothing of an organization's."""
    first, last = table.called(_KNOWN.first_names), table.called(_KNOWN.last_names)
    reached = [*table.called(_KNOWN.mailboxes), *table.called(_KNOWN.likely)]
    if first and last:
        return [] if table.called(_KNOWN.identifiers) else [*first, *last, *reached]
    whole = [*table.called(_KNOWN.whole_names), *_person_columns(table)]
    return [*whole, *reached] if whole and reached else []


def _name_columns(table: _Table) -> list[int]:
    parts = frozenset({"name", "nombre"}) | _KNOWN.first_names | _KNOWN.last_names | _KNOWN.whole_names
    return table.called(parts)


def _with_words(table: _Table, words: Iterable[str]) -> list[int]:
    return [position for position, heading in enumerate(table.folded) if any(f" {word} " in f" {heading} " for word in words)]


def _person_columns(table: _Table) -> list[int]:
    """Columns such as "Name" that hold names of persons."""
    return [
        position
        for position in table.called(_KNOWN.ambiguous)
        if _share_of_persons(table, position) >= PERSONS or _are_staff(table, sampled(table.cells(position)))
    ]


def _has_organizations(table: _Table) -> bool:
    """Whether some column holds names of organizations, one a row."""
    return any(_holds_organizations(table, position) for position in range(len(table.names)))


def _holds_organizations(table: _Table, position: int) -> bool:
    heading, values = table.folded[position], sampled(table.cells(position))
    reading = read(table.names[position])
    fields = {meaning.field for meaning in reading.meanings}
    if heading in _KNOWN.affiliations or reading.kept_out or (fields and "name" not in fields):
        return False
    is_ambiguous = heading in _KNOWN.ambiguous
    if not table.rows:
        return bool(fields) and not is_ambiguous
    if not (_is_filled_and_distinct(table, values) and _share_of_persons(table, position) < _limit(is_ambiguous)):
        return False
    if not fields:
        return share(values, contents.names_an_organization) >= LIKE_ORGANIZATIONS
    return not (is_ambiguous and (_are_of_guests(table, values) or _are_staff(table, values)))


def _is_filled_and_distinct(table: _Table, values: Sequence[str]) -> bool:
    is_filled = len(values) >= FILLED * len(table.rows)
    return bool(values) and is_filled and len(set(map(fold, values))) >= DISTINCT * len(values)


def _limit(is_ambiguous: bool) -> float:
    return PERSONS if is_ambiguous else SURELY_PERSONS


def _are_of_guests(table: _Table, values: Sequence[str]) -> bool:
    """Whether names under "Name", whose language nobody knows here, stand in a list that only people are on."""
    certain = [*table.called(_KNOWN.certain), *_with_words(table, _KNOWN.certain_words), *_platform(table)]
    return bool(certain) and share(values, contents.names_an_organization) < PERSONS


def _are_staff(table: _Table, values: Sequence[str]) -> bool:
    """Whether names under "Name" have roles and mailboxes beside them, and nobody else to ask for."""
    has_roles = bool(table.called(_KNOWN.roles) and table.called(_KNOWN.mailboxes)) and not _has_contact(table)
    return has_roles and bool(values) and share(values, contents.names_an_organization) < PERSONS


def _has_contact(table: _Table) -> bool:
    """Whether a person to be asked for is named in a column beside the ambiguous one."""
    others = [name for name, folded in zip(table.names, table.folded, strict=True) if folded not in _KNOWN.ambiguous]
    return any(
        meaning.field.startswith("contact.") and "name" in meaning.field for name in others for meaning in read(name).meanings
    )


def _share_of_persons(table: _Table, position: int) -> float:
    """The share of names that the row tells again as a person's first and last name or mailbox, or with a given name in front."""
    named = [(name, row) for name, row in zip(table.cells(position), table.rows, strict=True) if name.strip()]
    if not named:
        return 0.0
    first, last = table.called(_KNOWN.first_names)[:1], table.called(_KNOWN.last_names)[:1]
    own = sum(fold(name) == fold(" ".join(_cells(row, first + last))) for name, row in named) if first and last else 0
    mailboxes = table.called(_KNOWN.mailboxes)
    reached = sum(any(_is_mailbox_of(cell, name) for cell in _cells(row, mailboxes)) for name, row in named)
    given = sum(_is_person(name) for name, _ in named)
    return max(own, reached, given) / len(named)


def _cells(row: Sequence[str], positions: Iterable[int]) -> list[str]:
    return [row[position] for position in positions if position < len(row)]


def _is_mailbox_of(mailbox: str, name: str) -> bool:
    """ "jdoe@" or "jane.doe@" of Jane Doe; "projectsouth@" and "mijente@" may well be organizations'."""
    local, at, _ = mailbox.strip().lower().partition("@")
    words = fold(name).split()
    if not at or not 2 <= len(words) <= MOST_WORDS or contents.names_an_organization(name):
        return False
    first, last = words[0], words[-1]
    return local in (f"{first[0]}{last}", f"{first}{last[0]}") or _SEPARATORS.split(local)[:2] == [first, last]


def _is_person(name: str) -> bool:
    words = fold(name).split()
    given = words[0] if words else ""
    return 2 <= len(words) <= MOST_WORDS and given.upper() in _GIVEN_NAMES and not contents.names_an_organization(name)
