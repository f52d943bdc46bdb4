"""/graphiql: serve the GraphQL explorer that hatch_build.py builds from web/front."""

import re
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from directory.errors import ErrorCode
from web.http.content_negotiation import accepts_gzip, prefers_html
from web.http.request_parsing import QUERY_STRING_LIMIT, QUERY_STRING_METHODS
from web.http.responses import HTML, RawResponse, encode_headers, refusal_response

STATIC_FOLDER = Path(__file__).parents[1] / "static"
PAGE_FILE = "index.html"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": f"{HTML}; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".ttf": "font/ttf",
}
ASSET_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}")  # no path separators, and no leading dot
HASHED_FILE_NAME = re.compile(r"-[\w-]{8}\.\w+$")  # Vite puts a hash of the content into the name
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
_DOCUMENT_PARAMETER = re.compile(rb"(?:^|&)(?:query|documentId)(?:=|&|$)")  # names are not decoded, which could take long
NONCE_PLACEHOLDER = "NONCE-OF-THIS-PAGE"  # replaced by a nonce in the built page (web/front/vite.config.ts)
NONCE_BYTES = 16
NOT_INSTALLED = (
    "The explorer is not installed. To build it, run ./dev front in a checkout of the source with network access. "
    "The API at /graphql works without it."
)


def build_content_security_policy(*styles: str) -> str:
    """Return a Content-Security-Policy that allows our own files, and for styles also the given sources, such as a nonce."""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "worker-src 'self'",
            " ".join(["style-src 'self'", *styles]),
            "connect-src 'self'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def build_routes(static: Path = STATIC_FOLDER) -> list[Route]:
    """Return the routes of the page and its assets in the folder `static`."""
    explorer = Explorer(static)
    return [Route("/graphiql", explorer.serve_page), Route("/graphiql/{name}", explorer.serve_asset)]


class Explorer:
    """Serves the built files. They are read for each request, so a new build needs no restart."""

    def __init__(self, static: Path) -> None:
        self._page_path = static / "explorer" / PAGE_FILE
        self._assets_folder = static / "explorer" / "graphiql"

    async def serve_page(self, request: Request) -> Response:
        if not self._page_path.exists():
            return refusal_response(404, ErrorCode.NOT_FOUND, NOT_INSTALLED)
        nonce = token_urlsafe(NONCE_BYTES)
        page = self._page_path.read_text(encoding="utf-8").replace(NONCE_PLACEHOLDER, nonce)
        # A cached page would keep its old nonce while a revalidation brings headers with a new one.
        return HTMLResponse(
            page,
            headers={"Content-Security-Policy": build_content_security_policy(f"'nonce-{nonce}'"), "Cache-Control": "no-store"},
        )

    async def serve_asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        path = self._assets_folder / name if ASSET_NAME.fullmatch(name) else None
        if path is None or path.suffix not in MEDIA_TYPES or not path.is_file():
            raise HTTPException(404)
        return _file_response(request, path)


def is_browser_visit(scope: Scope, accept: str) -> bool:
    """Return whether a person opens the endpoint in a browser: by GET, without a document, and with HTML preferred to JSON."""
    is_visit = scope["method"] in QUERY_STRING_METHODS and prefers_html(accept)
    return is_visit and _DOCUMENT_PARAMETER.search(scope["query_string"], 0, QUERY_STRING_LIMIT) is None


def redirect_to_explorer(scope: Scope) -> RawResponse:
    """Redirect to the explorer, below the path under which the directory is mounted."""
    location = quote(f"{scope.get('root_path', '')}/graphiql", safe="/%")
    return RawResponse(303, encode_headers({"Vary": "Accept", "Cache-Control": REVALIDATE, "Location": location}))


def _file_response(request: Request, path: Path) -> Response:
    compressed = path.with_name(f"{path.name}.gz")
    headers = {
        "Content-Security-Policy": build_content_security_policy(),
        "Cache-Control": IMMUTABLE if HASHED_FILE_NAME.search(path.name) else REVALIDATE,
        "Vary": "Accept-Encoding",
    }
    if accepts_gzip(request.headers.get("accept-encoding", "")) and compressed.exists():
        path, headers["Content-Encoding"] = compressed, "gzip"
    return FileResponse(path, headers=headers, media_type=MEDIA_TYPES[Path(path.name.removesuffix(".gz")).suffix])
