"""The page for a request that cannot be answered: what happened, and where to go from there.

It must not need much time: it is also built for visitors who have no points left, and for addresses that nobody pays for.
"""

import re
from typing import Any
from urllib.parse import unquote

from directory.errors import ErrorCode
from web.pages.page import Page, PageRequest, PageUnavailable

TEMPLATE = "error.html"
STATUSES = {ErrorCode.UNAVAILABLE: 503, ErrorCode.TOO_SLOW: 503, ErrorCode.BUSY: 503, ErrorCode.INTERNAL: 500}  # others are 400
MAX_WORDS_LENGTH = 60  # characters of a path that are offered as words to search for
_NO_WORD = re.compile(r"[\W_]+")


def build_error_page(
    request: PageRequest, status: int, code: ErrorCode = ErrorCode.NOT_FOUND, error_id: str | None = None
) -> Page:
    """Return the page. `error_id` is that of the entry in the log, None if there is none."""
    words = guess_words(request.path) if status == 404 else ""
    values = {"network": find_network(request), "code": str(code), "status": status, "error_id": error_id, "words": words}
    return Page(TEMPLATE, values, status)


def build_unavailable_page(request: PageRequest, code: ErrorCode) -> Page:
    """Return the page for a request whose data could not be read."""
    return build_error_page(request, STATUSES.get(code, 400), code)


def find_network(request: PageRequest) -> dict[str, Any]:
    """Return what pages say about the network; of a directory without one, what can be said about any."""
    try:
        network: dict[str, Any] = request.ask("network").data["network"]
    except PageUnavailable:
        return {"name": request.language.gettext("Membership directory"), "fictional": False}
    return network


def guess_words(path: str) -> str:
    """Return what a visitor may have looked for: "harbor tenants union" for "/organizations/harbor-tenants-union".

    Returns "" if the end of the path has no letters. The words say nothing about whether there is a record at the address.
    """
    words = _NO_WORD.sub(" ", unquote(path.rstrip("/").rpartition("/")[2])).strip()
    return words[:MAX_WORDS_LENGTH] if any(character.isalpha() for character in words) else ""
