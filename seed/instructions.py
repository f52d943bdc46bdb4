"""How a file is to be read, as far as somebody says so."""

import datetime as dt
from collections.abc import Collection
from pathlib import Path

from msgspec import Struct


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
