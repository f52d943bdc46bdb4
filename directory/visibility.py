"""Whether a change would show something to more people than now: it may tighten visibility, never loosen it unasked."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from directory.errors import Code
from directory.geo import Disclosure
from directory.problems import Problem
from directory.published_places import DEFAULT_DISCLOSURE, default_disclosure, disclosure, disclosure_by_default
from directory.records import Audience, Contact, Entry, KeptContact, Site
from directory.text import fold
from directory.vocabulary import ISSUE_AREAS


def loosened(before: Entry, after: Entry) -> tuple[Problem, ...]:
    """One problem for each part that `after` shows more widely: the record itself, its places, its contacts.

    A place that is new to the record is held to the strictest that was decided for any of its places: who hides a door does not
    want its city told as that of another door, and nobody but the organization knows whether it is another.
    """
    return (*_record(before, after), *_places(before, after), *_contacts(before, after))


def forgotten(before: Entry, after: Entry) -> tuple[Problem, ...]:
    """A problem where `after` has no place left by which what was decided about the record's places would be remembered.

    Nothing is shown by that; but the next list that states a place of it would tell that place as if nobody had decided.
    """
    was, will_be = strictest_decided(before), strictest_decided(after)
    if after.sites or was is None or (will_be or DEFAULT_DISCLOSURE).strictness >= was.strictness:
        return ()
    sentence = f"Places of the organization are told by {was} now, and nothing would be left that says so."
    return (_problem(("locations",), sentence),)


def strictest_decided(entry: Entry) -> Disclosure | None:
    """The strictest that was decided for any place of the entry, or that its themes ask for; None where neither is."""
    decided = [disclosure(site, ()) for site in entry.sites if site.disclosure is not None]
    asked = ISSUE_AREAS.disclosure(entry.issue_areas)
    return max((*decided, *((asked,) if asked else ())), key=lambda one: one.strictness, default=None)


def strictest_hiding(entry: Entry, *others: Entry) -> Entry:
    """The entry, hidden if it or one of the others is: since the earliest day, until the latest one, or without an end."""
    hidden = [one for one in (entry, *others) if one.is_hidden]
    if not hidden:
        return entry
    since = min(one.hidden_since for one in hidden if one.hidden_since is not None)
    ends = [one.hidden_until for one in hidden]
    until = None if None in ends else max(end for end in ends if end is not None)
    return replace(entry, hidden_since=since, hidden_until=until)


def _record(before: Entry, after: Entry) -> Iterator[Problem]:
    if _wider(before.audience, after.audience):
        yield _problem(("audience",), f"The organization is shown to {before.audience} now, and would be to {after.audience}.")


def _places(before: Entry, after: Entry) -> Iterator[Problem]:
    """A place is known again by its id or by its area: in another position of the list it is still the same door."""
    for position, site in enumerate(after.sites):
        then = disclosure(site, after.issue_areas)
        now = told_now(before, site, then)
        strictest = now or strictest_decided(before) or then
        if then.strictness < strictest.strictness:
            known = f"The place is told by {now} now" if now else f"Other places or the themes here ask for {strictest}"
            yield _problem(("locations", position, "disclosure"), f"{known}, and this would be told by {then}.")


def as_decided(site: Site, entry: Entry) -> Site:
    """A site that is new to the entry: where nobody decided about it, by the strictest that was decided for any of its places."""
    strictest = strictest_decided(entry)
    if site.disclosure is not None or strictest is None:
        return site
    is_laxer = disclosure(site, entry.issue_areas).strictness < strictest.strictness
    return replace(site, disclosure=disclosure_by_default(site, strictest)) if is_laxer else site


def told_now(before: Entry, site: Site, then: Disclosure) -> Disclosure | None:
    """The strictest by which a place of the entry is told now that may be the site, which would be told by `then`.

    None where no place may be. What stays as it is need not be another place in the same area that is told less exactly.
    """
    told = [(old, _now(old, site, before.issue_areas)) for old in before.sites]
    same = [now for old, now in told if _stays(old, site, then)] or [now for old, now in told if may_be_same_place(old, site)]
    return max(same, key=lambda now: now.strictness, default=None)


def _now(old: Site, site: Site, issue_areas: tuple[str, ...]) -> Disclosure:
    """Where nobody decided about either, only another default loosens anything, not that more is known of the place now."""
    if old.disclosure is None and site.disclosure is None:
        return disclosure_by_default(site, default_disclosure(issue_areas))
    return disclosure(old, issue_areas)


def _stays(old: Site, site: Site, told: Disclosure) -> bool:
    """Whether what is told of the site was told of it before: its street and point matter only where they are told themselves.

    A site without a private place keeps the one that is kept.
    """
    if old.id != site.id or _area(old) != _area(site):
        return False
    return told is not Disclosure.EXACT or site.private in (None, old.private)


def may_be_same_place(one: Site, other: Site) -> bool:
    """Whether nothing tells that they are two places: what only one of them states is nothing against it.

    An id stands for what was decided about a place. Of one that moved, and about which nobody decided, it says nothing: that a
    small town told less by default does not hold back the city it moved to.
    """
    stated = zip(_area(one), _area(other), strict=True)
    if all(first is None or second is None or first == second for first, second in stated):
        return True
    return one.id == other.id and not (one.disclosure is None and other.disclosure is None)


def _area(site: Site) -> tuple[str | None, ...]:
    return site.country, site.state, site.county, site.city, site.postal_code


def _contacts(before: Entry, after: Entry) -> Iterator[Problem]:
    """Each name, e-mail address and phone number is held to those to whom it is shown now, and so is what is said of its role."""
    for position, contact in enumerate(after.contacts):
        if contact in before.contacts:
            continue
        fewest = _fewest(_shown_now(before.contacts, contact), contact.audience)
        if _wider(fewest, contact.audience):
            sentence = f"The contact, or a part of it, is shown to {fewest} now, and would be to {contact.audience}."
            yield _problem(("contacts", position, "audience"), sentence)


def _shown_now(before: Sequence[KeptContact], contact: KeptContact) -> Iterator[Audience]:
    """To whom each part of the contact is shown now: a number that a person shares with the office, to all who see the office."""
    for value in told_data(contact):
        shown = [old.audience for old in before if value in told_data(old)]
        if shown:
            yield min(shown, key=list(Audience).index)
    for old in before:
        if contact.role and old.role == contact.role and told_data(old) & told_data(contact):
            yield old.audience


def _fewest(audiences: Iterable[Audience], otherwise: Audience) -> Audience:
    return max(audiences, key=list(Audience).index, default=otherwise)


def told_data(contact: Contact) -> set[str]:
    """What a contact tells by which it is known again, however it is written; the role of one that tells nothing else."""
    told = {fold(value) or value for value in (contact.name, contact.email, contact.phone) if value}
    return told or ({fold(contact.role) or contact.role} if contact.role else set())


def _wider(now: Audience, then: Audience) -> bool:
    return now is not then and now.sees(then)


def _problem(path: tuple[str | int, ...], sentence: str) -> Problem:
    return Problem(path, Code.BAD_INPUT, f"{sentence} Allow this expressly, or state it as it is.")
