"""Drop values that an import of our own export does not change.

An export contains only published places. Importing it again must not replace a private street by the published city. A value
that equals what some audience sees now is therefore treated as not stated.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from directory.export.draft_fields import to_draft_fields
from directory.publish import publish
from directory.records import Audience, Organization, StoredOrganization
from seed.resolve.record_resolver import RecordResolver
from seed.rows import Row

_PLACEHOLDER_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # for updated_at, which no row states
_ITEM_FIELDS = ("locations", "contacts", "sources", "relations")
_KEY_FIELDS = ("id", "slug", "same_as")


def drop_already_published(row: Row, resolver: RecordResolver) -> Row:
    """Return the row without values that are already published of its record. A row without a known id is returned unchanged."""
    id = row.fields.get("id")
    record, _ = resolver.find_with_revision(id.strip().lower()) if isinstance(id, str) else (None, 0)
    if record is None:
        return row
    versions = ((audience, _publish_for(record, audience, resolver)) for audience in Audience)
    published_fields = [to_draft_fields(version, audience) for audience, version in versions if version]
    return replace(row, fields=dict(_drop_published_values(row.fields, published_fields)))


def _publish_for(record: StoredOrganization, audience: Audience, resolver: RecordResolver) -> Organization | None:
    def is_visible(id: str) -> bool:
        other, _ = resolver.find_with_revision(id)
        return other is not None and audience.sees(other.effective_audience)

    return publish(record, audience, _PLACEHOLDER_TIME, is_visible)


def _drop_published_values(
    row_fields: Mapping[str, object], published_versions: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, object]]:
    for field, value in row_fields.items():
        if field in _KEY_FIELDS:
            yield field, value
        elif field in _ITEM_FIELDS and isinstance(value, list):
            published_items = [item for version in published_versions for item in version.get(field, [])]
            new_items = [item for item in value if item not in published_items]
            if new_items or not value:
                yield field, new_items
        elif not any(field in version and version[field] == value for version in published_versions):
            yield field, value
