"""The match index: finds the records that may be the same organization as a given one, without comparing all."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from directory.matching.blocking import MAX_CANDIDATES, BlockIndex, KeyPostings
from directory.matching.decide import compare_features
from directory.matching.evidence import MatchResult, Verdict
from directory.matching.match_record import MatchFeatures, MatchRecord, extract_features
from directory.matching.token_frequency import TokenFrequency
from directory.records import SOURCE_SCHEME_PREFIX, Identifier

DEFAULT_LIMIT = 5  # matches; a person does not review more


class MatchIndex:
    """Records by id. Adding a record replaces an earlier one with the same id.

    Records with registered numbers of the same schemes form a block. A record with a different number of such a scheme can match
    only by its contacts (weights.py), so the rows of a government file are not compared with each other. Added records wait
    unindexed until a search needs more than identifiers, so importing only such rows costs little.
    """

    def __init__(self, records: Iterable[MatchRecord] = ()) -> None:
        self.token_frequency = TokenFrequency()
        self._pending: dict[str, MatchRecord] = {}
        self._identifiers: set[Identifier] = set()  # of all records ever added, like the schemes
        self._schemes: set[frozenset[str]] = set()
        self._features_by_row: dict[int, MatchFeatures] = {}
        self._row_by_id: dict[str, int] = {}
        self._next_row = 0
        self._exact_postings = KeyPostings()
        self._blocks: dict[frozenset[str], BlockIndex] = {}
        self._last_search: tuple[MatchRecord, MatchFeatures] | None = None
        for record in records:
            self.add(record)

    def __len__(self) -> int:
        return len(self._row_by_id) + len(self._pending)

    def add(self, record: MatchRecord) -> None:
        self.discard(record.id)
        self._pending[record.id] = record
        self._identifiers.update(record.identifiers)
        self._schemes.add(_registered_schemes(record.identifiers))

    def index_pending(self) -> None:
        """Index the records that wait; otherwise the next search does."""
        pending, self._pending = self._pending, {}
        for record in pending.values():
            self._index_record(self._extract_features(record))

    def _extract_features(self, record: MatchRecord) -> MatchFeatures:
        """Extract the features of a record. An import searches for a row and then adds it as a record, so those are reused."""
        if self._last_search is not None and replace(self._last_search[0], id=record.id) == record:
            return replace(self._last_search[1], id=record.id)
        return extract_features(record)

    def _index_record(self, features: MatchFeatures) -> None:
        row = self._next_row
        self._next_row += 1
        self._row_by_id[features.id], self._features_by_row[row] = row, features
        self.token_frequency.count(features.words, _list_contacts(features))
        self._exact_postings.add(_list_exact_keys(features), row)
        self._blocks.setdefault(_registered_schemes(features.identifiers), BlockIndex(self.token_frequency)).add(row, features)

    def discard(self, id: str) -> None:
        """Remove the record with this id, if there is one."""
        self._pending.pop(id, None)
        row = self._row_by_id.pop(id, None)
        if row is None:
            return
        features = self._features_by_row.pop(row)
        self.token_frequency.count(features.words, _list_contacts(features), -1)
        self._exact_postings.discard(_list_exact_keys(features), row)
        self._blocks[_registered_schemes(features.identifiers)].discard(row, features)

    def find_matches(self, record: MatchRecord, limit: int = DEFAULT_LIMIT) -> list[MatchResult]:
        """Return the records with the verdict SAME or POSSIBLE, best first, except the one with the same id.

        If any records share an identifier, only those are returned.
        """
        if not self._may_have_matches(record):
            return []
        self.index_pending()
        features = extract_features(record)
        self._last_search = record, features
        own = self._row_by_id.get(record.id)
        rows = {row for number in features.identifiers for row in self._exact_postings.find_rows(_identifier_key(number))} - {own}
        if not rows:
            rows = {*self._find_by_contacts(features), *self._find_by_names(features)} - {own}
        results = [compare_features(features, self._features_by_row[row], self.token_frequency) for row in rows]
        matches = [result for result in results if result.verdict is not Verdict.DIFFERENT]
        return sorted(matches, key=_sort_key)[:limit]

    def _may_have_matches(self, record: MatchRecord) -> bool:
        if record.website or record.emails or record.phones or not self._identifiers.isdisjoint(record.identifiers):
            return True
        return any(_registered_schemes(record.identifiers).isdisjoint(others) for others in self._schemes)

    def _find_by_contacts(self, features: MatchFeatures) -> Iterator[int]:
        for contact in _list_contacts(features):
            rows = self._exact_postings.find_rows(contact)
            if len(rows) <= MAX_CANDIDATES:
                yield from rows

    def _find_by_names(self, features: MatchFeatures) -> Iterator[int]:
        schemes = _registered_schemes(features.identifiers)
        for others, block in self._blocks.items():
            if schemes.isdisjoint(others):
                yield from block.candidates(features)


def _sort_key(result: MatchResult) -> tuple[bool, float, str]:
    return result.verdict is not Verdict.SAME, -result.score, result.id


def _list_contacts(features: MatchFeatures) -> tuple[str, ...]:
    page = (features.website.page,) if features.website.page else ()
    return (*features.phones, *features.domains, *features.emails, *page)


def _list_exact_keys(features: MatchFeatures) -> tuple[str, ...]:
    return (*map(_identifier_key, features.identifiers), *_list_contacts(features))


def _identifier_key(number: Identifier) -> str:
    return f"{number.scheme} {number.value}"


def _registered_schemes(identifiers: Iterable[Identifier]) -> frozenset[str]:
    """Return the schemes of registered numbers. A source's own numbers do not count, because it may list a record twice."""
    return frozenset(number.scheme for number in identifiers if not number.scheme.startswith(SOURCE_SCHEME_PREFIX))
