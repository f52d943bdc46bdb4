"""`EventDraft`: an event as submitted, validated and normalized when it is created. All problems are reported at once.

A start is a moment (`starts_at`, with an offset) or a local time (`starts_local`, in `time_zone`), and so is an end. With
`is_all_day` a local time is a date, and a moment is midnight UTC.
"""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from directory.drafts.address_patterns import find_address
from directory.drafts.draft_checks import list_sourced_fields, require_sourced_fields, require_valid_record
from directory.drafts.draft_parts import LIST_FIELD, Draft, Id, LinkDraft, LocationDraft, Moment, Name, Slug, SourceDraft, Url
from directory.drafts.local_times import LOCAL_TIME_LIMIT, is_local_time, require_time_zone, resolve_local_time
from directory.drafts.plain_fields import build_plain_fields_draft
from directory.drafts.problems import to_pydantic_error, validate_draft, validate_with
from directory.errors import BadInput
from directory.kinds.event import EVENT, EventHost, StoredEvent
from directory.records import Audience, Link, Source, StoredLocation


def _format_local_time(value: object) -> object:
    """Return a date or a time of TOML as the text that it is written in."""
    return value.isoformat() if isinstance(value, dt.date) else value


LocalTime = Annotated[str, BeforeValidator(_format_local_time), Field(max_length=LOCAL_TIME_LIMIT)]

_TIME_FIELDS = ("time_zone", "is_all_day", "starts_at", "starts_local", "ends_at", "ends_local", "is_cancelled")
_OTHER_FIELDS = tuple(field for field in EVENT.fields if field not in ("name", "time_zone"))
_COPIED_FIELDS = (*EVENT.fields, "is_all_day", "is_cancelled", "online_url", "online_audience", "coalition", "audience")

if TYPE_CHECKING:
    from directory.drafts.plain_fields import PlainFieldsDraft as EventFieldsDraft
else:
    _PARTS = ("links", "online_url", "online_audience", "locations", "hosts", "coalition", "sources", "audience")
    _ORDER = ("slug", "name", *_TIME_FIELDS, *_OTHER_FIELDS, *_PARTS)  # a time is checked after what it depends on
    EventFieldsDraft = build_plain_fields_draft("EventFieldsDraft", EVENT.fields, _ORDER)


class HostDraft(Draft):
    """Who hosts the event: `organization` (the id of a record) or `actor` (the name of somebody without a record)."""

    organization: Id | None = None
    actor: Name | None = None

    @field_validator("actor")
    @classmethod
    def _refuse_address(cls, actor: str | None) -> str | None:
        if found := find_address(actor or ""):
            raise to_pydantic_error(BadInput(f"The name of this host contains {found[0]}. {found[1]}"))
        return actor

    @model_validator(mode="after")
    def _check_one_host(self) -> Self:
        if (self.organization is None) == (self.actor is None):
            raise to_pydantic_error(
                BadInput("A host must be either an organization in this directory or another actor. Give exactly one.")
            )
        return self


