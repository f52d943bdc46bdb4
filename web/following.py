"""Keeping up with what others write, and what is known about it: is the directory ready, is its store within reach?"""

import asyncio
import logging
import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from directory.errors import DirectoryError
from directory.gazetteer import gazetteer
from directory.live import Directory
from directory.records import Audience
from directory.search.suggestions import suggest
from directory.understand import understand
from web.reply import NOT_KEPT, json

FOLLOW_SECONDS = 0.5  # what another process wrote is seen at most so much later
log = logging.getLogger("directory.web")


class Following:
    """One directory, followed. `store_errors` counts the times it could not be."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.store_errors = 0
        self.away = False
        self._current: float | None = None

    @property
    def is_ready(self) -> bool:
        return self._current is not None

    @property
    def age(self) -> float:
        """Seconds since the snapshot was known to be current; 0 before there is one."""
        return time.monotonic() - self._current if self._current is not None else 0.0

    async def prepare(self) -> None:
        """Builds what the first answer needs. Raises Unavailable."""
        await run_in_threadpool(gazetteer)
        await run_in_threadpool(self.directory.snapshot, Audience.PUBLIC)
        self._current = time.monotonic()

    async def run(self) -> None:
        """Until cancelled. While the database is away, reading goes on with what is known."""
        await run_in_threadpool(self._learn_words)
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            try:
                await run_in_threadpool(self.directory.follow)
                self._reached()
            except DirectoryError as problem:
                self._missed(problem)
            except Exception:
                self.store_errors += 1
                log.exception("could not follow the ledger")

    def _learn_words(self) -> None:
        """What understanding and suggesting look up is built when first asked for: better now than by the first who types."""
        suggest(self.directory.snapshot(Audience.PUBLIC), "housing")
        understand("housing near Atlanta")

    def _reached(self) -> None:
        if self.away:
            log.info("the database is back")
        self.away, self._current = False, time.monotonic()

    def _missed(self, problem: DirectoryError) -> None:
        self.store_errors += 1
        if not self.away:
            log.warning("answering from memory: %s", problem.sentence)
        self.away = True


async def health(_request: Request) -> Response:
    """/healthz: the process is there."""
    return json({"status": "ok"}, headers=NOT_KEPT)


async def ready(request: Request) -> Response:
    """/readyz: whether questions can be answered. Without its store the directory answers from memory, and is ready."""
    following: Following = request.app.state.following
    if not following.is_ready:
        return json({"status": "starting"}, 503, headers=NOT_KEPT)
    snapshot = following.directory.snapshot(Audience.PUBLIC)
    store = "away" if following.away else "reachable"
    told = {"status": "ready", "store": store, "version": snapshot.version, "members": snapshot.member_count}
    return json(told, headers=NOT_KEPT)
