"""/sitemap.xml: the addresses of the pages that search engines may list, each in every language.

A member that refuses search engines is not in it, nor is the page of a theme, place or related organization that names it.
Organizations that are not members are found only by those who ask for them, so they are not in it either. The file is not kept:
search engines ask for it seldom, and with its entity tag.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary
from xml.sax.saxutils import escape

from msgspec import Struct

from directory.search.snapshot import Snapshot
from web.pages.browse import region_group_page, region_page, regions, theme_pages, themes
from web.pages.browse.organization_lists import is_list_indexed
from web.pages.coverage import coverage_form, coverage_page
from web.pages.kinds import coalition_list, coalition_page, event_page, instrument_pages
from web.pages.kinds.provision_rows import INSTRUMENTS_PATH
from web.pages.languages import LANGUAGES
from web.pages.organization.organization_page import PATH as ORGANIZATION_PATH
from web.pages.organization.organization_page import is_indexed
from web.pages.page import Download, PageNotFound, PageRequest

PATH, PART_PATH = "/sitemap.xml", "/sitemap-{number}.xml"
MAX_ADDRESSES = 50_000  # in one file: sitemaps.org
MEDIA_TYPE = "application/xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
FIXED_PATHS = (
    *("/", "/about", "/accessibility", "/themes", regions.PATH, *region_group_page.GROUP_PAGES),
    *(coalition_list.PATH, INSTRUMENTS_PATH),  # the list of events names organizations, and changes every day
)
RECORD_KINDS = ("coalitions", "events", "instruments", "provisions")  # fields of documents/sitemap_records.graphql
_REFUSED_PATHS: WeakKeyDictionary[Snapshot, frozenset[str]] = WeakKeyDictionary()

ListPage: TypeAlias = tuple[str, Sequence[str]]  # the path of a page that lists organizations, and its searches


class ListedPage(Struct, frozen=True):
    """`path` is without a language. `changed_on` is the day of the last change that everyone can see, None if unknown."""

    path: str
    changed_on: str | None = None


def build_sitemap(request: PageRequest) -> Download:
    """Return the file, or the list of its parts if there are too many addresses for one."""
    pages = list(_iter_pages(request))
    if len(pages) <= _pages_per_file():
        return _build_part(request, pages)
    count = -(-len(pages) // _pages_per_file())
    paths = [request.root + PART_PATH.format(number=number) for number in range(1, count + 1)]
    parts = (f"<sitemap><loc>{escape(request.build_absolute(path))}</loc></sitemap>" for path in paths)
    return _build_file("sitemapindex", parts)


def build_sitemap_part(request: PageRequest) -> Download:
    """Return one part. Raises PageNotFound if there is no part with this number, which counts from 1."""
    number = request.path_values["number"]
    if not (number.isascii() and number.isdigit() and len(number) <= len(str(MAX_ADDRESSES))):
        raise PageNotFound
    first = (int(number) - 1) * _pages_per_file()
    pages = list(_iter_pages(request))[first : first + _pages_per_file()] if first >= 0 else []
    if not pages:
        raise PageNotFound
    return _build_part(request, pages)


def _pages_per_file() -> int:
    return MAX_ADDRESSES // len(LANGUAGES)


def _build_part(request: PageRequest, pages: Sequence[ListedPage]) -> Download:
    return _build_file("urlset", (_format_page(request, page, code) for page in pages for code in LANGUAGES))


def _format_page(request: PageRequest, page: ListedPage, code: str) -> str:
    address = request.build_absolute(request.link_in(code, page.path))
    changed = f"<lastmod>{page.changed_on}</lastmod>" if page.changed_on else ""
    return f"<url><loc>{escape(address)}</loc>{changed}</url>"


def _build_file(element: str, rows: Iterator[str]) -> Download:
    lines = [f'{HEAD}<{element} xmlns="{NAMESPACE}">', *rows, f"</{element}>\n"]
    return Download("\n".join(lines).encode(), MEDIA_TYPE)


def _iter_pages(request: PageRequest) -> Iterator[ListedPage]:
    yield from map(ListedPage, FIXED_PATHS)
    if coverage_page.is_indexed(request):
        yield ListedPage(coverage_form.PATH)
    answer = request.ask("sitemap", after=None, isFirst=True).data
    members = _list_members(request, answer["organizations"])
    records = {kind: list(_iter_records(request, kind)) for kind in RECORD_KINDS}
    provisions = [node for node in records["provisions"] if node["instrument"]]
    list_pages = [
        *_iter_theme_pages(answer),
        *_iter_place_pages(answer["organizations"]["facets"]),
        *map(_build_provision_page, provisions),
    ]
    is_one_refused = not all(member["searchEngines"] for member in members)
    refused = _find_refused_paths(request, list_pages) if is_one_refused else frozenset()
    yield from (ListedPage(path) for path, _ in list_pages if path not in refused)
    network = answer["network"]["organization"]
    by_slug = {each["slug"]: each for each in (network, *members) if each and is_indexed(each)}
    yield from (_build_page(ORGANIZATION_PATH, node) for node in by_slug.values())
    yield from (_build_page(coalition_page.PATH, node) for node in records["coalitions"] if coalition_page.is_indexed(node))
    yield from (_build_page(event_page.PATH, node) for node in records["events"] if event_page.is_indexed(node))
    yield from (_build_page(instrument_pages.PATH, node) for node in records["instruments"])


def _iter_records(request: PageRequest, kind: str) -> Iterator[dict[str, Any]]:
    """Yield all coalitions, events, instruments or provisions."""
    after: str | None = None
    while True:
        connection = request.ask("sitemap_records", after=after, **{kind: True}).data[kind]
        yield from connection["nodes"]
        if not connection["pageInfo"]["hasNextPage"]:
            return
        after = connection["pageInfo"]["endCursor"]


def _build_provision_page(node: dict[str, Any]) -> ListPage:
    path = instrument_pages.PROVISION_PATH.format(slug=node["instrument"]["slug"], provision=node["slug"])
    search = instrument_pages.build_search(node)
    return path, (search,) if search else ()


def _list_members(request: PageRequest, connection: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all members. `connection` has the first of them."""
    nodes = list(connection["nodes"])
    while connection["pageInfo"]["hasNextPage"]:
        answer = request.ask("sitemap", after=connection["pageInfo"]["endCursor"], isFirst=False)
        connection = answer.data["organizations"]
        nodes += connection["nodes"]
    return nodes


