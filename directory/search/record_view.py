"""The records of one kind that one audience sees: the index that finds them and their slugs."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from directory.kinds import get_kind
from directory.records import Audience, PublishedRecord, RecordKind
from directory.search.search_index import RecordChanges, SearchIndex
from directory.search.searched_fields import SEARCHED_FIELDS
from directory.search.slug_index import SlugIndex


class RecordView(Struct, frozen=True):
    """The records of one kind in a snapshot. Immutable. Snapshot says how views of several audiences share data."""

    index: SearchIndex[PublishedRecord]
    slugs: SlugIndex

    @classmethod
    def build(cls, kind: RecordKind, records: Iterable[PublishedRecord], slugs: Mapping[str, str]) -> "RecordView":
        index = SearchIndex[PublishedRecord].build(records, SEARCHED_FIELDS[kind])
        return cls(index, SlugIndex.build((record for _, record in index.rows.number_records()), slugs))

    def narrow(self, audience: Audience, records: Sequence[PublishedRecord], slugs: Mapping[str, str]) -> "RecordView":
        return RecordView(self.index.narrow(audience, records), self.slugs.narrow(slugs))

    def with_changes(self, changes: RecordChanges, slug_targets: Mapping[str, str]) -> "RecordView":
        before, after = self.list_records(changes.ids), changes.upserted_records
        current_slugs, changed_slugs = self.slugs.replace_current(before, after), {record.slug for record in (*before, *after)}
        return self._replace(
            self.index.with_changes(changes), self.slugs.with_changes(current_slugs, changed_slugs, slug_targets)
        )

    def follow(
        self,
        wider: "RecordView",
        audience: Audience,
        changes: RecordChanges,
        changed_slugs: Iterable[str],
        slug_targets: Mapping[str, str],
    ) -> "RecordView":
        slugs = self.slugs.with_changes(wider.slugs.current, changed_slugs, slug_targets)
        return self._replace(self.index.follow(wider.index, audience, changes), slugs)

    def _replace(self, index: SearchIndex[PublishedRecord], slugs: SlugIndex) -> "RecordView":
        return self if index is self.index and slugs is self.slugs else RecordView(index, slugs)

    def list_records(self, ids: Iterable[str]) -> list[PublishedRecord]:
        """Return the records with these ids that the audience sees."""
        return [record for record in map(self.get, ids) if record is not None]

    def get(self, identity: str) -> PublishedRecord | None:
        row = self.index.rows.row_by_id.find(identity)
        return None if row is None else self.index.rows.records[row]  # None if this audience does not see it


def group_by_kind(records: Iterable[PublishedRecord]) -> dict[RecordKind, list[PublishedRecord]]:
    """Return the records of each kind; a kind without records has an empty list."""
    by_kind: dict[RecordKind, list[PublishedRecord]] = {kind: [] for kind in RecordKind}
    for record in records:
        by_kind[get_kind(record).name].append(record)
    return by_kind
