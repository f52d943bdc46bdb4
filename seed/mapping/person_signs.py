"""Signs that a row is about a person: the contact type in a column, and the form of names and mailboxes.

Organizations that are named after people have none of these signs.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

import msgspec
from msgspec import Struct

from directory.errors import BadInput
from directory.matching.web_domains import MAIL_PROVIDERS
from directory.text import fold
from seed.clean.values.letter_case import GIVEN_NAMES
from seed.mapping import value_patterns
from seed.rows import Row

MAX_LENGTH = 100  # characters of a heading or value; longer texts are ignored
CACHE_SIZE = 1 << 10  # headings and values

_NO_HEADING = re.compile(r"column \d+")  # the name that seed/mapping/headings.py gives to a column without a heading
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
MAX_NAME_WORDS = 4  # of a person's name
MIN_NAME_LENGTH = 3  # letters of a name in a mailbox; a shorter one may be part of another word
MAX_LAST_NAMES = 2  # words of a last name before the comma, beside particles
MAX_OTHER_NAMES = 2  # words behind the first of a bare name, beside particles
MAX_GIVEN_NAMES = 3  # words after the comma, with an initial or "Jr"
_CHECK_MARKS = frozenset("✓✔☑✅")
_ORGANIZATION_FIELDS = frozenset({"id", "slug", "website", "kind", "founded", "legal_name", "parent"})  # of no person
_SEPARATORS = re.compile(r"[._+-]+")
_NOTE_BEHIND = re.compile(r"([^()]*)\(([^()]*)\)")
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)  # "Mrs. Murphy's Closet"
_LAST_FIRST = re.compile(r"([^,;&/@\d]+),\s*([^,;&/@\d]+)")


class _ContactTypeWords(Struct, frozen=True, forbid_unknown_fields=True):
    type_words: frozenset[str]
    subject_words: frozenset[str]
    other_words: frozenset[str]
    unclear: frozenset[str]
    organization_words: frozenset[str]
    yes_or_no: frozenset[str]
    yes: frozenset[str]
    no_or_yes: frozenset[str]
    no: frozenset[str]
    people: frozenset[str]
    unclear_people: frozenset[str]
    organizations: frozenset[str]


class PersonWords(Struct, frozen=True, forbid_unknown_fields=True):
    contact_export: frozenset[str]
    birth_dates: frozenset[str]
    personal_facts: frozenset[str]
    employers: tuple[str, ...]
    organization_headings: frozenset[str]
    private_words: frozenset[str]
    work_words: frozenset[str]
    household_words: frozenset[str]
    certain_household_words: frozenset[str]
    mail_providers: frozenset[str]
    salutation_headings: frozenset[str]
    salutations: frozenset[str]
    titles: frozenset[str]
    unclear_titles: frozenset[str]
    degrees: frozenset[str]
    notes: frozenset[str]
    person_marks: frozenset[str]
    other_marks: frozenset[str]
    places: frozenset[str]
    particles: frozenset[str]
    organization_words: frozenset[str]


_FILE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_TYPE_WORDS = msgspec.convert(_FILE["types"], _ContactTypeWords)
PERSON_NAMES = GIVEN_NAMES | frozenset(_FILE["given_names"].split())
PERSON_WORDS = msgspec.convert(_FILE["forms"], PersonWords)


def find_person_type(cells: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the heading and value that mark the row as an individual or a household; None if there is none.

    `cells` holds all cells of the row by heading, including columns that are not imported.
    """
    for heading, value in cells.items():
        if may_be_contact_type(heading) and _describes_person(heading, value):
            return heading, value
    return None


@lru_cache(maxsize=CACHE_SIZE)
def may_be_contact_type(heading: str) -> bool:
    """Return whether a value under the heading may mark a row as one about a person."""
    words = _normalize_heading(heading) if len(heading) <= MAX_LENGTH else ""
    return (
        words in _TYPE_WORDS.yes_or_no
        or words in _TYPE_WORDS.no_or_yes
        or _is_contact_type(words)
        or _is_ambiguous_heading(words)
    )


def says_organization(cells: Mapping[str, str]) -> bool:
    """Return whether a contact type of the row says that it is an organization, and none says otherwise."""
    typed = [
        value for heading, value in cells.items() if len(heading) <= MAX_LENGTH and _is_contact_type(_normalize_heading(heading))
    ]
    words = [frozenset(fold(value.replace("_", " ")).split()) for value in typed if len(value) <= MAX_LENGTH]
    return any(not _TYPE_WORDS.organizations.isdisjoint(one) for one in words) and find_person_type(cells) is None


