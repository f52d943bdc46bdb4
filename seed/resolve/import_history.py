"""What earlier imports, exports and people left behind for this import: removed records, doubtful rows, decisions, own exports.

Doubts and decisions are stored with the record that a row refers to or may refer to (`RowMatch`), so that each import of a list
gives a row the same verdict. The ledger therefore lists them, and undo and merge treat them like any other field.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from msgspec.structs import replace

from directory.errors import BadInput
from directory.export.draft_fields import to_draft_fields
from directory.matching.evidence import MatchResult
from directory.matching.normalized_name import normalize_name
from directory.publish import publish
from directory.records import Audience, Organization, RowMatch, StoredOrganization
from directory.store.ledger.edits import IMPORT_ACTOR, UNDO_ACTOR
from directory.store.read_transaction import ReadTransaction
from directory.text import fold
from seed.resolve.row_statement import LEAVE_REMOVED, NEW_RECORD, Statement
from seed.rows import Row

T = TypeVar("T")


class RemovedRecords:
    """The removed organizations, as they were when they were removed.

    `all` holds all of them by id. An import must not create those in `returning` again unless a person decides so: a person
    removed them, or they were `hidden`. Records that an import or an undo removed may be created again.
    """

    def __init__(self, reading: ReadTransaction, ids: Collection[str], survivor_ids: Mapping[str, str]) -> None:
        removed = reading.load_removed_records({*ids, *survivor_ids})
        self.all = {id: record for id, record in removed.items() if isinstance(record, StoredOrganization)}
        self.hidden = {id: record for id, record in self.all.items() if record.is_hidden}
        actors = reading.load_removal_actors(self.all.keys() - survivor_ids.keys())
        by_people = {id for id, actor in actors.items() if not actor.startswith((IMPORT_ACTOR, UNDO_ACTOR))}
        self.returning = {id: record for id, record in self.all.items() if id in by_people or id in self.hidden}
        self._decisions = reading.load_removal_decisions()
        self._losers: dict[str, list[StoredOrganization]] = {}
        for id, survivor_id in survivor_ids.items():
            if id in self.all:
                self._losers.setdefault(survivor_id, []).append(self.all[id])

    def find_left_removed(
        self, statement: Statement, origin: str, candidates: Iterable[MatchResult], restored: Container[str]
    ) -> str | None:
        """Return the candidate, a removed record, that a person leaves removed, now or in an earlier import; None if nobody does.

        `restored` are records that earlier rows restore. Raises BadInput if a person answers so for a row that may be about no
        removed record.
        """
        removed = [match.id for match in candidates if match.id in self.returning and match.id not in restored]
        if statement.same_as == LEAVE_REMOVED:
            if not removed:
                sentence = f'No removed organization is like this row. Enter the slug of an organization, or "{NEW_RECORD}".'
                raise BadInput(sentence, argument="same_as")
            return removed[0]
        if not removed or not self._decisions:
            return None
        decided = self._decisions.get((origin, build_row_match(statement, origin, is_decided=True).row_key))
        return decided if decided in removed else None

    def count_merged_rows(self, survivor: StoredOrganization, statement: Statement, origin: str) -> int:
        """Return how many rows of this source had records of their own that were merged into the survivor.

        Returns 0 if the row is none of them: it states another name and has no identifier of these records.
        """
        losers = [one for one in self._losers.get(survivor.id, ()) if any(source.origin == origin for source in one.sources)]
        numbers = set(statement.record.identifiers)
        is_one = any(
            is_known_name(statement.record.name, record) or not numbers.isdisjoint(record.identifiers)
            for record in (*losers, survivor)
        )
        return len(losers) if is_one else 0


MAX_ROW_MATCHES = 100  # of a record; decisions come first
MAX_KEY_LENGTH = 300  # characters


class RowMemory:
    """What earlier imports noted about rows, by dataset and row."""

    def __init__(self, records: Iterable[StoredOrganization]) -> None:
        self._ids: dict[RowMatch, list[str]] = {}
        for record in records:
            for match in record.row_matches:
                self._ids.setdefault(match, []).append(record.id)

    def take_decided(self, statement: Statement, origin: str) -> str | None:
        """Return the id of the record that a person chose for this row; None if nobody decided.

        A decision is about one row.
        """
        ids = self._find(statement, origin, is_decided=True)
        return ids.pop(0) if ids else None

    def find_undecided(self, statement: Statement, origin: str) -> Sequence[str]:
        """Return the ids of the records that an earlier import found possible for this row."""
        return self._find(statement, origin, is_decided=False)

    def _find(self, statement: Statement, origin: str, *, is_decided: bool) -> list[str]:
        return self._ids.get(build_row_match(statement, origin, is_decided=is_decided), []) if self._ids else []


def build_row_match(statement: Statement, origin: str, *, is_decided: bool) -> RowMatch:
    """Build what is remembered of a row. `origin` is the key of its dataset.

    A row without a record number of its own is known by its name and first town, and by which of the rows with these it is. It is
    not known by its street or contacts, which may be private, and which change.
    """
    if statement.row.source_id:
        return RowMatch(origin, f"id {statement.row.source_id}"[:MAX_KEY_LENGTH], is_decided)
    number = f" #{statement.equal_rows + 1}" if statement.equal_rows else ""
    return RowMatch(origin, _join_name_and_town(statement)[: MAX_KEY_LENGTH - len(number)] + number, is_decided)


def count_equal_rows(rows: Iterable[Statement | T]) -> Iterator[Statement | T]:
    """Yield the rows, each statement with the number of statements before it that have its name and first town."""
    counts: Counter[str] = Counter()
    for row in rows:
        key = _join_name_and_town(row) if isinstance(row, Statement) else ""
        yield replace(row, equal_rows=counts[key]) if isinstance(row, Statement) and counts[key] else row
        counts[key] += 1


def _join_name_and_town(statement: Statement) -> str:
    site = statement.record.sites[0] if statement.record.sites else None
    place = (site.city, site.state) if site else ()
    return " · ".join(filter(None, (fold(statement.record.name), *map(fold, filter(None, place)))))


def add_row_matches(record: StoredOrganization, added: Sequence[RowMatch]) -> tuple[RowMatch, ...]:
    """Return the row matches of the record with those added. A decision replaces a doubt about the same row."""
    matches = dict.fromkeys((*record.row_matches, *added))
    decided = [match for match in matches if match.is_decided]
    decided_rows = {(match.origin, match.row_key) for match in decided}
    undecided = [match for match in matches if not match.is_decided and (match.origin, match.row_key) not in decided_rows]
    return (*decided, *undecided)[:MAX_ROW_MATCHES]


StoredRecords: TypeAlias = Mapping[str, tuple[StoredOrganization, int]]  # with the revisions of their last changes, by id

_PLACEHOLDER_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # for updated_at, which no row states
_ITEM_FIELDS = ("locations", "contacts", "sources", "relations")
_KEY_FIELDS = ("id", "slug", "same_as")


def drop_already_published(row: Row, records: StoredRecords) -> Row:
    """Return the row without values that are already published of its record. A row without a known id is returned unchanged.

    An export contains only published places. Importing it again must not replace a private street by the published city. A value
    that equals what some audience sees now is therefore treated as not stated.
    """
    id = row.fields.get("id")
    record, _ = records.get(id.strip().lower(), (None, 0)) if isinstance(id, str) else (None, 0)
    if record is None:
        return row
    versions = ((audience, _publish_for(record, audience, records)) for audience in Audience)
    published_fields = [to_draft_fields(version, audience) for audience, version in versions if version]
    return replace(row, fields=dict(_drop_published_values(row.fields, published_fields)))


def _publish_for(record: StoredOrganization, audience: Audience, records: StoredRecords) -> Organization | None:
    def is_visible(id: str) -> bool:
        other, _ = records.get(id, (None, 0))
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


def is_known_name(name: str, record: StoredOrganization) -> bool:
    """Whether the record has, or had, this name."""
    return _name_words(name) in {_name_words(known) for known in (record.name, *(other.name for other in record.names))}


def is_stated_by(record: StoredOrganization, name: str, origin: str) -> bool:
    """Whether the record is known by this name and has the dataset with the key `origin` among its sources."""
    return is_known_name(name, record) and any(source.origin == origin for source in record.sources)


def list_source_rows(record: StoredOrganization, origin: str) -> set[int | None]:
    """Return the numbers of the rows of that dataset which stated the record."""
    return {source.row for source in record.sources if source.origin == origin}


def _name_words(name: str) -> tuple[str, ...]:
    normalized = normalize_name(name)
    return normalized.words if normalized else (name,)
