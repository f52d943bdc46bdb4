"""The list of a search as a file: /organizations.csv and /organizations.geojson, with the parameters of the search page.

A long list is in several files: `part=2` is the second. Its name says which records it has, and so does its content if the format
has a place for it. Headings of a CSV file are in the language of the page, and values are those that an import reads.
"""

from collections.abc import Sequence
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from msgspec.structs import replace

from directory.filters.query_strings import parse_query_string
from directory.records import Organization
from schema.types.near_filter import find_organization_origin
from web.pages.languages import Language
from web.pages.page import Download, Page, PageBuilder, PageNotFound, PageRequest
from web.pages.search.download_parts import FORMATS, PART, FilePart, find_part
from web.pages.search.search_form import SearchForm
from web.pages.search.search_page import build_search_page

if TYPE_CHECKING:
    from directory.export.formats import ExportFormat

FILE_NAME = "organizations"


def build_download(format_name: str, request: PageRequest) -> Page | Download:
    """Return the file. A search that is not valid gets the page of the search, which says why. Raises PageNotFound."""
    from directory.export.export_info import list_matches  # imported late: a server starts sooner
    from directory.export.formats import EXPORT_FORMATS

    number = next((value for key, value in request.parameters if key == PART), "1")
    request.parameters = [pair for pair in request.parameters if pair[0] != PART]
    form = SearchForm.read(request.parameters)
    found = request.ask("check", words=form.words or None, search=form.search or None).data.get("organizations")
    if found is None:
        return build_search_page(request)
    snapshot = request.context.snapshot
    matches = list_matches(snapshot, parse_query_string(found["search"], partial(find_organization_origin, snapshot)))
    part = find_part(len(matches), number)
    if part is None:
        raise PageNotFound
    return _write(EXPORT_FORMATS[format_name], request, matches, part)


def _write(export_format: "ExportFormat", request: PageRequest, matches: Sequence[Organization], part: FilePart) -> Download:
    from directory.export.export_info import ExportPart, build_export_info

    info = build_export_info(request.context.snapshot, request.context.now, request.base_url)
    is_whole = part.last - part.first + 1 >= len(matches)
    export_part = None if is_whole else ExportPart(part.first, part.last, len(matches))
    file = BytesIO()
    info = replace(info, language=request.language.code, part=export_part)
    export_format.write(matches[part.first - 1 : part.last], file, info)
    name = format_file_name(request.language, None if is_whole else part, len(matches))
    return Download(file.getvalue(), export_format.media_type, name + export_format.extension)


def format_file_name(language: Language, part: FilePart | None, total: int) -> str:
    """Return "organizations" or, for a part of a list, "organizations-1001-2000-of-2345"."""
    if part is None:
        return language.gettext("organizations")
    text = language.gettext("organizations-%(first)d-%(last)d-of-%(total)d")
    return text % {"first": part.first, "last": part.last, "total": total}


DOWNLOADS: dict[str, PageBuilder] = {f"/{FILE_NAME}.{name}": partial(build_download, name) for name in FORMATS}
