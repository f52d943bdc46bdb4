"""The time of a page grows no faster than the length of its address."""

import datetime as dt
from urllib.parse import parse_qsl

import pytest

from directory.live import Directory
from directory.records import Audience
from schema.context import Context
from tests.linear_text import growth_check
from tests.linear_text.attacks import Attack
from tests.linear_text.growth_check import describe_superlinear_growth
from tests.stories.five_directories import ON_ANY_MACHINE
from web.pages.calendar import build_events_download
from web.pages.languages import LANGUAGES
from web.pages.page import Page, PageBuilder, PageNotFound, PageRequest, PageUnavailable
from web.pages.partners.partners_page import build_partners_page
from web.pages.plan.plan_page import build_plan_page
from web.pages.rendering import render_page
from web.pages.search.search_page import build_search_page
from web.pages.site import Site

LONGEST = 16_384  # characters; the server refuses addresses of more than 32,000
MAX_SECONDS = 1.0  # for one page, before no longer address is tried
# What is repeated up to the length of an address. "{}" is the number of the repetition.
REPEATS = {
    "words": ("words=", "evictions in Atlnta "),
    "a word": ("words=", "a"),
    "quotes": ("q=", '"a'),
    "a place": ("near=", "Atlnta, "),
    "unknown terms": ("", "issue=x{}&"),
    "valid terms": ("", "issue=housing&"),
    "unknown keys": ("", "k{}=v&"),
    "regions": ("", "region=US-GA&"),
    "alternatives": ("any=", "issue=housing|"),
    "clauses": ("", "any=issue%3Dx{}|community%3Dtenants&"),
    "nested clauses": ("any=", "any%3D"),
    "escapes": ("words=", "%C3%28"),
    "ids": ("id=", "00000000-"),
    "a cursor": ("after=", "QUJD"),
    "a box": ("within=", "1,"),
    "separators": ("", "&="),
}


PARTNER_REPEATS = {
    "a name": ("organization=", "Atlnta "),
    "unknown terms": ("", "theme=x{}&"),
    "valid terms": ("", "theme=housing&seeks=organizing&"),
    "compared organizations": ("theme=housing&", "compare=x{}&"),
    "numbers": ("theme=housing&", "weight-themes={}&"),
    "unknown keys": ("theme=housing&", "k{}=v&"),
}
PLAN = "issue=housing&region=US-GA&"
PLAN_REPEATS = {
    "a place": (f"{PLAN}place=", "Atlnta "),
    "a name": (f"{PLAN}member=", "Atlnta "),
    "words": (f"{PLAN}words=", "evictions in Atlnta "),
    "unknown terms": (PLAN, "issue=x{}&"),
    "valid terms": (PLAN, "issue=housing&region=US-GA&"),
    "members": (PLAN, "include=x{}&exclude=x{}&"),
    "a line": ("search=", "issue%3Dx{}%26"),
    "lines": (PLAN, "search=issue%3Dx{}&"),
    "a filter": (f"{PLAN}filter=", "issue%3Dhousing%26"),
    "members that said no": (PLAN, "no=x{}&"),
    "unknown keys": (PLAN, "k{}=v&"),
}
CALENDAR_REPEATS = {
    "words": ("words=", "evictions in Atlnta "),
    "unknown terms": ("", "theme=x{}&"),
    "valid terms": ("", "theme=housing&"),
}


class AddressAttack(Attack):
    """Builds a query string of a given length whose repetitions may differ."""

    def __call__(self, size: int) -> str:
        repeats = (self.unit.replace("{}", str(number)) for number in range(size // len(self.unit) + 1))
        return (self.head + "".join(repeats))[:size]


@pytest.fixture(autouse=True)
def longer_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth_check, "MAX_LENGTH", LONGEST)
    monkeypatch.setattr(growth_check, "MAX_SECONDS", MAX_SECONDS)


@pytest.mark.slow
@pytest.mark.parametrize("name", REPEATS)
def test_the_time_of_a_search_is_linear(fictional_directory: Directory, name: str) -> None:
    assert find_growth(fictional_directory, "/", build_search_page, AddressAttack(*REPEATS[name], tail="")) is None


@pytest.mark.slow
@pytest.mark.parametrize("name", PARTNER_REPEATS)
def test_the_time_of_partners_is_linear(fictional_directory: Directory, name: str) -> None:
    attack = AddressAttack(*PARTNER_REPEATS[name], tail="")
    assert find_growth(fictional_directory, "/partners", build_partners_page, attack) is None


@pytest.mark.slow
@pytest.mark.parametrize("name", PLAN_REPEATS)
def test_the_time_of_a_plan_is_linear(fictional_directory: Directory, name: str) -> None:
    attack = AddressAttack(*PLAN_REPEATS[name], tail="")
    assert find_growth(fictional_directory, "/plan", build_plan_page, attack) is None


@pytest.mark.slow
@pytest.mark.parametrize("name", CALENDAR_REPEATS)
def test_the_time_of_a_calendar_is_linear(fictional_directory: Directory, name: str) -> None:
    attack = AddressAttack(*CALENDAR_REPEATS[name], tail="")
    assert find_growth(fictional_directory, "/events.ics", build_events_download, attack) is None


def find_growth(directory: Directory, path: str, build_page: PageBuilder, attack: AddressAttack) -> str | None:
    """Return how the time of a page grows with the length of its address, None if it grows no faster."""
    context = Context(directory.get_snapshot(Audience.PUBLIC), dt.datetime.now(dt.UTC), None, ON_ANY_MACHINE)

    def build(query_string: str) -> bytes:
        parameters = parse_qsl(query_string, errors="replace")
        request = PageRequest(LANGUAGES["en"], "", "", path, {}, parameters, query_string, "http://localhost", context, Site())
        try:
            page = build_page(request)
            return render_page(page, request) if isinstance(page, Page) else b""
        except (PageUnavailable, PageNotFound):  # it would cost too much, or nobody can see it
            return b""

    return describe_superlinear_growth(build, attack, shortest=64)