def _build_page(path: str, node: dict[str, Any]) -> ListedPage:
    return ListedPage(path.format(slug=node["slug"]), node["updatedAt"][: len("2026-01-31")])


def _iter_theme_pages(data: dict[str, Any]) -> Iterator[ListPage]:
    terms = ((themes.ISSUE_AREAS, data["issueAreas"]["nodes"]), (themes.COMMUNITIES, data["communities"]))
    for kind, nodes in (*terms, (themes.WORK_AREAS, data["workAreas"])):
        for term in nodes:
            yield f"{kind.path}/{term['slug']}", (theme_pages.build_queries(kind, term["slug"])["search"],)


def _iter_place_pages(facets: dict[str, list[dict[str, Any]]]) -> Iterator[ListPage]:
    """Yield the places in which an organization is located or which one serves."""
    codes = (place["value"] for places in facets.values() for place in places if place["local"])
    for code in codes:
        queries = region_page.build_queries(code)
        yield f"{regions.PATH}/{code}", [queries[name] for name in region_page.LISTED_SEARCHES]


def _find_refused_paths(request: PageRequest, pages: Sequence[ListPage]) -> frozenset[str]:
    """Return the pages that search engines must not list. Takes half a second, so each snapshot keeps the answer."""
    snapshot = request.context.snapshot
    if snapshot not in _REFUSED_PATHS:
        distinct = {search for _, searches in pages for search in searches}  # provisions share many
        refused = {search for search in distinct if not _is_indexed(request, search)}
        _REFUSED_PATHS[snapshot] = frozenset(path for path, searches in pages if not refused.isdisjoint(searches))
    return _REFUSED_PATHS[snapshot]


def _is_indexed(request: PageRequest, search: str) -> bool:
    return is_list_indexed(request.ask("sitemap_list", search=search).data["organizations"])
