"""The match index: finds the records that may be the same organization as a given one, without comparing all."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from directory.matching.blocking import MAX_CANDIDATES, BlockIndex, KeyPostings, SearchedKeys, list_searched_keys
from directory.matching.decide import compare_features
from directory.matching.evidence import MatchResult, Verdict
from directory.matching.match_record import MatchFeatures, MatchRecord, extract_features, list_registered_schemes
from directory.matching.token_frequency import MisspellingIndex, TokenFrequency
from directory.records import Identifier

DEFAULT_LIMIT = 5  # matches; a person does not review more


class MatchIndex:
    """Records by id. Adding a record replaces an earlier one with the same id.

    `rows` are the rows of a list that will be searched for, and of which some become records. How frequent their words and
    contacts are is known from the beginning, so a result does not depend on how many have been added. Only rows that were added
    are found. Their ids are ignored. Only keys that a row has are indexed, which saves most of the memory, until a search for
    another record needs them all.

    Records with registered numbers of the same schemes form a block. A record with a different number of such a scheme can match
    only by its contacts (weights.py), so the rows of a government file are not compared with each other. Nothing is indexed until
    a search needs more than identifiers, so importing only such rows costs little.
    """

    def __init__(self, records: Iterable[MatchRecord] = (), rows: Iterable[MatchRecord] = ()) -> None:
        self.token_frequency = TokenFrequency()
        self._rows = [_without_ids(row) for row in rows]
        self._row_features: dict[MatchRecord, MatchFeatures] | None = None  # until something is indexed
        self._pending: dict[str, MatchRecord] = {}
        self._identifiers: set[Identifier] = set()  # of all records ever added, like the schemes
        self._schemes: set[frozenset[str]] = set()
        self._records_by_row: dict[int, MatchRecord] = {}
        self._compared_features: dict[int, MatchFeatures] = {}  # few records are ever compared, and features take much memory
        self._row_by_id: dict[str, int] = {}
        self._next_row = 0
        self._searched_keys = SearchedKeys()
        self._exact_postings = KeyPostings(self._searched_keys)
        self._misspellings = MisspellingIndex()
        self._blocks: dict[frozenset[str], BlockIndex] = {}
        for record in records:
            self.add(record)

    def __len__(self) -> int:
        return len(self._row_by_id) + len(self._pending)

    def add(self, record: MatchRecord) -> None:
        self.discard(record.id)
        self._pending[record.id] = record
        self._identifiers.update(record.identifiers)
        self._schemes.add(list_registered_schemes(record.identifiers))

    def index_pending(self) -> None:
        """Index the records that wait; otherwise the next search does."""
        pending, self._pending = self._pending, {}
        if self._row_features is None:
            self._index_first(pending.values())
            return
        for record in pending.values():
            features = self._index_features(record, self._extract_features(record))
            if _without_ids(record) not in self._row_features:
                self.token_frequency.count(features.words, self._select_contacts(features))

    def _index_first(self, records: Iterable[MatchRecord]) -> None:
        """Index the first records, with the rows. Counting and searching for misspellings is fastest for all at once."""
        self._row_features = {row: extract_features(row) for row in dict.fromkeys(self._rows)}
        rows = [self._row_features[row] for row in self._rows]
        if rows:
            self._searched_keys.restrict(key for row in rows for key in (*_list_exact_keys(row), *list_searched_keys(row)))
        self.token_frequency.count_all((self._index_features(one, extract_features(one)) for one in records), rows)
        words = {word for row in rows for word in row.words}
        self._misspellings.add(words)
        self._misspellings.search(words)

    def _index_all_keys(self) -> None:
        """Index the keys that no row has, too."""
        features = {row: self._extract_features(record) for row, record in self._records_by_row.items()}
        self.token_frequency.add_keys(key for one in features.values() for key in one.contacts if key not in self._searched_keys)
        self._searched_keys.allow_all()
        for row, one in features.items():
            self._exact_postings.add(_list_exact_keys(one), row)
            self._blocks[list_registered_schemes(one.identifiers)].add(row, one)

    def _select_contacts(self, features: MatchFeatures) -> Iterable[str]:
        return filter(self._searched_keys.__contains__, features.contacts)

    def _prepare_search(self, record: MatchRecord) -> MatchFeatures:
        """Index what a search for this record needs, and return its features."""
        self.index_pending()
        if self._searched_keys.is_restricted and _without_ids(record) not in (self._row_features or {}):
            self._index_all_keys()
        return self._extract_features(record)

    def _extract_features(self, record: MatchRecord) -> MatchFeatures:
        features = self._row_features.get(_without_ids(record)) if self._row_features else None
        return replace(features, id=record.id, parent=record.parent) if features else extract_features(record)

    def _index_features(self, record: MatchRecord, features: MatchFeatures) -> MatchFeatures:
        """Index the record and return its features, which are not kept."""
        row = self._next_row
        self._next_row += 1
        self._row_by_id[record.id], self._records_by_row[row] = row, record
        self._exact_postings.add(_list_exact_keys(features), row)
        self._misspellings.add(features.words)
        schemes = list_registered_schemes(features.identifiers)
        if schemes not in self._blocks:
            self._blocks[schemes] = BlockIndex(self.token_frequency, self._misspellings, self._searched_keys)
        self._blocks[schemes].add(row, features)
        return features

    def discard(self, id: str) -> None:
        """Remove the record with this id, if there is one."""
        self._pending.pop(id, None)
        row = self._row_by_id.pop(id, None)
        if row is None:
            return
        self._compared_features.pop(row, None)
        features = self._extract_features(self._records_by_row.pop(row))
        self.token_frequency.count(features.words, self._select_contacts(features), -1)
        self._exact_postings.discard(_list_exact_keys(features), row)
        self._blocks[list_registered_schemes(features.identifiers)].discard(row, features)

    def find_matches(self, record: MatchRecord, limit: int = DEFAULT_LIMIT) -> list[MatchResult]:
        """Return the records with the verdict SAME or POSSIBLE, best first, except the one with the same id.

        Equally good ones are in the order in which they were added: their ids may be random. If a record with a shared identifier
        is the same, only records with a shared identifier are returned.
        """
        if not self._may_have_matches(record):
            return []
        features = self._prepare_search(record)
        own = self._row_by_id.get(record.id)
        rows = {row for number in features.identifiers for row in self._exact_postings.find_rows(_identifier_key(number))} - {own}
        matches = self._compare_rows(features, rows)
        if not any(match.verdict is Verdict.SAME for match in matches):
            rows_by_values = {*self._find_by_contacts(features), *self._find_by_names(features)} - {own, *rows}
            matches += self._compare_rows(features, rows_by_values)
        return sorted(matches, key=_sort_key)[:limit]

    def _compare_rows(self, features: MatchFeatures, rows: Iterable[int]) -> list[MatchResult]:
        results = [compare_features(features, self._get_features(row), self.token_frequency) for row in sorted(rows)]
        return [result for result in results if result.verdict is not Verdict.DIFFERENT]

    def find_namesakes(self, record: MatchRecord, limit: int = DEFAULT_LIMIT) -> list[MatchResult]:
        """Return records with the same main name, whatever the verdict is, in the order in which they were added.

        Records with different registered numbers of one scheme are left out: they are known to be different.
        """
        features = self._prepare_search(record)
        own, schemes = self._row_by_id.get(record.id), list_registered_schemes(features.identifiers)
        blocks = [block for others, block in self._blocks.items() if schemes.isdisjoint(others)]
        rows = {row for block in blocks for row in block.find_namesakes(features, limit)} - {own}
        return [compare_features(features, self._get_features(row), self.token_frequency) for row in sorted(rows)[:limit]]

    def _get_features(self, row: int) -> MatchFeatures:
        features = self._compared_features.get(row)
        if features is None:
            features = self._compared_features[row] = self._extract_features(self._records_by_row[row])
        return features

    def _may_have_matches(self, record: MatchRecord) -> bool:
        if record.website or record.emails or record.phones or not self._identifiers.isdisjoint(record.identifiers):
            return True
        return any(list_registered_schemes(record.identifiers).isdisjoint(others) for others in self._schemes)

    def _find_by_contacts(self, features: MatchFeatures) -> Iterator[int]:
        for contact in features.contacts:
            rows = self._exact_postings.find_rows(contact)
            if len(rows) <= MAX_CANDIDATES:
                yield from rows

    def _find_by_names(self, features: MatchFeatures) -> Iterator[int]:
        schemes = list_registered_schemes(features.identifiers)
        for others, block in self._blocks.items():
            if schemes.isdisjoint(others):
                yield from block.candidates(features)


def _sort_key(result: MatchResult) -> tuple[bool, float]:
    return result.verdict is not Verdict.SAME, -result.score


def _list_exact_keys(features: MatchFeatures) -> tuple[str, ...]:
    return (*map(_identifier_key, features.identifiers), *features.contacts)


def _identifier_key(number: Identifier) -> str:
    return f"{number.scheme} {number.value}"


def _without_ids(record: MatchRecord) -> MatchRecord:
    """Return what the record states of itself, by which a row is recognized when it is searched for, and when it is added."""
    return replace(record, id="", parent=None)
