"""Turn a page into a response: render it, compress it, and add the headers that all pages have."""

import gzip
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response

from web.http.content_negotiation import accepts_gzip
from web.http.responses import HTML
from web.pages.assets import ASSETS
from web.pages.page import Download, Page, PageRequest, Redirect
from web.pages.rendering import render_page
from web.pages.site import Site

SPECULATION_RULES = "organizations.speculationrules"  # which links a browser may load before a visitor follows them
HTTP_OK, HTTP_UNAVAILABLE = 200, 503
RETRY_SECONDS = 5  # after which a page that was not available may be asked for again
EMBED_PATH, SNIPPET_PATH = "/embed", "/embed/snippet"
# Any web site may show an embed in a frame. It loads its style and script, and sends nothing to anyone.
EMBED_POLICY = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'"),
        *("form-action 'none'", "frame-ancestors *", "base-uri 'none'"),
    )
)
UNLISTED = {"X-Robots-Tag": "noindex"}
UNCACHED = {"Cache-Control": "private, no-store"}
COMPRESSION_LEVEL = 4  # 9 makes a page 5 % smaller and takes almost three times as long


def build_content_security_policy(tiles: str | None = None, frames: str | None = None) -> str:
    """Return the policy of the pages: only our own files, and the images of the tile server if one is set.

    `frames` is what the page may show in frames, None for nothing. Only embeds may be shown in one: see EMBED_POLICY.
    """
    tile_source = f" {urlsplit(tiles).scheme}://{urlsplit(tiles).netloc}" if tiles else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data:{tile_source}",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            *([f"frame-src {frames}"] if frames else []),
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def build_page_headers(site: Site, path: str | None = None) -> dict[str, str]:
    """Return the headers of every page and of every redirect to one. `path` is the page's: embeds differ."""
    headers = _build_common_headers(site)
    if path == EMBED_PATH:
        return {**headers, **UNLISTED, "Content-Security-Policy": EMBED_POLICY, "Cross-Origin-Resource-Policy": "cross-origin"}
    if path == SNIPPET_PATH:
        return {**headers, "Content-Security-Policy": build_content_security_policy(site.tiles, frames="'self'")}
    return headers


def _build_common_headers(site: Site) -> dict[str, str]:
    return {
        "Content-Security-Policy": build_content_security_policy(site.tiles),
        "Cache-Control": "public, max-age=0, must-revalidate",
        "Vary": "Accept-Encoding, Accept-Language",
        "Permissions-Policy": "camera=(), display-capture=(), geolocation=(self), microphone=(), payment=(), usb=()",
    }


def build_response(
    page: Page | Redirect | Download, request: PageRequest, request_headers: Headers, headers: Mapping[str, str]
) -> Response:
    """Return the response with these headers. It has an entity tag, `ETag`, only if the page exists and may be stored."""
    if isinstance(page, Redirect):
        return RedirectResponse(page.address, 308, headers)
    if isinstance(page, Download):
        own = _build_attachment_headers(page.file_name) if page.file_name else {} if page.is_indexed else UNLISTED
        return _compress(page.content, 200, {**headers, **own}, page.media_type, request_headers)
    own = {**headers, "Content-Language": request.language.code}
    if page.status == HTTP_OK and request.path != EMBED_PATH:  # an embed loads nothing before a visitor asks for it
        own["Speculation-Rules"] = f'"{request.root}{ASSETS.get_address(SPECULATION_RULES)}"'
    if page.status != HTTP_OK or not page.is_stored:
        own = {**{name: value for name, value in own.items() if name != "ETag"}, **UNCACHED}
    if page.status == HTTP_UNAVAILABLE:
        own["Retry-After"] = str(RETRY_SECONDS)
    return _compress(render_page(page, request), page.status, own, HTML, request_headers)


def _build_attachment_headers(file_name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{file_name}"', **UNLISTED}


def _compress(body: bytes, status: int, headers: Mapping[str, str], media_type: str, request_headers: Headers) -> Response:
    encoding = {}
    if accepts_gzip(request_headers.get("accept-encoding", "")):
        body, encoding = gzip.compress(body, COMPRESSION_LEVEL, mtime=0), {"Content-Encoding": "gzip"}
    return Response(body, status, {**headers, **encoding}, media_type=media_type)
