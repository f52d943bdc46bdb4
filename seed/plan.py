"""What rows would do to the directory: shown before anything is kept, every row accounted for with its reasons.

A row is about a record that is kept already when it gives that record's id, slug or one of its identifiers; nothing else says
so. It states the whole record: what it leaves out is not stated any more, but for private places (`_settled`).
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from directory.drafts import OrganizationDraft, draft, entry
from directory.errors import BadInput
from directory.geo import Disclosure
from directory.geocode import Geocode, locate, site_id
from directory.problems import Problem
from directory.records import Entry, PrivatePlace, Site
from directory.store import Put, Store
from directory.visibility import loosened
from seed.kept import Kept, NewId, new_id
from seed.rows import Row


class Fate(StrEnum):
    CREATED = "CREATED"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    REFUSED = "REFUSED"


class Item(Struct, frozen=True, kw_only=True):
    """One row and what becomes of it: `entry` unless it is refused, then `problems` say why; `fields` of Entry that change."""

    row: Row
    fate: Fate
    entry: Entry | None = None
    revision: int = 0  # at which the record was last changed when this was planned, 0 for a new one
    fields: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Plan(Struct, frozen=True):
    items: tuple[Item, ...]

    def of(self, *fates: Fate) -> "Plan":
        """The part of the plan with these fates."""
        return Plan(tuple(item for item in self.items if item.fate in fates))

    @property
    def counts(self) -> dict[Fate, int]:
        return {fate: len(self.of(fate).items) for fate in Fate}

    @property
    def edits(self) -> list[Put]:
        """What is to be written. Each holds only while its record is as it was when the plan was made."""
        written = self.of(Fate.CREATED, Fate.CHANGED)
        return [Put(item.entry, item.revision) for item in written.items if item.entry]


def plan(
    rows: Iterable[Row],
    store: Store,
    *,
    today: dt.date,
    geocode: Geocode | None = None,
    may_loosen: bool = False,
    new_id: NewId = new_id,
) -> Plan:
    """The plan for these rows, in their order. Nothing is written.

    `may_loosen` lets rows show a record, a contact or a place to more people than now. Whatever is wrong with a row is told in
    its item. Raises Unavailable when the store, or the geocoding service, cannot be reached.
    """
    with store.reading() as reading:
        kept = Kept(reading, new_id)
    return Plan(tuple(_item(row, kept, store, today, geocode, may_loosen) for row in rows))


def _item(row: Row, kept: Kept, store: Store, today: dt.date, geocode: Geocode | None, may_loosen: bool) -> Item:
    try:
        drafted, stated = _drafted(row, today)
        id, slug = kept.claim(row, drafted, stated)  # noqa: A001
        before, revision = kept.entry(id)
        sites = tuple(_settled(site, before) for site in _located(drafted, id, geocode))
        after = entry(drafted, id=id, slug=slug, sites=sites)
    except BadInput as refusal:
        return Item(row=row, fate=Fate.REFUSED, problems=_problems(refusal))
    if before is None:
        return Item(row=row, fate=Fate.CREATED, entry=after)
    if not may_loosen and (shown := loosened(before, after)):
        return Item(row=row, fate=Fate.REFUSED, problems=shown)
    fields = tuple(_changed(before, after, store))
    return Item(row=row, fate=Fate.CHANGED if fields else Fate.UNCHANGED, entry=after, revision=revision, fields=fields)


def _drafted(row: Row, today: dt.date) -> tuple[OrganizationDraft, str | None]:
    stated = {name: value for name, value in row.stated.items() if name != "id"}
    id = row.stated.get("id")  # noqa: A001
    try:
        return draft(stated, today=today), None if id is None else str(UUID(str(id)))
    except ValueError as problem:
        raise BadInput("The id of an organization is a UUID; leave it out for a new one.", argument="id") from problem


def _located(drafted: OrganizationDraft, id: str, geocode: Geocode | None) -> Iterator[Site]:  # noqa: A002
    problems: list[Problem] = []
    for position, location in enumerate(drafted.locations):
        try:
            yield locate(location, geocode, id=site_id(id, position))
        except BadInput as refusal:
            problems += _problems(refusal, ("locations", position))
    if problems:
        raise BadInput("Some locations cannot be.", problems=problems)


def _settled(site: Site, before: Entry | None) -> Site:
    """A row without a street and a point keeps those that are kept, as long as it speaks of the same place."""
    old = next((one for one in before.sites if one.id == site.id), None) if before else None
    if old is None or site.private is not None:
        return site
    # nor does a street that could not be told come to light because the place in its position may be told now
    opened = site.disclosure is Disclosure.EXACT and old.disclosure is not Disclosure.EXACT
    if opened or _area(site) != _area(old):
        return replace(site, private=PrivatePlace())
    return replace(site, known=min(site.known, old.known, key=lambda known: known.coarseness))


def _area(site: Site) -> tuple[str | None, ...]:
    return site.country, site.state, site.county, site.city, site.postal_code


def _changed(before: Entry, after: Entry, store: Store) -> Iterator[str]:
    as_read = replace(after, sites=tuple(_as_read(site, before) for site in after.sites))
    changed = [field for field in Entry.__struct_fields__ if getattr(before, field) != getattr(as_read, field)]
    if not changed and any(_unread(site) for site in after.sites):
        changed = ["sites"] if _moves(after, store) else []
    yield from changed


def _as_read(site: Site, before: Entry) -> Site:
    """As the store gives it back: private only where it may be told, and kept where it was not stated."""
    if site.disclosure is not Disclosure.EXACT:
        return replace(site, private=None)
    if site.private is None:
        return replace(site, private=next((old.private for old in before.sites if old.id == site.id), None))
    return replace(site, private=None) if site.private == PrivatePlace() else site


def _unread(site: Site) -> bool:
    return site.private is not None and site.disclosure is not Disclosure.EXACT


def _moves(after: Entry, store: Store) -> bool:
    """Whether a street or point differs that no reading hands out: the ledger knows the last one."""
    last = next((change.after for change in reversed(store.history(after.id)) if change.after), None)
    kept = {site.id: site.private for site in last.sites} if last else {}
    return any(_unread(site) and site.private != kept.get(site.id) for site in after.sites)


def _problems(refusal: BadInput, path: tuple[str | int, ...] = ()) -> tuple[Problem, ...]:
    several = refusal.params.get("problems")
    if isinstance(several, list):
        return tuple(several)
    argument = refusal.params.get("argument")
    where = (*path, argument) if isinstance(argument, str) else path
    return (Problem(where, refusal.code, refusal.sentence, {**refusal.params}),)
