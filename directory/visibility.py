"""Detect changes that would make a record more visible, which need permission. Changes that restrict visibility do not."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.geo import Disclosure
from directory.kinds import get_kind
from directory.publish import allows_search_engines
from directory.published_places import DEFAULT_DISCLOSURE, apply_default_disclosure, determine_disclosure, get_default_disclosure
from directory.records import (
    Audience,
    Contact,
    SearchEngines,
    StoredContact,
    StoredLocation,
    StoredOrganization,
    StoredRecord,
)
from directory.text import fold
from directory.vocabulary.terms import ISSUE_AREAS

RecordT = TypeVar("RecordT", bound=StoredRecord)


def find_loosening(before: StoredRecord, after: StoredRecord) -> tuple[Problem, ...]:
    """Return a problem for each part that `after` shows more widely: the record itself, a place or a contact.

    A record that search engines could now list is shown more widely, too.

    A place that is new to the record is compared with the strictest disclosure of its other places: a new place in the same
    city may be a hidden place under another address, and only the organization knows that. It is also compared with the removed
    places of its town, which it may replace.
    """
    return (*_check_record(before, after), *_check_places(before, after), *_check_contacts(before, after))


def find_lost_disclosure(before: StoredRecord, after: StoredRecord) -> tuple[Problem, ...]:
    """Return a problem if `after` has no place left that stores the disclosure decided for the places of `before`.

    The change itself shows nothing. But the next import that adds a place would publish it by the defaults.
    """
    previous, remaining = find_strictest_disclosure(before), find_strictest_disclosure(after)
    if after.sites or previous is None or (remaining or DEFAULT_DISCLOSURE).strictness >= previous.strictness:
        return ()
    sentence = f"The disclosure of the organization's places ({previous}) would be lost, because no place is left."
    return (_build_problem(("locations",), sentence, "Keep a place"),)


def find_strictest_disclosure(entry: StoredRecord) -> Disclosure | None:
    """Return the strictest disclosure decided for a place or required by an issue area. None if there is neither."""
    disclosures = [determine_disclosure(site, ()) for site in entry.sites if site.disclosure is not None]
    if default := ISSUE_AREAS.strictest_disclosure(entry.issue_areas):
        disclosures.append(default)
    return max(disclosures, key=lambda disclosure: disclosure.strictness, default=None)


def apply_strictest_hiding(entry: RecordT, *others: StoredRecord) -> RecordT:
    """Return the record, hidden if it or one of the others is: from the earliest start until the latest end, if there is one."""
    records: list[StoredRecord] = [entry, *others]
    hidden = [record for record in records if record.is_hidden]
    if not hidden:
        return entry
    since = min(record.hidden_since for record in hidden if record.hidden_since is not None)
    ends = [record.hidden_until for record in hidden]
    until = None if None in ends else max(end for end in ends if end is not None)
    return replace(entry, hidden_since=since, hidden_until=until)


def _check_record(before: StoredRecord, after: StoredRecord) -> Iterator[Problem]:
    if _is_wider(before.audience, after.audience):
        noun = get_kind(after).noun
        sentence = f"The {noun} would become more visible ({before.audience} to {after.audience})."
        yield _build_problem(("audience",), sentence, f"Set its audience to {before.audience}")
    for field, owner in get_kind(after).audience_fields.items():
        yield from _check_value(before, after, field, owner)
    if not isinstance(before, StoredOrganization) or not isinstance(after, StoredOrganization):
        return
    if allows_search_engines(after) and not allows_search_engines(before):
        sentence = "Search engines could list the organization, which they must not do now."
        yield _build_problem(("search_engines",), sentence, f"Set search_engines to {SearchEngines.REFUSED}")


def _check_value(before: StoredRecord, after: StoredRecord, field: str, owner: str) -> Iterator[Problem]:
    """Compare the audience in `field` that may see the value of `owner`."""
    old, new, value = getattr(before, field), getattr(after, field), getattr(after, owner)
    if value is not None and value == getattr(before, owner) and _is_wider(old, new):
        sentence = f"The {owner} of the {get_kind(after).noun} would become more visible ({old} to {new})."
        yield _build_problem((field,), sentence, f"Set {field} to {old}")


def _check_places(before: StoredRecord, after: StoredRecord) -> Iterator[Problem]:
    """Places are matched by id or by area, because their order may change."""
    removed = [old for old in before.sites if old.id not in {site.id for site in after.sites}]
    for position, site in enumerate(after.sites):
        new = determine_disclosure(site, after.issue_areas)
        strictest = find_current_disclosure(before, site, new) or _find_earlier_disclosure(before, site, removed) or new
        if new.strictness < strictest.strictness:
            sentence = f"This place would become more visible ({strictest} to {new})."
            advice = f"Set its disclosure to {strictest}"
            yield _build_problem(("locations", position, "disclosure"), sentence, advice)


def _find_earlier_disclosure(before: StoredRecord, site: StoredLocation, removed: Iterable[StoredLocation]) -> Disclosure | None:
    """Return the strictest disclosure decided for the record or, of the removed places, current in the town of a new one."""
    disclosures = [_get_comparable_disclosure(old, site, before.issue_areas) for old in removed if _may_be_same_town(old, site)]
    if decided := find_strictest_disclosure(before):
        disclosures.append(decided)
    return max(disclosures, key=lambda disclosure: disclosure.strictness, default=None)


def apply_strictest_disclosure(site: StoredLocation, entry: StoredRecord) -> StoredLocation:
    """Return a location that is new to the record. Without its own disclosure it gets the strictest one of the record."""
    strictest = find_strictest_disclosure(entry)
    if site.disclosure is not None or strictest is None:
        return site
    is_laxer = determine_disclosure(site, entry.issue_areas).strictness < strictest.strictness
    return replace(site, disclosure=apply_default_disclosure(site, strictest)) if is_laxer else site


def find_current_disclosure(before: StoredRecord, site: StoredLocation, new: Disclosure) -> Disclosure | None:
    """Return the strictest current disclosure of the places that may be `site`, which would be published by `new`.

    None if `site` cannot be any of the places. An unchanged place is compared with itself only, not with a stricter place in
    the same area.
    """
    disclosures = [(old, _get_comparable_disclosure(old, site, before.issue_areas)) for old in before.sites]
    candidates = [disclosure for old, disclosure in disclosures if _is_unchanged_place(old, site, new)] or [
        disclosure for old, disclosure in disclosures if may_be_same_place(old, site)
    ]
    return max(candidates, key=lambda disclosure: disclosure.strictness, default=None)


def _get_comparable_disclosure(old: StoredLocation, site: StoredLocation, issue_areas: tuple[str, ...]) -> Disclosure:
    """If neither has its own disclosure, only a change of the default counts, not that the place is known more precisely now."""
    if old.disclosure is None and site.disclosure is None:
        return apply_default_disclosure(site, get_default_disclosure(issue_areas))
    return determine_disclosure(old, issue_areas)


def _is_unchanged_place(old: StoredLocation, site: StoredLocation, disclosure: Disclosure) -> bool:
    """Whether the published data of the place stays the same. Its street and point count only if they are published.

    A location without a private place keeps the stored one.
    """
    if old.id != site.id or _get_area_fields(old) != _get_area_fields(site):
        return False
    return disclosure is not Disclosure.EXACT or site.private in (None, old.private)


def may_be_same_place(one: StoredLocation, other: StoredLocation) -> bool:
    """Whether no stated value distinguishes the two places. A value that only one of them states does not.

    The same id means the same place if a disclosure was decided for it. Otherwise the place may have moved, and the default
    of a small town does not apply to the city it moved to.
    """
    pairs = zip(_get_area_fields(one), _get_area_fields(other), strict=True)
    if all(first is None or second is None or first == second for first, second in pairs):
        return True
    return one.id == other.id and not (one.disclosure is None and other.disclosure is None)


def _may_be_same_town(one: StoredLocation, other: StoredLocation) -> bool:
    """Whether no stated country, state or city distinguishes the two places. A town has several ZIP codes."""
    pairs = ((one.country, other.country), (one.state, other.state), (one.city, other.city))
    return all(first is None or second is None or fold(first) == fold(second) for first, second in pairs)


def _get_area_fields(site: StoredLocation) -> tuple[str | None, ...]:
    return site.country, site.state, site.county, site.city, site.postal_code


def _check_contacts(before: StoredRecord, after: StoredRecord) -> Iterator[Problem]:
    """Each name, e-mail address, phone number and role of a contact is compared with the audience that sees it now."""
    for position, contact in enumerate(after.contacts):
        if contact in before.contacts:
            continue
        narrowest = _find_narrowest_audience(_iter_current_audiences(before.contacts, contact), contact.audience)
        if _is_wider(narrowest, contact.audience):
            sentence = f"The contact or a part of it would become more visible ({narrowest} to {contact.audience})."
            yield _build_problem(("contacts", position, "audience"), sentence, f"Set its audience to {narrowest}")


def _iter_current_audiences(before: Sequence[StoredContact], contact: StoredContact) -> Iterator[Audience]:
    """Yield the audience of each part of the contact. A number that a person and the office share has that of the office."""
    values = list_identifying_values(contact)
    for value in values:
        audiences = [old.audience for old in before if value in list_identifying_values(old)]
        if audiences:
            yield min(audiences, key=list(Audience).index)
    for old in before:
        if contact.role and old.role == contact.role and list_identifying_values(old) & values:
            yield old.audience


def _find_narrowest_audience(audiences: Iterable[Audience], default: Audience) -> Audience:
    return max(audiences, key=list(Audience).index, default=default)


def list_identifying_values(contact: Contact) -> set[str]:
    """Return the folded name, e-mail address and phone number of a contact; its role if it has none of them."""
    values = {fold(value) or value for value in (contact.name, contact.email, contact.phone) if value}
    return values or ({fold(contact.role) or contact.role} if contact.role else set())


def _is_wider(current: Audience, new: Audience) -> bool:
    return current is not new and current.sees(new)


def _build_problem(path: tuple[str | int, ...], sentence: str, advice: str) -> Problem:
    return Problem(path, ErrorCode.BAD_INPUT, f"{sentence} {advice}, or allow the change with --loosen-visibility.")
