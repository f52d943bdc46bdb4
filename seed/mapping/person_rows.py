"""Recognize rows about people, such as those of a CRM's contact export, and read the little that the directory may keep of them.

A row about a person states a contact of the organization that it names: the name, the role, and the telephone number and e-mail
address at work. Streets, birth dates, private mailboxes and tags of people are never read.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.matching.web_domains import MAIL_PROVIDERS
from directory.text import fold
from seed.clean.contact_types import MAX_LENGTH, find_person_type, says_organization
from seed.clean.values.contact_points import parse_mailboxes
from seed.mapping import people_lists, value_patterns
from seed.mapping.heading_meaning import interpret_heading
from seed.rows import Repair, Row

MIN_EXPORT_HEADINGS = 2  # headings of a CRM from which a table with first and last names is a contact export
MAX_LAST_NAMES = 2  # words of a last name before the comma, beside particles
MAX_GIVEN_NAMES = 3  # words after the comma, with an initial or "Jr"
_LEFT_OUT_REASONS = {
    "email": "left out: a private mailbox",
    "phone": "left out: nothing says that it is a number at work",
}
_LAST_FIRST = re.compile(r"([^,;&/@\d]+),\s*([^,;&/@\d]+)")


class _PersonWords(Struct, frozen=True, forbid_unknown_fields=True):
    contact_export: frozenset[str]
    birth_dates: frozenset[str]
    employers: tuple[str, ...]
    organization_headings: frozenset[str]
    private_words: frozenset[str]
    work_words: frozenset[str]
    household_words: frozenset[str]
    certain_household_words: frozenset[str]
    mail_providers: frozenset[str]
    places: frozenset[str]
    particles: frozenset[str]
    organization_words: frozenset[str]


_WORDS = msgspec.convert(tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")), _PersonWords)


class PeopleColumns(Struct, frozen=True):
    """Columns that may say something about the person of a row, by label. `employers` are ordered, the most certain first.

    `is_export`: in this table, each row with a first and a last name is about a person.
    """

    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    whole_names: tuple[str, ...]
    employers: tuple[str, ...]
    roles: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    birth_dates: tuple[str, ...]
    is_export: bool


class _Person(Struct, frozen=True):
    name: str
    reason: str = ""  # why the row looks like one about a person, as the beginning of a sentence


def find_people_columns(fields: Mapping[str, str | None]) -> PeopleColumns:
    """Return the columns of a table that may describe people. `fields` leads from all labels to mapped fields."""
    folded = {label: fold(label) for label in fields}
    possible = {label: _list_possible_fields(label, field) for label, field in fields.items()}
    first, last = _select(folded, people_lists.FIRST_NAMES), _select(folded, people_lists.LAST_NAMES)
    employers = sorted(_select(folded, _WORDS.employers), key=lambda label: _WORDS.employers.index(folded[label]))
    names = (label for label in fields if "name" in possible[label] and _is_organization_column(folded[label], fields[label]))
    clues = sum(words in _WORDS.contact_export for words in folded.values())
    return PeopleColumns(
        first_names=first,
        last_names=last,
        whole_names=_select(folded, people_lists.WHOLE_NAMES | people_lists.AMBIGUOUS_NAMES | {"sort name"}),
        employers=tuple(dict.fromkeys((*employers, *names))),
        roles=_select(possible, ("contact.role",)),
        emails=_select(possible, ("email", "contact.email")),
        phones=_select(possible, ("phone", "contact.phone")),
        birth_dates=_select(folded, _WORDS.birth_dates),
        is_export=bool(first and last) and clues >= MIN_EXPORT_HEADINGS,
    )


def _is_organization_column(heading: str, field: str | None) -> bool:
    return field == "name" or not _WORDS.organization_headings.isdisjoint(heading.split())


def names_organizations(rows: Iterable[Mapping[str, str]], columns: PeopleColumns) -> bool:
    """Return whether a contact type marks one of the rows as an organization, or a contact export names one.

    Such a table is read row by row, even if most of its rows are about people.
    """
    return any(says_organization(cells) or (columns.is_export and _names_organization(cells, columns)) for cells in rows)


def _names_organization(cells: Mapping[str, str], columns: PeopleColumns) -> bool:
    return _find_organization(cells, columns, _join_names(cells, columns)) is not None


def _list_possible_fields(label: str, field: str | None) -> frozenset[str]:
    """Return the field of a column and those that its heading may mean."""
    return frozenset((*(meaning.field for meaning in interpret_heading(label).meanings), *([field] if field else ())))


def _select(values: Mapping[str, str | frozenset[str]], wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the labels whose phrase, or one of whose fields, is wanted."""
    searched = frozenset(wanted)
    return tuple(
        label for label, value in values.items() if not searched.isdisjoint([value] if isinstance(value, str) else value)
    )


