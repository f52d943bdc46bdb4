"""What has gone from a source: the kept records that came from it, and that no row of it is, or may be, about.

A row that is refused still says that its organization is there.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from directory.errors import BadInput
from directory.matching import Index, party
from directory.records import OWN_SCHEME, SOURCED, Entry
from directory.store import Reading
from directory.store.references import referred
from seed.compare import is_import
from seed.dataset import Dataset
from seed.items import Fate, Item, Missing
from seed.kept import Kept
from seed.rows import Row
from seed.statement import Statement, problems_of, statement

_NOTHING = Entry(id="", slug="", name="")


def missing(items: Sequence[Item], kept: Kept, dataset: Dataset, reading: Reading, today: dt.date) -> Iterator[Missing]:
    """In the order in which they are kept; none where the dataset is a part of its source, or came out of this directory."""
    is_whole = not (dataset.is_part or dataset.states_sources)
    gone = dict(_unclaimed(items, kept, dataset)) if is_whole else {}
    for id in _meant_by_refused(items, gone, kept, dataset.key, today) if gone else ():  # noqa: A001
        gone.pop(id, None)
    edited = reading.last_edits(gone, is_import)
    own = {id for id, entry in gone.items() if id not in edited and not entry.is_hidden and _is_only_of(entry, dataset.key)}  # noqa: A001
    # a hidden record is never retired: the next list would state it anew
    own -= _needed(own, items, kept, reading) if own else set()
    for id, entry in gone.items():  # noqa: A001
        yield Missing(entry, kept.entry(id)[1], id in own)


def _needed(own: set[str], items: Sequence[Item], kept: Kept, reading: Reading) -> set[str]:
    """Of those ids the ones to which a record refers that stays, as it is kept or will be, and the network's own record."""
    refers = {id: set(referred(entry)) for id, (entry, _) in kept.entries.items()}  # noqa: A001
    of_rows = {to for item in items for to in referred(item.entry)}
    needed = own & {reading.head().network_id, *of_rows}
    while True:
        more = {to for id, to_all in refers.items() if id not in own - needed for to in to_all} & (own - needed)  # noqa: A001
        if not more:
            return needed
        needed |= more


def _unclaimed(items: Sequence[Item], kept: Kept, dataset: Dataset) -> Iterator[tuple[str, Entry]]:
    likely, there = {one.id for item in items for one in item.likely}, set(dataset.left_out())
    for id, (entry, _) in kept.entries.items():  # noqa: A001
        if id in likely or kept.is_claimed(id) or not there.isdisjoint(entry.identifiers):
            continue
        if any(source.origin == dataset.key for source in entry.sources):
            yield id, entry


def _is_only_of(entry: Entry, key: str) -> bool:
    """Whether each fact of it has this source, and none has another."""
    told = {source.field for source in entry.sources}
    facts = {field for field in SOURCED if _fact(entry, field) != _fact(_NOTHING, field)}
    return facts <= told and all(source.origin == key for source in entry.sources)


def _fact(entry: Entry, field: str) -> object:
    """A source's own numbers are no fact about the organization."""
    if field == "identifiers":
        return tuple(one for one in entry.identifiers if not one.scheme.startswith(OWN_SCHEME))
    return getattr(entry, "sites" if field == "locations" else field)


def _meant_by_refused(items: Sequence[Item], gone: dict[str, Entry], kept: Kept, key: str, today: dt.date) -> Iterator[str]:
    """The ids that keys of refused rows lead to, and those of `gone` that are like one by what can be understood of it."""
    refused = [item.row for item in items if item.fate is Fate.REFUSED]
    index = Index(party(entry) for entry in gone.values()) if refused else Index()
    for row in refused:
        understood = _understood(row, key, today)
        if understood:
            yield from kept.meant(understood)
            yield from (one.id for one in index.judgements(party(understood.said)))


def _understood(row: Row, key: str, today: dt.date) -> Statement | None:
    """What the row states without the fields that cannot be used; None where nothing is left."""
    stated = dict(row.stated)
    while True:
        try:
            return statement(replace(row, stated=stated, defaults={}, problems=()), key=key, today=today)
        except BadInput as refusal:
            wrong = {problem.path[0] for problem in problems_of(refusal) if problem.path} & stated.keys()
            if not wrong:
                return None
            stated = {field: value for field, value in stated.items() if field not in wrong}
