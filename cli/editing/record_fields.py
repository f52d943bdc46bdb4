"""Convert a stored record to the fields of its text, which are those of a draft and of files for `directory seed`.

Streets and points of places that are not published exactly are not loaded, and so not among the fields. A location without
them keeps those that are stored (edited_record.py).
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from cli.editing.field_guide import list_entries
from directory.drafts.local_times import resolve_local_time
from directory.errors import BadInput
from directory.export.draft_fields import to_json_value
from directory.geo import Disclosure, Precision
from directory.kinds import get_kind
from directory.kinds.event import StoredEvent
from directory.kinds.kind import list_part_types, list_reference_fields, list_references
from directory.records import Source, StoredLocation, StoredOrganization, StoredRecord
from directory.store.ledger.edits import RecordId
from directory.store.read_transaction import ReadTransaction
from directory.vocabulary.regions import HOME_COUNTRY, REGIONS

KEPT_BY_ID = "relations"  # which imports of organizations find by id only
TIME_FIELDS = ("time_zone", "is_all_day", "starts_at", "starts_local", "ends_at", "ends_local")  # they depend on each other

Fields = dict[str, Any]


class ReferenceNames(Struct, frozen=True):
    """The records that a record refers to: their slugs by id, and their names by id and by slug."""

    slugs: Mapping[str, str] = {}
    names: Mapping[str, str] = {}


def load_reference_names(reading: ReadTransaction, record: StoredRecord) -> ReferenceNames:
    """Return the slugs and names of all records that this one refers to."""
    others = list(reading.load_records_of({RecordId(kind, id) for kind, id in list_references(record)}))
    names = {key: other.name for other in others for key in (other.id, other.slug)}
    return ReferenceNames({other.id: other.slug for other in others}, names)


def to_fields(record: StoredRecord, references: ReferenceNames) -> Fields:
    """Return `id` and all stated fields of a draft, ready for TOML, in the order of the text."""
    values = {**_list_plain_values(record), **_list_parts(record)}
    if isinstance(record, StoredEvent):
        values |= _list_times(record)
    order = [entry.name for entry in list_entries(get_kind(record).name)]
    fields = {"id": record.id, **{name: values[name] for name in order if values.get(name) not in (None, [], {})}}
    return _with_slugs(record, fields, references)


def _list_plain_values(record: StoredRecord) -> Fields:
    return {name: to_json_value(getattr(record, name)) for name in record.__struct_fields__}


def _list_parts(record: StoredRecord) -> Fields:
    has_several = len(record.sites) > 1
    parts: Fields = {"locations": [location_fields(site, has_several=has_several) for site in record.sites]}
    parts["sources"] = _group_sources(record.sources)
    return parts


def location_fields(site: StoredLocation, *, has_several: bool) -> Fields:
    """Return the fields of a LocationDraft. The street and the point are among them only if the place is published exactly."""
    private = site.private if site.disclosure is Disclosure.EXACT else None
    point = private.point if private else None
    county = REGIONS.get(site.county) if site.county else None
    is_abroad = site.country != HOME_COUNTRY
    fields = {
        "name": site.name,
        "street": private.street if private else None,
        "city": site.city,
        "county": county.name if county else None,
        "state": site.state if is_abroad else (site.state or "").partition("-")[2] or None,
        "postal_code": site.postal_code,
        "country": site.country if is_abroad else None,
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
        "known": site.known.value if point and site.known is Precision.STREET else None,
        "disclosure": site.disclosure.value if site.disclosure else None,
        "is_primary": True if site.is_primary and has_several else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _group_sources(sources: Iterable[Source]) -> list[Fields]:
    """Return one table for each source, with all `fields` that it states, so that a long list stays readable."""
    groups: dict[str, tuple[list[str], Fields]] = {}
    for source in sources:
        fields = to_json_value(source)
        field = fields.pop("field")
        if source.tells is Disclosure.EXACT:
            fields.pop("tells", None)
        groups.setdefault(repr(fields), ([], fields))[0].append(field)
    return [{"fields": own, **fields} for own, fields in groups.values()]


def _list_times(event: StoredEvent) -> Iterator[tuple[str, Any]]:
    """Yield the times as the time zone shows them, or in UTC for an event without one."""
    for name, moment in (("starts", event.starts_at), ("ends", event.ends_at)):
        if event.is_all_day or (event.time_zone and moment):
            yield f"{name}_at", None
            yield f"{name}_local", _format_local(moment, event) if moment else None


def _format_local(moment: dt.datetime, event: StoredEvent) -> str:
    """Return what clocks show, with the offset if that time occurs twice there."""
    if event.is_all_day:
        return moment.date().isoformat()
    local = moment.astimezone(ZoneInfo(event.time_zone or "UTC"))
    text = local.replace(tzinfo=None).isoformat(sep=" ").removesuffix(":00")
    try:
        is_clear = resolve_local_time(text, event.time_zone) == moment
    except BadInput:
        is_clear = False
    return text if is_clear else local.isoformat(sep=" ")


def _with_slugs(record: StoredRecord, fields: Fields, references: ReferenceNames) -> Fields:
    """Return the fields with slugs in place of ids, except where an import needs ids."""
    parts = list_part_types(type(record))
    lists = {
        name: [_replace_ids(part, item, references) for part in fields[name]]
        for name, item in parts
        if name in fields and not (name == KEPT_BY_ID and isinstance(record, StoredOrganization))
    }
    return {**_replace_ids(fields, type(record), references), **lists}


def _replace_ids(fields: Fields, struct: type[Struct], references: ReferenceNames) -> Fields:
    names = [name for name, _ in list_reference_fields(struct) if name in fields]
    return {**fields, **{name: references.slugs.get(fields[name], fields[name]) for name in names}}
