"""Serve the review: check who asks, read forms, build pages in threads, and answer errors as pages."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from directory.errors import DirectoryError, ErrorCode
from schema.errors import log_internal_error
from web.http.request_parsing import HttpRequest, parse_fields, read_body, require_content_type
from web.http.responses import HTML, NO_STORE, Refusal, encode_headers
from web.http.security_headers import SECURITY_HEADERS, SecurityHeadersMiddleware
from web.pages.assets import PATH as ASSETS_PATH
from web.pages.languages import DEFAULT_CODE, LANGUAGES, negotiate_language
from web.pages.page import Download, Page
from web.review.access import ReviewAccess
from web.review.notices import list_notices
from web.review.result_pages import build_working_page
from web.review.review_request import (
    REVIEW_ASSETS,
    Answer,
    Form,
    ReviewRequest,
    Step,
    load_review_environment,
    render_review_page,
)
from web.review.review_session import ReviewSession
from web.review.routes import FORMS, PAGES

FORM_BYTES = 1 << 18  # the largest form: the columns of a very wide table
MAX_FIELDS = 3_000  # of a form
MAX_PARAMETERS = 10  # of an address
MAX_QUERY_BYTES = 2_000
MAX_PATH_LENGTH = 100  # characters of a path that is quoted in links to another language
REFRESH_SECONDS = 2  # until the page about the work is loaded again
PATIENCE_SECONDS = 1.0  # to wait for the work, so that a person with a small list sees the result at once
WORKING_PATH = "/working"
FORM_TYPE = "application/x-www-form-urlencoded"
NO_PAGE = "There is no page at this address. Go back to the plan."
UNEXPECTED = "Something went wrong in this program. The log in the terminal describes it under the number {}."
STRANGER_CODES = (ErrorCode.UNAUTHENTICATED, ErrorCode.FORBIDDEN)  # of refusals that others than the person may get
HTTP_STATUSES = {ErrorCode.CONFLICT: 409, ErrorCode.BUSY: 409, ErrorCode.UNAVAILABLE: 503, ErrorCode.NOT_FOUND: 404}
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
# Browsers leave `Origin` out of forms if pages are never referrers, and forms must prove that they come from here.
HEADERS = {**SECURITY_HEADERS, "Content-Security-Policy": CONTENT_SECURITY_POLICY, "Referrer-Policy": "same-origin"}
Handler = Callable[[ReviewRequest], Answer]
Serve = Callable[[Request], Awaitable[Response]]


class ReviewEndpoint:
    """Answers all requests of a review."""

    def __init__(self, session: ReviewSession, access: ReviewAccess) -> None:
        self.session, self.access = session, access
        self._message: str | None = None  # what the last form did, for the next page

    def build_app(self) -> Starlette:
        routes = [
            Route(f"{self.access.root}/open", self._guard(self._open, needs_cookie=False)),
            Route(f"{ASSETS_PATH}{{name}}", self._guard(REVIEW_ASSETS.serve, needs_cookie=False)),
        ]
        for code in LANGUAGES:
            prefix = f"{self.access.root}/{code}"
            routes.append(Route(f"{prefix}{WORKING_PATH}", self._guard(self._serve_work)))
            routes += [Route(prefix + path, self._guard(self._bind_page(build))) for path, build in PAGES.items()]
            forms = FORMS.items()
            routes += [Route(prefix + path, self._guard(self._bind_form(take)), methods=["POST"]) for path, take in forms]
        app = Starlette(
            routes=routes,
            middleware=[Middleware(SecurityHeadersMiddleware, headers=encode_headers(HEADERS))],
            exception_handlers={HTTPException: self._answer_missing, Exception: self._answer_unexpected},
        )
        app.router.redirect_slashes = False
        return app

    def _guard(self, serve: Serve, *, needs_cookie: bool = True) -> Serve:
        """Return a function that serves only requests of the person who reviews, and answers errors."""

        async def check_and_serve(request: Request) -> Response:
            try:
                self.access.require_host(request)
                if needs_cookie:
                    self.access.require_cookie(request)
                return await serve(request)
            except Refusal as refusal:
                if refusal.code in STRANGER_CODES:
                    return self._answer_refusal(request, refusal)
                return self._answer_problem(request, refusal.status, refusal.code, refusal.message)
            except DirectoryError as problem:
                return self._answer_problem(request, HTTP_STATUSES.get(problem.code, 422), problem.code, problem.user_message)

        return check_and_serve

    async def _open(self, request: Request) -> Response:
        if request.method != "GET":  # what looks at links before a person opens them must not use up the token
            return Response(status_code=405, headers={**NO_STORE, "Allow": "GET"})
        cookie = self.access.exchange_token(request.query_params.get("token", "")[:MAX_PATH_LENGTH])
        language = negotiate_language(request.headers.get("accept-language", DEFAULT_CODE))
        address = f"{self.access.root}/{language.code}/"
        return RedirectResponse(address, 303, {**NO_STORE, "Set-Cookie": cookie})

    def _bind_page(self, build: Handler) -> Serve:
        async def serve(request: Request) -> Response:
            if self.session.job.is_running:
                return self._redirect(self._describe(request), Step(WORKING_PATH))
            return self._respond(await run_in_threadpool(build, self._describe(request)), self._describe(request))

        return serve

    def _bind_form(self, take: Handler) -> Serve:
        async def serve(request: Request) -> Response:
            form = await _read_form(request)
            self.access.require_own_form(request, form)
            described = self._describe(request, form)
            return self._respond(await run_in_threadpool(take, described), described)

        return serve

    async def _serve_work(self, request: Request) -> Response:
        described, job = self._describe(request), self.session.job
        await run_in_threadpool(job.wait, PATIENCE_SECONDS)
        if job.is_running:
            response = self._respond(build_working_page(described), described)
            if "still" not in described.parameters:
                response.headers["Refresh"] = str(REFRESH_SECONDS)
            return response
        return self._redirect(described, Step("/result" if self.session.applied else "/"))

    def _describe(self, request: Request, form: Form | None = None) -> ReviewRequest:
        path = request.url.path.removeprefix(self.access.root)
        code = next((code for code in LANGUAGES if path.startswith(f"/{code}/")), None)
        language = LANGUAGES[code] if code else negotiate_language(request.headers.get("accept-language", DEFAULT_CODE))
        return ReviewRequest(
            session=self.session,
            language=language,
            root=self.access.root,
            csrf=self.access.csrf,
            path=path.removeprefix(f"/{code}")[:MAX_PATH_LENGTH] if code else "/",
            parameters=_parse_parameters(request),
            form=form or {},
        )

    def _redirect(self, request: ReviewRequest, step: Step) -> Response:
        return RedirectResponse(request.link(step.path, step.search), 303, NO_STORE)

    def _respond(self, answer: Answer, request: ReviewRequest) -> Response:
        if isinstance(answer, Step):
            self._message = answer.message
            return self._redirect(request, answer)
        if isinstance(answer, Download):
            attachment = {"Content-Disposition": f'attachment; filename="{answer.file_name}"'}
            return Response(answer.content, headers={**NO_STORE, **attachment}, media_type=answer.media_type)
        message, self._message = self._message, None
        body = render_review_page(answer, request, list_notices(request, message))
        return Response(body, answer.status, {**NO_STORE, "Content-Language": request.language.code}, media_type=HTML)

    def _answer_problem(self, request: Request, status: int, code: ErrorCode, message: str) -> Response:
        """Answer a request of the person who reviews, who may see everything."""
        described = self._describe(request)
        page = Page("review_error.html", {"code": str(code), "message": message}, status)
        return Response(render_review_page(page, described), status, NO_STORE, media_type=HTML)

    def _answer_refusal(self, request: Request, refusal: Refusal) -> Response:
        """Answer a request of anybody. The page says nothing about the import, and does not have the part of addresses."""
        language = negotiate_language(request.headers.get("accept-language", DEFAULT_CODE))
        template = load_review_environment(language.code).get_template("review_refused.html")
        body = template.render(language=language, code=str(refusal.code), message=refusal.message)
        return Response(body, refusal.status, NO_STORE, media_type=HTML)

    async def _answer_missing(self, request: Request, error: Exception) -> Response:
        """Answer an address without a page, or a method that the page does not have."""
        status = error.status_code if isinstance(error, HTTPException) else 404

        async def serve(request: Request) -> Response:
            return self._answer_problem(request, status, ErrorCode.NOT_FOUND, NO_PAGE)

        return await self._guard(serve)(request)

    async def _answer_unexpected(self, request: Request, error: Exception) -> Response:
        number = log_internal_error(error)["extensions"]["errorId"]

        async def serve(request: Request) -> Response:
            return self._answer_problem(request, 500, ErrorCode.INTERNAL, UNEXPECTED.format(number))

        return await self._guard(serve)(request)


async def _read_form(request: Request) -> Form:
    """Return the fields of a form. Raises Refusal if it is too large or no form."""
    http_request = HttpRequest.read(request.scope, request.receive)
    require_content_type(http_request.headers, FORM_TYPE)
    return parse_fields(await read_body(http_request, FORM_BYTES), "utf-8", MAX_FIELDS)


def _parse_parameters(request: Request) -> Mapping[str, str]:
    """Return the parameters of the address; {} if it has too many or is too long."""
    query_string: bytes = request.scope["query_string"]
    if len(query_string) > MAX_QUERY_BYTES:
        return {}
    try:
        return dict(parse_qsl(query_string.decode("ascii", "replace"), errors="replace", max_num_fields=MAX_PARAMETERS))
    except ValueError:
        return {}
