"""/sitemap.xml: the addresses of the pages that search engines may list, each in every language.

A member that refuses search engines is not in it. Organizations that are not members are found only by those who ask for them, so
they are not in it either. The file is not kept: search engines ask for it seldom, and with its entity tag.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from msgspec import Struct

from web.pages.browse import region_group_page, regions, themes
from web.pages.languages import LANGUAGES
from web.pages.organization.organization_page import PATH as ORGANIZATION_PATH
from web.pages.page import Download, PageNotFound, PageRequest

PATH, PART_PATH = "/sitemap.xml", "/sitemap-{number}.xml"
MAX_ADDRESSES = 50_000  # in one file: sitemaps.org
MEDIA_TYPE = "application/xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
FIXED_PATHS = ("/", "/about", "/accessibility", "/themes", regions.PATH, *region_group_page.GROUP_PAGES)


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
    after, is_first = None, True
    while True:
        data = request.ask("sitemap", after=after, isFirst=is_first).data
        members = data["organizations"]
        if is_first:
            yield from map(ListedPage, (*_list_theme_paths(data), *_list_place_paths(members["facets"])))
        yield from _iter_members(members["nodes"])
        if not members["pageInfo"]["hasNextPage"]:
            return
        after, is_first = members["pageInfo"]["endCursor"], False


def _iter_members(nodes: Sequence[dict[str, Any]]) -> Iterator[ListedPage]:
    for node in nodes:
        if node["searchEngines"]:
            yield ListedPage(ORGANIZATION_PATH.format(slug=node["slug"]), node["updatedAt"][: len("2026-01-31")])


def _list_theme_paths(data: dict[str, Any]) -> list[str]:
    terms = ((themes.ISSUE_AREAS, data["issueAreas"]["nodes"]), (themes.COMMUNITIES, data["communities"]))
    return [f"{kind.path}/{term['slug']}" for kind, nodes in (*terms, (themes.WORK_AREAS, data["workAreas"])) for term in nodes]


def _list_place_paths(facets: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return the places in which an organization is located or which one serves."""
    return [f"{regions.PATH}/{place['value']}" for places in facets.values() for place in places if place["local"]]
