"""Keeping up with what others write, and what is known about it: is the directory ready, is its store within reach?"""

import asyncio
import logging
import time
import traceback
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from directory.errors import Busy, DirectoryError, Unavailable
from directory.gazetteer import gazetteer
from directory.live import Directory
from directory.records import Audience
from directory.search.suggestions import suggest
from directory.understand import understand
from web.reply import NOT_KEPT, json

FOLLOW_SECONDS = 0.5  # what another process wrote is seen at most so much later
MOST_SECONDS = 30.0  # between two attempts to follow when they keep failing: each may build all snapshots anew
log = logging.getLogger("directory.web")


class Following:
    """One directory, followed. `store_errors` counts the times it could not be.

    `away`: the store cannot be reached. `behind`: it can, but the snapshots could not be brought up to it.
    """

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.store_errors = 0
        self.away = self.behind = False
        self._current: float | None = None
        self._pause = FOLLOW_SECONDS

    @property
    def is_ready(self) -> bool:
        return self._current is not None

    @property
    def age(self) -> float:
        """Seconds since the snapshot was known to be current; 0 before there is one."""
        return time.monotonic() - self._current if self._current is not None else 0.0

    async def prepare(self) -> None:
        """Builds what the first answer needs. Raises Unavailable."""
        await run_in_threadpool(_prepare_lookups)
        await run_in_threadpool(self.directory.snapshot, Audience.PUBLIC)
        self._current = time.monotonic()

    async def run(self) -> None:
        """Until cancelled. Whatever goes wrong is logged and tried again; reading goes on with what is known."""
        await run_in_threadpool(_logged, self._learn_words)
        self._pause = FOLLOW_SECONDS
        while True:
            await asyncio.sleep(self._pause)
            await run_in_threadpool(_logged, self._follow)

    def _follow(self) -> None:
        try:
            self.directory.follow()
        except (Busy, Unavailable) as problem:
            self._missed(problem)
        except BaseException:
            self._failed()
            raise
        else:
            self._reached()

    def _learn_words(self) -> None:
        """What understanding and suggesting look up is built when first asked for: better now than by the first who types."""
        suggest(self.directory.snapshot(Audience.PUBLIC), "housing")
        understand("housing near Atlanta")

    def _reached(self) -> None:
        was_away, was_behind = self.away, self.behind
        self.away, self.behind, self._current, self._pause = False, False, time.monotonic(), FOLLOW_SECONDS
        if was_away:
            log.info("the database is back")
        if was_behind:
            log.info("the snapshots are current again")

    def _missed(self, problem: DirectoryError) -> None:
        was_away, self.away, self._pause = self.away, True, FOLLOW_SECONDS
        self.store_errors += 1
        if not was_away:
            log.warning("answering from memory: %s", problem.sentence)

    def _failed(self) -> None:
        self.behind, self._pause = True, min(2 * self._pause, MOST_SECONDS)
        self.store_errors += 1


def _logged(work: Callable[[], None]) -> None:
    """Does the work, in a thread, and lets no exception out: it would end the task that keeps the snapshots current."""
    try:
        work()
    except BaseException:
        try:
            log.exception("could not follow the ledger")
        except Exception:
            traceback.print_exc()


async def health(_request: Request) -> Response:
    """/healthz: the process is there."""
    return json({"status": "ok"}, headers=NOT_KEPT)


async def ready(request: Request) -> Response:
    """/readyz: whether questions can be answered. Without its store the directory answers from memory, and is ready.

    `store` is "away" where the store cannot be reached, "behind" where the snapshots could not be brought up to it.
    """
    following: Following = request.app.state.following
    if not following.is_ready:
        return json({"status": "starting"}, 503, headers=NOT_KEPT)
    snapshot = following.directory.snapshot(Audience.PUBLIC)
    store = "away" if following.away else "behind" if following.behind else "reachable"
    told = {"status": "ready", "store": store, "version": snapshot.version, "members": snapshot.member_count}
    return json(told, headers=NOT_KEPT)


def _prepare_lookups() -> None:
    """Builds the tables of places and phrases, so that no request pays for them."""
    gazetteer().prepare()
    understand("housing in English near Atlanta")
