"""/graphiql: the explorer that the package build made of web/front, or how to get it."""

import re
from pathlib import Path
from secrets import token_urlsafe

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from directory.errors import Code
from web.reply import GRAPHQL_JSON, JSON, refusal

STATIC = Path(__file__).parent / "static"
PAGE = "index.html"
HTML = "text/html"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": f"{HTML}; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".ttf": "font/ttf",
}
ASSET = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}")  # no such name leads out of a folder
HASHED = re.compile(r"-[\w-]{8}\.\w+$")  # Vite names a file after its content, so that it never changes
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
NONCE = "NONCE-OF-THIS-PAGE"  # stands for it in the built page (web/front/vite.config.ts)
NONCE_BYTES = 16
MISSING = (
    "The explorer is no part of this installation. In a checkout, ./dev front builds it, for which npm has to be able to fetch. "
    "The API itself answers at /graphql."
)


def policy(*styles: str) -> str:
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


def routes(static: Path = STATIC) -> list[Route]:
    """/graphiql and its assets, as they lie below `static`."""
    explorer = Explorer(static)
    return [Route("/graphiql", explorer.page), Route("/graphiql/{name}", explorer.asset)]


class Explorer:
    """The built files, looked for anew each time: who builds again need not start again."""

    def __init__(self, static: Path) -> None:
        self._page = static / "explorer" / PAGE
        self._assets = static / "explorer" / "graphiql"

    async def page(self, request: Request) -> Response:
        if not self._page.exists():
            return refusal(404, Code.NOT_FOUND, MISSING)
        nonce = token_urlsafe(NONCE_BYTES)
        page = self._page.read_text(encoding="utf-8").replace(NONCE, nonce)
        # Not stored: a cache that renews its headers would no longer have the nonce of the page it holds.
        return HTMLResponse(page, headers={"Content-Security-Policy": policy(f"'nonce-{nonce}'"), "Cache-Control": "no-store"})

    async def asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        path = self._assets / name if ASSET.fullmatch(name) else None
        if path is None or path.suffix not in TYPES or not path.is_file():
            raise HTTPException(404)
        return _file(request, path)


def asked_by_browser(request: Request) -> bool:
    """Whether a person opens the endpoint: by GET, without a question, and preferring HTML to JSON by its Accept header."""
    asks = {"query", "documentId"}.intersection(request.query_params)
    return request.method in ("GET", "HEAD") and not asks and _prefers_html(request.headers.get("accept", ""))


def to_explorer(request: Request) -> Response:
    """Leads a browser there, below whatever path the directory lives."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/graphiql", 303, {"Vary": "Accept", "Cache-Control": ASK_AGAIN})


def _prefers_html(accept: str) -> bool:
    weights = dict(map(_weighed, accept.lower().split(",")))
    return weights.get(HTML, 0) > max(weights.get(JSON, 0), weights.get(GRAPHQL_JSON, 0))


def _weighed(part: str) -> tuple[str, float]:
    kind, *parameters = (piece.strip() for piece in part.split(";"))
    weight = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
    try:
        return kind, float(weight)
    except ValueError:
        return kind, 0.0


def _file(request: Request, path: Path) -> Response:
    small = path.with_name(f"{path.name}.gz")
    headers = {
        "Content-Security-Policy": policy(),
        "Cache-Control": FOR_EVER if HASHED.search(path.name) else ASK_AGAIN,
        "Vary": "Accept-Encoding",
    }
    if _takes_gzip(request.headers.get("accept-encoding", "")) and small.exists():
        path, headers["Content-Encoding"] = small, "gzip"
    return FileResponse(path, headers=headers, media_type=TYPES[Path(path.name.removesuffix(".gz")).suffix])


def _takes_gzip(accept_encoding: str) -> bool:
    return dict(map(_weighed, accept_encoding.lower().split(","))).get("gzip", 0) > 0
