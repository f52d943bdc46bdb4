"""The first page: a box to search in, examples, and the themes."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from web.pages.page import Page, PageRequest
from web.pages.search.example_questions import find_example_questions


class Theme(Struct, frozen=True):
    """An issue area with the number of organizations that work on it or on a narrower one."""

    slug: str
    label: str
    count: int
    address: str


def build_home_page(request: PageRequest) -> Page:
    answer = request.ask("home")
    nodes = answer.data["issueAreas"]["nodes"]
    top = sorted(list_top_themes(request, nodes), key=lambda theme: (-theme.count, theme.label))
    return Page(
        "home.html",
        {
            "network": answer.data["network"],
            "themes": top,
            "theme_count": len(nodes),
            "words": "",
            "examples": find_example_questions(request, _list_example_themes(nodes)),
        },
    )


def _list_example_themes(nodes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of the themes with organizations, narrow ones first: people ask about evictions, not rights."""
    used = [node for node in nodes if node["organizationCount"]]
    used.sort(key=lambda node: (not node["broader"], -node["organizationCount"], node["label"]))
    return [node["label"] for node in used]


def list_top_themes(request: PageRequest, nodes: Sequence[Mapping[str, Any]]) -> list[Theme]:
    return [
        Theme(node["slug"], node["label"], node["organizationCount"], request.link("/", f"issue={node['slug']}"))
        for node in nodes
        if not node["broader"]
    ]
