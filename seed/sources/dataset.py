"""A dataset: the rows of one source, and what is known of the source itself."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from directory.records import Identifier
from seed.mapping.profile import Profile
from seed.rows import Row


def empty_notes() -> Sequence[str]:
    return ()


def empty_identifiers() -> Collection[Identifier]:
    return ()


class Dataset(Struct, frozen=True):
    """`key` names the source in lower-case words, the same at every import (`irs-eo-bmf-dc`): records that came from it are known
    by it; "" until it is named.

    `title` is told to everybody beside each fact, so it is never a file's name unless somebody said so. `date` is the day whose
    state the source tells, None where nobody knows. `rows` may be iterated once. `notes` are sentences for the person who
    imports; `found` gives those that are known when all rows have been read. `states_sources`: its rows say themselves where
    their facts come from, as our own records do; none is added to them. `left_out` gives identifiers of organizations that are in
    the source, but not among the rows, as a filter says; they are known when all rows have been read.
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
    is_partial: bool = False  # of its source: what is not in it has not gone from there
    estimated_row_count: int | None = None  # about how many rows there are, where that is known before they are read
    headings: tuple[str, ...] = ()  # of all columns, where it is a table: what Row.cells leaves out was empty
    profile: Profile | None = None  # how its columns were mapped, where it is a table that was mapped


class ReadOptions(Struct, frozen=True, kw_only=True):
    """None leaves it to be found out; `ntee` and `states` empty take every row of the IRS's list.

    `clear_empty`: an empty cell takes away what is kept. `allow_people`: a file that looks like a list of people is read too.
    """

    today: dt.date | None = None  # tells the century of years of two digits
    profile: Path | None = None
    key: str | None = None
    title: str | None = None
    url: str | None = None
    date: dt.date | None = None
    membership: str | None = None  # of new records whose rows do not say it: a MembershipStatus
    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    sheet: str | None = None
    ntee: Collection[str] = ()
    states: Collection[str] = ()
    clear_empty: bool = False
    allow_people: bool = False
