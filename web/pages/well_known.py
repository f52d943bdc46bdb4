"""/robots.txt, /favicon.ico and /.well-known/security.txt: files that programs look for at fixed addresses."""

from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from web.http.hosts import public_base_url
from web.pages import sitemap
from web.pages.assets import ASSETS
from web.pages.languages import LANGUAGES
from web.settings import Settings

SECURITY_PATH = "/.well-known/security.txt"
ROBOTS_PATH = "/robots.txt"
ICON_PATH, ICON = "/favicon.ico", "icon-192.png"
ICON_HEADERS = {"Cache-Control": "public, max-age=86400"}  # the address of the icon changes with its content
# Programs do not follow every link: searches and months are endless, others are no pages. A pattern is the start of an address.
_ENDLESS = ("/?", "/organizations.", "/coalitions?", "/events?", "/instruments?", "/coverage?", "/coverage.")
DISALLOWED_PATTERNS = (
    "/graphql",
    "/graphiql",
    "/reconcile",
    *(f"{prefix}{pattern}" for prefix in ("", *(f"/{code}" for code in LANGUAGES)) for pattern in _ENDLESS),
)


async def serve_robots_txt(request: Request) -> Response:
    """Serve which addresses search engines may ask for (RFC 9309). Pages that they may not list say so themselves."""
    root = request.scope.get("root_path", "")
    rules = [f"Disallow: {root}{pattern}" for pattern in DISALLOWED_PATTERNS]
    address = f"Sitemap: {str(public_base_url(request)).rstrip('/')}{sitemap.PATH}"
    return PlainTextResponse("\n".join(["User-agent: *", *rules, "", address, ""]))


async def serve_icon(request: Request) -> Response:
    """Lead to the icon. Pages link to it themselves; this is for programs that do not read them."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}{ASSETS.get_address(ICON)}", 302, ICON_HEADERS)


async def serve_security_txt(request: Request) -> Response:
    """Serve where to report a vulnerability (RFC 9116); 404 if no contact is configured."""
    text: str | None = request.app.state.security_text
    if text is None:
        raise HTTPException(404)
    return PlainTextResponse(text)


def format_security_txt(settings: Settings) -> str | None:
    """Return the text of security.txt; None if no contact is configured. RFC 9116 requires a contact and an expiry date."""
    if settings.security_expires is None:
        return None
    contacts = [f"Contact: {contact}" for contact in settings.security_contact]
    return "\n".join([*contacts, f"Expires: {settings.security_expires.isoformat()}T00:00:00Z", ""])


def is_security_txt_expired(settings: Settings, today: date) -> bool:
    """Return whether security.txt has expired."""
    return settings.security_expires is not None and settings.security_expires <= today


ROUTES = [
    Route(ROBOTS_PATH, serve_robots_txt),
    Route(ICON_PATH, serve_icon),
    Route(SECURITY_PATH, serve_security_txt),
]
