"""A dataset: the rows of one source and what is known about the source."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from directory.records import Identifier
from directory.text import fold
from seed.mapping.profile import Profile
from seed.rows import Row
from seed.sources.formats.table_grid import HeaderOption

OWN_TITLE = "This directory"  # the source of our own exports
DEFAULT_TITLE = "A list kept by the network"  # shown publicly for a source without a title


def empty_notes() -> Sequence[str]:
    return ()


def empty_identifiers() -> Collection[Identifier]:
    return ()


class ColumnSample(Struct, frozen=True):
    """How a column of a mapped table was read. `field` is None for a column that is not imported.

    `values` are its first different values. `reason` says why it has its field, and is "" if a profile decided.
    """

    heading: str  # its label
    field: str | None
    values: tuple[str, ...]
    reason: str = ""


class Dataset(Struct, frozen=True):
    """The rows of one source.

    `key` identifies the source in lower-case words, the same for every import (`irs-eo-bmf-dc`); "" until `name_dataset` sets it.
    `title` is shown publicly beside each fact, so it is a file's name only if a person chose that. `date` is the day that the
    data describes; None when it is unknown. `rows` may be iterated once. `notes` are sentences for the person who imports;
    `list_final_notes` returns those that are known only after all rows have been read. `has_provenance`: the rows state their own
    sources, as our own records do, and no source is added to them. `list_excluded_identifiers` returns the identifiers of
    organizations in the source that a filter left out of `rows`; it is complete after all rows have been read. `is_register`: the
    rows are those of the authority that assigns their registered numbers, so each is about the organization that has the number.
    """

    key: str
    title: str
    rows: Iterable[Row]
    date: dt.date | None = None
    url: str | None = None
    notes: tuple[str, ...] = ()
    list_final_notes: Callable[[], Sequence[str]] = empty_notes
    list_excluded_identifiers: Callable[[], Collection[Identifier]] = empty_identifiers
    has_provenance: bool = False
    is_register: bool = False
    is_partial: bool = False  # holds only a part of its source: records missing from it are still in the source
    estimated_row_count: int | None = None  # when it is known before the rows are read
    headings: tuple[str, ...] = ()  # of all columns of a table: those missing from Row.cells were empty
    profile: Profile | None = None  # how the columns were mapped, for a mapped table
    profile_file: Path | None = None  # where that profile is stored
    columns: tuple[ColumnSample, ...] = ()  # of a mapped table


class ReadOptions(Struct, frozen=True, kw_only=True):
    """How to read a file. None means: detect it from the file. Empty `ntee` and `states` keep every row of the IRS's list.

    `where` holds filters (column_mapping.py): only rows that all of them keep are read, and () uses those of the profile.
    `clear_empty`: an empty cell clears the stored value. `allow_people`: also read a file that looks like a list of people.
    """

    today: dt.date | None = None  # decides the century of two-digit years
    profile: Path | None = None
    key: str | None = None
    title: str | None = None
    url: str | None = None
    date: dt.date | None = None
    membership: str | None = None  # MembershipStatus of new records whose rows do not state one
    encoding: str | None = None
    delimiter: str | None = None
    header: HeaderOption = None
    sheet: str | None = None
    tags: Path | None = None  # a table of tags, see seed/mapping/profile_values.py
    ntee: Collection[str] = ()
    states: Collection[str] = ()
    where: tuple[str, ...] = ()
    clear_empty: bool = False
    allow_people: bool = False


def derive_dataset_key(words: str) -> str:
    """Return a key made from the words of a title or file name; "list" if there are none."""
    return "-".join(fold(words).split()) or "list"
