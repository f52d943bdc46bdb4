"""The keys by which rows name records (slugs, ids and numbers): which are taken, and where they lead."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Self, TypeAlias, cast
from uuid import UUID, uuid4, uuid5

from msgspec.structs import replace
from rapidfuzz import process

from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.kinds import KINDS
from directory.kinds.instrument import StoredInstrument, StoredProvision
from directory.kinds.kind import list_part_types, list_reference_fields
from directory.matching.decide import compare_records
from directory.matching.evidence import EvidenceKind, MatchResult, Verdict
from directory.matching.match_record import build_match_record
from directory.matching.token_frequency import TokenFrequency
from directory.records import SOURCE_SCHEME_PREFIX, Identifier, RecordKind, StoredOrganization
from directory.store.read_transaction import ReadTransaction
from directory.vocabulary.slugs import SLUG_LIMIT, slugify
from seed.resolve.import_history import is_known_name, list_source_rows
from seed.resolve.row_statement import Statement

NewId: TypeAlias = Callable[[], str]


def generate_id() -> str:
    """Return a random id for a new organization. An id derived from the name would reveal the name of a hidden record."""
    return str(uuid4())


class SlugRegistry:
    """Every slug ever assigned, with the id of its record.

    `ids` includes slugs of hidden and removed records. `in_use` holds the slugs that a new public record cannot have.
    """

    def __init__(self, ids: dict[str, str], in_use: set[str]) -> None:
        self.ids = ids
        self.in_use = in_use
        self._next_numbers: dict[str, int] = {}  # by slug without its number; thousands of chapters may share a name

    @classmethod
    def load(cls, reading: ReadTransaction, records: Iterable[StoredOrganization]) -> Self:
        """Load the slugs of organizations. Texts that the records hold are not held a second time."""
        texts = {text: text for record in records for text in (record.id, record.slug)}
        ids = {texts.get(slug, slug): texts.get(id, id) for slug, id in reading.load_slug_targets().items()}
        return cls(ids, {texts.get(slug, slug) for slug in reading.load_slugs_in_use()})

    def reserve(self, id: str, suggestion: str, *, is_exact: bool) -> str:
        """Reserve the suggested slug for a public record; unless `is_exact`, with a number if it is in use.

        Raises BadInput if the suggestion is empty and not exact.
        """
        slug = suggestion if is_exact else self._find_free_slug(suggestion)
        self.in_use.add(slug)
        self.ids[slug] = id
        return slug

    def note_private(self, id: str, suggestion: str) -> None:
        """Remember the slug of a record that is not public, for later rows. The store assigns a private slug instead.

        Raises BadInput if the suggestion is empty.
        """
        self.ids.setdefault(_require_slug(suggestion), id)

    def _find_free_slug(self, slug: str) -> str:
        """Return the slug, with a number if it is in use. A name is not extended by its place, which may be hidden."""
        if _require_slug(slug) not in self.in_use:
            return slug
        stem = slug[: SLUG_LIMIT - 5].rstrip("-")
        number = self._next_numbers.get(stem, 2)
        while f"{stem}-{number}" in self.in_use:
            number += 1
        self._next_numbers[stem] = number
        return f"{stem}-{number}"


def _require_slug(slug: str) -> str:
    if not slug:
        raise BadInput("A slug cannot be derived from this name; add a slug.", argument="slug")
    return slug


class RegisteredNumbers:
    """The registered numbers, such as EINs, of all records, and those of the rows that will be resolved.

    The projects of a fiscal sponsor often state its EIN as theirs. A number is stored with one record only.
    """

    def __init__(self) -> None:
        self._owners: dict[Identifier, str] = {}
        self._expected = Counter[Identifier]()
        self._is_register = False

    def add(self, record: StoredOrganization) -> None:
        self._owners.update(dict.fromkeys(record.identifiers, record.id))

    def expect(self, statements: Iterable[Statement], *, is_register: bool) -> None:
        """Count the numbers of all rows of a list. `is_register`: it is the list of the authority that assigns them."""
        self._is_register = is_register
        self._expected = Counter(number for one in statements for number in one.record.identifiers)

    def find_owners(self, statement: Statement) -> Iterator[tuple[str, str]]:
        """Yield the id of each record that has a number of the row, and the number in words."""
        for number in statement.record.identifiers:
            if number in self._owners:
                yield self._owners[number], format_number(number)

    def are_enough(
        self, keys: Sequence[str], statement: Statement, owner: StoredOrganization, streets: Mapping[str, str], origin: str | None
    ) -> bool:
        """Return whether the keys of a row lead to its record without further evidence, or the rest of the row confirms them.

        Only registered numbers need this: a similar name confirms them, and the same street does in a register. A list that has a
        number once is taken to have renamed or moved the organization that it stated before. `origin` is the key of the list,
        None if another row of the list is about the owner.
        """
        numbers = [one for one in statement.record.identifiers if not one.scheme.startswith(SOURCE_SCHEME_PREFIX)]
        if not statement.has_name or not set(keys) <= set(map(format_number, numbers)):
            return True
        if is_known_name(statement.record.name, owner):
            return True
        if origin is not None and list_source_rows(owner, origin) and all(self._expected[number] <= 1 for number in numbers):
            return True
        result = compare_with_record(statement, owner, streets)
        is_at_street = any(part.kind is EvidenceKind.STREET for part in result.evidence)
        return result.verdict is Verdict.SAME or (self._is_register and is_at_street)

    def leave_out_others(self, statement: Statement, id: str | None) -> Statement:
        """Return the statement for the record with this id, None for a new one, without the numbers of other records.

        They are reported as left out.
        """
        record = statement.record
        others = [number for number in record.identifiers if self._owners.get(number, id) != id]
        if not others:
            return statement
        own = tuple(number for number in record.identifiers if number not in others)
        left_out = (*statement.left_out, *map(_explain_number, others))
        return replace(statement, record=replace(record, identifiers=own), left_out=left_out)


def format_number(number: Identifier) -> str:
    return f"{number.scheme} {number.value}"


def compare_with_record(statement: Statement, record: StoredOrganization, streets: Mapping[str, str]) -> MatchResult:
    """Compare a row with one record. `streets` has the private streets by the ids of locations."""
    return compare_records(build_match_record(statement.record), build_match_record(record, streets), TokenFrequency())


def _explain_number(number: Identifier) -> Problem:
    sentence = (
        f"{format_number(number)} belongs to another organization, perhaps to the fiscal sponsor of this one, and was left "
        "out. Delete it from this row, or enter that organization in same_as if the row is about it."
    )
    return Problem(("identifiers",), ErrorCode.BAD_INPUT, sentence)


MIN_SIMILARITY = 80.0  # percent, of a slug that is suggested
MAX_SUGGESTIONS = 100  # for one file: each is compared with all slugs
MAX_SHOWN_LENGTH = 100  # characters of an unknown key
Path = tuple[str | int, ...]


class ReferenceResolver:
    """The ids and slugs of all records in one transaction, and those that rows of the file will get."""

    def __init__(self, reading: ReadTransaction) -> None:
        self._survivor_ids = reading.load_final_survivors()
        self._ids = {kind: {one.id for one in reading.list_ids(kind)} for kind in RecordKind}
        self._suggestions_left = MAX_SUGGESTIONS
        self._slugs = {kind: reading.load_slug_targets(kind=kind) for kind in RecordKind}

    def add(self, kind: RecordKind, id: str, slug: str | None) -> None:
        """Let other rows refer to a record of the file."""
        self._ids[kind].add(id)
        if slug:
            self._slugs[kind].setdefault(slug, id)

    def find(self, kind: RecordKind, key: str) -> str | None:
        """Return the id of the record that has this id or slug, or of its survivor; None if there is none."""
        id = self._slugs[kind].get(key, key.lower())
        survivor = self._survivor_ids.get(id, id)
        return survivor if survivor in self._ids[kind] else None

    def resolve(self, kind: RecordKind, fields: Mapping[str, object], problems: list[Problem]) -> dict[str, object]:
        """Return the fields of a draft of a kind with ids instead of slugs. What is not found is added to the problems."""
        struct, resolved = KINDS[kind].stored_type, dict(fields)
        resolved.update(self._resolve_fields(list_reference_fields(struct), fields, (), problems))
        for name, item in list_part_types(struct):
            parts, references = fields.get(name), list_reference_fields(item)
            if references and isinstance(parts, list):
                resolved[name] = [
                    {**part, **dict(self._resolve_fields(references, part, (name, position), problems))}
                    if isinstance(part, dict)
                    else part
                    for position, part in enumerate(parts)
                ]
        return resolved

    def _resolve_fields(
        self, references: tuple[tuple[str, RecordKind], ...], values: Mapping[str, Any], path: Path, problems: list[Problem]
    ) -> Iterator[tuple[str, str]]:
        for name, kind in references:
            key = values.get(name)
            if isinstance(key, str) and key:
                id = self.find(kind, key.strip())
                if id is None:
                    problems.append(self._describe_unknown(kind, key.strip(), (*path, name)))
                else:
                    yield name, id

    def _describe_unknown(self, kind: RecordKind, key: str, path: Path) -> Problem:
        shown = key[:MAX_SHOWN_LENGTH]
        nearest = self._find_nearest_slug(kind, shown)
        advice = f"Did you mean {nearest}?" if nearest else "Add it first, or leave it out."
        sentence = f'There is no {kind.noun} with the id or slug "{shown}"; it may have been removed. {advice}'
        return Problem(path, ErrorCode.BAD_INPUT, sentence, {"value": shown})

    def _find_nearest_slug(self, kind: RecordKind, key: str) -> str | None:
        """Return the slug that is spelled most like a key; None if none is similar, or after MAX_SUGGESTIONS keys."""
        self._suggestions_left -= 1
        if self._suggestions_left < 0:
            return None
        nearest = process.extractOne(key, self._slugs[kind].keys(), score_cutoff=MIN_SIMILARITY)
        return nearest[0] if nearest else None


MAX_LISTED_INSTRUMENTS = 15


class ProvisionKey(NamedTuple):
    """What identifies a provision: the id of its instrument, the cycle of a review, and the official number."""

    instrument: str
    cycle: str | None
    number: str


def get_key(provision: StoredProvision) -> ProvisionKey:
    return ProvisionKey(provision.instrument, provision.cycle, provision.number)


class ProvisionResolver:
    """The stored instruments and provisions of one transaction, and the slugs that new provisions may have."""

    def __init__(self, reading: ReadTransaction, new_id: NewId = generate_id) -> None:
        instruments = cast("Iterable[tuple[StoredInstrument, int]]", reading.load_records(RecordKind.INSTRUMENT))
        provisions = cast("Iterable[tuple[StoredProvision, int]]", reading.load_records(RecordKind.PROVISION))
        self.instruments = {record.id: record for record, _ in instruments}
        self.provisions = {record.id: (record, revision) for record, revision in provisions}
        self._ids = {get_key(record): record.id for record, _ in self.provisions.values()}
        self._survivor_ids: Mapping[str, str] = reading.load_final_survivors()
        self._instrument_slugs = reading.load_slug_targets(kind=RecordKind.INSTRUMENT)
        self._slugs = SlugRegistry(
            reading.load_slug_targets(kind=RecordKind.PROVISION), reading.load_slugs_in_use(RecordKind.PROVISION)
        )
        self._new_id: Callable[[], str] = new_id
        self._taken_ids = set(self.provisions)

    def find_instrument(self, key: str) -> StoredInstrument | None:
        """Return the instrument with this id or slug, also a former one; None if there is none."""
        id = self._instrument_slugs.get(key, key)
        return self.instruments.get(self._survivor_ids.get(id, id))

    def find_id(self, key: ProvisionKey) -> str | None:
        """Return the id of the stored provision with this key; None if there is none."""
        return self._ids.get(key)

    def list_instrument_slugs(self) -> str:
        """Return the slugs of instruments for a message, at most MAX_LISTED_INSTRUMENTS of them."""
        slugs = sorted(instrument.slug for instrument in self.instruments.values())
        more = f" and {len(slugs) - MAX_LISTED_INSTRUMENTS:,} more" if len(slugs) > MAX_LISTED_INSTRUMENTS else ""
        return f"{', '.join(slugs[:MAX_LISTED_INSTRUMENTS])}{more}"

    def assign_id(self, key: ProvisionKey, stated_id: str | None = None) -> str:
        """Return the id of a new provision: the stated one, or one that depends only on its key.

        A provision that returns, for example after an undone import, therefore gets its old id. If a provision with another
        number has that id, because somebody corrected it, the new one gets a random id.
        """
        id = stated_id or str(uuid5(UUID(key.instrument), f"{key.cycle or ''}\n{key.number}"))
        if id in self._taken_ids:
            id = self._new_id()
        self._taken_ids.add(id)
        return id

    def assign_slug(self, id: str, key: ProvisionKey, instrument_slug: str, stated_slug: str = "") -> str:
        """Return a slug for a new provision, such as udhr-25 or upr-usa-2020-3-26-101. It gets a number if it is in use."""
        words = " ".join(part for part in (instrument_slug, key.cycle, key.number) if part)
        return self._slugs.reserve(id, stated_slug or slugify(words), is_exact=False)
