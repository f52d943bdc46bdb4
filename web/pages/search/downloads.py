"""The list of a search as a file: /organizations.csv and /organizations.geojson, with the parameters of the search page."""

from functools import partial
from io import BytesIO

from directory.filters.query_strings import parse_query_string
from schema.types.near_filter import find_organization_origin
from web.pages.page import Download, Page, PageBuilder, PageRequest
from web.pages.search.search_form import SearchForm
from web.pages.search.search_page import build_search_page

MAX_RECORDS = 1_000  # in one file, which takes about 0.1 s
FILE_NAME = "organizations"


def build_download(format_name: str, request: PageRequest) -> Page | Download:
    """Return the file. A search that is not valid gets the page of the search, which says why; a long list is cut."""
    from seed.export.export_info import build_export_info, list_matches  # imported late: a server starts sooner without it
    from seed.export.formats import EXPORT_FORMATS

    form = SearchForm.read(request.parameters)
    found = request.ask("check", words=form.words or None, search=form.search or None).data.get("organizations")
    if found is None:
        return build_search_page(request)
    snapshot = request.context.snapshot
    question = parse_query_string(found["search"], partial(find_organization_origin, snapshot))
    file, export_format = BytesIO(), EXPORT_FORMATS[format_name]
    info = build_export_info(snapshot, request.context.now, request.base_url)
    export_format.write(list_matches(snapshot, question)[:MAX_RECORDS], file, info)
    return Download(file.getvalue(), export_format.media_type, FILE_NAME + export_format.extension)


DOWNLOADS: dict[str, PageBuilder] = {f"/{FILE_NAME}.{name}": partial(build_download, name) for name in ("csv", "geojson")}