def read_people(rows: Iterable[Row], columns: PeopleColumns, *, by_form: bool) -> Iterator[Row]:
    """Yield the rows. One about a person gets the flat fields of one contact and the name of its organization.

    `columns` are those of the table. A row is about a person if a contact type says so or, with `by_form`, if it looks like it.
    Such a row that names no organization, or is about a household, is refused: here or, because of its type, by `clean_row`.
    """
    return (_read_row(row, columns, by_form) for row in rows)


def _read_row(row: Row, columns: PeopleColumns, by_form: bool) -> Row:
    person = _find_typed_person(row.cells, columns) or (_find_person_by_form(row, columns) if by_form else None)
    if person is None:
        return row
    organization = _find_organization(row.cells, columns, person.name) if person.name else None
    if organization is not None:
        return _state_contact(row, columns, person.name, *organization)
    return _reject(row, person.reason) if person.reason else row


def _state_contact(row: Row, columns: PeopleColumns, person: str, label: str, organization: str) -> Row:
    contact, repairs = _read_contact(row.cells, columns)
    fields = {"name": organization, "contact.name": person, **{field: text for field, (_, text) in contact.items()}}
    headings = {"name": label, **{field: heading for field, (heading, _) in contact.items()}}
    repairs = [*row.repairs, *repairs]
    return replace(row, fields=fields, columns=headings, repairs=tuple(repairs), problems=(), source_id=None, is_person=True)


def _reject(row: Row, reason: str) -> Row:
    sentence = (
        f"{reason}: the row is about a person or household, and names no organization. The directory lists organizations only."
        ' Delete the row, or save it with --corrections and enter "new" in the column same_as if it is an organization.'
    )
    return replace(row, fields={}, problems=(Problem((), ErrorCode.BAD_INPUT, sentence),), source_id=None)


def _find_typed_person(cells: Mapping[str, str], columns: PeopleColumns) -> _Person | None:
    """Return the person of a row with such a contact type, without a name for a household. `clean_row` knows the reason."""
    person_type = find_person_type(cells)
    if person_type is None:
        return None
    is_household = not _WORDS.household_words.isdisjoint(fold(person_type[1].replace("_", " ")).split())
    return _Person("" if is_household else _find_person_name(cells, columns))


def _find_person_by_form(row: Row, columns: PeopleColumns) -> _Person | None:
    person = _find_person_shape(row, columns)
    if person is None or fold(row.cells.get("same_as", "")) == "new":
        return None
    return None if says_organization(_without_accounts(row.cells) if columns.is_export else row.cells) else person


def _find_person_shape(row: Row, columns: PeopleColumns) -> _Person | None:
    cells, name, full = row.cells, row.fields.get("name"), _join_names(row.cells, columns)
    name = " ".join(name.split()) if isinstance(name, str) else ""
    if full and _is_same_person(name, full):
        return _Person(full, "The name is that of a person, as in the columns of first and last names")
    if full and columns.is_export:
        return _Person(full, "The row has a first and a last name, in a list of contacts")
    if (full or is_person_name(name)) and _first_filled(cells, columns.birth_dates):
        return _Person(full or name, "The row has a birth date")
    if given_first := reverse_person_name(name):
        return _Person(given_first, "The name is written like that of a person, last name first")
    if fold(name).rpartition(" ")[2] in _WORDS.certain_household_words:
        return _Person("", "The name is that of a household")
    if is_person_name(name) and any(_is_mailbox_of(cells.get(label, ""), name) for label in columns.emails):
        return _Person(name, "The name is that of a person, and the e-mail address is made of it")
    return None


def _is_mailbox_of(mailbox: str, name: str) -> bool:
    """Return whether the mailbox is made of the person's name: "jane.doe@", or "janedoe7@" at a mail provider."""
    words = fold(name).split()
    if words[0] in _WORDS.places:
        return False
    first, last = words[0], words[-1]
    local = "".join(filter(str.isalpha, fold(mailbox.partition("@")[0])))
    is_made_of_name = local in (first + last, last + first, first[0] + last, first + last[0], last + first[0])
    return people_lists.is_mailbox_of(mailbox, name) or (is_made_of_name and is_private_mailbox(mailbox.strip()))


def _without_accounts(cells: Mapping[str, str]) -> dict[str, str]:
    """Return the cells without those that describe the organization of a contact: "Account Record Type"."""
    return {label: value for label, value in cells.items() if not {"account", "cuenta"} & set(fold(label).split())}


def _is_same_person(name: str, full: str) -> bool:
    reversed_name = " ".join(reversed([part.strip() for part in name.split(",")])) if name.count(",") == 1 else name
    return bool(name) and fold(full) in (fold(name), fold(reversed_name))


def _find_person_name(cells: Mapping[str, str], columns: PeopleColumns) -> str:
    full = _join_names(cells, columns)
    if full:
        return full
    whole = _first_filled(cells, columns.whole_names)
    return (reverse_person_name(whole[1]) or whole[1]) if whole and not _is_household(whole[1]) else ""


