"""The network's own coalitions, events and instruments: a file for each in seed/data, with the provisions of an instrument in it.

A shipped record refers to others by id. What this directory does not have, because staff removed it, is left out of it.
"""

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
from directory.records import RecordKind, StoredRecord
from directory.store.read_transaction import ReadTransaction
from seed.plan.planned_row import PlannedRow, RowAction
from seed.resolve.record_keys import ProvisionKey, ProvisionResolver, get_key
from seed.resolve.row_statement import list_problems
from seed.rows import Row
from seed.sources import own_records

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