def is_marked(value: str) -> bool:
    """Return whether a cell says yes: "x", "yes", "1", "✓"."""
    return len(value) <= MAX_LENGTH and (fold(value) in _TYPE_WORDS.yes or value.strip() in _CHECK_MARKS)


def find_person_marks(fields: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the columns "Individual" and "Person", which may have an x for people. `fields` leads from labels to fields.

    A column "Person" is mapped to names of contacts, whatever it holds. Beside "Family" or "Group", such a column may say whom
    an organization serves instead.
    """
    possible = (label for label, field in fields.items() if field in (None, "contact.name") and len(label) <= MAX_LENGTH)
    headings = {label: _normalize_heading(label) for label in possible}
    if not PERSON_WORDS.other_marks.isdisjoint(headings.values()):
        return ()
    return tuple(label for label, words in headings.items() if words in PERSON_WORDS.person_marks)


def build_person_error(heading: str, value: str) -> BadInput:
    """Return the error for a row about a person or household."""
    return BadInput(
        f'Column "{heading}" says "{value}". The row is about a person or household, and the directory lists organizations only.'
        " Delete the row, or correct that column if the row is an organization."
    )


def _describes_person(heading: str, value: str) -> bool:
    if not value or len(heading) > MAX_LENGTH or len(value) > MAX_LENGTH:
        return False
    words = _normalize_heading(heading)
    if words in _TYPE_WORDS.yes_or_no:
        return is_marked(value)
    if words in _TYPE_WORDS.no_or_yes:
        return fold(value) in _TYPE_WORDS.no
    if _is_contact_type(words):
        return _is_person(value)
    return (
        _is_ambiguous_heading(words)
        and bool(fold(value))
        and _TYPE_WORDS.people.issuperset(fold(value.replace("_", " ")).split())
    )


@lru_cache(maxsize=CACHE_SIZE)
def _normalize_heading(heading: str) -> str:
    return fold(_CAMEL.sub(" ", heading.replace("_", " ")))


@lru_cache(maxsize=CACHE_SIZE)
def _is_contact_type(heading: str) -> bool:
    words = frozenset(heading.split())
    return bool(words & _TYPE_WORDS.type_words and words & _TYPE_WORDS.subject_words) and not words & _TYPE_WORDS.other_words


@lru_cache(maxsize=CACHE_SIZE)
def _is_ambiguous_heading(heading: str) -> bool:
    words = frozenset(heading.split())
    if heading in _TYPE_WORDS.unclear or _NO_HEADING.fullmatch(heading):
        return True
    also_says_people = bool(words & _TYPE_WORDS.people) and not words & _TYPE_WORDS.other_words  # "Individual or Organization"
    return bool(words & _TYPE_WORDS.organization_words) and (also_says_people or bool(words & _TYPE_WORDS.type_words))


@lru_cache(maxsize=CACHE_SIZE)
def _is_person(value: str) -> bool:
    words = frozenset(fold(value.replace("_", " ")).split())
    if words & _TYPE_WORDS.people:
        return True
    return bool(words & _TYPE_WORDS.unclear_people) and not words & _TYPE_WORDS.organizations


def is_mailbox_of_person(mailbox: str, name: str) -> bool:
    """Return whether the mailbox is made of the person's name: "jane.doe@", or at a mail provider also "jane7@"."""
    words = fold(name).split()
    if words[0] in PERSON_WORDS.places:
        return False
    local = "".join(filter(str.isalpha, fold(mailbox.partition("@")[0])))
    has_name = any(len(word) >= MIN_NAME_LENGTH and word in local for word in (words[0], words[-1]))
    has_initial = local in (words[0][0] + words[-1], words[-1] + words[0][0])
    return is_mailbox_of(mailbox, name) or ((has_name or has_initial) and is_private_mailbox(mailbox.strip()))


@lru_cache(maxsize=1 << 12)
def is_private_mailbox(email: str) -> bool:
    """Return whether the address is at a mail provider, so it is not an organization's: ana@gmail.com."""
    domain = email.rpartition("@")[2].lower()
    return domain in MAIL_PROVIDERS or not PERSON_WORDS.mail_providers.isdisjoint(domain.split("."))


def has_organization_word(name: str) -> bool:
    """Return whether a word of the name is not one of a person's."""
    return value_patterns.has_organization_word(name) or not PERSON_WORDS.organization_words.isdisjoint(fold(name).split())


def is_person_name(name: str) -> bool:
    """Return whether it is a given name and one to three others, none of which occurs in names of organizations."""
    return len(name) <= MAX_LENGTH and begins_with_given_name(name) and not has_organization_word(name)


def is_bare_person_name(name: str) -> bool:
    """Return whether the whole name is that of a person: "Maria Cruz". A longer name, or a place as its first, is unclear."""
    if not 1 <= name.count(" ") <= MAX_NAME_WORDS or not is_person_name(name):
        return False
    first, *others = (word for word in fold(name).split() if word not in PERSON_WORDS.particles)
    return first not in PERSON_WORDS.places and 1 <= len(others) <= MAX_OTHER_NAMES and "and" not in others


def has_only_name_of_person(row: Row) -> bool:
    """Return whether the name is that of a person, and no other field or contact type says that the row is an organization's."""
    name = row.fields.get("name")
    return (
        isinstance(name, str)
        and is_bare_person_name(name)
        and not any(field in _ORGANIZATION_FIELDS or field.startswith("identifier:") for field in row.fields)
        and not says_organization(row.cells)
    )


def has_title_of_person(name: str) -> bool:
    """Return whether a title, a degree or a note says that the name is a person's: "Mrs. Cruz", "Ana Paz, Esq."."""
    if len(name) > MAX_LENGTH or _POSSESSIVE.search(name) or has_organization_word(name.partition("(")[0]):
        return False
    if match := _NOTE_BEHIND.fullmatch(name.strip()):
        return fold(match[2]) in PERSON_WORDS.notes
    words = [word for word in fold(name).split() if word not in ("and", "y")]
    titles = list(takewhile((PERSON_WORDS.titles | PERSON_WORDS.unclear_titles).__contains__, words))
    rest = words[len(titles) :]
    if titles and 1 <= len(rest) <= MAX_NAME_WORDS:
        return not PERSON_WORDS.titles.isdisjoint(titles) or rest[0].upper() in PERSON_NAMES
    return bool(rest) and rest[-1] in PERSON_WORDS.degrees and is_person_name(" ".join(rest[:-1]))


def reverse_person_name(name: str) -> str:
    """Return "Maria Cruz" for "Cruz, Maria"; "" for any other text, such as "Smith, Jones & Partners"."""
    match = _LAST_FIRST.fullmatch(name.strip()) if len(name) <= MAX_LENGTH else None
    if match is None or has_organization_word(name):
        return ""
    last, given = fold(match[1]).split(), fold(match[2]).split()
    last_names = [word for word in last if word not in PERSON_WORDS.particles]
    is_person = (
        1 <= len(last_names) <= MAX_LAST_NAMES
        and 1 <= len(given) <= MAX_GIVEN_NAMES
        and given[0].upper() in PERSON_NAMES
        and PERSON_WORDS.particles.isdisjoint(given)
    )
    return f"{' '.join(match[2].split())} {' '.join(match[1].split())}" if is_person else ""


def is_household(name: str) -> bool:
    words = fold(name).split()
    is_named = bool(words) and (words[-1] in PERSON_WORDS.household_words or words[0] == "familia")
    return is_named and not has_organization_word(" ".join(words))


def is_same_person(name: str, full: str) -> bool:
    reversed_name = " ".join(reversed([part.strip() for part in name.split(",")])) if name.count(",") == 1 else name
    return bool(name) and fold(full) in (fold(name), fold(reversed_name))


def is_mailbox_of(mailbox: str, name: str) -> bool:
    """Return whether a mailbox such as "jdoe@" or "jane.doe@" is Jane Doe's. "projectsouth@" may be an organization's."""
    local, at, _ = mailbox.strip().lower().partition("@")
    words = fold(name).split()
    if not at or not 2 <= len(words) <= MAX_NAME_WORDS or value_patterns.has_organization_word(name):
        return False
    first, last = words[0], words[-1]
    return local in (f"{first[0]}{last}", f"{first}{last[0]}") or _SEPARATORS.split(local)[:2] == [first, last]


def begins_with_given_name(name: str) -> bool:
    """Return whether the name begins with a given name and has no word of organizations' names."""
    words = fold(name).split()
    given = words[0] if words else ""
    return 2 <= len(words) <= MAX_NAME_WORDS and given.upper() in PERSON_NAMES and not value_patterns.has_organization_word(name)
