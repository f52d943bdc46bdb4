"""Records that are no longer in the directory, and what an import has to know about them."""

from collections.abc import Collection, Container, Iterable, Mapping

from directory.errors import BadInput
from directory.matching.evidence import MatchResult
from directory.records import StoredOrganization
from directory.store.ledger.edits import IMPORT_ACTOR, UNDO_ACTOR
from directory.store.read_transaction import ReadTransaction
from seed.resolve.row_matches import build_row_match
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
