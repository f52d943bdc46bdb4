"""What one audience can see of a change: the differences of its records, and what else follows from the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import TypeAlias

from msgspec import Struct

from directory.kinds import get_kind
from directory.publish import PUBLICATION_RULES_VERSION, VisibleChange
from directory.records import Audience, PublishedRecord, RecordKind, StoredRecord
from directory.search.record_view import RecordView
from directory.search.search_index import RecordChanges
from directory.search.snapshot import Snapshot, SnapshotChanges, SnapshotState
from directory.snapshots.record_publisher import UpdateTimes
from directory.store.ledger.edits import Head, RecordId, WrittenRevision

StoredRecords: TypeAlias = Mapping[str, StoredRecord]  # by id
SeenRecord: TypeAlias = Mapping[Audience, PublishedRecord]  # without the audiences that do not see the record


class AudienceNews(Struct, frozen=True):
    """What one audience can see of a change besides the records: see `SnapshotChanges`."""

    slug_targets: Mapping[RecordKind, Mapping[str, str]]
    visible_changes: Sequence[VisibleChange]
    survivor_ids: Mapping[str, str]


def build_news(written: WrittenRevision, audience: Audience, snapshot: Snapshot) -> AudienceNews:
    visible_changes = written.visible_changes[audience]
    if written.key_targets is None:
        return AudienceNews({}, visible_changes, snapshot.survivor_ids)
    return AudienceNews(written.key_targets[audience].slugs, visible_changes, written.key_targets[audience].merged_ids)


def get_update_times(visible_changes: Iterable[VisibleChange]) -> UpdateTimes:
    """Return when an audience last saw each record change. `visible_changes` come oldest first."""
    return {change.record_id: change.at for change in visible_changes}


def find_update_times(snapshot: Snapshot, records: StoredRecords, news: AudienceNews) -> UpdateTimes:
    """Return when the snapshot's audience last saw the records change, for those that it sees."""
    seen = (snapshot.get_record(get_kind(record).name, identity) for identity, record in records.items())
    known = {record.id: record.updated_at for record in seen if record is not None}
    times = {**known, **get_update_times(news.visible_changes)}
    # A record may have been left out because it could not be published. Then only the feed has its time.
    missing = {record.id for record in records.values() if snapshot.audience.sees(record.effective_audience)} - times.keys()
    past = snapshot.feed.find_changes(missing) if missing else {}
    return {**{identity: change.at for identity, change in past.items()}, **times}


def build_changes(
    head: Head, snapshot: Snapshot, ids: Iterable[RecordId], published: Mapping[str, SeenRecord], news: AudienceNews
) -> SnapshotChanges:
    return SnapshotChanges(
        build_snapshot_state(head, snapshot.audience),
        _find_differences(snapshot, ids, published),
        news.slug_targets,
        news.visible_changes,
        news.survivor_ids,
    )


def _find_differences(
    snapshot: Snapshot, ids: Iterable[RecordId], published: Mapping[str, SeenRecord]
) -> dict[RecordKind, RecordChanges]:
    """Return the records of each kind that the snapshot must drop, and those that it must add or replace."""
    removed_ids: dict[RecordKind, list[str]] = {}
    upserted_records: dict[RecordKind, list[PublishedRecord]] = {}
    for kind, identity in ids:
        before, after = snapshot.get_record(kind, identity), published.get(identity, {}).get(snapshot.audience)
        if after is None and before is not None:
            removed_ids.setdefault(kind, []).append(identity)
        elif after is not None and after != before:
            upserted_records.setdefault(kind, []).append(after)
    kinds = removed_ids.keys() | upserted_records.keys()
    return {kind: RecordChanges(removed_ids.get(kind, ()), upserted_records.get(kind, ())) for kind in kinds}


def list_slugs(view: RecordView, changes: RecordChanges) -> set[str]:
    """Return the slugs of the changed records, before and after the change."""
    return {record.slug for record in (*view.list_records(changes.ids), *changes.upserted_records)}


def build_snapshot_state(head: Head, audience: Audience) -> SnapshotState:
    """Return the revision, version and network of the audience's snapshot at this head.

    The version is a keyed hash of the number of changes the audience could see, which reveals nothing about other changes. It
    includes the version of the publication rules: a program that publishes the same records differently gets another version.
    """
    counted = f"{PUBLICATION_RULES_VERSION}:{audience}:{head.visible_change_counts[audience]}".encode()
    version = blake2b(counted, key=head.key, digest_size=12).hexdigest()
    return SnapshotState(head.revision, version, head.network_id, head.fictional)
