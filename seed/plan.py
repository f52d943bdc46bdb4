"""What rows would do to the directory: shown before anything is kept, every row accounted for with its reasons.

Each row is checked and located (statement), matched to a record (kept), combined with it (combine) and compared. What only the
store can tell, private places and who edited what, is asked at the end, once for all rows.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from directory.errors import BadInput
from directory.geocode import Geocode
from directory.matching import Evidence, Judgement
from directory.records import Entry
from directory.store import Store
from seed.combine import combined, created
from seed.compare import compared
from seed.dataset import Dataset
from seed.items import Fate, Item, Likely, Plan
from seed.kept import Kept, NewId, new_id
from seed.locating import pointed
from seed.missing import missing
from seed.references import leading_somewhere
from seed.rows import Row
from seed.statement import Statement, problems_of, statement
from seed.unsaid import unsaid

Progress = Callable[[Iterable[Row]], Iterable[Row]]


def plan(
    dataset: Dataset,
    store: Store,
    *,
    today: dt.date,
    geocode: Geocode | None = None,
    may_loosen: bool = False,
    overwrites_edits: bool = False,
    new_id: NewId = new_id,
    progress: Progress = iter,
) -> Plan:
    """The plan for the rows of the dataset, in their order. Nothing is written.

    `may_loosen` lets rows show a record, a contact or a place to more people than now; `overwrites_edits` lets them replace what
    a person edited later than the source's date. `progress` is handed the rows and hands them on. Whatever is wrong with a row is
    told in its item. Raises Unavailable when the store, or the geocoding service, cannot be reached, and what reading the rows
    raises.
    """
    with store.reading() as reading:
        kept = Kept(reading, new_id)
        items = [_item(row, kept, dataset, today) for row in progress(dataset.rows)]
        settled = list(compared(items, dataset, reading, may_loosen=may_loosen, overwrites_edits=overwrites_edits))
        settled = [pointed(item, dataset, geocode) for item in settled] if geocode else settled
        gone = tuple(missing(items, kept, dataset, reading, today))
    return Plan(tuple(leading_somewhere(settled, kept.entries)), gone)


def _item(row: Row, kept: Kept, dataset: Dataset, today: dt.date) -> Item:
    try:
        stated = statement(_with_parent(unsaid(row, kept), kept), key=dataset.key, today=today)
        whom = kept.whom(stated, dataset.key)
        if whom.likely:
            return Item(row=row, fate=Fate.DOUBTFUL, likely=tuple(_likely(one, kept) for one in whom.likely))
        if whom.id is None:
            return _created(row, stated, kept)
        return _changed(row, stated, kept, whom.id, whom.evidence, dataset.key)
    except BadInput as refusal:
        return Item(row=row, fate=Fate.REFUSED, problems=problems_of(refusal))


def _created(row: Row, stated: Statement, kept: Kept) -> Item:
    if not stated.names_it:
        raise BadInput("A new organization needs its name; give it, or the id or slug of one that is here.", argument="name")
    id, slug = kept.identify(stated)  # noqa: A001
    entry = _related_to_others(created(stated, id, slug))
    kept.add(entry, row)
    return Item(row=row, fate=Fate.CREATED, entry=entry, fields=tuple(sorted(stated.fields)))


def _changed(row: Row, stated: Statement, kept: Kept, id: str, evidence: tuple[Evidence, ...], origin: str) -> Item:  # noqa: A002
    before, revision = kept.entry(id)
    assert before is not None  # noqa: S101 - a record of an earlier row was refused before
    slug = stated.draft.slug
    is_its_own = slug is not None and kept.resolved(slug) == id  # or once was: a list that knows it by that does not rename it
    after = _related_to_others(combined(before, stated, origin, None if is_its_own else slug))
    kept.claim(id, row)
    return Item(row=row, fate=Fate.CHANGED, entry=after, before=before, revision=revision, evidence=evidence)


def _related_to_others(entry: Entry) -> Entry:
    if entry.parent == entry.id or any(relation.organization == entry.id for relation in entry.relations):
        raise BadInput("An organization is not its own parent or relation; name the other one.", argument="relations")
    return entry


def _likely(judgement: Judgement, kept: Kept) -> Likely:
    entry = kept.named(judgement.id)
    return Likely(entry.id, entry.slug, entry.name, judgement)


def _with_parent(row: Row, kept: Kept) -> Row:
    """A parent may be named by its slug. What leads nowhere is left for the draft to refuse."""
    parent = row.stated.get("parent")
    known = kept.resolved(parent) if isinstance(parent, str) else None
    return replace(row, stated={**row.stated, "parent": known}) if known else row
