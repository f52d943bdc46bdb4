"""Turn a local time, such as "2021-03-17 08:00" in America/New_York, into a moment in UTC.

When clocks are set back, an hour occurs twice; when they are set forward, an hour is missing. Such a time is refused and never
guessed: the person adds the offset that is meant.
"""

import datetime as dt
import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from directory.errors import BadInput
from directory.kinds.event import EARLIEST_YEAR, LATEST_YEAR, is_time_zone

LOCAL_TIME_LIMIT = 32  # characters: "2021-03-17T08:00:00.000000-05:00"

_LOCAL_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{3,6})?)?))?\s?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_EXAMPLE = "Write it like 2021-03-17 08:00."


def resolve_local_time(text: str, time_zone: str | None, *, is_all_day: bool = False) -> dt.datetime:
    """Return the moment of a local time, in UTC. With `is_all_day` the text is a date, and the moment its midnight in UTC.

    An offset in the text ("2021-11-07 01:30 -05:00") decides between two moments. Raises BadInput for a text in another form, a
    time without a zone, a time that does not exist there or occurs twice, and an offset that the zone does not have then.
    """
    local, offset, has_clock_time = _parse_local_time(text)
    if is_all_day:
        return _require_no_clock_time(local, has_clock_time)
    if not has_clock_time:
        raise BadInput(f"This has no time of day. {_EXAMPLE} If the event takes the whole day, set is_all_day.")
    if time_zone is None:
        raise BadInput("A local time needs a time zone. Set time_zone to a name such as America/New_York.")
    return _choose_moment(local, offset, require_time_zone(time_zone))


def is_local_time(text: str) -> bool:
    """Whether this is a date and time without an offset, which no moment can be read from."""
    match = _LOCAL_TIME.fullmatch(text.strip()) if len(text) <= LOCAL_TIME_LIMIT else None
    return match is not None and match[2] is not None and match[3] is None


def require_time_zone(name: str) -> str:
    """Return the name of a time zone. Raises BadInput for any other text."""
    if not is_time_zone(name):
        raise BadInput(f'"{name}" is not a time zone. Use a name such as America/New_York or America/Chicago.')
    return name


def _parse_local_time(text: str) -> tuple[dt.datetime, dt.timedelta | None, bool]:
    """Return the time without its offset, the offset if there is one, and whether there is a time of day."""
    match = _LOCAL_TIME.fullmatch(text.strip()) if len(text) <= LOCAL_TIME_LIMIT else None
    try:
        moment = dt.datetime.fromisoformat(f"{match[1]}T{match[2] or '00:00'}{match[3] or ''}") if match else None
    except ValueError:
        moment = None
    if match is None or moment is None:
        raise BadInput(f"This is not a date and time. {_EXAMPLE}")
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise BadInput(f"The year {moment.year} must be from {EARLIEST_YEAR} to {LATEST_YEAR}. Correct it.")
    return moment.replace(tzinfo=None), moment.utcoffset(), match[2] is not None


def _require_no_clock_time(local: dt.datetime, has_clock_time: bool) -> dt.datetime:
    if has_clock_time:
        raise BadInput("An event that takes the whole day has no time of day. Write the date alone, like 2021-03-17.")
    return local.replace(tzinfo=dt.UTC)


def _choose_moment(local: dt.datetime, offset: dt.timedelta | None, time_zone: str) -> dt.datetime:
    readings = [local.replace(tzinfo=ZoneInfo(time_zone), fold=fold) for fold in (0, 1)]
    moments = {moment.utcoffset(): moment.astimezone(dt.UTC) for moment in readings}
    if offset is not None:
        if offset not in moments:
            offsets = " or ".join(map(_format_offset, readings if len(moments) > 1 else readings[:1]))
            raise BadInput(f"{time_zone} has the offset {offsets} at this time. Correct the offset or the time zone.")
        return moments[offset]
    if len(moments) > 1:
        raise _build_error(local, readings, time_zone)
    return next(iter(moments.values()))


def _build_error(local: dt.datetime, readings: Sequence[dt.datetime], time_zone: str) -> BadInput:
    """Return the error for a time that occurs twice, or does not exist because clocks skip it."""
    first, second = (moment.astimezone(dt.UTC) for moment in readings)
    clock_time = f"{local:%Y-%m-%d %H:%M}"
    forms = " or ".join(f"{clock_time}{_format_offset(moment)}" for moment in readings)
    instants = [f"{moment:%Y-%m-%dT%H:%M}Z" for moment in (first, second)]
    if first < second:
        return BadInput(
            f"{clock_time} occurs twice in {time_zone}, because clocks are set back: it is {' or '.join(instants)}. "
            f"Add an offset: {forms}.",
            instants=instants,
        )
    return BadInput(
        f"{clock_time} does not exist in {time_zone}, because clocks are set forward. "
        f"Correct the time, or add an offset: {forms}.",
        instants=instants,
    )


def _format_offset(moment: dt.datetime) -> str:
    text = f"{moment:%z}"
    return f"{text[:3]}:{text[3:5]}"
