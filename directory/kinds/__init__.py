"""The kinds of records. Start with `kind.py`."""

import datetime as dt
from collections.abc import Mapping

from directory.kinds.coalition import COALITION
from directory.kinds.event import EVENT
from directory.kinds.instrument import INSTRUMENT, PROVISION
from directory.kinds.kind import IsVisible, Kind
from directory.kinds.organization import ORGANIZATION
from directory.published_places import PublishedPlaces, publish_places
from directory.records import Audience, PublishedRecord, RecordKind, StoredRecord

# a kind comes after those that it refers to
KINDS: Mapping[RecordKind, Kind] = {kind.name: kind for kind in (ORGANIZATION, COALITION, EVENT, INSTRUMENT, PROVISION)}
KIND_BY_STRUCT: Mapping[type, Kind] = {
    struct: kind for kind in KINDS.values() for struct in (kind.stored_type, kind.published_type)
}


def get_kind(record: StoredRecord | PublishedRecord) -> Kind:
    """Return the kind of a record."""
    return KIND_BY_STRUCT[type(record)]


def publish_record(
    entry: StoredRecord, audience: Audience, updated_at: dt.datetime, is_visible: IsVisible, places: PublishedPlaces | None = None
) -> PublishedRecord | None:
    """Return the record as the audience sees it, None if the audience does not see it at all.

    The arguments are those of publish.publish, for records of every kind.
    """
    if not audience.sees(entry.effective_audience):
        return None
    return get_kind(entry).publish(entry, audience, updated_at, is_visible, places or publish_places(entry))
