"""Whether a change would show something to more people than now: it may tighten visibility, never loosen it unasked."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.geo import Disclosure
from directory.published_places import DEFAULT_DISCLOSURE, apply_default_disclosure, determine_disclosure, get_default_disclosure
from directory.records import Audience, Contact, StoredContact, StoredLocation, StoredOrganization
from directory.text import fold
from directory.vocabulary.terms import ISSUE_AREAS


def find_loosening(before: StoredOrganization, after: StoredOrganization) -> tuple[Problem, ...]:
    """One problem for each part that `after` shows more widely: the record itself, its places, its contacts.

    A place that is new to the record is held to the strictest that was decided for any of its places: who hides a door does not
    want its city told as that of another door, and nobody but the organization knows whether it is another.
    """
    return (*_check_record(before, after), *_check_places(before, after), *_check_contacts(before, after))


def find_lost_disclosure(before: StoredOrganization, after: StoredOrganization) -> tuple[Problem, ...]:
    """A problem where `after` has no place left by which what was decided about the record's places would be remembered.

    Nothing is shown by that; but the next list that states a place of it would tell that place as if nobody had decided.
    """
    was, will_be = find_strictest_disclosure(before), find_strictest_disclosure(after)
    if after.sites or was is None or (will_be or DEFAULT_DISCLOSURE).strictness >= was.strictness:
        return ()
    sentence = f"Places of the organization are told by {was} now, and nothing would be left that says so."
    return (_build_problem(("locations",), sentence),)


def find_strictest_disclosure(entry: StoredOrganization) -> Disclosure | None:
    """The strictest that was decided for any place of the entry, or that its themes ask for; None where neither is."""
    decided = [determine_disclosure(site, ()) for site in entry.sites if site.disclosure is not None]
    asked = ISSUE_AREAS.strictest_disclosure(entry.issue_areas)
    return max((*decided, *((asked,) if asked else ())), key=lambda one: one.strictness, default=None)


def apply_strictest_hiding(entry: StoredOrganization, *others: StoredOrganization) -> StoredOrganization:
    """The entry, hidden if it or one of the others is: since the earliest day, until the latest one, or without an end."""
    hidden = [one for one in (entry, *others) if one.is_hidden]
    if not hidden:
        return entry
    since = min(one.hidden_since for one in hidden if one.hidden_since is not None)
    ends = [one.hidden_until for one in hidden]
    until = None if None in ends else max(end for end in ends if end is not None)
    return replace(entry, hidden_since=since, hidden_until=until)


def _check_record(before: StoredOrganization, after: StoredOrganization) -> Iterator[Problem]:
    if _is_wider(before.audience, after.audience):
        yield _build_problem(
            ("audience",), f"The organization is shown to {before.audience} now, and would be to {after.audience}."
        )


def _check_places(before: StoredOrganization, after: StoredOrganization) -> Iterator[Problem]:
    """A place is known again by its id or by its area: in another position of the list it is still the same door."""
    for position, site in enumerate(after.sites):
        then = determine_disclosure(site, after.issue_areas)
        now = find_current_disclosure(before, site, then)
        strictest = now or find_strictest_disclosure(before) or then
        if then.strictness < strictest.strictness:
            known = f"The place is told by {now} now" if now else f"Other places or the themes here ask for {strictest}"
            yield _build_problem(("locations", position, "disclosure"), f"{known}, and this would be told by {then}.")


def apply_strictest_disclosure(site: StoredLocation, entry: StoredOrganization) -> StoredLocation:
    """A site that is new to the entry: where nobody decided about it, by the strictest that was decided for any of its places."""
    strictest = find_strictest_disclosure(entry)
    if site.disclosure is not None or strictest is None:
        return site
    is_laxer = determine_disclosure(site, entry.issue_areas).strictness < strictest.strictness
    return replace(site, disclosure=apply_default_disclosure(site, strictest)) if is_laxer else site


def find_current_disclosure(before: StoredOrganization, site: StoredLocation, then: Disclosure) -> Disclosure | None:
    """The strictest by which a place of the entry is told now that may be the site, which would be told by `then`.

    None where no place may be. What stays as it is need not be another place in the same area that is told less exactly.
    """
    told = [(old, _current_disclosure_for(old, site, before.issue_areas)) for old in before.sites]
    same = [now for old, now in told if _is_unchanged_place(old, site, then)] or [
        now for old, now in told if may_be_same_place(old, site)
    ]
    return max(same, key=lambda now: now.strictness, default=None)


def _current_disclosure_for(old: StoredLocation, site: StoredLocation, issue_areas: tuple[str, ...]) -> Disclosure:
    """Where nobody decided about either, only another default loosens anything, not that more is known of the place now."""
    if old.disclosure is None and site.disclosure is None:
        return apply_default_disclosure(site, get_default_disclosure(issue_areas))
    return determine_disclosure(old, issue_areas)


def _is_unchanged_place(old: StoredLocation, site: StoredLocation, told: Disclosure) -> bool:
    """Whether what is told of the site was told of it before: its street and point matter only where they are told themselves.

    A site without a private place keeps the one that is kept.
    """
    if old.id != site.id or _area_fields(old) != _area_fields(site):
        return False
    return told is not Disclosure.EXACT or site.private in (None, old.private)


def may_be_same_place(one: StoredLocation, other: StoredLocation) -> bool:
    """Whether nothing tells that they are two places: what only one of them states is nothing against it.

    An id stands for what was decided about a place. Of one that moved, and about which nobody decided, it says nothing: that a
    small town told less by default does not hold back the city it moved to.
    """
    stated = zip(_area_fields(one), _area_fields(other), strict=True)
    if all(first is None or second is None or first == second for first, second in stated):
        return True
    return one.id == other.id and not (one.disclosure is None and other.disclosure is None)


def _area_fields(site: StoredLocation) -> tuple[str | None, ...]:
    return site.country, site.state, site.county, site.city, site.postal_code


def _check_contacts(before: StoredOrganization, after: StoredOrganization) -> Iterator[Problem]:
    """Each name, e-mail address and phone number is held to those to whom it is shown now, and so is what is said of its role."""
    for position, contact in enumerate(after.contacts):
        if contact in before.contacts:
            continue
        fewest = _narrowest_audience(_iter_current_audiences(before.contacts, contact), contact.audience)
        if _is_wider(fewest, contact.audience):
            sentence = f"The contact, or a part of it, is shown to {fewest} now, and would be to {contact.audience}."
            yield _build_problem(("contacts", position, "audience"), sentence)


def _iter_current_audiences(before: Sequence[StoredContact], contact: StoredContact) -> Iterator[Audience]:
    """To whom each part of the contact is shown now: a number that a person shares with the office, to all who see the office."""
    for value in identifying_values(contact):
        shown = [old.audience for old in before if value in identifying_values(old)]
        if shown:
            yield min(shown, key=list(Audience).index)
    for old in before:
        if contact.role and old.role == contact.role and identifying_values(old) & identifying_values(contact):
            yield old.audience


def _narrowest_audience(audiences: Iterable[Audience], otherwise: Audience) -> Audience:
    return max(audiences, key=list(Audience).index, default=otherwise)


def identifying_values(contact: Contact) -> set[str]:
    """What a contact tells by which it is known again, however it is written; the role of one that tells nothing else."""
    told = {fold(value) or value for value in (contact.name, contact.email, contact.phone) if value}
    return told or ({fold(contact.role) or contact.role} if contact.role else set())


def _is_wider(now: Audience, then: Audience) -> bool:
    return now is not then and now.sees(then)


def _build_problem(path: tuple[str | int, ...], sentence: str) -> Problem:
    return Problem(path, ErrorCode.BAD_INPUT, f"{sentence} Allow this expressly, or state it as it is.")
