"""The application: all wiring on one page."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from directory.errors import Code, DirectoryError
from directory.gazetteer import gazetteer
from directory.live import Directory
from directory.records import Audience
from directory.store import Store
from schema.errors import unforeseen
from web import explorer
from web.caching import build
from web.documents import Documents
from web.endpoint import METHODS, graphql
from web.log import RequestLog, configure
from web.reply import json, refusal
from web.settings import Settings, read

FOLLOW_SECONDS = 0.5  # what another process wrote is seen at most so much later
log = logging.getLogger("directory.web")

FRONT_PAGE = """\
This is a membership directory: the organizations of a network, what they work on, whom they serve and where.
It answers GraphQL at {address}graphql, by POST with a JSON body or by GET:

  curl '{address}graphql' -H 'Content-Type: application/json' -d '{{"query": "{{ network {{ name memberCount }} }}"}}'
"""


def application(directory: Directory, settings: Settings | None = None) -> Starlette:
    """The application over an open directory, which it closes at its end; with the settings of the environment unless given.

    Raises BadInput for trusted documents that cannot be answered.
    """
    settings = settings or read()
    app = Starlette(
        routes=[
            Route("/", front_page),
            Route("/healthz", health),
            Route("/graphql", graphql, methods=METHODS),
            *explorer.routes(),
        ],
        middleware=[Middleware(RequestLog)],
        exception_handlers={HTTPException: _refused, Exception: _broken},
        lifespan=_lifespan,
    )
    app.router.redirect_slashes = False
    app.state.directory = directory
    app.state.documents = Documents.load(settings.documents, only=settings.documents_only)
    return app


def worker() -> Starlette:
    """The application of one worker process, with the settings of the environment. Raises DirectoryError."""
    settings = read()
    configure(settings.log_level)
    return application(Directory(Store.open(settings.database_url)), settings)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    directory: Directory = app.state.directory
    await run_in_threadpool(gazetteer)
    await run_in_threadpool(build)
    await run_in_threadpool(directory.snapshot, Audience.PUBLIC)
    follower = asyncio.create_task(_follow(directory))
    try:
        yield
    finally:
        follower.cancel()
        await asyncio.gather(follower, return_exceptions=True)
        await run_in_threadpool(directory.close)


async def _follow(directory: Directory) -> None:
    """Keeps up with what others write. While the database is away, reading goes on with what is known."""
    away = False
    while True:
        await asyncio.sleep(FOLLOW_SECONDS)
        try:
            await run_in_threadpool(directory.follow)
            if away:
                log.info("the database is back")
            away = False
        except DirectoryError as problem:
            if not away:
                log.warning("answering from memory: %s", problem.sentence)
            away = True
        except Exception:
            log.exception("could not follow the ledger")


async def front_page(request: Request) -> Response:
    return PlainTextResponse(FRONT_PAGE.format(address=request.base_url))


async def health(request: Request) -> Response:
    snapshot = request.app.state.directory.snapshot(Audience.PUBLIC)
    return json({"status": "ok", "members": snapshot.member_count, "version": snapshot.version})


async def _refused(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)  # noqa: S101 - registered for no other
    if problem.status_code == 404:
        return refusal(404, Code.NOT_FOUND, "There is nothing here. The directory answers at /graphql.")
    headers = problem.headers or {}
    allowed = f" Allowed is {headers['Allow']}." if "Allow" in headers else ""
    return refusal(problem.status_code, Code.BAD_INPUT, f"{problem.detail}.{allowed}", headers)


async def _broken(_request: Request, problem: Exception) -> Response:
    return json({"errors": [unforeseen(problem)]}, 500)
