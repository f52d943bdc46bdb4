"""What earlier imports and people left behind for this one: removed records, doubtful rows, and decisions about them.

Doubts and decisions are stored with the record that a row refers to or may refer to (`RowMatch`), so that each import of a list
gives a row the same verdict. The ledger therefore lists them, and undo and merge treat them like any other field.
"""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence

from directory.errors import BadInput
from directory.matching.evidence import MatchResult
from directory.records import RowMatch, StoredOrganization
from directory.store.ledger.edits import IMPORT_ACTOR, UNDO_ACTOR
from directory.store.read_transaction import ReadTransaction
from directory.text import fold
from seed.resolve.row_statement import LEAVE_REMOVED, NEW_RECORD, Statement, is_known_name


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

        A decision is about one row. A second row of the file with the same name and town gets the next decision, or none.
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

    A row without a record number of its own is known by its name and first town. It is not known by its street or contacts,
    which may be private, and which change.
    """
    site = statement.record.sites[0] if statement.record.sites else None
    place = (site.city, site.state) if site else ()
    words = " · ".join(filter(None, (fold(statement.record.name), *map(fold, filter(None, place)))))
    row_key = f"id {statement.row.source_id}" if statement.row.source_id else words
    return RowMatch(origin, row_key[:MAX_KEY_LENGTH], is_decided)


def add_row_matches(record: StoredOrganization, added: Sequence[RowMatch]) -> tuple[RowMatch, ...]:
    """Return the row matches of the record with those added. A decision replaces a doubt about the same row."""
    matches = dict.fromkeys((*record.row_matches, *added))
    decided = [match for match in matches if match.is_decided]
    decided_rows = {(match.origin, match.row_key) for match in decided}
    undecided = [match for match in matches if not match.is_decided and (match.origin, match.row_key) not in decided_rows]
    return (*decided, *undecided)[:MAX_ROW_MATCHES]
