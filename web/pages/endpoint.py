"""Serve pages: choose the language, build and render the page in a thread, charge for it, and answer errors as pages.

Addresses without a language are answered in the language that the browser asks for. "/es/..." and "/en/..." are always in theirs.
"""

import math
import time
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from directory.errors import ErrorCode
from directory.live import Directory
from directory.partners.plans.cover_solver import Solver
from directory.records import Audience
from schema.context import Context
from schema.errors import log_internal_error
from schema.limits import SECONDS_PER_POINT, Limits
from web.http.caching import compute_code_hash, is_not_modified
from web.http.hosts import public_base_url
from web.http.request_parsing import read_query_string
from web.http.responses import HTML, Refusal
from web.operations.request_log import set_notes, set_path_pattern
from web.pages.assets import ASSETS
from web.pages.error_page import build_error_page, build_unavailable_page
from web.pages.languages import DEFAULT_CODE, LANGUAGES, Language, negotiate_language
from web.pages.page import Download, Page, PageBuilder, PageNotFound, PageRequest, PageUnavailable, Parameters, Redirect
from web.pages.page_response import EMBED_PATH, SNIPPET_PATH, UNCACHED, build_page_headers, build_response
from web.pages.rendering import render_page
from web.pages.site import Site
from web.server.clock import utc_now
from web.server.rate_limit import NOT_MODIFIED_POINTS, REFUSAL_POINTS, RateLimiter

MAX_PARAMETERS = 200
RESERVED_POINTS = 500  # while a page is built
MAX_REFUSAL_PAGES = 16  # that are stored: a few for each language


class PageEndpoint:
    """Answers requests for pages."""

    def __init__(
        self,
        directory: Directory,
        rate_limiter: RateLimiter,
        limits: Limits,
        site: Site,
        solve_cover: Solver | None = None,
    ) -> None:
        self._directory, self._rate_limiter, self.limits, self._site = directory, rate_limiter, limits, site
        self._solve_cover = solve_cover
        self._headers = build_page_headers(site)
        self._own_headers = {path: build_page_headers(site, path) for path in (EMBED_PATH, SNIPPET_PATH)}
        self._refusal_pages: dict[tuple[int, str, str, str], bytes] = {}

    def build_routes(self, builders: Mapping[str, PageBuilder]) -> list[Route]:
        """Return the routes of pages by their paths, each without a language and in each language."""
        languages = [f"/{code}" for code in LANGUAGES]
        pages = [(prefix, path, build) for path, build in builders.items() for prefix in ("", *languages)]
        homes = [Route(prefix, self._bind(_add_slash, prefix, "")) for prefix in languages]
        return [*homes, *(Route(prefix + path, self._bind(build, prefix, path)) for prefix, path, build in pages)]

    def _bind(self, build: PageBuilder, prefix: str, path: str) -> Callable[[Request], Any]:
        async def serve(request: Request) -> Response:
            set_path_pattern(request.scope, prefix + path)
            return await self._serve(request, build, prefix)

        return serve

    async def _serve(self, request: Request, build: PageBuilder, prefix: str) -> Response:
        limiter, scope = self._rate_limiter, request.scope
        try:
            limiter.check_allowance(scope)
            query_string = read_query_string(scope).decode("ascii", "replace")
            page_request = self._describe(request, prefix, query_string, _parse_parameters(query_string))
            tag = _compute_tag(page_request)
            if is_not_modified(tag, request.headers.get("if-none-match", "").encode("latin-1")):
                limiter.spend(scope, NOT_MODIFIED_POINTS)
                return Response(status_code=304, headers={**self._find_headers(page_request), "ETag": tag})
            try:
                with limiter.reserve(scope, RESERVED_POINTS):
                    return await limiter.run(scope, self._answer, page_request, build, request, tag)
            finally:
                limiter.spend(scope, page_request.points)
        except Refusal as refusal:
            return self._answer_refusal(request, refusal)

    def _find_headers(self, page_request: PageRequest) -> dict[str, str]:
        return self._own_headers.get(page_request.path, self._headers)

    def _describe(self, request: Request, prefix: str, query_string: str, parameters: Parameters) -> PageRequest:
        root = request.scope.get("root_path", "")
        snapshot = self._directory.get_snapshot(Audience.PUBLIC)
        return PageRequest(
            language=_choose_language(request, prefix),
            prefix=root + prefix,
            root=root,
            path=request.url.path.removeprefix(root).removeprefix(prefix) or "/",
            path_values=dict(request.path_params),
            parameters=parameters,
            query_string=query_string,
            base_url=str(public_base_url(request)).rstrip("/"),
            context=Context(snapshot, utc_now(), None, self.limits, solve_cover=self._solve_cover),
            site=self._site,
        )

    def _answer(self, page_request: PageRequest, build: PageBuilder, request: Request, tag: str) -> Response:
        """Build, render and compress the page. Its points become those of the documents or of the time, whichever are more."""
        started = time.thread_time()
        try:
            page = _build(build, page_request)
            return build_response(page, page_request, request.headers, {**self._find_headers(page_request), "ETag": tag})
        finally:
            used = math.ceil((time.thread_time() - started) / SECONDS_PER_POINT)
            page_request.points = max(used, page_request.points)

    async def answer_missing(self, request: Request) -> Response:
        """Answer a request for an address that no page has. It is charged like a page."""

        def build(_: PageRequest) -> Page:
            raise PageNotFound

        return await self._serve(request, build, _find_prefix(request))

    def answer_internal_error(self, request: Request, error: Exception) -> Response:
        """Log an unexpected exception and return a page with the id of the log entry."""
        details = log_internal_error(error)
        page_request = self._describe(request, _find_prefix(request), "", ())
        page = build_error_page(page_request, 500, ErrorCode.INTERNAL, str(details["extensions"]["errorId"]))
        return build_response(page, page_request, request.headers, self._headers)

    def _answer_refusal(self, request: Request, refusal: Refusal) -> Response:
        """Return the page of a refusal. It is rendered once, so that refusing costs next to nothing."""
        set_notes(request.scope, code=refusal.code)
        if refusal.code is not ErrorCode.RATE_LIMITED:
            self._rate_limiter.spend(request.scope, REFUSAL_POINTS)
        page_request = self._describe(request, _find_prefix(request), "", ())
        own, page_request = self._find_headers(page_request), replace(page_request, path="/", base_url="")
        key = (refusal.status, page_request.language.code, page_request.prefix, page_request.context.snapshot.version)
        if key not in self._refusal_pages:
            self._refusal_pages = dict(list(self._refusal_pages.items())[1 - MAX_REFUSAL_PAGES :])
            self._refusal_pages[key] = render_page(build_error_page(page_request, refusal.status, refusal.code), page_request)
        headers = {**own, "Content-Language": page_request.language.code, **refusal.headers, **UNCACHED}
        return Response(self._refusal_pages[key], refusal.status, headers, media_type=HTML)


