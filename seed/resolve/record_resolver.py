"""What is kept, and whom a row is about: by the keys that it names, else by likeness."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias
from uuid import uuid4

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import BadInput
from directory.matching.decide import compare_records
from directory.matching.evidence import Evidence, EvidenceKind, MatchResult, Verdict
from directory.matching.match_index import MatchIndex
from directory.matching.match_record import build_match_record
from directory.matching.token_frequency import TokenFrequency
from directory.records import Audience, Identifier, StoredOrganization
from directory.slugs import SLUG_LIMIT, slugify
from directory.store.read_transaction import ReadTransaction
from seed.resolve.row_statement import NEW_RECORD, Statement, is_known_name
from seed.rows import Row
from seed.sources.corrections_file import SAME_AS_COLUMN

NewId: TypeAlias = Callable[[], str]

SAME_SOURCE_POINTS = 25.0  # points of a source that had an organization under this name before
IDENTIFIER_POINTS = 100.0  # points of a key that leads to one record, the most there are


class Resolution(Struct, frozen=True):
    """`id` None: nobody here, or several may be meant (`likely`, best first). `evidence` says why it is `id`."""

    id: str | None = None
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[MatchResult, ...] = ()


def generate_id() -> str:
    """The id of a new organization: random, as one made of its name would tell the name of a record that is hidden later."""
    return str(uuid4())


class RecordResolver:
    """One state of the directory. Rows claim their records in it as they are planned."""

    def __init__(self, reading: ReadTransaction, new_id: NewId = generate_id) -> None:
        self._new_id = new_id
        self.records: dict[str, tuple[StoredOrganization, int]] = {}
        self._identifiers: dict[Identifier, str] = {}
        for entry, stamps in reading.load_organizations():
            self.records[entry.id] = (entry, stamps.revision)
            self._identifiers.update(dict.fromkeys(entry.identifiers, entry.id))
        self._slugs = reading.load_slug_targets()
        self._slugs_in_use = reading.load_slugs_in_use()
        self._survivor_ids = reading.load_final_survivors()
        self._slug_numbers: dict[str, int] = {}  # by slug without its number, the last one that was given
        self._removed_records = reading.load_removed_organizations(set(self._slugs.values()) - self.records.keys())
        # a list that states one of these must not make it visible as a new record
        self._removed_hidden_records = {id: entry for id, entry in self._removed_records.items() if entry.is_hidden}
        self._match_index: MatchIndex | None = None
        self._new_records: dict[str, StoredOrganization] = {}
        self._claims: dict[str, Row] = {}

    def find_with_revision(self, id: str) -> tuple[StoredOrganization | None, int]:
        """The record and the revision at which it was last changed; None and 0 for a new one."""
        return self.records.get(id, (None, 0))

    def get_record(self, id: str) -> StoredOrganization:
        """The kept record, the new one of an earlier row, or one that was removed while it was hidden."""
        return self._new_records.get(id) or self._removed_hidden_records.get(id) or self.records[id][0]

    def find_id(self, key: str) -> str | None:
        """The id of the record that an id or slug leads to, also one that was merged into it; None for neither."""
        return key if key in self.records or key in self._claims else self._slugs.get(key, self._survivor_ids.get(key))

    def resolve(self, statement: Statement, origin: str) -> Resolution:
        """Whom the row of the source is about: its keys decide, else a record that is the same by all evidence.

        Raises BadInput when its keys lead to several records, to one that was removed, or to one that another row states too.
        """
        known = self._resolve_by_keys(statement)
        if known is not None and known.id is not None:
            self._require_unclaimed(known.id)
            return known
        if self._find_removed_hidden_id(statement) is not None:
            return Resolution()
        if statement.id or statement.same_as == NEW_RECORD:
            return Resolution()
        return self._resolve_hidden_slug(statement) or self._resolve_by_similarity(statement, origin)

    def claim(self, id: str, row: Row) -> None:
        self._claims[id] = row

    def assign_id_and_slug(self, statement: Statement) -> tuple[str, str]:
        """An id and a slug for a new record. Raises BadInput when its name suggests none.

        The slug of a public record depends on public records alone; the store makes a private one for any other record.
        A record that was removed and comes back under its name, as after an import that was undone, gets its own again unless the
        evidence says that it is another.
        """
        wanted = statement.draft.slug or slugify(statement.record.name)
        hidden = self._find_removed_hidden_id(statement)
        if hidden is not None:
            return hidden, self._removed_hidden_records[hidden].slug
        before = self._slugs.get(wanted)
        if before is not None and self._is_restored(before, statement):
            return before, wanted
        id = statement.id or self._new_id()
        if statement.record.audience is not Audience.PUBLIC:
            self._slugs.setdefault(self._require_slug(wanted), id)
            return id, wanted
        slug = statement.draft.slug or self._find_free_slug(wanted)
        self._slugs_in_use.add(slug)
        self._slugs[slug] = id
        return id, slug

    def _resolve_hidden_slug(self, statement: Statement) -> Resolution | None:
        """A hidden record that had the slug of the row, although nothing else tells that they are the same.

        The slug is free for another organization, but a list may state the hidden one under another name: a person decides.
        """
        owner = self._slugs.get(statement.draft.slug or "")
        hidden = self._removed_hidden_records.get(owner or "") or self.records.get(owner or "", (None, 0))[0]
        if hidden is None or not hidden.is_hidden or hidden.id in self._claims or statement.draft.slug in self._slugs_in_use:
            return None
        return Resolution(
            candidates=(compare_records(build_match_record(statement.record), build_match_record(hidden), TokenFrequency()),)
        )

    def _find_removed_hidden_id(self, statement: Statement) -> str | None:
        """The record that a person says the row is about, where it was removed while it was hidden."""
        known = self.find_id(statement.same_as) if statement.same_as else None
        return known if known in self._removed_hidden_records and known not in self._claims else None

    def _is_restored(self, id: str, statement: Statement) -> bool:
        if id in self.records or id in self._claims:
            return False
        if id == statement.id:
            return True
        last = self._removed_records.get(id)
        return (
            last is not None
            and compare_records(build_match_record(statement.record), build_match_record(last), TokenFrequency()).verdict
            is not Verdict.DIFFERENT
        )

    def add(self, entry: StoredOrganization, row: Row) -> None:
        """A new record: rows that come later may be about the same organization."""
        self.claim(entry.id, row)
        self._new_records[entry.id] = entry
        self._identifiers.update(dict.fromkeys(entry.identifiers, entry.id))
        if self._match_index is not None:
            self._match_index.add(build_match_record(entry))

    def candidate_ids(self, statement: Statement) -> set[str]:
        """The ids of the records that its keys lead to, whether they agree or not; an answer that leads nowhere is none."""
        return {id for id, _ in self._find_by_keys(replace(statement, same_as=self.find_id(statement.same_as or "")))}

    def is_claimed(self, id: str) -> bool:
        return id in self._claims

    def _resolve_by_keys(self, statement: Statement) -> Resolution | None:
        """The one record that the keys of the row lead to, with these keys as evidence."""
        self._require_unmerged(statement.id)
        found: dict[str, list[str]] = {}
        for id, key in self._find_by_keys(statement):
            found.setdefault(id, []).append(key)
        if len(found) > 1 or (found and statement.id is not None and statement.id not in found):
            raise BadInput(
                f"Its keys lead to different organizations ({self._describe_conflict(found)}); correct or leave out the wrong one."
            )
        for id, keys in found.items():
            if id not in self.records and id not in self._claims:
                sentence = f"What the row gives ({', '.join(keys)}) belonged to an organization that was removed; give another."
                raise BadInput(sentence, argument="slug")
            return Resolution(id, tuple(Evidence(EvidenceKind.IDENTIFIER, key, IDENTIFIER_POINTS) for key in keys))
        return None

    def _find_by_keys(self, statement: Statement) -> Iterator[tuple[str, str]]:
        """The records that keys of the row lead to, each with the key in words."""
        slug, answer = statement.draft.slug, statement.same_as
        for one in statement.record.identifiers:
            if one in self._identifiers:
                yield self._identifiers[one], f"{one.scheme} {one.value}"
        if slug in self._slugs and self._slugs[slug] != statement.id and self._is_slug_a_key(slug, statement):
            yield self._slugs[slug], f"slug {slug}"
        if answer is not None and answer != NEW_RECORD and self._find_removed_hidden_id(statement) is None:
            yield self._require_known(answer), f"{SAME_AS_COLUMN} {answer}"
        if statement.id is not None and (statement.id in self.records or statement.id in self._claims):
            yield statement.id, f"id {statement.id}"

    def _is_slug_a_key(self, slug: str, statement: Statement) -> bool:
        """Whether the slug is a key of the row. One that a hidden or removed record released may be another record's by now."""
        owner = self._slugs[slug]
        if slug in self._slugs_in_use or owner in self._claims:
            return True
        if owner not in self.records or statement.id is not None:
            return False
        return (
            compare_records(
                build_match_record(statement.record), build_match_record(self.records[owner][0]), TokenFrequency()
            ).verdict
            is not Verdict.DIFFERENT
        )

    def _describe_conflict(self, found: Mapping[str, Sequence[str]]) -> str:
        """Which key leads to whom."""
        led = {whom: self.get_record(whom).slug if whom in self.records else whom for whom in found}
        return "; ".join(f"{', '.join(keys)} to {led[whom]}" for whom, keys in found.items())

    def _require_known(self, answer: str) -> str:
        known = self.find_id(answer)
        if known is None:
            sentence = f'"{answer}" is no organization here; give the id or slug of one, or "{NEW_RECORD}".'
            raise BadInput(sentence, argument="same_as")
        return known

    def _require_unmerged(self, id: str | None) -> None:
        """What an earlier export says of a record that was merged since is no news of the one it was merged into."""
        survivor = self._survivor_ids.get(id) if id and id not in self.records else None
        if survivor in self.records:
            slug = self.records[survivor][0].slug
            sentence = (
                f"The organization with this id was merged into {slug} since; give the id of that one, or leave this row out."
            )
            raise BadInput(sentence, argument="id")

    def _require_unclaimed(self, known: str) -> None:
        if known in self._claims:
            earlier = self._claims[known]
            raise BadInput(f"{earlier.file}, record {earlier.number}, states the same organization; put the two together.")

    def _resolve_by_similarity(self, statement: Statement, origin: str) -> Resolution:
        if self._match_index is None:
            self._match_index = MatchIndex(build_match_record(entry) for entry in self._list_all())
        likely = tuple(self._match_index.find_matches(build_match_record(statement.record)))
        if any(one.id in self._removed_hidden_records for one in likely):
            return Resolution(candidates=likely)
        same = [one for one in likely if one.verdict is Verdict.SAME]
        if len(same) == 1 and not self.is_claimed(same[0].id):
            return Resolution(same[0].id, same[0].evidence)
        again = self._find_from_same_source(statement, origin, same or likely)
        if again is not None:
            said = Evidence(EvidenceKind.NAME, f'the same source, "{origin}", had it under this name', SAME_SOURCE_POINTS)
            return Resolution(again.id, (*again.evidence, said))
        return Resolution(candidates=likely)

    def _find_from_same_source(self, statement: Statement, origin: str, likely: Sequence[MatchResult]) -> MatchResult | None:
        """The record that this very source stated under this name: of several the likeliest, or the one of the same row."""
        own = [one for one in likely if not self.is_claimed(one.id) and self._is_from(one.id, origin, statement.record.name)]
        best = [one for one in own if one.score == own[0].score]
        rows = [one for one in best if statement.row.number in self._source_rows(one.id, origin)]
        return best[0] if len(best) == 1 else rows[0] if len(rows) == 1 else None

    def _is_from(self, id: str, origin: str, name: str) -> bool:
        entry, _ = self.find_with_revision(id)
        return entry is not None and is_known_name(name, entry) and any(source.origin == origin for source in entry.sources)

    def _source_rows(self, id: str, origin: str) -> set[int | None]:
        entry, _ = self.find_with_revision(id)
        return {source.row for source in entry.sources if source.origin == origin} if entry else set()

    def _list_all(self) -> Iterable[StoredOrganization]:
        return (
            *(entry for entry, _ in self.records.values()),
            *self._new_records.values(),
            *self._removed_hidden_records.values(),
        )

    def _find_free_slug(self, slug: str) -> str:
        """That slug, with a number where another has it: an address would tell where a hidden place is."""
        if self._require_slug(slug) not in self._slugs_in_use:
            return slug
        stem = slug[: SLUG_LIMIT - 5].rstrip("-")
        number = self._slug_numbers.get(stem, 2)
        while f"{stem}-{number}" in self._slugs_in_use:
            number += 1
        self._slug_numbers[stem] = number  # chapters by the thousand have one name
        return f"{stem}-{number}"

    def _require_slug(self, slug: str) -> str:
        if not slug:
            raise BadInput("The name suggests no slug; give one.", argument="slug")
        return slug
