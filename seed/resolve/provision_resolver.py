"""Find the provision that a row refers to: by its id, otherwise by its instrument, cycle and number."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, cast
from uuid import UUID, uuid5

from directory.kinds.instrument import StoredInstrument, StoredProvision
from directory.records import RecordKind
from directory.store.read_transaction import ReadTransaction
from directory.vocabulary.slugs import slugify
from seed.resolve.record_resolver import NewId, generate_id
from seed.resolve.slug_registry import SlugRegistry

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
