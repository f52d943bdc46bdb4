"""All parties of a directory, arranged so that one is compared with the few that it may be."""

from collections.abc import Iterable, Iterator

from directory.matching.blocking import MAX_CANDIDATES, BlockIndex, KeyPostings
from directory.matching.decide import compare_features
from directory.matching.evidence import MatchResult, Verdict
from directory.matching.match_record import MatchFeatures, MatchRecord, extract_features
from directory.matching.token_frequency import TokenFrequency
from directory.records import SOURCE_SCHEME_PREFIX, Identifier

DEFAULT_LIMIT = 5  # judgements, unless told: more than a person looks through


class MatchIndex:
    """Parties by id; a second one with an id takes the place of the first.

    Those that bear registered numbers of a scheme lie in a block of their own: somebody with another number of that scheme can be
    one of them only if contacts agree (weights.py), so that the rows of a government file are not compared with one another. As
    long as only such rows come, none is arranged: they wait until somebody is asked for who may be found by more than numbers.
    """

    def __init__(self, parties: Iterable[MatchRecord] = ()) -> None:
        self.token_frequency = TokenFrequency()
        self._pending: dict[str, MatchRecord] = {}
        self._identifiers: set[Identifier] = set()  # of all that ever came, as are the schemes
        self._schemes: set[frozenset[str]] = set()
        self._features_by_row: dict[int, MatchFeatures] = {}
        self._row_by_id: dict[str, int] = {}
        self._next_row = 0
        self._exact_postings = KeyPostings()
        self._blocks: dict[frozenset[str], BlockIndex] = {}
        for party in parties:
            self.add(party)

    def __len__(self) -> int:
        return len(self._row_by_id) + len(self._pending)

    def add(self, record: MatchRecord) -> None:
        self.discard(record.id)
        self._pending[record.id] = record
        self._identifiers.update(record.identifiers)
        self._schemes.add(_registered_schemes(record.identifiers))

    def index_pending(self) -> None:
        """Arranges who is waiting, which the next question would do otherwise."""
        waiting, self._pending = self._pending, {}
        for party in waiting.values():
            self._index_record(extract_features(party))

    def _index_record(self, features: MatchFeatures) -> None:
        row = self._next_row
        self._next_row += 1
        self._row_by_id[features.id], self._features_by_row[row] = row, features
        self.token_frequency.count(_list_words(features), _list_contacts(features))
        self._exact_postings.add(_list_exact_keys(features), row)
        self._blocks.setdefault(_registered_schemes(features.identifiers), BlockIndex(self.token_frequency)).add(row, features)

    def discard(self, id: str) -> None:
        """Nothing happens where no party has the id."""
        self._pending.pop(id, None)
        row = self._row_by_id.pop(id, None)
        if row is None:
            return
        gone = self._features_by_row.pop(row)
        self.token_frequency.count(_list_words(gone), _list_contacts(gone), -1)
        self._exact_postings.discard(_list_exact_keys(gone), row)
        self._blocks[_registered_schemes(gone.identifiers)].discard(row, gone)

    def find_matches(self, record: MatchRecord, limit: int = DEFAULT_LIMIT) -> list[MatchResult]:
        """Of the parties here those that are SAME or DOUBTFUL, best first and never the one with its own id; [] for none.

        Whoever bears one of its identifiers is all there is, where somebody does.
        """
        if not self._may_have_matches(record):
            return []
        self.index_pending()
        asked = extract_features(record)
        own = self._row_by_id.get(record.id)
        rows = {row for number in asked.identifiers for row in self._exact_postings.find_rows(_identifier_key(number))} - {own}
        if not rows:
            rows = {*self._find_by_contacts(asked), *self._find_by_names(asked)} - {own}
        found = [compare_features(asked, self._features_by_row[row], self.token_frequency) for row in rows]
        likely = [judgement for judgement in found if judgement.verdict is not Verdict.DIFFERENT]
        return sorted(likely, key=_sort_key)[:limit]

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


def _sort_key(judgement: MatchResult) -> tuple[bool, float, str]:
    return judgement.verdict is not Verdict.SAME, -judgement.score, judgement.id


def _list_words(features: MatchFeatures) -> set[str]:
    return {word for name in features.names for word in name.words}


def _list_contacts(features: MatchFeatures) -> tuple[str, ...]:
    page = (features.website.page,) if features.website.page else ()
    return (*features.phones, *features.domains, *features.emails, *page)


def _list_exact_keys(features: MatchFeatures) -> tuple[str, ...]:
    return (*map(_identifier_key, features.identifiers), *_list_contacts(features))


def _identifier_key(number: Identifier) -> str:
    return f"{number.scheme} {number.value}"


def _registered_schemes(identifiers: Iterable[Identifier]) -> frozenset[str]:
    """The schemes of registered numbers among these. A source's own numbers are none: a source may count somebody twice."""
    return frozenset(one.scheme for one in identifiers if not one.scheme.startswith(SOURCE_SCHEME_PREFIX))
