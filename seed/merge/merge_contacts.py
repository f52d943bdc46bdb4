"""Merge the contacts of a row into those of a record without duplicating them."""

from collections.abc import Sequence

from msgspec.structs import replace

from directory.drafts.draft_parts import ContactDraft
from directory.records import Audience, StoredContact
from directory.text import fold

_DATA_FIELDS = ("name", "email", "phone")


def merge_contacts(
    existing: Sequence[StoredContact], incoming: Sequence[StoredContact], drafts: Sequence[ContactDraft]
) -> tuple[StoredContact, ...]:
    """Return the existing contacts, updated by the row, followed by the new ones.

    Contacts are matched by e-mail address, telephone number or name, otherwise by a role that only one unmatched contact has.
    An audience stated in the row applies. Otherwise an unchanged contact keeps its audience, and a changed one gets the
    stricter of both.
    """
    contacts = list(existing)
    unmatched = set(range(len(existing)))
    for contact, draft in zip(incoming, drafts, strict=True):
        position = _find_same_contact(contact, contacts, unmatched)
        if position is None:
            contacts.append(contact)
        else:
            unmatched.discard(position)
            contacts[position] = _overlay_contact(contacts[position], contact, draft)
    return tuple(contacts)


def _find_same_contact(contact: StoredContact, contacts: Sequence[StoredContact], unmatched: set[int]) -> int | None:
    """Return the position of the same contact among the unmatched ones; None if there is none."""
    positions = sorted(unmatched)
    for field in ("email", "phone", "name"):
        same = [position for position in positions if _is_same_text(getattr(contacts[position], field), getattr(contact, field))]
        if same:
            return max(same, key=lambda position: (_count_equal_fields(contacts[position], contact), -position))
    same_role = [position for position in positions if _has_same_role(contacts[position], contact)]
    return same_role[0] if len(same_role) == 1 else None


def _count_equal_fields(first: StoredContact, second: StoredContact) -> int:
    """Count equal fields. Fields missing in both count, because a person may share the office's number."""
    return sum(getattr(first, field) == getattr(second, field) for field in ("role", *_DATA_FIELDS))


def _has_same_role(first: StoredContact, second: StoredContact) -> bool:
    """Whether both have the same role and do not have different names: two persons may share a role."""
    has_different_names = first.name is not None and second.name is not None and not _is_same_text(first.name, second.name)
    return bool(second.role) and _is_same_text(first.role, second.role) and not has_different_names


def _is_same_text(first: str | None, second: str | None) -> bool:
    return first is not None and second is not None and (first == second or (fold(first) == fold(second) != ""))


def _overlay_contact(old: StoredContact, incoming: StoredContact, draft: ContactDraft) -> StoredContact:
    stated_fields = draft.model_fields_set - {"audience"}
    new = replace(old, **{field: getattr(incoming, field) for field in stated_fields})
    if draft.audience is not None:
        return replace(new, audience=draft.audience)
    if all(getattr(old, field) == getattr(new, field) for field in _DATA_FIELDS):
        return new
    return replace(new, audience=_stricter_audience(old.audience, incoming.audience))


def _stricter_audience(first: Audience, second: Audience) -> Audience:
    return second if second.sees(first) else first
