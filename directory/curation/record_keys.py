"""Find a record by the key that a person types.

A key is the id of a record, or a slug: that of an organization, or of another kind after the kind, as in
"coalition:upr-task-force".
"""

from directory.errors import NotFound
from directory.kinds import get_kind
from directory.records import RecordKind, StoredRecord
from directory.store.ledger.edits import RecordId
from directory.store.read_transaction import ReadTransaction

_KINDS = {kind.noun: kind for kind in RecordKind}


def parse_key(key: str) -> tuple[RecordKind, str]:
    """Return the kind in a key, ORGANIZATION if it names none, and the id or slug."""
    noun, separator, rest = key.partition(":")
    return (_KINDS[noun], rest) if separator and noun in _KINDS else (RecordKind.ORGANIZATION, key)


def format_key(record: StoredRecord, slug: str | None = None) -> str:
    """Return the key of a record, with another slug if one is given."""
    kind, own = get_kind(record).name, slug or record.slug
    return own if kind is RecordKind.ORGANIZATION else f"{kind.noun}:{own}"


def resolve_key(reading: ReadTransaction, key: str) -> RecordId:
    """Return the record with this id, or the one that the slug leads to, which may have been removed.

    An unknown key is taken for an id. The slug of a merged record leads to its survivor, its id to itself.
    """
    kind, text = parse_key(key)
    identity = reading.load_slug_targets(kind=kind).get(text, text)
    return RecordId(reading.find_kind(identity) or kind, identity)


def find_record(reading: ReadTransaction, key: str) -> StoredRecord:
    """Return the record that a key finds, or the record it was merged into. Raises NotFound if there is none."""
    kind, identity = resolve_key(reading, key)
    found = RecordId(kind, reading.load_final_survivors().get(identity, identity))
    record = next(reading.load_records_of([found]), None)
    if record is None:
        text = parse_key(key)[1]
        sentence = f'There is no {kind.noun} "{text}" now. Give its id or its slug, the last part of its address.'
        raise NotFound(sentence, value=key)
    return record