class EventDraft(EventFieldsDraft):
    """An event as submitted: its parts, and the plain fields of its registry. `coalition` is the id of a coalition."""

    slug: Slug | None = None
    is_all_day: bool = False
    starts_at: Moment | None = None
    starts_local: LocalTime | None = Field(default=None, validate_default=True)
    ends_at: Moment | None = None
    ends_local: LocalTime | None = None
    is_cancelled: bool = False
    links: tuple[LinkDraft, ...] = LIST_FIELD
    online_url: Url | None = None
    online_audience: Audience = Audience.MEMBERS
    locations: tuple[LocationDraft, ...] = LIST_FIELD
    hosts: tuple[HostDraft, ...] = LIST_FIELD
    coalition: Id | None = None
    sources: Annotated[tuple[SourceDraft, ...], validate_with(partial(require_sourced_fields, list_sourced_fields(EVENT)))] = (
        LIST_FIELD
    )
    audience: Audience = Audience.PUBLIC

    @property
    def start(self) -> dt.datetime:
        """When the event starts, in UTC."""
        moment = _find_moment(vars(self), "starts")
        assert moment is not None  # noqa: S101 - _check_start
        return moment

    @property
    def end(self) -> dt.datetime | None:
        """When the event ends, in UTC; None if that is not stated."""
        return _find_moment(vars(self), "ends")

    @field_validator("time_zone")
    @classmethod
    def _check_time_zone(cls, time_zone: str | None) -> str | None:
        return None if time_zone is None else _report(require_time_zone, time_zone)

    @field_validator("starts_at", "ends_at", mode="before")
    @classmethod
    def _require_offset(cls, moment: object, info: ValidationInfo) -> object:
        if isinstance(moment, str) and is_local_time(moment):
            advice = (
                f"Write it in {str(info.field_name).replace('_at', '_local')}, with a time_zone, or add its offset: -04:00 or Z."
            )
            raise to_pydantic_error(BadInput(f"This time has no offset. {advice}"))
        return moment

    @field_validator("starts_at", "ends_at")
    @classmethod
    def _check_all_day(cls, moment: dt.datetime | None, info: ValidationInfo) -> dt.datetime | None:
        if moment and info.data.get("is_all_day") and moment.time() != dt.time():
            raise to_pydantic_error(
                BadInput("An event that takes the whole day has no time of day. Write midnight in UTC: 2021-03-17T00:00:00Z.")
            )
        return moment

    @field_validator("starts_local")
    @classmethod
    def _check_start(cls, local: str | None, info: ValidationInfo) -> str | None:
        if "starts_at" in info.data and _report(_find_moment, {**info.data, "starts_local": local}, "starts") is None:
            raise to_pydantic_error(BadInput("An event needs a start. Give starts_at, or starts_local with a time zone."))
        return local

    @field_validator("ends_at")
    @classmethod
    def _check_end(cls, moment: dt.datetime | None, info: ValidationInfo) -> dt.datetime | None:
        _report(_require_order, {**info.data, "ends_at": moment})
        return moment

    @field_validator("ends_local")
    @classmethod
    def _check_local_end(cls, local: str | None, info: ValidationInfo) -> str | None:
        if local is not None:
            _report(_require_order, {**info.data, "ends_local": local})
        return local

    @field_validator("locations")
    @classmethod
    def _check_one_place(cls, locations: tuple[LocationDraft, ...]) -> tuple[LocationDraft, ...]:
        if len(locations) > 1:
            raise to_pydantic_error(BadInput("An event has one place. Enter another event for another place."))
        return locations


def _find_moment(data: Mapping[str, Any], name: str) -> dt.datetime | None:
    """Return the moment `{name}_at`, or that of the local time. Raises BadInput for both, and for an invalid local time.

    None if neither is stated, or if the local time depends on a value that has problems of its own.
    """
    moment, local = data.get(f"{name}_at"), data.get(f"{name}_local")
    if moment is not None and local is not None:
        raise BadInput(f"Give either {name}_at or {name}_local, not both.")
    if local is None or not {"time_zone", "is_all_day"} <= data.keys():
        return moment
    return resolve_local_time(local, data["time_zone"], is_all_day=data["is_all_day"])


def _require_order(data: Mapping[str, Any]) -> None:
    """Raise BadInput for an end before the start, or an invalid local end. A start with problems of its own is ignored."""
    end = _find_moment(data, "ends")
    start = _find_moment(data, "starts") if "starts_local" in data else None
    if start and end and end < start:
        raise BadInput("The event ends before it starts. Correct one of the two times.")


def _report(check: Any, *arguments: Any) -> Any:
    """Return the result of a check, whose BadInput becomes a problem of the field."""
    try:
        return check(*arguments)
    except BadInput as refusal:
        raise to_pydantic_error(refusal) from refusal


def parse_event_draft(submitted: Mapping[str, object]) -> EventDraft:
    """Return the draft of submitted data. Raises BadInput with all problems in its param `problems`, a list of Problem."""
    return validate_draft(EventDraft, submitted)


def build_stored_event(draft: EventDraft, *, id: str, slug: str, sites: tuple[StoredLocation, ...] = ()) -> StoredEvent:
    """Return the draft as a stored record with its place (see geocoding.py).

    Raises BadInput for a text that names a place which the record does not publish; the param `problems` is a list of Problem.
    """
    return require_valid_record(
        StoredEvent(
            id=id,
            slug=slug,
            starts_at=draft.start,
            ends_at=draft.end,
            sites=sites,
            links=tuple(Link(**vars(link)) for link in draft.links),
            hosts=tuple(EventHost(**vars(host)) for host in draft.hosts),
            sources=tuple(Source(**vars(source)) for source in draft.sources),
            **{field: getattr(draft, field) for field in _COPIED_FIELDS},
        )
    )
