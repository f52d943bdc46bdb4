"""/embed: the list or map of a search, to be shown in a frame on any web site.

The page is complete without its script, which only tells the page around it how high it is. It sets no cookies, stores nothing
and asks the server for nothing: web/pages/page_response.py has its policy. Its links open in tabs of their own. It has no exit
button, because a frame cannot leave the page around it.
"""

from typing import Any

from web.pages.browse.organization_lists import build_organization_list
from web.pages.embed.embed_form import MAP, EmbedForm
from web.pages.page import Page, PageRequest
from web.pages.page_response import EMBED_PATH
from web.pages.search.search_addresses import SearchAddresses
from web.pages.search.state_map import EVERYTHING, build_region_map

PATH = EMBED_PATH


def build_embed_page(request: PageRequest) -> Page:
    form = EmbedForm.read(request)
    data, is_whole = form.ask(request)
    return Page("embed.html", build_embed_values(request, form, data) | {"is_whole": is_whole})


def build_embed_values(request: PageRequest, form: EmbedForm, data: dict[str, Any]) -> dict[str, Any]:
    """Return what the embed and the page with its snippet say about a search."""
    found = data["organizations"]
    search = found["search"] or EVERYTHING
    states = found["facets"]["states"]
    is_map = form.view == MAP
    return {
        "network": data["network"],
        "form": form,
        "search": search,
        "labels": [part["label"] for part in found["question"]],
        "organizations": build_organization_list(request, found, states, search),
        "map": build_region_map(request, found["facets"], SearchAddresses(search), None, opens_tabs=True) if is_map else None,
    }
