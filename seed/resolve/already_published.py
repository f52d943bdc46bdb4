"""What a row that came out of this directory says anew: what somebody was told of the record, fed back, is no news.

An export tells published places only. Fed back it must not take a published city for the whole of what is known, so each value
that is the same as some audience is told now counts as not stated.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from directory.publish import publish
from directory.records import Audience, Organization, StoredOrganization
from seed.export.draft_fields import to_draft_fields
from seed.resolve.record_resolver import RecordResolver
from seed.rows import Row

_PLACEHOLDER_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # of updated_at, which no row states
_ITEM_FIELDS = ("locations", "contacts", "sources", "relations")
_KEY_FIELDS = ("id", "slug", "same_as")


def drop_already_published(row: Row, resolver: RecordResolver) -> Row:
    """The row without what is told of its record already; a row that gives no id, or a new one, is left as it is."""
    id = row.fields.get("id")
    entry, _ = resolver.find_with_revision(id.strip().lower()) if isinstance(id, str) else (None, 0)
    if entry is None:
        return row
    told = [to_draft_fields(one, audience) for audience in Audience if (one := _publish_for(entry, audience, resolver))]
    return replace(row, fields=dict(_drop_published_values(row.fields, told)))


def _publish_for(entry: StoredOrganization, audience: Audience, resolver: RecordResolver) -> Organization | None:
    def visible(id: str) -> bool:
        other, _ = resolver.find_with_revision(id)
        return other is not None and audience.sees(other.effective_audience)

    return publish(entry, audience, _PLACEHOLDER_TIME, visible)


def _drop_published_values(
    stated: Mapping[str, object], published_versions: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, object]]:
    for field, value in stated.items():
        if field in _KEY_FIELDS:
            yield field, value
        elif field in _ITEM_FIELDS and isinstance(value, list):
            known = [item for one in published_versions for item in one.get(field, [])]
            news = [item for item in value if item not in known]
            if news or not value:
                yield field, news
        elif not any(field in one and one[field] == value for one in published_versions):
            yield field, value
