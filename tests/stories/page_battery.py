"""Addresses of pages, files and calendars whose answers must not depend on what is hidden."""

import datetime as dt
from collections.abc import Iterator
from itertools import product
from urllib.parse import quote_plus

from directory.records import Audience
from tests.builders import NOW, a_slug, an_id
from tests.stories.private_places import COALITIONS, LEVELS, SPOTS, event_name, private_name
from web.pages.search.search_form import format_pairs

THEMES = ("housing", "reproductive", "gender-violence", "incarceration")
PLACES = ("US-GA", "US-GA-121", "US-GA-051", "US-SOUTH-ATLANTIC", "US-WEST")
MODES = ("", "SAME_PLACE_OTHER_THEMES", "SEEKS_AND_OFFERS")
PLAN = (("issue", "housing"), ("issue", "gender-violence"), ("region", "US-GA"), ("region", "US-SOUTH"))
DRAFT = (("theme", "housing"), ("work", "organizing"), ("serves", "US-GA"), ("state", "US-GA"))
NAMES = tuple(private_name(level, audience) for level in LEVELS for audience in Audience)
FEW_NAMES = tuple(private_name(level, audience) for level in ("City", "Hidden", "Undecided Nest") for audience in Audience)
COALITION_SLUGS = tuple(map(a_slug, (*COALITIONS, "Rookery Campaign", "Unlisted Campaign")))


def build_page_battery() -> dict[str, list[str]]:
    """Return the addresses, each once, by the name of what they are about."""
    return {
        "partners": list(_iter_partner_pages()),
        "plans": list(_iter_plans()),
        "typed plans": list(_iter_typed_plans()),
        "organizations": [f"{prefix}/organizations/{a_slug(name)}" for prefix, name in product(("", "/es"), NAMES)],
        "calendars": list(_iter_calendars()),
        "searches": list(_iter_searches()),
        "coverage": list(_iter_coverage()),
        "lists": ["/partners", "/plan", "/coalitions", "/themes/housing", "/places/US-GA", "/sitemap.xml", "/sitemap-1.xml"],
    }


def _build(path: str, *pairs: tuple[str, str]) -> str:
    return f"{path}?{format_pairs([pair for pair in pairs if pair[1]])}"


def _iter_partner_pages() -> Iterator[str]:
    for name, mode in product(NAMES, MODES):
        yield _build("/partners", ("organization", a_slug(name)), ("mode", mode))
    for name in FEW_NAMES:
        yield from (_build("/es/partners", ("organization", key)) for key in (name, an_id(name), name.rsplit(" ", 1)[0]))
        yield _build("/partners", *DRAFT, ("compare", a_slug(name)), ("compare", "rookery-city-house"))
    for mode, region in product(MODES, ("", "US-GA", "US-WY")):
        yield _build("/partners", *DRAFT, ("mode", mode), ("region", region))
    yield from (_build("/partners", ("theme", theme), ("county", "US-GA-121")) for theme in THEMES)


def _iter_plans() -> Iterator[str]:
    for name in FEW_NAMES:
        for parameter, key in product(("include", "exclude", "no"), (a_slug(name), an_id(name))):
            yield _build("/plan", *PLAN, (parameter, key))
        yield _build("/plan", *PLAN, ("include", a_slug(name)), ("exclude", a_slug(name)))
        yield _build("/plan.csv", *PLAN, ("include", a_slug(name)), ("no", "rookery-city-house"))
        yield _build("/plan", *PLAN, ("filter", f"id={an_id(name)}"))
    yield from (_build("/plan", *PLAN, ("filter", f"coalition={slug}")) for slug in COALITION_SLUGS)
    for theme, place, needed in product(THEMES, PLACES, ("1", "3")):
        yield _build("/plan", ("issue", theme), ("region", place), ("per", needed), ("nationwide", "INCLUDE"))


def _iter_typed_plans() -> Iterator[str]:
    for name, (key, path) in product(FEW_NAMES, (("member", "/plan"), ("member", "/es/plan"), ("words", "/plan"))):
        yield _build(path, *PLAN, (key, name))
    yield from (_build("/plan", *PLAN, ("member", word)) for word in ("Unlisted", "Unlistd", "Rookery", "Circle"))
    yield from (_build("/plan", *PLAN, (key, spot.street)) for key, spot in product(("place", "member"), SPOTS))


def _iter_calendars() -> Iterator[str]:
    yield from (f"/coalitions/{slug}{end}" for slug, end in product(COALITION_SLUGS, ("", "/events.ics")))
    yield from (_build("/events.ics", ("coalition", slug)) for slug in COALITION_SLUGS)
    yield from (_build("/es/events.ics", ("host", a_slug(name))) for name in NAMES)
    names = [event_name(level, audience) for level, audience in product(("City", "Hidden"), Audience)]
    yield from (f"/events/{a_slug(name)}{end}" for name, end in product(names, ("", ".ics")))
    yield from (_build(path, ("words", words)) for path, words in product(("/events.ics", "/events"), (*names, "Unlisted")))
    yield from (_build("/events.ics", ("theme", theme), ("region", place)) for theme, place in product(THEMES, PLACES))
    yield "/events.ics"


def _iter_coverage() -> Iterator[str]:
    yield from ("/coverage", "/coverage.csv")
    days = ("", *((NOW + dt.timedelta(days=days)).date().isoformat() for days in (-1, 0, 1, 5)))  # the first one is refused
    for path, (day, theme) in product(("/coverage", "/es/coverage.csv"), product(days, ("", *THEMES))):
        yield _build(path, ("kind", "COUNTY"), ("within", "US-GA"), ("theme", theme), ("compare", day))


def _iter_searches() -> Iterator[str]:
    searches = [f"coalition={slug}" for slug in COALITION_SLUGS]
    searches += [search for name in FEW_NAMES for search in (f"id={an_id(name)}", f"near=organization:{an_id(name)}&radius=80")]
    yield from (f"{path}?search={quote_plus(search)}" for path, search in product(("/", "/feed", "/embed"), searches))
    yield from (_build("/", ("words", name), ("search", "issue=housing")) for name in FEW_NAMES)
