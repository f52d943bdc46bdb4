"""Find the record a row refers to: by identifier first, then by similarity."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import BadInput
from directory.matching.evidence import Evidence, EvidenceKind, MatchResult, Verdict
from directory.matching.match_index import MatchIndex
from directory.matching.match_record import build_match_record
from directory.records import Audience, StoredOrganization
from directory.store.read_transaction import ReadTransaction
from directory.vocabulary.slugs import slugify
from seed.resolve.import_history import RemovedRecords, RowMemory, is_stated_by, list_source_rows
from seed.resolve.record_keys import NewId, RegisteredNumbers, SlugRegistry, compare_with_record, generate_id
from seed.resolve.row_statement import LEAVE_REMOVED, NEW_RECORD, Statement
from seed.rows import Row
from seed.sources.own_tables import SAME_AS_COLUMN

SAME_SOURCE_POINTS = 25.0  # points for a source that stated an organization under this name before
IDENTIFIER_POINTS = 100.0  # points for a key that leads to one record; the maximum
DECISION_DETAIL = "a person decided this in an earlier import"


class Resolution(Struct, frozen=True):
    """The record that a row refers to, with the evidence for it.

    `id` is None if the row needs a new record, or if a person has to decide: then `candidates` holds the possible records, best
    first. If an earlier row has claimed the record of `id`, this row only repeats it. The row of a `left_removed` one is skipped.
    `namesakes` have the name of a row that needs a new record, but are other organizations.
    """

    id: str | None = None
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[MatchResult, ...] = ()
    left_removed: str | None = None
    namesakes: tuple[MatchResult, ...] = ()


class RecordResolver:
    """The records of one revision of the directory. Rows claim their records while they are planned."""

    def __init__(self, reading: ReadTransaction, new_id: NewId = generate_id) -> None:
        self._new_id = new_id
        self.records: dict[str, tuple[StoredOrganization, int]] = {}
        self.numbers = RegisteredNumbers()
        for record, revision in reading.load_organizations():
            self.records[record.id] = (record, revision)
            self.numbers.add(record)
        self._streets = reading.load_withheld_streets()
        self._memory = RowMemory(record for record, _ in self.records.values())
        self._slugs = SlugRegistry.load(reading, (record for record, _ in self.records.values()))
        self._survivor_ids = reading.load_final_survivors()
        self.removed = RemovedRecords(reading, set(self._slugs.ids.values()) - self.records.keys(), self._survivor_ids)
        self._match_index: MatchIndex | None = None
        self._statements: Sequence[Statement] = ()
        self._new_records: dict[str, StoredOrganization] = {}
        self._claims: dict[str, Row] = {}
        self._repetitions = Counter[str]()  # by the id of a merged record: the rows that repeat an earlier one

    def expect(self, statements: Sequence[Statement], *, is_register: bool = False) -> None:
        """Take note of the statements that will be resolved: what is rare among them is then known from the first one on."""
        self._statements = statements
        self.numbers.expect(statements, is_register=is_register)

    def find_with_revision(self, id: str) -> tuple[StoredOrganization | None, int]:
        """Return the record and the revision of its last change; None and 0 if it is not stored."""
        return self.records.get(id, (None, 0))

    def get_record(self, id: str) -> StoredOrganization:
        """Return the new record of an earlier row, a removed one that may return, or a stored one. Raises KeyError otherwise."""
        return self._new_records.get(id) or self.removed.returning.get(id) or self.records[id][0]

    def find_id(self, key: str) -> str | None:
        """Return the id of the record with this id or slug, or of the record it was merged into; None if there is none."""
        return key if key in self.records or key in self._claims else self._slugs.ids.get(key, self._survivor_ids.get(key))

    def is_claimed(self, id: str) -> bool:
        return id in self._claims

    def resolve(self, statement: Statement, origin: str) -> Resolution:
        """Find the record that the row refers to: by its keys, otherwise by similarity. `origin` is the key of the dataset.

        Raises BadInput if the keys lead to several records, to a removed record, or to the record of another row.
        """
        resolution = self._resolve_by_keys(statement, origin)
        if resolution is not None and resolution.id is not None:
            if statement.same_as is None and not self._repeats_merged_record(resolution.id, statement, origin):
                self._require_unclaimed(resolution.id)
            return resolution
        if self._find_returning_id(statement) is not None or statement.same_as == NEW_RECORD:
            return Resolution()
        resolution = (
            self._resolve_new_id(statement)
            or self._resolve_hidden_slug(statement)
            or self._resolve_by_decision(statement, origin)
            or self._keep_doubt(statement, origin, self._resolve_by_similarity(statement, origin))
        )
        left_removed = self.removed.find_left_removed(statement, origin, resolution.candidates, self._claims)
        return Resolution(left_removed=left_removed) if left_removed else resolution

    def claim(self, id: str, row: Row) -> None:
        """Assign the record to the row. A later row with its keys is refused."""
        self._claims[id] = row

    def add(self, record: StoredOrganization, row: Row) -> None:
        """Add the new record of a row. Later rows may refer to it."""
        self.claim(record.id, row)
        self._new_records[record.id] = record
        self.numbers.add(record)
        if self._match_index is not None:
            self._match_index.add(build_match_record(record))

    def repeat(self, id: str) -> Row:
        """Return the row that has claimed the record, which another row repeats. Raises KeyError if none has."""
        self._repetitions[id] += 1
        return self._claims[id]

    def assign_id_and_slug(self, statement: Statement) -> tuple[str, str]:
        """Return an id and a slug for a new record. Raises BadInput if no slug can be derived from its name.

        The slug of a public record depends only on public records. The store assigns a private slug to any other record. A
        removed record that returns under its name, for example after an undone import, gets its old id and slug, unless it is
        a different organization.
        """
        slug = statement.slug or slugify(statement.record.name)
        returning_id = self._find_returning_id(statement)
        if returning_id is not None:
            former_slug = self.removed.returning[returning_id].slug
            is_public = returning_id not in self.removed.hidden
            return returning_id, self._slugs.reserve(returning_id, former_slug, is_exact=False) if is_public else former_slug
        previous_id = self._slugs.ids.get(slug)
        if previous_id is not None and self._is_restored(previous_id, statement):
            return previous_id, slug
        id = statement.id or self._new_id()
        if statement.record.audience is not Audience.PUBLIC:
            self._slugs.note_private(id, slug)
            return id, slug
        return id, self._slugs.reserve(id, slug, is_exact=bool(statement.slug))

    def candidate_ids(self, statement: Statement) -> set[str]:
        """Return the ids of all records that the keys lead to, even if they conflict. An unknown `same_as` is ignored."""
        return {id for id, _ in self._find_by_keys(replace(statement, same_as=self.find_id(statement.same_as or "")))}

    def _resolve_by_keys(self, statement: Statement, origin: str) -> Resolution | None:
        """Return the record that the keys lead to, with the keys as evidence; None if they lead to none, or are not enough."""
        self._require_unmerged(statement.id)
        keys_by_id: dict[str, list[str]] = {}
        for id, key in self._find_by_keys(statement):
            keys_by_id.setdefault(id, []).append(key)
        if len(keys_by_id) > 1 or (keys_by_id and statement.id is not None and statement.id not in keys_by_id):
            slugs = {id: self.get_record(id).slug if id in self.records else id for id in keys_by_id}
            found = "; ".join(f"{', '.join(keys)} to {slugs[id]}" for id, keys in keys_by_id.items())
            raise BadInput(f"The identifiers in this row belong to different organizations ({found}); correct the wrong one.")
        for id, keys in keys_by_id.items():
            if id not in self.records and id not in self._claims:
                found = ", ".join(keys)
                sentence = f"The identifiers in this row ({found}) belong to a removed organization; change or remove them."
                raise BadInput(sentence, argument="slug")
            owner, own_origin = self.get_record(id), None if id in self._claims else origin
            if not self.numbers.are_enough(keys, statement, owner, self._streets, own_origin):
                return None
            return Resolution(id, tuple(Evidence(EvidenceKind.IDENTIFIER, key, IDENTIFIER_POINTS) for key in keys))
        return None

    def _find_by_keys(self, statement: Statement) -> Iterator[tuple[str, str]]:
        """Yield the id of each record that a key leads to, and the key in words."""
        slug, same_as = statement.slug, statement.same_as
        yield from self.numbers.find_owners(statement)
        if slug in self._slugs.ids and self._slugs.ids[slug] != statement.id and self._is_slug_a_key(slug, statement):
            yield self._slugs.ids[slug], f"slug {slug}"
        if same_as not in (None, NEW_RECORD, LEAVE_REMOVED) and self._find_returning_id(statement) is None:
            yield self._require_known(same_as), f"{SAME_AS_COLUMN} {same_as}"
        if statement.id is not None and (statement.id in self.records or statement.id in self._claims):
            yield statement.id, f"id {statement.id}"

    def _is_slug_a_key(self, slug: str, statement: Statement) -> bool:
        """Whether the slug identifies a record. A slug released by a hidden or removed record may belong to another one now."""
        owner_id = self._slugs.ids[slug]
        if slug in self._slugs.in_use or owner_id in self._claims:
            return True
        if owner_id not in self.records or statement.id is not None:
            return False
        return compare_with_record(statement, self.records[owner_id][0], {}).verdict is not Verdict.DIFFERENT

    def _require_known(self, key: str) -> str:
        id = self.find_id(key)
        if id is None:
            sentence = f'There is no organization "{key}"; enter the id or slug of an organization, or "{NEW_RECORD}".'
            raise BadInput(sentence, argument="same_as")
        return id

    def _require_unmerged(self, id: str | None) -> None:
        """Refuse the id of a record that was merged: an earlier export of it does not describe the survivor."""
        survivor_id = self._survivor_ids.get(id) if id and id not in self.records else None
        if survivor_id in self.records:
            slug = self.records[survivor_id][0].slug
            sentence = f"The organization with this id was merged into {slug}; use the id of that one, or delete this row."
            raise BadInput(sentence, argument="id")

    def _require_unclaimed(self, id: str) -> None:
        if earlier := self._claims.get(id):
            raise BadInput(f"{earlier.file}, record {earlier.number}, describes the same organization; combine the two rows.")

    def _find_returning_id(self, statement: Statement) -> str | None:
        """Return the id of the removed record that a person restores by naming it in `same_as`."""
        key = statement.same_as
        id = (key if key in self.removed.returning else self.find_id(key)) if key else None
        return id if id in self.removed.returning and id not in self._claims else None

    def _is_restored(self, id: str, statement: Statement) -> bool:
        """Whether the row describes the removed record with this id."""
        if id in self.records or id in self._claims or (statement.same_as == NEW_RECORD and id in self.removed.returning):
            return False
        if id == statement.id:
            return True
        removed = self.removed.all.get(id)
        return removed is not None and compare_with_record(statement, removed, {}).verdict is not Verdict.DIFFERENT

    def _resolve_hidden_slug(self, statement: Statement) -> Resolution | None:
        """Return a hidden record that had the slug of the row as a candidate, so that a person decides.

        The slug is free for other organizations, but the row may describe the hidden one under another name.
        """
        owner_id = self._slugs.ids.get(statement.slug)
        hidden = self.removed.hidden.get(owner_id or "") or self.records.get(owner_id or "", (None, 0))[0]
        if hidden is None or not hidden.is_hidden or hidden.id in self._claims or statement.slug in self._slugs.in_use:
            return None
        return Resolution(candidates=(compare_with_record(statement, hidden, {}),))

    def _resolve_new_id(self, statement: Statement) -> Resolution | None:
        """Return no record for a row with an id, so that it creates one. If a person removed that record, it is a candidate."""
        removed = None if statement.id in self.removed.hidden else self.removed.returning.get(statement.id or "")
        return Resolution(candidates=(compare_with_record(statement, removed, {}),) if removed else ()) if statement.id else None

    def _resolve_by_decision(self, statement: Statement, origin: str) -> Resolution | None:
        """Return the record that a person chose for this row in an earlier import; None if nobody decided."""
        id = self._memory.take_decided(statement, origin)
        return Resolution(id, (Evidence(EvidenceKind.NAME, DECISION_DETAIL, IDENTIFIER_POINTS),)) if id else None

    def _keep_doubt(self, statement: Statement, origin: str, resolution: Resolution) -> Resolution:
        """Return the resolution; with candidates if the row was doubtful in an earlier import and nobody has decided since."""
        if resolution.candidates:
            return resolution
        record, _ = self.find_with_revision(resolution.id or "")
        if record is not None and is_stated_by(record, statement.record.name, origin):
            return resolution  # the record of this row, or of one with the same name and town
        undecided = [id for id in self._memory.find_undecided(statement, origin) if id in self.records]
        results = (compare_with_record(statement, self.records[id][0], self._streets) for id in undecided)
        candidates = tuple(replace(result, verdict=Verdict.POSSIBLE) for result in results)
        return Resolution(candidates=candidates) if candidates else resolution

    def _resolve_by_similarity(self, statement: Statement, origin: str) -> Resolution:
        if self._match_index is None:
            stored = (record for record, _ in self.records.values())
            records = chain(stored, self._new_records.values(), self.removed.returning.values())
            self._match_index = MatchIndex(
                (build_match_record(record, self._streets) for record in records),
                (build_match_record(statement.record) for statement in self._statements),
            )
        row = build_match_record(statement.record)
        candidates = tuple(self._match_index.find_matches(row))
        if not candidates:
            return Resolution(namesakes=tuple(filter(self._is_current, self._match_index.find_namesakes(row))))
        if any(candidate.id in self.removed.hidden for candidate in candidates):
            return Resolution(candidates=candidates)
        current = list(filter(self._is_current, candidates))
        same = [candidate for candidate in current if candidate.verdict is Verdict.SAME]
        if len(same) == 1 and not self.is_claimed(same[0].id):
            return Resolution(same[0].id, same[0].evidence)
        match = self._find_from_same_source(statement, origin, same or current)
        if match is not None:
            detail = f'the source "{origin}" stated this name before'
            return Resolution(match.id, (*match.evidence, Evidence(EvidenceKind.NAME, detail, SAME_SOURCE_POINTS)))
        merged = next((match for match in current if self._repeats_merged_record(match.id, statement, origin)), None)
        return Resolution(merged.id, merged.evidence) if merged else Resolution(candidates=candidates)

    def _is_current(self, match: MatchResult) -> bool:
        return match.id not in self.removed.returning or match.id in self._claims

    def _repeats_merged_record(self, id: str, statement: Statement, origin: str) -> bool:
        """Whether an earlier row has claimed the record, and the record of this row was merged into it."""
        is_claimed = id in self._claims and id in self.records
        return is_claimed and self._repetitions[id] < self.removed.count_merged_rows(self.records[id][0], statement, origin)

    def _find_from_same_source(self, statement: Statement, origin: str, candidates: Sequence[MatchResult]) -> MatchResult | None:
        """Return the candidate that this source stated under this name: the best one, or the one from the same row."""
        free = [match for match in candidates if match.id in self.records and not self.is_claimed(match.id)]
        own = [match for match in free if is_stated_by(self.records[match.id][0], statement.record.name, origin)]
        best = [match for match in own if match.score == own[0].score]
        same_row = [match for match in best if statement.row.number in list_source_rows(self.records[match.id][0], origin)]
        return best[0] if len(best) == 1 else same_row[0] if len(same_row) == 1 else None
