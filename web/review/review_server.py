"""Serve a review on this computer until the person presses Ctrl-C."""

import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from starlette.applications import Starlette

from web.review.access import HOST, ReviewAccess
from web.review.endpoint import ReviewEndpoint
from web.review.review_session import ReviewSession
from web.startup import listen

STOP_SECONDS = 2  # for answers that are being sent when the review ends


def serve_review(session: ReviewSession, announce: Callable[[str], None], *, port: int = 0) -> None:
    """Plan, and serve the pages at a free port, or at this one, until Ctrl-C. `announce` receives the link that works once.

    Raises Unavailable if the port is in use. Work in the background has ended when this returns.
    """
    listener = listen(HOST, port)
    access = ReviewAccess(listener.getsockname()[1])
    session.start_planning()
    announce(access.link)
    try:
        _run(ReviewEndpoint(session, access).build_app(), listener)
    finally:
        session.job.end()


def _run(app: Starlette, listener: socket.socket) -> None:
    config = uvicorn.Config(
        app,
        access_log=False,  # addresses have names that a person looks for
        log_config=None,
        log_level="warning",
        server_header=False,
        date_header=False,
        ws="none",
        lifespan="off",
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    with suppress(KeyboardInterrupt):  # Ctrl-C is the way to end a review
        uvicorn.Server(config).run(sockets=[listener])
