"""What a page is built from, and what it consists of."""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote

from msgspec import Struct

from directory.errors import ErrorCode
from schema.context import Context
from web.pages.documents import DocumentData, run_document
from web.pages.languages import Language
from web.pages.site import Site

_VOCABULARIES: dict[str, dict[str, Any]] = {}  # by language
_PLAIN_PATH = re.compile(r"[a-z0-9/-]*+")  # most paths: there is nothing to quote
Parameters: TypeAlias = Sequence[tuple[str, str]]
VALUE_ERRORS = (ErrorCode.BAD_INPUT, ErrorCode.TOO_LARGE)  # of one argument; pages say which


class Page(NamedTuple):
    """A page before it is rendered: its template, the values for it, the HTTP status, and whether caches may store it."""

    template: str
    values: dict[str, Any]
    status: int = 200
    is_stored: bool = True


class Redirect(NamedTuple):
    """Another address, below the root of the directory, at which the page is for good."""

    address: str


class Download(NamedTuple):
    """A file that is not a page. A browser saves it under its name, or uses it if it has none.

    Search engines may list it only if `is_indexed`, and never one with a name: it has records, and some refuse to be listed.
    """

    content: bytes
    media_type: str
    file_name: str | None = None
    is_indexed: bool = True


class PageNotFound(Exception):
    """There is no page at this address, or nobody may see it."""


class PageUnavailable(Exception):
    """The document of a page has no data, because of an error with this code."""

    def __init__(self, code: ErrorCode) -> None:
        super().__init__(code)
        self.code = code


class PageRequest(Struct):
    """A visit to a page. `points` is what it has cost so far."""

    language: Language
    prefix: str  # before the path of every page in this language: "", "/es" or, below another path, "/directory/es"
    root: str  # before the path of every file: "" or "/directory"
    path: str  # of the page, in any language: "/organizations/umbrella"
    path_values: dict[str, str]  # the variable parts of the path
    parameters: Parameters
    query_string: str
    base_url: str  # the address of the directory for other programs, without "/" at its end
    context: Context
    site: Site
    points: int = 0

    def ask(self, document: str, **variables: Any) -> DocumentData:
        """Execute the document in documents/, in the language of the page.

        Raises PageUnavailable if it has no data at all, unless a value of the visitor is the reason: then `data` is {}.
        """
        answer = run_document(document, {"language": self.language.code, **variables}, self.context)
        self.points += answer.points
        if not answer.data and (code := ErrorCode(answer.errors[0]["extensions"]["code"])) not in VALUE_ERRORS:
            raise PageUnavailable(code)
        return answer

    def ask_vocabulary(self) -> dict[str, Any]:
        """Return the data of documents/vocabulary.graphql, which is executed once in each language: no record is in it."""
        code = self.language.code
        if code not in _VOCABULARIES:
            _VOCABULARIES[code] = self.ask("vocabulary").data
        return _VOCABULARIES[code]

    def link(self, path: str, search: str = "") -> str:
        """Return the address of a page: "/es/themes" for "/themes"."""
        address = _quote_path(f"{self.prefix}{path}")
        return f"{address}?{search}" if search else address

    def link_in(self, code: str, path: str | None = None) -> str:
        """Return the address in the language with this code: of the page with the path, or of this page with its parameters."""
        address = _quote_path(f"{self.root}/{code}{path or self.path}")
        return f"{address}?{self.query_string}" if self.query_string and path is None else address

    def build_absolute(self, address: str) -> str:
        """Return an address that begins with "/" with the scheme and host, for other programs."""
        return f"{self.base_url.removesuffix(self.root)}{address}"


def _quote_path(path: str) -> str:
    return path if _PLAIN_PATH.fullmatch(path) else quote(path, safe="/%:@,+-._~")


PageBuilder: TypeAlias = Callable[[PageRequest], Page | Redirect | Download]
"""Builds one kind of page. Raises PageNotFound."""
