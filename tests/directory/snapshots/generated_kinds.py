"""Random networks of records of all kinds that refer to each other, and random edits of them.

Places whose disclosure is not EXACT have a private street and name with the word PRIVATE_WORD, which no answer may contain.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any, TypeVar

from msgspec.structs import replace

from directory.geo import Disclosure, Point, Precision
from directory.kinds import KINDS, get_kind
from directory.kinds.coalition import CoalitionMember, StoredCoalition
from directory.kinds.event import EventHost, StoredEvent
from directory.kinds.instrument import StoredInstrument, StoredProvision
from directory.kinds.kind import list_references
from directory.records import (
    Audience,
    Membership,
    MembershipStatus,
    PrivatePlace,
    RecordKind,
    Relation,
    RelationKind,
    StoredLocation,
    StoredOrganization,
    StoredRecord,
)
from directory.store.ledger.edits import Edit, Put, Remove
from directory.vocabulary.choices import InstrumentKind
from tests.builders import NOW, a_stored_location, an_id

Records = Mapping[str, StoredRecord]  # by id
Change = Callable[[Random, Any, Records], Mapping[str, Any]]  # returns the new values of fields
RecordT = TypeVar("RecordT", bound=StoredRecord)

COUNTS = {
    RecordKind.ORGANIZATION: 9,
    RecordKind.COALITION: 5,
    RecordKind.EVENT: 5,
    RecordKind.INSTRUMENT: 3,
    RecordKind.PROVISION: 6,
}
WORDS = ("Harbor", "Garden", "Lantern")
PHRASES = (  # that may name a coalition or a provision
    *(f"{first} {second} alliance {number}".lower() for first in WORDS for second in WORDS for number in range(5)),
    *(f"{word} {number}" for word in ("article", "udhr") for number in range(6)),
)
ISSUE_AREAS = ("housing", "tenants", "immigration", "reentry")  # tenants are a part of housing
REGIONS = ("US", "US-GA", "US-FL", "US-SOUTH")
PLACES = (("Atlanta", "US-GA"), ("Savannah", "US-GA"), ("Oakland", "US-CA"), ("Miami", "US-FL"))
DISCLOSURES = (*Disclosure, None)
AUDIENCES = (*[Audience.PUBLIC] * 4, Audience.MEMBERS, Audience.STAFF)
PRIVATE_WORD = "Quillwort"
REFERENCE_SETS = (  # the kind that refers, the set in its index, and the kind that it refers to
    (RecordKind.COALITION, "member", RecordKind.ORGANIZATION),
    (RecordKind.COALITION, "parent", RecordKind.COALITION),
    (RecordKind.EVENT, "coalition", RecordKind.COALITION),
    (RecordKind.PROVISION, "instrument", RecordKind.INSTRUMENT),
)
DAYS = 6  # on which events start, from NOW
NEW_NUMBERS = 3  # of each kind, for records that are created later


def generate_network(rng: Random) -> dict[str, StoredRecord]:
    """Return records by id. Each refers only to earlier ones."""
    records: dict[str, StoredRecord] = {}
    for kind, count in COUNTS.items():
        for number in range(count):
            record = generate_record(rng, kind, number, records)
            records[record.id] = record
    return records


def generate_record(rng: Random, kind: RecordKind, number: int, records: Records) -> StoredRecord:
    """Generate a record that refers to some of these. The kind and number determine its id."""
    required: dict[RecordKind, dict[str, Any]] = {
        RecordKind.EVENT: {"starts_at": NOW},
        RecordKind.PROVISION: {"instrument": choose_id(rng, records, StoredInstrument), "number": str(number)},
    }
    name, slug = f"{kind.noun} {number}", f"{kind.noun}-{number}"
    record = KINDS[kind].stored_type(**{"id": an_id(name), "slug": slug, "name": name, **required.get(kind, {})})
    for change in (_rename, _rewrite, *_CHANGES[kind]):
        record = replace(record, **change(rng, record, records))
    return replace(record, slug=slug, audience=rng.choice(AUDIENCES))


def list_of_type(records: Records, stored_type: type[RecordT]) -> list[RecordT]:
    return [record for record in records.values() if isinstance(record, stored_type)]


def choose_id(rng: Random, records: Records, stored_type: type[StoredRecord], excluded: str = "") -> str | None:
    ids = [record.id for record in list_of_type(records, stored_type) if record.id != excluded]
    return rng.choice(ids) if ids else None


def _choose_ids(rng: Random, records: Records, stored_type: type[StoredRecord], count: int) -> list[str]:
    ids = [record.id for record in list_of_type(records, stored_type)]
    return rng.sample(ids, min(count, len(ids)))


# ---------------------------------------------------------------- changes of one record


def _rename(rng: Random, record: StoredRecord, _: Records) -> dict[str, Any]:
    """Choose a name, which is unique, and a slug, which may belong to another record."""
    noun, number = get_kind(record).noun, record.name.split()[-1]
    word = "Alliance" if isinstance(record, StoredCoalition) else noun.capitalize()
    name = f"{rng.choice(WORDS)} {rng.choice(WORDS)} {word} {number}"
    return {"name": name, "slug": f"{noun}-{rng.choice((number, number, 0))}-{rng.choice('ab')}"}


def _rewrite(rng: Random, record: StoredRecord, _: Records) -> dict[str, Any]:
    return {
        "issue_areas": tuple(rng.sample(ISSUE_AREAS, rng.randrange(3))),
        "summary": rng.choice((None, " ".join(rng.choices(WORDS, k=3)))),
    }


def _change_membership(rng: Random, _: StoredOrganization, __: Records) -> dict[str, Any]:
    return {"membership": Membership(rng.choice((MembershipStatus.ACTIVE, MembershipStatus.ACTIVE, *MembershipStatus)))}


def _change_relations(rng: Random, record: StoredOrganization, records: Records) -> dict[str, Any]:
    other = choose_id(rng, records, StoredOrganization, record.id)
    return {"relations": (Relation(RelationKind.PARTNER, other),) if other else ()}


def _change_members(rng: Random, _: StoredCoalition, records: Records) -> dict[str, Any]:
    ids = _choose_ids(rng, records, StoredOrganization, rng.randrange(1, 6))
    return {"members": tuple(CoalitionMember(identity, rng.choice((None, "Chair"))) for identity in ids)}


def _change_parent(rng: Random, record: StoredCoalition, records: Records) -> dict[str, Any]:
    parent = choose_id(rng, records, StoredCoalition, record.id)
    return {"parent": parent if rng.random() < 0.7 else None, "regions": tuple(rng.sample(REGIONS, rng.randrange(3)))}


def _change_hosts(rng: Random, _: StoredEvent, records: Records) -> dict[str, Any]:
    hosts = [EventHost(identity) for identity in _choose_ids(rng, records, StoredOrganization, rng.randrange(1, 4))]
    coalition = choose_id(rng, records, StoredCoalition)
    return {"hosts": (*hosts, EventHost(actor="City council")), "coalition": coalition if rng.random() < 0.8 else None}


def _change_time(rng: Random, _: StoredEvent, __: Records) -> dict[str, Any]:
    start = NOW + dt.timedelta(days=rng.randrange(DAYS))
    end = start + dt.timedelta(hours=rng.choice((2, 30)))
    return {"starts_at": start, "ends_at": rng.choice((None, end)), "is_cancelled": rng.random() < 0.2}


def _change_place(rng: Random, record: StoredEvent, _: Records) -> dict[str, Any]:
    return {"sites": (_generate_place(rng, record.id),)}


def _generate_place(rng: Random, event_id: str) -> StoredLocation:
    (city, state), disclosure = rng.choice(PLACES), rng.choice(DISCLOSURES)
    word = "Town" if disclosure is Disclosure.EXACT else PRIVATE_WORD
    private = PrivatePlace(f"{rng.randrange(1, 99)} {word} Street", Point(33.75 + rng.randrange(9) / 100, -84.36))
    identity = an_id(f"place of {event_id}")
    return a_stored_location(
        city, state, id=identity, name=f"{word} Hall", disclosure=disclosure, known=Precision.EXACT, private=private
    )


def _change_instrument_kind(rng: Random, _: StoredInstrument, __: Records) -> dict[str, Any]:
    return {"kind": rng.choice(tuple(InstrumentKind)), "acronym": rng.choice((None, "UDHR"))}


def _change_provision(rng: Random, record: StoredProvision, records: Records) -> dict[str, Any]:
    instrument = choose_id(rng, records, StoredInstrument) or record.instrument
    return {"instrument": instrument, "cycle": rng.choice((None, None, "3")), "response": rng.choice((None, "Noted"))}


_CHANGES: Mapping[RecordKind, tuple[Change, ...]] = {
    RecordKind.ORGANIZATION: (_change_membership, _change_relations),
    RecordKind.COALITION: (_change_members, _change_parent),
    RecordKind.EVENT: (_change_hosts, _change_time, _change_place),
    RecordKind.INSTRUMENT: (_change_instrument_kind,),
    RecordKind.PROVISION: (_change_provision,),
}


# ---------------------------------------------------------------- edits


def generate_edits(rng: Random, records: Records) -> list[Edit]:
    """Return one to four edits of different records. The store may refuse them."""
    edits: dict[str, Edit] = {}
    for _ in range(rng.choice((1, 1, 2, 4))):
        for edit in _generate_edit(rng, records):
            edits.setdefault(edit.id, edit)
    return list(edits.values())


def _generate_edit(rng: Random, records: Records) -> list[Edit]:
    kind = rng.choice(tuple(RecordKind))  # kinds with few records are changed as often as organizations
    record = rng.choice(list_of_type(records, KINDS[kind].stored_type) or list(records.values()))
    choice = rng.randrange(10)
    if choice == 0:
        return _remove_record(record, records)
    if choice == 1:
        return [Put(generate_record(rng, kind, COUNTS[kind] + rng.randrange(NEW_NUMBERS), records))]
    if choice in (2, 3):
        return [Put(replace(record, audience=rng.choice(tuple(Audience))))]
    if choice in (4, 5):
        return [_toggle_hiding(record)]
    change = rng.choice((_rename, _rewrite, *_CHANGES[get_kind(record).name] * 2))
    return [Put(replace(record, **change(rng, record, records)), allow_other_slug=rng.random() < 0.5)]


def _toggle_hiding(record: StoredRecord) -> Put:
    return Put(replace(record, hidden_since=None if record.is_hidden else NOW, hidden_until=None), override_hiding=True)


def _remove_record(record: StoredRecord, records: Records) -> list[Edit]:
    """Return edits that remove a record, and the references to it. Provisions are removed with their instrument."""
    referrers = [other for other in records.values() if record.id in (identity for _, identity in list_references(other))]
    return [_build_removal(record), *(_build_release(other, record.id) for other in referrers)]


def _build_removal(record: StoredRecord) -> Remove:
    return Remove(record.id, kind=get_kind(record).name)


def _build_release(record: StoredRecord, identity: str) -> Edit:
    if isinstance(record, StoredProvision):
        return _build_removal(record)
    lists = {
        name: _drop_references(getattr(record, name), identity)
        for name in ("members", "hosts", "relations")
        if hasattr(record, name)
    }
    fields = {name: None for name in ("parent", "coalition") if getattr(record, name, None) == identity}
    return Put(replace(record, **lists, **fields))


def _drop_references(parts: Iterable[Any], identity: str) -> tuple[Any, ...]:
    return tuple(part for part in parts if part.organization != identity)


# ---------------------------------------------------------------- edits with an interesting effect


def hide_a_reference(rng: Random, records: Records, owner: RecordKind, target: RecordKind) -> list[Edit]:
    """Show a record of the kind `target` to fewer people than an `owner` that refers to it; [] if none does.

    If possible, both are public before. Otherwise the owner gets public.
    """
    owners = list_of_type(records, KINDS[owner].stored_type)
    pairs = [(one, records[identity]) for one in owners for kind, identity in list_references(one) if kind is target]
    public_pairs = [pair for pair in pairs if is_public(pair[0]) and is_public(pair[1])]
    audience = rng.choice((Audience.MEMBERS, Audience.STAFF))
    chosen = rng.choice(public_pairs or pairs) if pairs else ()
    return [Put(replace(one, audience=own)) for one, own in zip(chosen, (Audience.PUBLIC, audience), strict=False)]


def remove_a_coalition(rng: Random, records: Records) -> list[Edit]:
    return _remove_record(rng.choice(list_of_type(records, StoredCoalition)), records)


def move_an_event(rng: Random, records: Records) -> list[Edit]:
    event = _choose_public(rng, list_of_type(records, StoredEvent))
    return [Put(replace(event, **_change_place(rng, event, records)))]


def change_members(rng: Random, records: Records) -> list[Edit]:
    """Change the members of a coalition, and nothing else."""
    coalition = _choose_public(rng, list_of_type(records, StoredCoalition))
    return [Put(replace(coalition, **_change_members(rng, coalition, records)))]


def rename_a_record(rng: Random, records: Records) -> list[Edit]:
    record = _choose_public(rng, list(records.values()))
    return [Put(replace(record, **_rename(rng, record, records)), allow_other_slug=True)]


def _choose_public(rng: Random, records: list[RecordT]) -> RecordT:
    """Choose a public record; another one if none is public."""
    return rng.choice([record for record in records if is_public(record)] or records)


def is_public(record: StoredRecord) -> bool:
    return record.effective_audience is Audience.PUBLIC
