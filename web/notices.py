"""/robots.txt and /.well-known/security.txt: what programs look for at fixed addresses."""

from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from web.settings import Settings

SECURITY = "/.well-known/security.txt"
ROBOTS = "/robots.txt"
ROBOTS_TEXT = """\
# Nothing here is a page to be indexed: the directory answers programs, at /graphql.
User-agent: *
Disallow: /
"""


async def robots(_request: Request) -> Response:
    return PlainTextResponse(ROBOTS_TEXT)


async def security(request: Request) -> Response:
    """Where to report a vulnerability (RFC 9116). Without a configured contact there is no such file."""
    text: str | None = request.app.state.security_text
    if text is None:
        raise HTTPException(404)
    return PlainTextResponse(text)


def security_text(settings: Settings) -> str | None:
    """The file's text; None where no contact is configured. RFC 9116 requires a contact and the day until which it holds."""
    if settings.security_expires is None:
        return None
    contacts = [f"Contact: {contact}" for contact in settings.security_contact]
    return "\n".join([*contacts, f"Expires: {settings.security_expires.isoformat()}T00:00:00Z", ""])


def is_expired(settings: Settings, today: date) -> bool:
    """Whether security.txt would tell its readers that it is out of date."""
    return settings.security_expires is not None and settings.security_expires <= today


ROUTES = [Route(ROBOTS, robots), Route(SECURITY, security)]
