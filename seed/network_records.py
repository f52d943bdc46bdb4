"""The records that are shipped with the program, a file for each in seed/data.

They are the network itself, the organizations that its documents name, its coalitions and events, and human-rights instruments
with their provisions. A shipped record refers to others by id. What this directory does not have, because staff removed it, is
left out of it.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.instrument_draft import build_stored_provision, parse_provision_draft
from directory.drafts.record_drafts import build_record
from directory.errors import BadInput
from directory.export.kind_records import EXPORTED_KINDS
from directory.kinds.instrument import StoredProvision
from directory.kinds.references import map_references
from directory.live import Directory
from directory.records import RecordKind, StoredRecord
from directory.store.ledger.edits import Network, Receipt
from directory.store.read_transaction import ReadTransaction
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import OrganizationRow, Plan, PlannedRow, RowAction
from seed.resolve.record_keys import ProvisionKey, ProvisionResolver, get_key
from seed.resolve.row_statement import list_problems
from seed.rows import Row
from seed.sources import own_records
from seed.sources.dataset import Dataset

DATA_FOLDER = Path(__file__).with_name("data")
NETWORK_ID = "5380c410-d2d6-5d03-b4c8-197f6a3896c9"  # of the record that is the network itself


def load_network_dataset() -> Dataset:
    """Return the shipped organizations, one for each file, ordered by file name. They state their own sources."""
    return Dataset("network", "The network's own records", _read_rows(), has_provenance=True)


def _read_rows() -> Iterator[Row]:
    for path in sorted(DATA_FOLDER.glob("*.toml")):
        yield from own_records.read_record_file(path)


def plan_network(store: Store, today: dt.date) -> Plan:
    """Return a plan of all shipped records. It updates the stored organizations to the shipped ones; records of other kinds that
    exist do not change. Records that were removed here stay removed.
    """
    plan = plan_import(load_network_dataset(), store, today=today, is_strict=True)
    with store.begin_read() as reading:
        removed_ids = reading.load_removed_records([id for item in plan.items for id in _list_removable_ids(item)])
        organizations = [_skip_removed(item, removed_ids) for item in plan.items]
        new_ids = {item.record_after.id for item in organizations if item.action is RowAction.CREATE and item.record_after}
        others = list(plan_shipped_records(list(read_shipped_rows(DATA_FOLDER)), reading, new_ids))
    return Plan((*organizations, *others))


def _list_removable_ids(item: OrganizationRow) -> Sequence[str]:
    """Return the ids under which the record of the row may have been removed."""
    if item.action is RowAction.CREATE and item.record_after:
        return (item.record_after.id,)
    return tuple(
        candidate.id for candidate in item.candidates if candidate.was_removed and candidate.id == item.row.fields.get("id")
    )


def _skip_removed(item: OrganizationRow, removed_ids: Collection[str]) -> OrganizationRow:
    is_removed = any(id in removed_ids for id in _list_removable_ids(item))
    return PlannedRow(row=item.row, action=RowAction.SKIP) if is_removed else item


def seed_network(directory: Directory, now: dt.datetime) -> Receipt:
    """Add the shipped records that this directory never had, and set its network unless one is set.

    Existing records do not change and removed ones stay removed: after the first start, staff decide. A second call changes
    nothing and creates no revision. Raises BadInput in a fictional directory.
    """
    head = directory.store.load_head()
    if head.fictional:
        raise BadInput("This directory holds a fictional network and cannot take real records. Use another database.")
    plan = plan_network(directory.store, now.date()).select(RowAction.CREATE)
    network = Network(NETWORK_ID) if head.network_id is None and _will_have_network_record(directory.store, plan) else None
    return apply_plan(plan, directory, now=now, reason="the network's own records", network=network)


def _will_have_network_record(store: Store, plan: Plan) -> bool:
    return any(edit.id == NETWORK_ID for edit in plan.edits) or bool(store.load_organizations([NETWORK_ID]))


PROVISIONS_FIELD = "provisions"  # of an instrument's file, and of a source that states them
_SOURCED_PROVISION_FIELDS = ("name", "number")


class ShippedRow(Struct, frozen=True):
    """A record in a file. `row.fields` are those of a draft of its kind, and its `id`."""

    kind: RecordKind
    row: Row

    @property
    def id(self) -> str:
        return str(self.row.fields["id"])


def read_shipped_rows(folder: Path) -> Iterator[ShippedRow]:
    """Yield the records in the folders of all kinds, ordered by file name; the provisions of an instrument follow it."""
    for name, kind in EXPORTED_KINDS.items():
        for path in sorted((folder / name).glob("*.toml")):
            for row in own_records.read_record_file(path):
                yield from _split_provisions(kind, replace(row, file=f"{name}/{path.name}"))


def _split_provisions(kind: RecordKind, row: Row) -> Iterator[ShippedRow]:
    fields: Mapping[str, Any] = row.fields
    provisions, sources = fields.get(PROVISIONS_FIELD, ()), fields.get("sources", ())
    own_sources = [source for source in sources if source["field"] != PROVISIONS_FIELD]
    own = {name: value for name, value in fields.items() if name != PROVISIONS_FIELD} | {"sources": own_sources}
    yield ShippedRow(kind, replace(row, fields=own))
    inherited = [
        {**source, "field": field}
        for source in sources
        if source["field"] == PROVISIONS_FIELD
        for field in _SOURCED_PROVISION_FIELDS
    ]
    for number, provision in enumerate(provisions, start=1):
        stated = {"instrument": fields["id"], "sources": inherited, **provision}
        yield ShippedRow(RecordKind.PROVISION, replace(row, number=number, fields=stated))


def plan_shipped_records(
    rows: Sequence[ShippedRow], reading: ReadTransaction, new_organization_ids: Collection[str]
) -> Iterator[PlannedRow]:
    """Yield what happens to each row: it creates a record that this directory never had, and is skipped otherwise.

    `new_organization_ids` are the organizations that the same write creates.
    """
    planner = _ShippedPlanner(reading, new_organization_ids)
    removed_ids = reading.load_removed_records([shipped.id for shipped in rows])
    for shipped in rows:
        try:
            is_new = shipped.id not in removed_ids
            yield planner.plan(shipped) if is_new else PlannedRow(row=shipped.row, action=RowAction.SKIP)
        except BadInput as error:
            yield PlannedRow(row=shipped.row, action=RowAction.REJECT, problems=list_problems(error))


class _ShippedPlanner:
    def __init__(self, reading: ReadTransaction, new_organization_ids: Collection[str]) -> None:
        self._survivor_ids = reading.load_final_survivors()
        self._known_ids = {*reading.load_audiences(), *new_organization_ids}
        self._slugs = {kind: reading.load_slug_targets(kind=kind) for kind in EXPORTED_KINDS.values()}
        self._provisions = ProvisionResolver(reading)
        self._instrument_slugs = {id: instrument.slug for id, instrument in self._provisions.instruments.items()}

    def plan(self, shipped: ShippedRow) -> PlannedRow:
        record = None if shipped.id in self._known_ids else self._build(shipped)
        if record is None:
            return PlannedRow(row=shipped.row, action=RowAction.SKIP)
        self._known_ids.add(shipped.id)
        fields = tuple(sorted(shipped.row.fields))
        return PlannedRow(row=shipped.row, action=RowAction.CREATE, record_after=record, changed_fields=fields)

    def _build(self, shipped: ShippedRow) -> StoredRecord | None:
        """Return the new record; None if another record has its slug or number, or if its instrument is missing."""
        stated = {name: value for name, value in shipped.row.fields.items() if name != "id"}
        if shipped.kind is RecordKind.PROVISION:
            return self._build_provision(stated, shipped.id)
        slug = str(stated["slug"])
        if slug in self._slugs[shipped.kind]:
            return None
        record = map_references(build_record(shipped.kind, stated, id=shipped.id, slug=slug), self._find_known)
        if shipped.kind is RecordKind.INSTRUMENT:
            self._instrument_slugs[shipped.id] = slug
        return record

    def _build_provision(self, stated: Mapping[str, object], id: str) -> StoredProvision | None:
        instrument = self._find_known(str(stated["instrument"]))
        if instrument is None:
            return None
        provision = build_stored_provision(parse_provision_draft({**stated, "instrument": instrument}), id=id, slug="")
        key: ProvisionKey = get_key(provision)
        if self._provisions.find_id(key) is not None:
            return None
        return replace(provision, slug=self._provisions.assign_slug(id, key, self._instrument_slugs[instrument]))

    def _find_known(self, id: str) -> str | None:
        survivor = self._survivor_ids.get(id, id)
        return survivor if survivor in self._known_ids else None
