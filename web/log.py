"""The log: one line a request with method, path, status and time. No addresses, no search words, no variables."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("directory.requests")

TOLD = ("/", "/healthz", "/graphql")  # any other path is what somebody typed


def configure(level: str) -> None:
    """Everything of that level or above goes to stderr, a line each; what libraries tell from warnings on."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


class RequestLog:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not log.isEnabledFor(logging.INFO):
            await self.app(scope, receive, send)
            return
        status, began = 0, time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            path = scope["path"] if scope["path"] in TOLD else "(another path)"
            log.info("%s %s %d %.1f ms", scope["method"], path, status, (time.perf_counter() - began) * 1000)
