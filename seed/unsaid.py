"""What a row that came out of this directory says anew: what somebody was told of the record, fed back, is no news.

An export tells published places only. Fed back it must not take a published city for the whole of what is known, so each value
that is the same as some audience is told now counts as not stated.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from directory.publish import publish
from directory.records import Audience, Entry, Organization
from seed.kept import Kept
from seed.rows import Row
from seed.writers.stated import as_stated

_ANY_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # of updated_at, which no row states
_ITEMISED = ("locations", "contacts", "sources", "relations")
_KEYS = ("id", "slug", "same_as")


def unsaid(row: Row, kept: Kept) -> Row:
    """The row without what is told of its record already; a row that gives no id, or a new one, is left as it is."""
    id = row.stated.get("id")  # noqa: A001
    entry, _ = kept.entry(id.strip().lower()) if isinstance(id, str) else (None, 0)
    if entry is None:
        return row
    told = [as_stated(one, audience) for audience in Audience if (one := _published(entry, audience, kept))]
    return replace(row, stated=dict(_news(row.stated, told)))


def _published(entry: Entry, audience: Audience, kept: Kept) -> Organization | None:
    def visible(id: str) -> bool:  # noqa: A002
        other, _ = kept.entry(id)
        return other is not None and audience.sees(other.shown_to)

    return publish(entry, audience, _ANY_TIME, visible)


def _news(stated: Mapping[str, object], told: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, object]]:
    for field, value in stated.items():
        if field in _KEYS:
            yield field, value
        elif field in _ITEMISED and isinstance(value, list):
            known = [item for one in told for item in one.get(field, [])]
            news = [item for item in value if item not in known]
            if news or not value:
                yield field, news
        elif not any(field in one and one[field] == value for one in told):
            yield field, value
