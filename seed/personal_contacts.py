"""Find telephone numbers and personal mailboxes in texts that an import would publish, for a person to look at."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from directory.drafts.address_patterns import list_contact_texts
from directory.fields import FIELDS
from directory.records import Audience, StoredContact, StoredOrganization
from seed.mapping.person_signs import PERSON_NAMES, is_private_mailbox
from seed.plan.planned_row import WRITE_ACTIONS, PlannedRow

LOCAL_DIGITS = 7  # of a telephone number without its area code
NATIONAL_DIGITS = 10
_SEPARATOR = re.compile(r"[._+-]")


class PersonalContact(Struct, frozen=True):
    """A number or mailbox in the text of a field."""

    field: str
    text: str


def list_personal_contacts(item: PlannedRow) -> tuple[PersonalContact, ...]:
    """Return the numbers and personal mailboxes in public texts that the row changes, without those of public contacts."""
    record = item.record_after
    if item.action not in WRITE_ACTIONS or not isinstance(record, StoredOrganization):
        return ()
    if record.effective_audience is not Audience.PUBLIC:
        return ()
    changed = (FIELDS[name] for name in item.changed_fields if name in FIELDS)
    fields = [field.name for field in changed if field.is_text and field.audience is Audience.PUBLIC]
    return tuple(_find_in_fields(record, fields)) if fields else ()


def _find_in_fields(record: StoredOrganization, fields: list[str]) -> Iterator[PersonalContact]:
    public = [contact for contact in record.contacts if contact.audience is Audience.PUBLIC]
    public_numbers = [contact.phone for contact in public if contact.phone]
    for name in fields:
        mailboxes, numbers = list_contact_texts(getattr(record, name) or "")
        personal = [one for one in mailboxes if _is_personal_mailbox(one.casefold(), public, record.contacts)]
        personal += [one for one in numbers if not any(_is_same_number(one, known) for known in public_numbers)]
        yield from (PersonalContact(name, text) for text in dict.fromkeys(personal))


def _is_personal_mailbox(mailbox: str, public: Sequence[StoredContact], contacts: Sequence[StoredContact]) -> bool:
    """Whether a person reads the mailbox and no public contact has it: by its provider, its first word, or a private contact."""
    if any(contact.email and contact.email.casefold() == mailbox for contact in public):
        return False
    first_word = _SEPARATOR.split(mailbox.partition("@")[0], maxsplit=1)[0]
    is_private_contact = any(contact.email and contact.email.casefold() == mailbox for contact in contacts)
    is_written_in_words = "@" not in mailbox
    return is_written_in_words or is_private_mailbox(mailbox) or first_word.upper() in PERSON_NAMES or is_private_contact


def _is_same_number(text: str, phone: str) -> bool:
    """Whether the digits agree. A number without its area code is compared with the end of the other one."""
    digits, known = ("".join(filter(str.isdigit, number))[-NATIONAL_DIGITS:] for number in (text, phone))
    return len(digits) >= LOCAL_DIGITS and known.endswith(digits)
