"""Contacts of a record and of a row, brought together: one that a row states again is not a second one."""

from collections.abc import Sequence

from msgspec.structs import replace

from directory.draft_parts import ContactDraft
from directory.records import Audience, KeptContact
from directory.text import fold

_DATA = ("name", "email", "phone")


def contacts(
    before: Sequence[KeptContact], said: Sequence[KeptContact], drafts: Sequence[ContactDraft]
) -> tuple[KeptContact, ...]:
    """The kept contacts with what the row states of them, then those that only the row knows.

    A contact is known again by its e-mail address, its number or its name, else by its role where that is the only one of the
    kind. It stays shown to those to whom it is shown; where its data change and the row does not say to whom, the stricter
    audience holds.
    """
    found = list(before)
    free = set(range(len(before)))
    for stated, draft in zip(said, drafts, strict=True):
        at = _known_again(stated, found, free)
        if at is None:
            found.append(stated)
        else:
            free.discard(at)
            found[at] = _overlaid(found[at], stated, draft)
    return tuple(found)


def _known_again(stated: KeptContact, found: Sequence[KeptContact], free: set[int]) -> int | None:
    for field in ("email", "phone", "name"):
        value = getattr(stated, field)
        same = [at for at in sorted(free) if value is not None and _same(getattr(found[at], field), value)]
        if same:
            return max(same, key=lambda at: (_agreement(found[at], stated), -at))
    roles = [
        at for at in sorted(free) if stated.role and _same(found[at].role, stated.role) and not _contradict(found[at], stated)
    ]
    return roles[0] if len(roles) == 1 else None


def _agreement(one: KeptContact, other: KeptContact) -> int:
    """In how much they are alike, what neither states included: a person may have the office's number."""
    return sum(getattr(one, field) == getattr(other, field) for field in ("role", *_DATA))


def _contradict(one: KeptContact, other: KeptContact) -> bool:
    """Two persons may share a role."""
    return one.name is not None and other.name is not None and not _same(one.name, other.name)


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and (one == other or (fold(one) == fold(other) != ""))


def _overlaid(old: KeptContact, stated: KeptContact, draft: ContactDraft) -> KeptContact:
    given = draft.model_fields_set - {"audience"}
    new = replace(old, **{field: getattr(stated, field) for field in given})
    if draft.audience is not None:
        return replace(new, audience=draft.audience)
    if all(getattr(old, field) == getattr(new, field) for field in _DATA):
        return new
    return replace(new, audience=_stricter(old.audience, stated.audience))


def _stricter(one: Audience, other: Audience) -> Audience:
    return other if other.sees(one) else one
