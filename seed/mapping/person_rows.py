"""Recognize rows about people, such as those of a CRM's contact export, and read the little that the directory may keep of them.

A row about a person states a contact of the organization that it names: the name, the role, and the telephone number and e-mail
address at work. Streets, birth dates, private mailboxes and tags of people are never read.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.text import fold
from seed.clean.values.online_addresses import parse_mailboxes
from seed.mapping import people_lists, value_patterns
from seed.mapping.heading_meaning import interpret_heading
from seed.mapping.person_signs import (
    PERSON_WORDS,
    find_person_marks,
    find_person_type,
    has_only_name_of_person,
    has_title_of_person,
    is_household,
    is_mailbox_of_person,
    is_marked,
    is_person_name,
    is_private_mailbox,
    is_same_person,
    may_be_contact_type,
    reverse_person_name,
    says_organization,
)
from seed.rows import Repair, Row

PERSON_REASON = "row is about a person or household"
MIN_EXPORT_HEADINGS = 2  # headings of a CRM from which a table with first and last names is a contact export
_LEFT_OUT_REASONS = {
    "email": "left out: a private mailbox",
    "phone": "left out: nothing says that it is a number at work",
}


class PeopleColumns(Struct, frozen=True):
    """Columns that may say something about the person of a row, by label. `employers` are ordered, the most certain first.

    `marks` are columns such as "Individual", with an x for people. `is_export`: in this table, each row with a first and a last
    name is about a person. `lists_people`: some rows are certainly about people, so a name of a person is enough.
    """

    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    whole_names: tuple[str, ...]
    employers: tuple[str, ...]
    roles: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    birth_dates: tuple[str, ...]
    personal_facts: tuple[str, ...]
    types: tuple[str, ...]
    marks: tuple[str, ...]
    is_export: bool
    lists_people: bool = False


class _Person(Struct, frozen=True):
    name: str
    reason: str = ""  # why the row looks like one about a person, as the beginning of a sentence


def find_people_columns(fields: Mapping[str, str | None]) -> PeopleColumns:
    """Return the columns of a table that may describe people. `fields` leads from all labels to mapped fields."""
    folded = {label: fold(label) for label in fields}
    possible = {label: _list_possible_fields(label, field) for label, field in fields.items()}
    last = _select(folded, people_lists.LAST_NAMES)
    first = _select(folded, people_lists.FIRST_NAMES) or (_select(folded, ("nombre", "name")) if last else ())
    employers = sorted(_select(folded, PERSON_WORDS.employers), key=lambda label: PERSON_WORDS.employers.index(folded[label]))
    names = (label for label in fields if "name" in possible[label] and _is_organization_column(folded[label], fields[label]))
    clues = sum(words in PERSON_WORDS.contact_export for words in folded.values())
    return PeopleColumns(
        first_names=first,
        last_names=last,
        whole_names=_select(folded, people_lists.WHOLE_NAMES | people_lists.AMBIGUOUS_NAMES | {"sort name"}),
        employers=tuple(dict.fromkeys((*employers, *names))),
        roles=_sort_roles(_select(possible, ("contact.role",)), folded),
        emails=_select(possible, ("email", "contact.email")),
        phones=_select(possible, ("phone", "contact.phone")),
        birth_dates=_select(folded, PERSON_WORDS.birth_dates),
        personal_facts=_select(folded, PERSON_WORDS.personal_facts),
        types=tuple(filter(may_be_contact_type, fields)),
        marks=find_person_marks(fields),
        is_export=bool(first and last) and clues >= MIN_EXPORT_HEADINGS,
    )


def _sort_roles(labels: tuple[str, ...], folded: Mapping[str, str]) -> tuple[str, ...]:
    """Return the columns of roles, last those that may hold salutations: "Title" beside "Job title"."""
    return tuple(sorted(labels, key=lambda label: folded[label] in PERSON_WORDS.salutation_headings))


def _is_organization_column(heading: str, field: str | None) -> bool:
    return field == "name" or not PERSON_WORDS.organization_headings.isdisjoint(heading.split())


def names_organizations(rows: Iterable[Mapping[str, str]], columns: PeopleColumns) -> bool:
    """Return whether a contact type marks one of the rows as an organization, or a contact export names one.

    Such a table is read row by row, even if most of its rows are about people.
    """
    return any(says_organization(cells) or (columns.is_export and _names_organization(cells, columns)) for cells in rows)


def mentions_person(cells: Mapping[str, str]) -> bool:
    """Return whether a contact type or, in a corrections file, an earlier import says that the row is about a person."""
    return find_person_type(cells) is not None or any(PERSON_REASON in cell for cell in cells.values())


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


def read_people(rows: Iterable[Row], columns: PeopleColumns) -> Iterator[Row]:
    """Yield the rows. One about a person gets the flat fields of one contact and the name of its organization.

    `columns` are those of the table. A row is about a person if a contact type says so or it looks like it.
    Such a row that names no organization, or is about a household, is refused: here or, because of its type, by `clean_row`.
    """
    return (_read_row(row, columns) for row in rows)


def _read_row(row: Row, columns: PeopleColumns) -> Row:
    person = _find_typed_person(row.cells, columns) or _find_person_by_form(row, columns)
    if person is None:
        return replace(row, may_be_person=True) if has_only_name_of_person(row) else row
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
        f"{reason}: the {PERSON_REASON}, and names no organization. The directory lists organizations only."
        ' Delete the row, or save it with --corrections and enter "new" in the column same_as if it is an organization.'
    )
    return replace(row, fields={}, problems=(Problem((), ErrorCode.BAD_INPUT, sentence),), source_id=None)


def _find_typed_person(cells: Mapping[str, str], columns: PeopleColumns) -> _Person | None:
    """Return the person of a row with such a contact type, without a name for a household. `clean_row` knows the reason."""
    person_type = find_person_type({label: cells[label] for label in columns.types if label in cells})
    if person_type is None:
        return None
    is_household = not PERSON_WORDS.household_words.isdisjoint(fold(person_type[1].replace("_", " ")).split())
    return _Person("" if is_household else _find_person_name(cells, columns))


def _find_person_by_form(row: Row, columns: PeopleColumns) -> _Person | None:
    person = _find_person_shape(row, columns)
    if person is None:
        return None
    if fold(row.cells.get("same_as", "")) == "new" and _find_organization(row.cells, columns, person.name) is None:
        return None  # with an organization beside the person, "new" is about that organization
    return None if says_organization(_without_accounts(row.cells) if columns.is_export else row.cells) else person


def _find_person_shape(row: Row, columns: PeopleColumns) -> _Person | None:
    cells, name, full = row.cells, row.fields.get("name"), _join_names(row.cells, columns)
    name = " ".join(name.split()) if isinstance(name, str) else ""
    if label := next((label for label in columns.marks if is_marked(cells.get(label, ""))), None):
        return _Person(_find_person_name(cells, columns), f'The column "{label}" is marked')
    if full and is_same_person(name, full):
        return _Person(full, "The name is that of a person, as in the columns of first and last names")
    if full and columns.is_export:
        return _Person(full, "The row has a first and a last name, in a list of contacts")
    if (full or is_person_name(name)) and _first_filled(cells, columns.birth_dates):
        return _Person(full or name, "The row has a birth date")
    if is_person_name(name) and _first_filled(cells, columns.personal_facts):
        return _Person(name, "The row has a gender or pronouns, and the name is that of a person")
    if has_title_of_person(name):
        return _Person(name, "The name has the title, the degree or the note of a person")
    if given_first := reverse_person_name(name) if "," in name else "":
        return _Person(given_first, "The name is written like that of a person, last name first")
    if fold(name).rpartition(" ")[2] in PERSON_WORDS.certain_household_words:
        return _Person("", "The name is that of a household")
    if columns.lists_people and is_person_name(name):
        return _Person(name, "The name is that of a person, in a list with people")
    if (
        is_person_name(name)
        and "website" not in row.fields
        and any(is_mailbox_of_person(cells.get(label, ""), name) for label in columns.emails)
    ):
        return _Person(name, "The name is that of a person, and the e-mail address is made of it")
    return None


def _without_accounts(cells: Mapping[str, str]) -> dict[str, str]:
    """Return the cells without those that describe the organization of a contact: "Account Record Type"."""
    return {label: value for label, value in cells.items() if not {"account", "cuenta"} & set(fold(label).split())}


def _find_person_name(cells: Mapping[str, str], columns: PeopleColumns) -> str:
    full = _join_names(cells, columns)
    if full:
        return full
    whole = _first_filled(cells, columns.whole_names)
    return (reverse_person_name(whole[1]) or whole[1]) if whole and not is_household(whole[1]) else ""


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
        is_other = bool(fold(name)) and not is_same_person(name, person) and not is_household(name)
        if is_other and not reverse_person_name(name) and fold(name) not in value_patterns.EMPTY_VALUES:
            return label, name
    return None


def _read_contact(cells: Mapping[str, str], columns: PeopleColumns) -> tuple[dict[str, tuple[str, str]], list[Repair]]:
    """Return role, address and number by flat field, each with its label, and what was left out."""
    fields: dict[str, tuple[str, str]] = {}
    repairs: list[Repair] = []
    if (role := _first_filled(cells, columns.roles)) and fold(role[1]) not in PERSON_WORDS.salutations:
        fields["contact.role"] = role
    mailboxes = [(label, cells[label].strip()) for label in columns.emails if "@" in cells.get(label, "")]
    work = [(label, kept) for label, text in mailboxes if (kept := _keep_work_mailboxes(_describe(label, cells), text))]
    repairs += [Repair(label, "", "", _LEFT_OUT_REASONS["email"]) for label, text in mailboxes if (label, text) not in work]
    if work:
        fields["contact.email"] = work[0]
    is_private = bool(mailboxes) and not work
    for label in (label for label in columns.phones if any(map(str.isdigit, cells.get(label, "")))):
        if "contact.phone" not in fields and _is_work_number(_describe(label, cells), is_private):
            fields["contact.phone"] = (label, cells[label].strip())
        else:
            repairs.append(Repair(label, "", "", _LEFT_OUT_REASONS["phone"]))
    return fields, repairs


def _describe(label: str, cells: Mapping[str, str]) -> str:
    """Return the heading with what another column says about its values: "Phone 1 - Label" about "Phone 1 - Value"."""
    beside = (cells.get(label.replace("Value", word), "") for word in ("Label", "Type") if label.endswith("Value"))
    return " ".join((label, *beside))


def _keep_work_mailboxes(heading: str, text: str) -> str:
    """Return the addresses that are not at a mail provider, or the text if it cannot be read; "" under a private heading."""
    if not PERSON_WORDS.private_words.isdisjoint(fold(heading).split()):
        return ""
    try:
        mailboxes = parse_mailboxes(text).value
    except BadInput:
        return text
    if not any(is_private_mailbox(mailbox.email) for mailbox in mailboxes):
        return text
    return "; ".join(mailbox.email for mailbox in mailboxes if not is_private_mailbox(mailbox.email))


def _is_work_number(heading: str, has_private_mailbox: bool) -> bool:
    """Whether a number is one at work. One whose heading does not say so is not, if the person's mailbox is a private one."""
    words = set(fold(heading).split())
    return words.isdisjoint(PERSON_WORDS.private_words) and (
        not has_private_mailbox or not words.isdisjoint(PERSON_WORDS.work_words)
    )
