"""/sitemap.xml: the addresses of the pages that search engines may list, each in every language.

A member that refuses search engines is not in it, nor is the page of a theme, place or related organization that names it.
Organizations that are not members are found only by those who ask for them, so they are not in it either. No file is kept: search
engines ask for them seldom, and with their entity tags.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape

from msgspec import Struct

from web.pages.browse import region_group_page, region_page, regions, theme_pages, themes
from web.pages.browse.organization_lists import is_list_indexed
from web.pages.coverage import coverage_form, coverage_page
from web.pages.kinds import coalition_list, coalition_page, event_page, instrument_pages
from web.pages.kinds.provision_rows import INSTRUMENTS_PATH
from web.pages.languages import LANGUAGES
from web.pages.organization.organization_page import PATH as ORGANIZATION_PATH
from web.pages.organization.organization_page import is_indexed
from web.pages.page import Download, PageNotFound, PageRequest
from web.pages.partners import partner_form
from web.pages.plan.plan_form import PATH as PLAN_PATH

PATH, PART_PATH = "/sitemap.xml", "/sitemap-{number}.xml"
MAX_ADDRESSES = 50_000  # in one file: sitemaps.org
MAX_SEARCHING_PAGES = 250  # in one file: to find out whom a page names takes up to 0.4 ms
MEDIA_TYPE = "application/xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
FIXED_PATHS = (
    *("/", "/about", "/accessibility", "/themes", regions.PATH, *region_group_page.GROUP_PAGES),
    # The list of events names organizations, and changes every day.
    *(coalition_list.PATH, INSTRUMENTS_PATH, partner_form.PATH, PLAN_PATH),
)
# By fields of documents/sitemap_records.graphql: the path of the page of a record, and whether search engines may list it.
RECORD_PAGES: dict[str, tuple[str, Callable[[Mapping[str, Any]], bool]]] = {
    "coalitions": (coalition_page.PATH, coalition_page.is_indexed),
    "events": (event_page.PATH, event_page.is_indexed),
    "instruments": (instrument_pages.PATH, lambda _: True),
}


class ListedPage(Struct, frozen=True):
    """`path` is without a language. `changed_on` is the day of the last change that everyone can see, None if unknown.

    `searches` find the organizations that the page names: search engines may not list it if one of them refuses.
    """

    path: str
    changed_on: str | None = None
    searches: tuple[str, ...] = ()


def build_sitemap(request: PageRequest) -> Download:
    """Return the file, or the list of its parts if one would be too large or take too long."""
    parts = list(_split(_iter_pages(request)))
    if len(parts) == 1:
        return _build_part(request, parts[0])
    paths = [request.root + PART_PATH.format(number=number) for number, _ in enumerate(parts, start=1)]
    rows = (f"<sitemap><loc>{escape(request.build_absolute(path))}</loc></sitemap>" for path in paths)
    return _build_file("sitemapindex", rows)


def build_sitemap_part(request: PageRequest) -> Download:
    """Return one part. Raises PageNotFound if there is no part with this number, which counts from 1."""
    number = request.path_values["number"]
    if not (number.isascii() and number.isdigit() and len(number) <= len(str(MAX_ADDRESSES))) or int(number) == 0:
        raise PageNotFound
    part = next(islice(_split(_iter_pages(request)), int(number) - 1, None), None)
    if part is None:
        raise PageNotFound
    return _build_part(request, part)


def _split(pages: Iterable[ListedPage]) -> Iterator[list[ListedPage]]:
    """Yield the pages of each part."""
    part: list[ListedPage] = []
    searching = 0
    for page in pages:
        if len(part) == MAX_ADDRESSES // len(LANGUAGES) or (page.searches and searching == MAX_SEARCHING_PAGES):
            yield part
            part, searching = [], 0
        part.append(page)
        searching += bool(page.searches)
    yield part


def _build_part(request: PageRequest, pages: Sequence[ListedPage]) -> Download:
    searches = {search for page in pages for search in page.searches}  # provisions share many
    refused = {search for search in searches if not _is_indexed(request, search)}
    listed = [page for page in pages if refused.isdisjoint(page.searches)]
    return _build_file("urlset", (_format_page(request, page, code) for page in listed for code in LANGUAGES))


def _is_indexed(request: PageRequest, search: str) -> bool:
    return is_list_indexed(request.ask("sitemap_list", search=search).data["organizations"])


def _format_page(request: PageRequest, page: ListedPage, code: str) -> str:
    address = request.build_absolute(request.link_in(code, page.path))
    changed = f"<lastmod>{page.changed_on}</lastmod>" if page.changed_on else ""
    return f"<url><loc>{escape(address)}</loc>{changed}</url>"


def _build_file(element: str, rows: Iterator[str]) -> Download:
    lines = [f'{HEAD}<{element} xmlns="{NAMESPACE}">', *rows, f"</{element}>\n"]
    return Download("\n".join(lines).encode(), MEDIA_TYPE)


def _iter_pages(request: PageRequest) -> Iterator[ListedPage]:
    """Yield all pages that search engines may list, if those with `searches` name nobody who refuses."""
    answer = request.ask("sitemap", after=None, isFirst=True).data
    yield from map(ListedPage, FIXED_PATHS)
    if coverage_page.is_indexed(request):
        yield ListedPage(coverage_form.PATH)
    yield from _iter_theme_pages(answer)
    yield from _iter_place_pages(answer["organizations"]["facets"])
    yield from (_build_provision_page(node) for node in _iter_records(request, "provisions") if node["instrument"])
    network, members = answer["network"]["organization"], _iter_members(request, answer["organizations"])
    by_slug = {each["slug"]: each for each in (network, *members) if each and is_indexed(each)}
    yield from (_build_page(ORGANIZATION_PATH, node) for node in by_slug.values())
    for kind, (path, may_be_listed) in RECORD_PAGES.items():
        yield from (_build_page(path, node) for node in _iter_records(request, kind) if may_be_listed(node))


def _iter_records(request: PageRequest, kind: str) -> Iterator[dict[str, Any]]:
    """Yield all coalitions, events, instruments or provisions."""
    after: str | None = None
    while True:
        connection = request.ask("sitemap_records", after=after, **{kind: True}).data[kind]
        yield from connection["nodes"]
        if not connection["pageInfo"]["hasNextPage"]:
            return
        after = connection["pageInfo"]["endCursor"]


def _build_provision_page(node: dict[str, Any]) -> ListedPage:
    path = instrument_pages.PROVISION_PATH.format(slug=node["instrument"]["slug"], provision=node["slug"])
    search = instrument_pages.build_search(node)
    return ListedPage(path, searches=(search,) if search else ())


def _iter_members(request: PageRequest, connection: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield all members. `connection` has the first of them."""
    yield from connection["nodes"]
    while connection["pageInfo"]["hasNextPage"]:
        answer = request.ask("sitemap", after=connection["pageInfo"]["endCursor"], isFirst=False)
        connection = answer.data["organizations"]
        yield from connection["nodes"]


def _build_page(path: str, node: dict[str, Any]) -> ListedPage:
    return ListedPage(path.format(slug=node["slug"]), node["updatedAt"][: len("2026-01-31")])


def _iter_theme_pages(data: dict[str, Any]) -> Iterator[ListedPage]:
    terms = ((themes.ISSUE_AREAS, data["issueAreas"]["nodes"]), (themes.COMMUNITIES, data["communities"]))
    for kind, nodes in (*terms, (themes.WORK_AREAS, data["workAreas"])):
        for term in nodes:
            search = theme_pages.build_queries(kind, term["slug"])["search"]
            yield ListedPage(f"{kind.path}/{term['slug']}", searches=(search,))


def _iter_place_pages(facets: dict[str, list[dict[str, Any]]]) -> Iterator[ListedPage]:
    """Yield the places in which an organization is located or which one serves."""
    codes = (place["value"] for places in facets.values() for place in places if place["local"])
    for code in codes:
        queries = region_page.build_queries(code)
        yield ListedPage(f"{regions.PATH}/{code}", searches=tuple(queries[name] for name in region_page.LISTED_SEARCHES))
