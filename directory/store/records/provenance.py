"""Group the sources of a record for storing: what a list says about itself once, and once per row what the row tells.

In memory a record has one `Source` for each fact. The tables hold one `datasets` row for everything that the sources of a list
share, and one `provenance` row for each group of facts from one row of it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import Any

from msgspec import Struct

from directory.geo import Disclosure
from directory.records import Source


class Dataset(Struct, frozen=True, gc=False):
    """A list or document: what all sources from it share. The fields are as in `Source`."""

    title: str
    url: str | None = None
    origin: str | None = None
    file: str | None = None


class SourceGroup(Struct, frozen=True, gc=False):
    """The facts of a record that come from one row of a dataset. `date` is here because a list may date each of its rows."""

    dataset: Dataset
    row: int | None
    date: dt.date | None
    tells: Disclosure
    fields: tuple[str, ...]  # of SOURCED_FIELDS


def group_sources(sources: Sequence[Source]) -> Iterator[SourceGroup]:
    """Yield a group for each run of sources from one row. `ungroup_sources` restores exactly the same sources in any order."""
    for (dataset, row, date, tells), run in groupby(sources, _find_row):
        yield SourceGroup(dataset, row, date, tells, tuple(source.field for source in run))


def ungroup_sources(shared: Mapping[str, Any], fields: Sequence[str]) -> Iterator[Source]:
    """Yield a source for each field. `shared` are the other arguments of the sources."""
    return (Source(**{**shared, "field": field}) for field in fields)


def order_sources(sources: tuple[Source, ...], stored: Sequence[Source]) -> tuple[Source, ...]:
    """Return the sources in the order in which they are stored: by row, rows in the order in which they first appear.

    `stored` are the sources that the record has now. If only the order differs from theirs, their order is kept, so that a
    record with another order, from an older directory, does not count as changed.
    """
    ordered = _order_by_row(sources)
    return tuple(stored) if ordered == _order_by_row(stored) else ordered


def list_datasets(sources: Sequence[Source]) -> set[Dataset]:
    return {_build_dataset(source) for source in sources}


def _order_by_row(sources: Sequence[Source]) -> tuple[Source, ...]:
    sources_by_row: dict[tuple[Any, ...], list[Source]] = {}
    for source in sources:
        sources_by_row.setdefault(_find_row(source), []).append(source)
    return tuple(chain.from_iterable(sources_by_row.values()))


def _find_row(source: Source) -> tuple[Dataset, int | None, dt.date | None, Disclosure]:
    return _build_dataset(source), source.row, source.date, source.tells


def _build_dataset(source: Source) -> Dataset:
    return Dataset(source.title, source.url, source.origin, source.file)