def _join_names(cells: Mapping[str, str], columns: PeopleColumns) -> str:
    """Return the first and last name of the row's person; "" unless both are filled."""
    first, last = _first_filled(cells, columns.first_names), _first_filled(cells, columns.last_names)
    return " ".join(f"{first[1]} {last[1]}".split()) if first and last else ""


def _first_filled(cells: Mapping[str, str], labels: Iterable[str]) -> tuple[str, str] | None:
    return next(((label, cells[label].strip()) for label in labels if cells.get(label, "").strip()), None)


def _find_organization(cells: Mapping[str, str], columns: PeopleColumns, person: str) -> tuple[str, str] | None:
    """Return the label and name of the organization that the row names. A name of the person or a household is none."""
    for label in columns.employers:
        name = " ".join(cells.get(label, "").split())
        is_other = bool(fold(name)) and not _is_same_person(name, person) and not _is_household(name)
        if is_other and not reverse_person_name(name) and fold(name) not in value_patterns.EMPTY_VALUES:
            return label, name
    return None


def _is_household(name: str) -> bool:
    words = fold(name).split()
    is_named = bool(words) and (words[-1] in _WORDS.household_words or words[0] == "familia")
    return is_named and not has_organization_word(" ".join(words))


def _read_contact(cells: Mapping[str, str], columns: PeopleColumns) -> tuple[dict[str, tuple[str, str]], list[Repair]]:
    """Return role, address and number by flat field, each with its label, and what was left out."""
    fields: dict[str, tuple[str, str]] = {}
    repairs: list[Repair] = []
    if role := _first_filled(cells, columns.roles):
        fields["contact.role"] = role
    mailboxes = [(label, cells[label].strip()) for label in columns.emails if label in cells]
    work = [(label, kept) for label, text in mailboxes if (kept := _keep_work_mailboxes(label, text))]
    repairs += [Repair(label, "", "", _LEFT_OUT_REASONS["email"]) for label, text in mailboxes if (label, text) not in work]
    if work:
        fields["contact.email"] = work[0]
    is_private = bool(mailboxes) and not work
    for label in (label for label in columns.phones if label in cells):
        if "contact.phone" not in fields and _is_work_number(label, is_private):
            fields["contact.phone"] = (label, cells[label].strip())
        else:
            repairs.append(Repair(label, "", "", _LEFT_OUT_REASONS["phone"]))
    return fields, repairs


def _keep_work_mailboxes(label: str, text: str) -> str:
    """Return the addresses that are not at a mail provider, or the text if it cannot be read; "" under a private heading."""
    if not _WORDS.private_words.isdisjoint(fold(label).split()):
        return ""
    try:
        mailboxes = parse_mailboxes(text).value
    except BadInput:
        return text
    if not any(is_private_mailbox(mailbox.email) for mailbox in mailboxes):
        return text
    return "; ".join(mailbox.email for mailbox in mailboxes if not is_private_mailbox(mailbox.email))


def _is_work_number(label: str, has_private_mailbox: bool) -> bool:
    """Whether a number is one at work. One whose heading does not say so is not, if the person's mailbox is a private one."""
    words = set(fold(label).split())
    return words.isdisjoint(_WORDS.private_words) and (not has_private_mailbox or not words.isdisjoint(_WORDS.work_words))


@lru_cache(maxsize=1 << 12)
def is_private_mailbox(email: str) -> bool:
    """Return whether the address is at a mail provider, so it is not an organization's: ana@gmail.com."""
    domain = email.rpartition("@")[2].lower()
    return domain in MAIL_PROVIDERS or not _WORDS.mail_providers.isdisjoint(domain.split("."))


def has_organization_word(name: str) -> bool:
    """Return whether a word of the name is not one of a person's."""
    return value_patterns.has_organization_word(name) or not _WORDS.organization_words.isdisjoint(fold(name).split())


def is_person_name(name: str) -> bool:
    """Return whether it is a given name and one to three others, none of which occurs in names of organizations."""
    return len(name) <= MAX_LENGTH and people_lists.is_person_name(name) and not has_organization_word(name)


def reverse_person_name(name: str) -> str:
    """Return "Maria Cruz" for "Cruz, Maria"; "" for any other text, such as "Smith, Jones & Partners"."""
    match = _LAST_FIRST.fullmatch(name.strip()) if len(name) <= MAX_LENGTH else None
    if match is None or has_organization_word(name):
        return ""
    last, given = fold(match[1]).split(), fold(match[2]).split()
    last_names = [word for word in last if word not in _WORDS.particles]
    is_person = (
        1 <= len(last_names) <= MAX_LAST_NAMES
        and 1 <= len(given) <= MAX_GIVEN_NAMES
        and given[0].upper() in people_lists.PERSON_NAMES
        and _WORDS.particles.isdisjoint(given)
    )
    return f"{' '.join(match[2].split())} {' '.join(match[1].split())}" if is_person else ""
