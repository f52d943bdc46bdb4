"""/graphiql: the explorer that the package build made of web/front, or how to get it."""

import re
from pathlib import Path
from secrets import token_urlsafe

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from directory.errors import ErrorCode
from web.http.responses import GRAPHQL_JSON, JSON, refusal_response

STATIC_FOLDER = Path(__file__).parents[1] / "static"
PAGE_FILE = "index.html"
HTML_TYPE = "text/html"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": f"{HTML_TYPE}; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".ttf": "font/ttf",
}
ASSET_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}")  # no such name leads out of a folder
HASHED_FILE_NAME = re.compile(r"-[\w-]{8}\.\w+$")  # Vite names a file after its content, so that it never changes
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
NONCE_PLACEHOLDER = "NONCE-OF-THIS-PAGE"  # stands for it in the built page (web/front/vite.config.ts)
NONCE_BYTES = 16
NOT_INSTALLED = (
    "The explorer is no part of this installation. In a checkout, ./dev front builds it, for which npm has to be able to fetch. "
    "The API itself answers at /graphql."
)


def build_content_security_policy(*styles: str) -> str:
    """A Content-Security-Policy that allows our own files and, in a page, `styles` such as those with its nonce."""
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
    """/graphiql and its assets, as they lie below `static`."""
    explorer = Explorer(static)
    return [Route("/graphiql", explorer.serve_page), Route("/graphiql/{name}", explorer.serve_asset)]


class Explorer:
    """The built files, looked for anew each time: who builds again need not start again."""

    def __init__(self, static: Path) -> None:
        self._page_path = static / "explorer" / PAGE_FILE
        self._assets_folder = static / "explorer" / "graphiql"

    async def serve_page(self, request: Request) -> Response:
        if not self._page_path.exists():
            return refusal_response(404, ErrorCode.NOT_FOUND, NOT_INSTALLED)
        nonce = token_urlsafe(NONCE_BYTES)
        page = self._page_path.read_text(encoding="utf-8").replace(NONCE_PLACEHOLDER, nonce)
        # Not stored: a cache that renews its headers would no longer have the nonce of the page it holds.
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


def is_browser_visit(request: Request) -> bool:
    """Whether a person opens the endpoint: by GET, without a question, and preferring HTML to JSON by its Accept header."""
    asks = {"query", "documentId"}.intersection(request.query_params)
    return request.method in ("GET", "HEAD") and not asks and _prefers_html(request.headers.get("accept", ""))


def redirect_to_explorer(request: Request) -> Response:
    """Leads a browser there, below whatever path the directory lives."""
    return RedirectResponse(
        f"{request.scope.get('root_path', '')}/graphiql", 303, {"Vary": "Accept", "Cache-Control": REVALIDATE}
    )


def _prefers_html(accept: str) -> bool:
    weights = dict(map(_parse_weight, accept.lower().split(",")))
    return weights.get(HTML_TYPE, 0) > max(weights.get(JSON, 0), weights.get(GRAPHQL_JSON, 0))


def _parse_weight(part: str) -> tuple[str, float]:
    kind, *parameters = (piece.strip() for piece in part.split(";"))
    weight = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
    try:
        return kind, float(weight)
    except ValueError:
        return kind, 0.0


def _file_response(request: Request, path: Path) -> Response:
    small = path.with_name(f"{path.name}.gz")
    headers = {
        "Content-Security-Policy": build_content_security_policy(),
        "Cache-Control": IMMUTABLE if HASHED_FILE_NAME.search(path.name) else REVALIDATE,
        "Vary": "Accept-Encoding",
    }
    if _accepts_gzip(request.headers.get("accept-encoding", "")) and small.exists():
        path, headers["Content-Encoding"] = small, "gzip"
    return FileResponse(path, headers=headers, media_type=MEDIA_TYPES[Path(path.name.removesuffix(".gz")).suffix])


def _accepts_gzip(accept_encoding: str) -> bool:
    return dict(map(_parse_weight, accept_encoding.lower().split(","))).get("gzip", 0) > 0
