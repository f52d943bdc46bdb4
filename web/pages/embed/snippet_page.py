"""/embed/snippet: the HTML that shows the list or map of a search on another web site, with a preview."""

from urllib.parse import urlsplit

from web.pages.embed.embed_form import NUMBERS, VIEWS, EmbedForm
from web.pages.embed.embed_page import PATH as EMBED_PATH
from web.pages.embed.embed_page import build_embed_values
from web.pages.languages import LANGUAGES
from web.pages.page import Page, PageRequest
from web.pages.page_response import SNIPPET_PATH
from web.pages.search.search_addresses import SearchAddresses
from web.pages.sensitive_themes import is_sensitive_search

PATH = SNIPPET_PATH
LANGUAGE = "frame"  # the parameter with the language of the embed, which need not be that of this page


def build_snippet_page(request: PageRequest) -> Page:
    chosen = next((value for key, value in request.parameters if key == LANGUAGE), "")
    code = chosen if chosen in LANGUAGES else request.language.code
    request.parameters = [pair for pair in request.parameters if pair[0] != LANGUAGE]
    form = EmbedForm.read(request)
    data, is_whole = form.ask(request)
    values = build_embed_values(request, form, data)
    pairs = SearchAddresses(values["search"]).pairs
    path = f"{request.link_in(code, EMBED_PATH)}?{form.format(values['search'])}"
    address = urlsplit(request.build_absolute(path))
    return Page(
        "embed_snippet.html",
        values
        | {
            "is_whole": is_whole,
            "frame_language": code,
            "languages": LANGUAGES.values(),
            "pairs": pairs,
            "path": path,
            "frame_address": address.geturl(),
            "origin": f"{address.scheme}://{address.netloc}",
            "views": VIEWS,
            "numbers": NUMBERS,
            "sensitive": is_sensitive_search(pairs),
        },
    )
