"""Rows that refer to organizations which are not here, and will not be: told before anything is written."""

from collections.abc import Collection, Iterator, Sequence

from msgspec.structs import replace

from directory.errors import Code
from directory.problems import Problem
from directory.records import Entry
from seed.items import Fate, Item

WRITTEN = (Fate.CREATED, Fate.CHANGED)


def leading_somewhere(items: Sequence[Item], kept: Collection[str]) -> list[Item]:
    """The items, with those refused whose parent or relation leads neither to a kept record nor to one that a row makes.

    A row that refers to one that is refused is refused too.
    """
    while True:
        known = {*kept, *(item.entry.id for item in items if item.entry and item.fate in WRITTEN)}
        refused = [_refused(item, known) for item in items]
        if all(after is before for after, before in zip(refused, items, strict=True)):
            return refused
        items = refused


def _refused(item: Item, known: Collection[str]) -> Item:
    if item.entry is None or item.fate not in WRITTEN:
        return item
    problems = tuple(_problems(item.entry, known))
    return replace(item, fate=Fate.REFUSED, entry=None, fields=(), problems=problems) if problems else item


def _problems(entry: Entry, known: Collection[str]) -> Iterator[Problem]:
    if entry.parent is not None and entry.parent not in known:
        yield _problem(("parent",), entry.parent)
    for position, relation in enumerate(entry.relations):
        if relation.organization is not None and relation.organization not in known:
            yield _problem(("relations", position), relation.organization)


def _problem(path: tuple[str | int, ...], id: str) -> Problem:  # noqa: A002
    sentence = f"This leads to an organization that is not in the directory ({id}); feed that one too, or leave this out."
    return Problem(path, Code.BAD_INPUT, sentence, {"value": id})