def _add_slash(request: PageRequest) -> Redirect:
    """Redirect "/es" to "/es/"."""
    return Redirect(request.link("/", request.query_string))


def _find_prefix(request: Request) -> str:
    """Return the language at the beginning of an address that no page has: "/es", or "" if there is none."""
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    return next((f"/{code}" for code in LANGUAGES if path.startswith(f"/{code}/")), "")


def _build(build: PageBuilder, request: PageRequest) -> Page | Redirect | Download:
    try:
        return build(request)
    except PageNotFound:
        return build_error_page(request, 404)
    except PageUnavailable as error:
        return build_unavailable_page(request, error.code)


def _choose_language(request: Request, prefix: str) -> Language:
    if prefix:
        return LANGUAGES[prefix.removeprefix("/")]
    return negotiate_language(request.headers.get("accept-language", DEFAULT_CODE))


def _parse_parameters(query_string: str) -> Parameters:
    """Return the parameters in their order, without those that have no value. What is not UTF-8 is replaced."""
    try:
        return parse_qsl(query_string, errors="replace", max_num_fields=MAX_PARAMETERS)
    except ValueError:
        raise Refusal(414, ErrorCode.TOO_LARGE, f"An address can have at most {MAX_PARAMETERS} parameters.") from None


def _compute_tag(request: PageRequest) -> str:
    """Return the entity tag of a page.

    It changes every day, because pages say how long ago something was verified, and when the history is loaded.
    """
    snapshot = request.context.snapshot
    day = request.context.now.date().isoformat()
    address = (request.prefix, request.language.code, request.path, request.query_string, request.base_url)
    code = compute_code_hash(), compute_pages_hash()
    state = (snapshot.version, snapshot.network_id, snapshot.fictional, day, snapshot.history is not None, *code)
    return f'"{blake2b(msgspec.json.encode((*address, *state, request.site)), digest_size=16).hexdigest()}"'


@cache
def compute_pages_hash() -> str:
    """Return a hash of the code, templates, translations and assets of the pages and maps."""
    digest = blake2b(digest_size=16)
    folder = Path(__file__).parent
    files = (path for each in (folder, folder.parent / "maps") for path in each.rglob("*"))
    for path in sorted(path for path in files if path.is_file() and path.suffix != ".pyc"):
        digest.update(path.read_bytes())
    for asset in ASSETS.by_name.values():
        digest.update(asset.name.encode())
    return digest.hexdigest()
