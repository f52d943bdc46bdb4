"""What of a record a row changes: field by field, with what only the store can tell asked once for all rows."""

from collections.abc import Iterator, Mapping, Sequence, Set

from msgspec.structs import replace

from directory.geo import Disclosure
from directory.records import Entry, PrivatePlace, Site
from directory.store import IMPORT_ACTOR, Reading
from directory.visibility import forgotten, loosened
from seed.combine_places import settled
from seed.dataset import Dataset
from seed.items import Fate, Item
from seed.provenance import day, with_source_of_name, with_sources

_NOWHERE = PrivatePlace()


def compared(
    items: Sequence[Item], dataset: Dataset, reading: Reading, *, may_loosen: bool, overwrites_edits: bool
) -> Iterator[Item]:
    """The items with their fates: what changes, what a person's later edit keeps, what would loosen visibility."""
    moved = reading.differing_places(dict(_unread_places(items)))
    found = [_with_fields(item, moved) if item.fate is Fate.CHANGED else item for item in items]
    if not overwrites_edits:
        edits = reading.last_edits([item.before.id for item in found if item.before and item.fields], is_import)
        found = [_with_proposals(item, edits.get(item.before.id, {}), dataset) if item.before else item for item in found]
    for item in found:
        guarded = item if may_loosen or (item.fate is Fate.CREATED and dataset.states_sources) else _guarded(item)
        yield _sourced(guarded, dataset)


def _unread_places(items: Sequence[Item]) -> Iterator[tuple[str, PrivatePlace]]:
    """The stated private places of sites whose kept ones no reading hands out."""
    for item in items:
        if item.entry is not None and item.before is not None:
            unread = {site.id for site in item.before.sites if site.disclosure is not Disclosure.EXACT}
            yield from ((site.id, site.private) for site in item.entry.sites if site.private is not None and site.id in unread)


def _with_fields(item: Item, moved: Set[str]) -> Item:
    assert item.entry is not None  # noqa: S101 - only rows about a record come here
    assert item.before is not None  # noqa: S101
    old = {site.id: site for site in item.before.sites}
    after = replace(item.entry, sites=tuple(_settled(site, old.get(site.id), moved) for site in item.entry.sites))
    as_read = replace(after, sites=tuple(_as_read(site, old.get(site.id)) for site in after.sites))
    fields = [field for field in Entry.__struct_fields__ if getattr(item.before, field) != getattr(as_read, field)]
    if "sites" not in fields and any(site.id in moved for site in after.sites):
        fields.append("sites")
    fate = Fate.CHANGED if fields else Fate.UNCHANGED
    return replace(item, entry=after, fields=tuple(fields), fate=fate)


def _settled(site: Site, old: Site | None, moved: Set[str]) -> Site:
    unread = old is not None and old.disclosure is not Disclosure.EXACT
    if old is None or not unread or site.private is None or site.id in moved:
        return site
    return replace(site, private=None) if site.private == _NOWHERE else settled(site, old)


def _as_read(site: Site, old: Site | None) -> Site:
    """As the store will give it back: private only where it may be told, and kept where it was not stated."""
    if site.disclosure is not Disclosure.EXACT:
        return replace(site, private=None)
    if site.private is None:
        return replace(site, private=old.private if old else None)
    return replace(site, private=None) if site.private == _NOWHERE else site


def _with_proposals(item: Item, edited: Mapping[str, object], dataset: Dataset) -> Item:
    """Fields that a person edited later than the day of the source, or on an unknown day, stay; what the row says is proposed."""
    on = day(item.row, dataset)
    stay = tuple(field for field in item.fields if field in edited and (on is None or edited[field].date() > on))  # type: ignore[attr-defined]
    if not stay or item.entry is None or item.before is None:
        return item
    entry = replace(item.entry, **{field: _unsaid(item.before, field) for field in stay})
    fields = tuple(field for field in item.fields if field not in stay)
    fate = Fate.CHANGED if fields else Fate.UNCHANGED
    return replace(item, entry=entry, fields=fields, fate=fate, proposed=stay, proposal=item.entry)


def _unsaid(before: Entry, field: str) -> object:
    """The kept value; of places without their private parts, so that these stay where they are."""
    return getattr(before, field)


def _sourced(item: Item, dataset: Dataset) -> Item:
    """With the dataset as the source of what changes, and as one of the name where a person said whom the row is about: so that
    is known from then on."""
    if item.entry is None or (item.fate is Fate.UNCHANGED and not _is_to_remember(item, dataset)):
        return item
    entry = with_sources(item.entry, item.fields, item.row, dataset)
    if _is_to_remember(item, dataset) and "name" not in item.fields:
        entry = with_source_of_name(entry, item.row, dataset)
    if item.before is not None and not item.fields:
        return replace(item, entry=entry, fields=("sources",), fate=Fate.CHANGED)
    return replace(item, entry=entry)


def _is_to_remember(item: Item, dataset: Dataset) -> bool:
    answered = item.before is not None and bool(item.row.stated.get("same_as")) and not dataset.states_sources
    return answered and item.before is not None and all(source.origin != dataset.key for source in item.before.sources)


def _guarded(item: Item) -> Item:
    """Nothing is shown to more people than now; of a new record, no place more exactly than its themes ask for."""
    if item.entry is None or item.fate not in (Fate.CREATED, Fate.CHANGED):
        return item
    if item.before is None and all(site.disclosure is None for site in item.entry.sites):
        return item  # by default no place is told more exactly than its themes ask for; most rows decide nothing
    before = item.before or replace(item.entry, sites=(), contacts=())
    shown = (*loosened(before, item.entry), *forgotten(before, item.entry))
    return replace(item, fate=Fate.REFUSED, entry=None, fields=(), problems=shown) if shown else item


def is_import(actor: str) -> bool:
    """Whether the ledger's actor is an import rather than a person."""
    return actor.startswith(IMPORT_ACTOR)
