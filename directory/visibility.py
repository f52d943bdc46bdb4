"""Whether a change would show something to more people than now: it may tighten visibility, never loosen it unasked."""

from collections.abc import Iterator

from directory.errors import Code
from directory.problems import Problem
from directory.publish import disclosure
from directory.records import Audience, Contact, Entry, Site


def loosened(before: Entry, after: Entry) -> tuple[Problem, ...]:
    """One problem for each part that `after` shows more widely: the record itself, its places, its contacts."""
    return (*_record(before, after), *_places(before, after), *_contacts(before, after))


def _record(before: Entry, after: Entry) -> Iterator[Problem]:
    if _wider(before.audience, after.audience):
        yield _problem(("audience",), f"The organization is shown to {before.audience} now, and would be to {after.audience}.")


def _places(before: Entry, after: Entry) -> Iterator[Problem]:
    """A place is known again by its id or by its area: in another position of the list it is still the same door."""
    told = [(site, disclosure(site, before.issue_areas)) for site in before.sites]
    for position, site in enumerate(after.sites):
        then = disclosure(site, after.issue_areas)
        strictest = max((now for old, now in told if _may_be_same(old, site)), key=lambda now: now.strictness, default=then)
        if then.strictness < strictest.strictness:
            sentence = f"The place is told by {strictest} now, and would be by {then}."
            yield _problem(("locations", position, "disclosure"), sentence)


def _may_be_same(one: Site, other: Site) -> bool:
    """What only one of the two states tells nothing against it."""
    areas = ((one.country, other.country), (one.state, other.state), (one.county, other.county), (one.city, other.city))
    stated = (*areas, (one.postal_code, other.postal_code))
    return one.id == other.id or all(first is None or second is None or first == second for first, second in stated)


def _contacts(before: Entry, after: Entry) -> Iterator[Problem]:
    """Each name, e-mail address and phone number is held to the strictest audience that it is shown to now."""
    for position, contact in enumerate(after.contacts):
        shown = [old.audience for old in before.contacts if _data(old) & _data(contact)]
        strictest = next((audience for audience in reversed(list(Audience)) if audience in shown), contact.audience)
        if _wider(strictest, contact.audience):
            sentence = f"The contact, or a part of it, is shown to {strictest} now, and would be to {contact.audience}."
            yield _problem(("contacts", position, "audience"), sentence)


def _data(contact: Contact) -> set[str]:
    return {value for value in (contact.name, contact.email, contact.phone) if value}


def _wider(now: Audience, then: Audience) -> bool:
    return now is not then and now.sees(then)


def _problem(path: tuple[str | int, ...], sentence: str) -> Problem:
    return Problem(path, Code.BAD_INPUT, f"{sentence} Allow this expressly, or state it as it is.")
