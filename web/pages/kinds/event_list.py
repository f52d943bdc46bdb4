"""/events: coming events, those of a month, or past ones, grouped by day; by words, theme, state, coalition and host."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from web.pages.kinds.coalition_list import FoundMember, find_member
from web.pages.kinds.event_search import CALENDAR_KEYS, CALENDAR_PATH, COALITION, HOST, REGION
from web.pages.kinds.event_times import EventTime, build_event_time, format_days, group_by_day
from web.pages.kinds.list_choices import link_organization, link_themes, list_states, list_themes
from web.pages.kinds.list_form import AFTER, BEFORE, THEME, WORDS, ListForm, ask_list
from web.pages.kinds.months import Month
from web.pages.kinds.record_facts import format_midnight
from web.pages.page import Page, PageRequest
from web.pages.search.search_form import format_pairs
from web.pages.sensitive_themes import ISSUE_KEY, is_sensitive_search

PATH = "/events"
COALITION_CALENDAR_PATH = "/coalitions/{slug}/events.ics"
MONTH, WHEN = "month", "when"
PAST = "past"
PAGE_SIZE, MONTH_SIZE = 20, 100
WEBCAL = "webcal"  # the scheme by which browsers hand an address to a calendar program


class EventRow(Struct, frozen=True):
    """An event in a list. `place` is None if none is published. The address of a host is None if it has no page here."""

    title: str
    address: str
    time: EventTime
    days: str
    is_cancelled: bool
    place: str | None
    is_online: bool
    hosts: tuple[tuple[str, str | None], ...]


class CalendarLinks(Struct, frozen=True):
    """The path of a calendar, its address to copy, and the one to subscribe to.

    `is_search`: it has conditions other than a coalition.
    """

    path: str
    address: str
    webcal: str
    is_search: bool


class EventPeriod(Struct, frozen=True):
    """Which events are listed: those of `month`, past ones, all, or those that are not over at the start of today."""

    month: Month | None
    is_past: bool
    from_: str | None
    until: str | None

    @classmethod
    def read(cls, request: PageRequest, form: ListForm) -> "EventPeriod":
        """Return the period of a form. A search in words has its own period, so all events are searched."""
        today = format_midnight(request)
        if month := Month.parse(form.get(MONTH)):
            return cls(month, False, month.start.isoformat(), month.end.isoformat())
        if form.get(WHEN) == PAST:
            return cls(None, True, None, today)
        return cls(None, False, None if form.get(WORDS) else today, None)


def build_events_page(request: PageRequest) -> Page:
    form = ListForm.read(request, _list_choices(request))
    host, form = find_member(request, form, HOST)
    period = EventPeriod.read(request, form)
    data, form = _ask(request, form, period, host)
    is_replaced = not (data["events"]["totalCount"] or form.has_conditions)
    if is_replaced:  # nothing is coming up: the last events are better than none
        period = EventPeriod(None, True, None, format_midnight(request))
        data, form = _ask(request, form, period, host)
    return Page("events.html", _build_values(request, form, period, host, data) | {"is_replaced": is_replaced})


def _list_choices(request: PageRequest) -> dict[str, Any]:
    months = [value for key, value in request.parameters if key == MONTH and Month.parse(value.strip())]
    return {
        WORDS: None,
        THEME: {slug for slug, _ in list_themes(request)},
        REGION: {code for code, _ in list_states(request)},
        COALITION: None,
        HOST: None,
        MONTH: {month.strip() for month in months},
        WHEN: (PAST,),
    }


def _ask(request: PageRequest, form: ListForm, period: EventPeriod, host: FoundMember | None) -> tuple[dict[str, Any], ListForm]:
    def build_variables(form: ListForm) -> dict[str, Any]:
        return {
            "words": form.get(WORDS) or None,
            "issueAreas": form.issue_areas,
            "regions": {"anyOf": [form.get(REGION)]} if form.get(REGION) else None,
            "coalition": form.get(COALITION) or None,
            "host": host.id if host and form.get(HOST) else None,
            "from": period.from_,
            "until": period.until,
            "isMonth": period.month is not None,
            **_build_page(form, period),
        }

    return ask_list(request, form, "events", build_variables)


def _build_page(form: ListForm, period: EventPeriod) -> dict[str, Any]:
    """Return the variables of a page. Past events are read from the last one back."""
    if period.is_past and not form.get(BEFORE) and not form.get(AFTER):
        return {"last": PAGE_SIZE}
    return form.build_page(MONTH_SIZE if period.month else PAGE_SIZE)


def _build_values(
    request: PageRequest, form: ListForm, period: EventPeriod, host: FoundMember | None, data: Mapping[str, Any]
) -> dict[str, Any]:
    nodes, page_info = data["events"]["nodes"], data["events"]["pageInfo"]
    rows = [_build_listed(request, node) for node in (reversed(nodes) if period.is_past else nodes)]
    if period.month:
        rows = [row for row in rows if _is_in_month(row["event"].time, period.month)]
    today = request.context.now.date()
    return {
        "network": data["network"],
        "form": form,
        "period": period,
        "today": today,
        "this_month": Month.of(today),
        "host": host if form.get(HOST) else None,
        "coalition": _find_coalition(nodes, form),
        "days": list(group_by_day((row["event"].time, row) for row in rows)),
        "shown": len(rows),
        "count": len(rows) if period.month and not form.get(AFTER) and not page_info["hasNextPage"] else None,
        "total": data["events"]["totalCount"],
        "page_info": page_info,
        "neighbors": _find_neighbors(request, data, period.month) if period.month else None,
        "themes": list_themes(request),
        "states": list_states(request),
        "indexed": form.is_plain and all(host["searchEngines"] for node in nodes for host in node["hosts"]),
        "sensitive": is_sensitive_search([(ISSUE_KEY, form.get(THEME))]),
        "calendar": build_calendar_links(request, {key: form.get(key) for key in CALENDAR_KEYS}),
    }


def build_calendar_links(request: PageRequest, conditions: Mapping[str, str | None]) -> CalendarLinks:
    """Return the links to the calendar of events with these conditions, values by CALENDAR_KEYS; of all events without any."""
    pairs = [(key, value) for key, value in conditions.items() if value]
    is_search = any(key != COALITION for key, _ in pairs)
    if pairs and not is_search:
        path = request.link(COALITION_CALENDAR_PATH.format(slug=pairs[0][1]))
    else:
        path = request.link(CALENDAR_PATH, format_pairs(pairs))
    address = request.build_absolute(path)
    return CalendarLinks(path, address, f"{WEBCAL}:{address.partition(':')[2]}", is_search)


def build_event_row(request: PageRequest, node: Mapping[str, Any]) -> EventRow:
    """Return the row of an event. It has hosts only if its document reads them."""
    time = build_event_time(node, request.language)
    hosts: list[tuple[str, str | None]] = [link_organization(request, host) for host in node.get("hosts", ())]
    return EventRow(
        title=node["title"],
        address=request.link(f"{PATH}/{node['slug']}"),
        time=time,
        days=format_days(time, request.language),
        is_cancelled=node["isCancelled"],
        place=node["place"],
        is_online=node["onlineUrl"] is not None,
        hosts=(*hosts, *((actor, None) for actor in node.get("actors", ()))),
    )


def _build_listed(request: PageRequest, node: Mapping[str, Any]) -> dict[str, Any]:
    coalition = node["coalition"]
    return {
        "event": build_event_row(request, node),
        "summary": node["summary"],
        "themes": link_themes(request, node["issueAreas"]),
        "coalition": (coalition["name"], request.link(f"/coalitions/{coalition['slug']}")) if coalition else None,
    }


def _is_in_month(time: EventTime, month: Month) -> bool:
    """Whether a day of the event lies in the month, where the event takes place."""
    return time.first_day <= month.last_day and month.first_day <= time.last_day


def _find_coalition(nodes: Sequence[Mapping[str, Any]], form: ListForm) -> str | None:
    """Return the name of the coalition whose events are listed; its slug if there are none. None if all are listed."""
    slug = form.get(COALITION)
    names = (node["coalition"]["name"] for node in nodes if node["coalition"])
    return next(names, slug) if slug else None


def _find_neighbors(request: PageRequest, data: Mapping[str, Any], month: Month) -> dict[str, Month | None]:
    """Return the months before and after, and the nearest ones with events if those are others. None is for no such month."""
    earlier = [_find_month(node, request) for node in data["earlier"]["nodes"]]
    later = [_find_month(node, request) for node in data["later"]["nodes"]]
    before, after = month.shift(-1), month.shift(1)
    return {
        "before": Month.parse(str(before)),
        "after": Month.parse(str(after)),
        "earlier": next((each for each in earlier if each < before), None),
        "later": next((each for each in later if each > after), None),
    }


def _find_month(node: Mapping[str, Any], request: PageRequest) -> Month:
    first_day: date | datetime = build_event_time(node, request.language).first_day
    return Month.of(first_day)
