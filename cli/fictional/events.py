"""Generate made-up events of made-up coalitions and organizations: single ones, and series with a record for each date.

Each series depends only on the seed, its number, the organizations and the coalitions.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, islice
from random import Random
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from cli.fictional.descriptions import SHARE_IN_SPANISH, draw_topic
from cli.fictional.names import add_mark, build_slug, draw_town
from cli.fictional.phrases import PHRASES, WeightedChoice, draw_one, draw_some
from cli.fictional.places import draw_event_place, draw_event_town
from cli.fictional.record_parts import AUDIENCES, EPOCH, SOURCES, build_rng, derive_id, hide_slug
from directory.drafts.free_text import find_text_problems
from directory.gazetteer.place import Place
from directory.kinds.coalition import StoredCoalition
from directory.kinds.event import EventHost, StoredEvent
from directory.records import Audience, StoredOrganization

ORGANIZATIONS_PER_EVENT = 5
PAST_DAYS, FUTURE_DAYS = 6 * 365, 365  # from now: when events take place
DAYS_BETWEEN_DATES = (7, 14, 28)  # of a series
HOURS = range(9, 21)  # local time
DEFAULT_TIME_ZONE = "America/New_York"
ONE_DAY = dt.timedelta(days=1)

_DATE_COUNTS = WeightedChoice((range(1, 2), range(2, 5), range(5, 13)), (82, 12, 6))
_MINUTES = WeightedChoice((30, 60, 90, 120, 180), (5, 30, 30, 25, 10))
_VENUES = WeightedChoice(("place", "online", "both", "none"), (58, 28, 8, 6))
_TIME_ZONES = {f"US-{state}": zone for zone, states in PHRASES.time_zones.items() for state in states}


class _Series(Struct, frozen=True):
    """What all dates of a series have in common."""

    number: int
    language: str
    town: str
    title: str
    issue_areas: tuple[str, ...]
    summary: str | None
    coalition: str | None
    hosts: tuple[EventHost, ...]
    location: Place | None  # a postal code or a city
    is_online: bool
    time_zone: str | None
    starts_at: dt.datetime  # the first date
    minutes: int
    is_all_day: bool
    audience: Audience


def build_events(
    organizations: Sequence[StoredOrganization],
    coalitions: Sequence[StoredCoalition],
    seed: int = 1,
    now: dt.datetime = EPOCH,
) -> list[StoredEvent]:
    """Return one event for every ORGANIZATIONS_PER_EVENT organizations. Equal arguments give equal records.

    The first organization is the network, which hosts nothing. Events take place from PAST_DAYS before to FUTURE_DAYS after
    `now`, which needs a time zone.
    """
    by_id = {organization.id: organization for organization in organizations[1:]}
    total = len(organizations) // ORGANIZATIONS_PER_EVENT
    return list(islice(_generate_events(list(by_id.values()), by_id, coalitions, seed, now.astimezone(dt.UTC)), total))


def _generate_events(
    organizations: Sequence[StoredOrganization],
    by_id: Mapping[str, StoredOrganization],
    coalitions: Sequence[StoredCoalition],
    seed: int,
    now: dt.datetime,
) -> Iterator[StoredEvent]:
    """Yield events without an end, the dates of a series one after the other."""
    number = 0
    for series_number in count():
        rng = build_rng(f"events:{series_number}", seed)
        coalition = draw_one(rng, coalitions) if coalitions and rng.random() < 0.55 else None
        candidates = [by_id[member.organization] for member in coalition.members] if coalition else organizations
        series = _draw_series(rng, series_number, coalition, draw_some(rng, candidates, 1, 3 if coalition else 1), now)
        for starts_at in _draw_dates(rng, series, now):
            yield _build_event(rng, series, starts_at, derive_id(f"event:{number}", seed), number)
            number += 1


def _draw_series(
    rng: Random, number: int, coalition: StoredCoalition | None, hosts: Sequence[StoredOrganization], now: dt.datetime
) -> _Series:
    language, town, venue = "es" if rng.random() < SHARE_IN_SPANISH else "en", draw_town(rng), _VENUES.draw(rng)
    themes = coalition.issue_areas if coalition else hosts[0].issue_areas
    theme, texts = draw_one(rng, themes), PHRASES.events.es if language == "es" else PHRASES.events.en
    words = {"town": town, "topic": draw_topic(rng, theme, language), "other": draw_topic(rng, draw_one(rng, themes), language)}
    location = draw_event_town(rng, hosts) if venue in ("place", "both") else None
    time_zone = _TIME_ZONES.get(location.state or "", DEFAULT_TIME_ZONE) if location else DEFAULT_TIME_ZONE
    actors = (EventHost(actor=draw_one(rng, PHRASES.events.actors).format(town=town)),) if rng.random() < 0.15 else ()
    return _Series(
        number=number,
        language=language,
        town=town,
        title=_draw_title(rng, theme, town, language),
        issue_areas=tuple(dict.fromkeys((theme, *themes[:2]))),
        summary=draw_one(rng, texts.summaries).format_map(words) if rng.random() < 0.85 else None,
        coalition=coalition.id if coalition else None,
        hosts=(*(EventHost(organization=host.id) for host in hosts), *actors),
        location=location,
        is_online=venue in ("online", "both") or (venue == "place" and location is None),
        time_zone=time_zone if rng.random() < 0.85 else None,
        starts_at=_draw_start(rng, time_zone, now),
        minutes=_MINUTES.draw(rng),
        is_all_day=rng.random() < 0.08,
        audience=AUDIENCES.draw(rng),
    )


def _draw_title(rng: Random, theme: str, town: str, language: str) -> str:
    words = PHRASES.themes[theme]
    if language == "es":
        return f"{draw_one(rng, PHRASES.events.es.kinds)} {town} {words.es}"
    return f"{town} {draw_one(rng, words.en)} {draw_one(rng, PHRASES.events.en.kinds)}"


def _draw_start(rng: Random, time_zone: str, now: dt.datetime) -> dt.datetime:
    """Return the start of the first date in the time zone, at a full or half hour."""
    day = now.date() + dt.timedelta(days=rng.randrange(-PAST_DAYS, FUTURE_DAYS))
    return dt.datetime(day.year, day.month, day.day, draw_one(rng, HOURS), draw_one(rng, (0, 30)), tzinfo=ZoneInfo(time_zone))


def _draw_dates(rng: Random, series: _Series, now: dt.datetime) -> Iterator[dt.datetime]:
    """Yield the start of each date, at the same local time."""
    between = draw_one(rng, DAYS_BETWEEN_DATES) * ONE_DAY
    for position in range(draw_one(rng, _DATE_COUNTS.draw(rng))):
        starts_at = series.starts_at + position * between
        if (starts_at.date() - now.date()).days < FUTURE_DAYS:
            yield starts_at


def _build_event(rng: Random, series: _Series, starts_at: dt.datetime, own_id: str, number: int) -> StoredEvent:
    texts = PHRASES.events.es if series.language == "es" else PHRASES.events.en
    first_day = dt.datetime(starts_at.year, starts_at.month, starts_at.day, tzinfo=dt.UTC)
    first, last = starts_at.astimezone(dt.UTC), starts_at.astimezone(dt.UTC) + dt.timedelta(minutes=series.minutes)
    if series.is_all_day:
        first, last = first_day, first_day + draw_one(rng, (0, 0, 1, 2)) * ONE_DAY
    host = f"{series.town.lower()}-events-{series.number}.example"
    event = StoredEvent(
        id=own_id,
        slug=build_slug(series.title, number),
        name=add_mark(series.title, series.language),
        starts_at=first,
        ends_at=last if rng.random() < 0.8 else None,
        is_all_day=series.is_all_day,
        is_cancelled=rng.random() < 0.04,
        time_zone=series.time_zone,
        time_as_stated=_format_time(starts_at, series.language) if not series.is_all_day and rng.random() < 0.3 else None,
        summary=series.summary,
        registration_url=f"https://{host}/register" if rng.random() < 0.5 else None,
        issue_areas=series.issue_areas,
        online_url=f"https://meet.{host}/" if series.is_online else None,
        online_audience=Audience.PUBLIC if rng.random() < 0.3 else Audience.MEMBERS,
        audience=series.audience,
        sites=(draw_event_place(rng, own_id, series.location, draw_one(rng, texts.halls)),) if series.location else (),
        hosts=series.hosts,
        coalition=series.coalition,
        sources=SOURCES,
    )
    return hide_slug(rng, _drop_exposed_place(event))


def _format_time(starts_at: dt.datetime, language: str) -> str:
    if language == "es":
        return f"a las {starts_at:%H:%M}"
    return f"{starts_at.hour % 12 or 12}:{starts_at:%M} {'am' if starts_at.hour < 12 else 'pm'} local time"


def _drop_exposed_place(event: StoredEvent) -> StoredEvent:
    """Return the event without its place if a word of its texts happens to be the name of that place, and it is not published."""
    return replace(event, sites=()) if any(find_text_problems(event)) else event
