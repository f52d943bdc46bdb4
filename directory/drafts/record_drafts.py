"""Check submitted data of coalitions, events, instruments and provisions, and build the record to store."""

from collections.abc import Callable, Mapping

from directory.drafts.coalition_draft import build_stored_coalition, parse_coalition_draft
from directory.drafts.event_draft import build_stored_event, parse_event_draft
from directory.drafts.geocoding import locate, make_location_id
from directory.drafts.instrument_draft import (
    build_stored_instrument,
    build_stored_provision,
    parse_instrument_draft,
    parse_provision_draft,
)
from directory.kinds.coalition import StoredCoalition
from directory.kinds.event import StoredEvent
from directory.kinds.instrument import StoredInstrument, StoredProvision
from directory.records import RecordKind, StoredRecord

Submitted = Mapping[str, object]


def build_record(kind: RecordKind, submitted: Submitted, *, id: str, slug: str) -> StoredRecord:
    """Return the record that the fields of a draft of its kind describe; organizations have drafts of their own.

    Raises BadInput with all problems in its param `problems`, a list of Problem.
    """
    return _BUILDERS[kind](submitted, id, slug)


def _build_coalition(submitted: Submitted, id: str, slug: str) -> StoredCoalition:
    return build_stored_coalition(parse_coalition_draft(submitted), id=id, slug=slug)


def _build_event(submitted: Submitted, id: str, slug: str) -> StoredEvent:
    draft = parse_event_draft(submitted)
    sites = tuple(locate(place, id=make_location_id(id, position)) for position, place in enumerate(draft.locations))
    return build_stored_event(draft, id=id, slug=slug, sites=sites)


def _build_instrument(submitted: Submitted, id: str, slug: str) -> StoredInstrument:
    return build_stored_instrument(parse_instrument_draft(submitted), id=id, slug=slug)


def _build_provision(submitted: Submitted, id: str, slug: str) -> StoredProvision:
    return build_stored_provision(parse_provision_draft(submitted), id=id, slug=slug)


_BUILDERS: Mapping[RecordKind, Callable[[Submitted, str, str], StoredRecord]] = {
    RecordKind.COALITION: _build_coalition,
    RecordKind.EVENT: _build_event,
    RecordKind.INSTRUMENT: _build_instrument,
    RecordKind.PROVISION: _build_provision,
}
