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
from directory.gazetteer.gazetteer import get_gazetteer
from directory.live import Directory
from directory.records import Audience
from directory.search.suggestions import suggest
from directory.understanding.understand import understand
from web.http.responses import NO_STORE, json_response

UPDATE_SECONDS = 0.5  # what another process wrote is seen at most so much later
MAX_PAUSE_SECONDS = 30.0  # between two attempts to follow when they keep failing: each may build all snapshots anew
log = logging.getLogger("directory.web")


class SnapshotUpdater:
    """One directory, followed. `store_errors` counts the times it could not be.

    `away`: the store cannot be reached. `behind`: it can, but the snapshots could not be brought up to it.
    """

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.store_errors = 0
        self.is_store_unreachable = self.is_snapshot_outdated = False
        self._last_current_at: float | None = None
        self._pause_seconds = UPDATE_SECONDS

    @property
    def is_ready(self) -> bool:
        return self._last_current_at is not None

    @property
    def snapshot_age(self) -> float:
        """Seconds since the snapshot was known to be current; 0 before there is one."""
        return time.monotonic() - self._last_current_at if self._last_current_at is not None else 0.0

    async def prepare(self) -> None:
        """Builds what the first answer needs. Raises Unavailable."""
        await run_in_threadpool(_prepare_lookups)
        await run_in_threadpool(self.directory.get_snapshot, Audience.PUBLIC)
        self._last_current_at = time.monotonic()

    async def run(self) -> None:
        """Until cancelled. Whatever goes wrong is logged and tried again; reading goes on with what is known."""
        await run_in_threadpool(_run_and_log, self._warm_up_suggestions)
        self._pause_seconds = UPDATE_SECONDS
        while True:
            await asyncio.sleep(self._pause_seconds)
            await run_in_threadpool(_run_and_log, self._update)

    def _update(self) -> None:
        try:
            self.directory.update_snapshots()
        except (Busy, Unavailable) as problem:
            self._handle_unreachable_store(problem)
        except BaseException:
            self._handle_failure()
            raise
        else:
            self._handle_success()

    def _warm_up_suggestions(self) -> None:
        """What understanding and suggesting look up is built when first asked for: better now than by the first who types."""
        suggest(self.directory.get_snapshot(Audience.PUBLIC), "housing")
        understand("housing near Atlanta")

    def _handle_success(self) -> None:
        was_away, was_behind = self.is_store_unreachable, self.is_snapshot_outdated
        self.is_store_unreachable, self.is_snapshot_outdated, self._last_current_at, self._pause_seconds = (
            False,
            False,
            time.monotonic(),
            UPDATE_SECONDS,
        )
        if was_away:
            log.info("the database is back")
        if was_behind:
            log.info("the snapshots are current again")

    def _handle_unreachable_store(self, problem: DirectoryError) -> None:
        was_away, self.is_store_unreachable, self._pause_seconds = self.is_store_unreachable, True, UPDATE_SECONDS
        self.store_errors += 1
        if not was_away:
            log.warning("answering from memory: %s", problem.user_message)

    def _handle_failure(self) -> None:
        self.is_snapshot_outdated, self._pause_seconds = True, min(2 * self._pause_seconds, MAX_PAUSE_SECONDS)
        self.store_errors += 1


def _run_and_log(work: Callable[[], None]) -> None:
    """Does the work, in a thread, and lets no exception out: it would end the task that keeps the snapshots current."""
    try:
        work()
    except BaseException:
        try:
            log.exception("could not follow the ledger")
        except Exception:
            traceback.print_exc()


async def report_health(_request: Request) -> Response:
    """/healthz: the process is there."""
    return json_response({"status": "ok"}, headers=NO_STORE)


async def report_readiness(request: Request) -> Response:
    """/readyz: whether questions can be answered. Without its store the directory answers from memory, and is ready.

    `store` is "away" where the store cannot be reached, "behind" where the snapshots could not be brought up to it.
    """
    following: SnapshotUpdater = request.app.state.snapshot_updater
    if not following.is_ready:
        return json_response({"status": "starting"}, 503, headers=NO_STORE)
    snapshot = following.directory.get_snapshot(Audience.PUBLIC)
    store = "away" if following.is_store_unreachable else "behind" if following.is_snapshot_outdated else "reachable"
    told = {"status": "ready", "store": store, "version": snapshot.version, "members": snapshot.member_count}
    return json_response(told, headers=NO_STORE)


def _prepare_lookups() -> None:
    """Builds the tables of places and phrases, so that no request pays for them."""
    get_gazetteer().prepare()
    understand("housing in English near Atlanta")
