"""Contacts of a record and of a row, brought together: one that a row states again is not a second one."""

from collections.abc import Sequence

from msgspec.structs import replace

from directory.drafts.draft_parts import ContactDraft
from directory.records import Audience, StoredContact
from directory.text import fold

_DATA_FIELDS = ("name", "email", "phone")


def merge_contacts(
    existing: Sequence[StoredContact], incoming: Sequence[StoredContact], drafts: Sequence[ContactDraft]
) -> tuple[StoredContact, ...]:
    """The kept contacts with what the row states of them, then those that only the row knows.

    A contact is known again by its e-mail address, its number or its name, else by its role where that is the only one of the
    kind. It stays shown to those to whom it is shown; where its data change and the row does not say to whom, the stricter
    audience holds.
    """
    found = list(existing)
    free = set(range(len(existing)))
    for stated, draft in zip(incoming, drafts, strict=True):
        at = _find_same_contact(stated, found, free)
        if at is None:
            found.append(stated)
        else:
            free.discard(at)
            found[at] = _overlay_contact(found[at], stated, draft)
    return tuple(found)


def _find_same_contact(stated: StoredContact, found: Sequence[StoredContact], free: set[int]) -> int | None:
    for field in ("email", "phone", "name"):
        value = getattr(stated, field)
        same = [at for at in sorted(free) if value is not None and _is_same_text(getattr(found[at], field), value)]
        if same:
            return max(same, key=lambda at: (_count_equal_fields(found[at], stated), -at))
    roles = [
        at
        for at in sorted(free)
        if stated.role and _is_same_text(found[at].role, stated.role) and not _has_other_name(found[at], stated)
    ]
    return roles[0] if len(roles) == 1 else None


def _count_equal_fields(one: StoredContact, other: StoredContact) -> int:
    """In how much they are alike, what neither states included: a person may have the office's number."""
    return sum(getattr(one, field) == getattr(other, field) for field in ("role", *_DATA_FIELDS))


def _has_other_name(one: StoredContact, other: StoredContact) -> bool:
    """Two persons may share a role."""
    return one.name is not None and other.name is not None and not _is_same_text(one.name, other.name)


def _is_same_text(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and (one == other or (fold(one) == fold(other) != ""))


def _overlay_contact(old: StoredContact, stated: StoredContact, draft: ContactDraft) -> StoredContact:
    given = draft.model_fields_set - {"audience"}
    new = replace(old, **{field: getattr(stated, field) for field in given})
    if draft.audience is not None:
        return replace(new, audience=draft.audience)
    if all(getattr(old, field) == getattr(new, field) for field in _DATA_FIELDS):
        return new
    return replace(new, audience=_stricter_audience(old.audience, stated.audience))


def _stricter_audience(one: Audience, other: Audience) -> Audience:
    return other if other.sees(one) else one
