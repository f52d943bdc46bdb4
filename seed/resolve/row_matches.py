"""Remember doubtful rows and decisions about them, so that each import of a list gives a row the same verdict.

They are stored with the record that a row refers to or may refer to (`RowMatch`). The ledger therefore lists them, and undo and
merge treat them like any other field.
"""

from collections.abc import Iterable, Sequence

from directory.records import RowMatch, StoredOrganization
from directory.text import fold
from seed.resolve.row_statement import Statement

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
