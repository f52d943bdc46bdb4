"""Who may use the review: only the browser that opened the link first, on this computer.

- The link has a token that works once. It is exchanged for a cookie that scripts cannot read and other sites cannot send.
- All addresses begin with a part that nobody can guess, and the cookie is only sent there: cookies do not tell the ports of a
  computer apart, so other servers on it would get the cookie otherwise.
- `Host` must be the address that the review listens on: otherwise a site that points its own name at this computer could read it.
- A form must come from a page of the review (`Origin`) and have the token of this session in `csrf`.
"""

import hmac
import secrets
from collections.abc import Mapping
from typing import NoReturn

from starlette.requests import Request

from directory.errors import ErrorCode
from web.http.responses import Refusal

HOST = "127.0.0.1"
COOKIE = "review"
CSRF_FIELD = "csrf"
TOKEN_BYTES, ROOT_BYTES = 32, 9
END_AND_START = "End the review with Ctrl-C in the terminal and start it again: it prints a new link."
WRONG_HOST = "This address is not the one of the review. Open the link that the terminal shows."
WRONG_TOKEN = f"This is not the link that the terminal shows, or only a part of it. Copy the whole link. {END_AND_START}"
USED_TOKEN = f"This link has been used. It works once, so that nobody else can open the review. {END_AND_START}"
NO_COOKIE = f"This browser did not open the link of the review. Use the browser in which you opened it. {END_AND_START}"
WRONG_ORIGIN = "This form was not sent by a page of the review. Open the page again and send the form from there."
WRONG_CSRF = (
    "This form belongs to another review, or was not sent by a page of it. Open the page again, and send the form from there."
)


class ReviewAccess:
    """The secrets of one review that listens on this port of 127.0.0.1. `root` is before the path of every page: "/Ab3x…"."""

    def __init__(self, port: int) -> None:
        self.authority = f"{HOST}:{port}"
        self.root = f"/{secrets.token_urlsafe(ROOT_BYTES)}"
        self.csrf = secrets.token_urlsafe(TOKEN_BYTES)
        self._link_token: str | None = secrets.token_urlsafe(TOKEN_BYTES)
        self._cookie = secrets.token_urlsafe(TOKEN_BYTES)
        self.link = f"http://{self.authority}{self.root}/open?token={self._link_token}"

    def exchange_token(self, token: str) -> str:
        """Return the `Set-Cookie` for the token of the link. The token is used then. Raises Refusal."""
        if self._link_token is None:
            _forbid(USED_TOKEN)
        if not _equals(token, self._link_token):
            _forbid(WRONG_TOKEN)
        self._link_token = None
        return f"{COOKIE}={self._cookie}; Path={self.root}; HttpOnly; SameSite=Strict"

    def require_host(self, request: Request) -> None:
        """Raise Refusal unless the request has one `Host`, that of the review."""
        if request.headers.getlist("host") != [self.authority]:
            raise Refusal(400, ErrorCode.FORBIDDEN, WRONG_HOST)

    def require_cookie(self, request: Request) -> None:
        if not _equals(request.cookies.get(COOKIE, ""), self._cookie):
            raise Refusal(403, ErrorCode.UNAUTHENTICATED, NO_COOKIE)

    def require_own_form(self, request: Request, form: Mapping[str, str]) -> None:
        """Raise Refusal unless a page of this session sent the form."""
        if request.headers.getlist("origin") != [f"http://{self.authority}"]:
            _forbid(WRONG_ORIGIN)
        if not _equals(form.get(CSRF_FIELD, ""), self.csrf):
            _forbid(WRONG_CSRF)


def _equals(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def _forbid(message: str) -> NoReturn:
    raise Refusal(403, ErrorCode.FORBIDDEN, message)
