"""Security headers for every response, unless a route sets its own."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.http.responses import RawHeaders

# Browser features that our pages do not use and that injected code must not use either.
UNUSED_FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # addresses contain search words
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",  # does not affect CORS requests
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES),
}
HSTS_HEADER = {"Strict-Transport-Security": "max-age=31536000"}  # a year


def build_security_headers(*, https: bool) -> dict[str, str]:
    """Return the headers. With `https`, they tell browsers to use only HTTPS."""
    return {**SECURITY_HEADERS, **HSTS_HEADER} if https else dict(SECURITY_HEADERS)


class SecurityHeadersMiddleware:
    """Add the headers to every response that does not set them itself."""

    def __init__(self, app: ASGIApp, headers: RawHeaders) -> None:
        self.app = app
        self._headers, self._header_names = headers, {name for name, _ in headers}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]} & self._header_names
                message["headers"].extend(pair for pair in self._headers if pair[0] not in own)
            await send(message)

        await self.app(scope, receive, with_headers)
