"""Whether a row would show something to more people than now: an import may tighten visibility, never loosen it unasked."""

from collections.abc import Iterator

from directory.errors import Code
from directory.problems import Problem
from directory.publish import disclosure
from directory.records import Audience, Contact, Entry


def loosened(before: Entry, after: Entry) -> tuple[Problem, ...]:
    """One problem for each part that `after` shows more widely: the record itself, its places, its contacts."""
    return (*_record(before, after), *_places(before, after), *_contacts(before, after))


def _record(before: Entry, after: Entry) -> Iterator[Problem]:
    if _wider(before.audience, after.audience):
        yield _problem(("audience",), f"The organization is shown to {before.audience} now, and would be to {after.audience}.")


def _places(before: Entry, after: Entry) -> Iterator[Problem]:
    told = {site.id: disclosure(site, before.issue_areas) for site in before.sites}
    for position, site in enumerate(after.sites):
        now, then = told.get(site.id), disclosure(site, after.issue_areas)
        if now is not None and then.strictness < now.strictness:
            yield _problem(("locations", position, "disclosure"), f"The place is told by {now} now, and would be by {then}.")


def _contacts(before: Entry, after: Entry) -> Iterator[Problem]:
    shown_to = {_person(contact): contact.audience for contact in before.contacts}
    for position, contact in enumerate(after.contacts):
        now = shown_to.get(_person(contact), contact.audience)
        if _wider(now, contact.audience):
            sentence = f"The contact is shown to {now} now, and would be to {contact.audience}."
            yield _problem(("contacts", position, "audience"), sentence)


def _person(contact: Contact) -> tuple[str | None, ...]:
    return contact.name, contact.email, contact.phone


def _wider(now: Audience, then: Audience) -> bool:
    return now is not then and now.sees(then)


def _problem(path: tuple[str | int, ...], sentence: str) -> Problem:
    return Problem(path, Code.BAD_INPUT, f"{sentence} Allow this expressly, or state it as it is.")
