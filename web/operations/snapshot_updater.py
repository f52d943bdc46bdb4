"""Keep the snapshots current while other processes write, and report readiness."""

import asyncio
import logging
import time
import traceback
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from directory.drafts.normalize import normalize_phone
from directory.errors import Busy, DirectoryError, Unavailable
from directory.gazetteer.gazetteer import get_gazetteer
from directory.live import Directory
from directory.question import Page
from directory.records import Audience
from directory.snapshots.gc_pause import gc_paused
from directory.suggestions.suggest import suggest
from directory.understanding.understand import understand
from schema.types.region import list_regions
from web.http.responses import NO_STORE, json_response

UPDATE_SECONDS = 0.5  # how long changes of another process may go unnoticed
MAX_PAUSE_SECONDS = 30.0  # between failing updates, each of which may rebuild all snapshots
log = logging.getLogger("directory.web")


class SnapshotUpdater:
    """Updates the snapshots of one directory from its ledger.

    `store_errors` counts failed updates. `is_store_unreachable` is set while the database cannot be reached, and
    `is_snapshot_outdated` while it can be reached but the snapshots cannot be updated.
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
        """Seconds since the snapshot was last known to be current; 0 before there is one."""
        return time.monotonic() - self._last_current_at if self._last_current_at is not None else 0.0

    async def prepare(self) -> None:
        """Build what the first answer needs. Raises Unavailable."""
        await run_in_threadpool(_load_words)
        await run_in_threadpool(self.directory.get_snapshot, Audience.PUBLIC)
        self._last_current_at = time.monotonic()

    async def prepare_other_requests(self) -> None:
        """Build what suggestions and lists need, which takes as long as loading a small directory. Errors are logged."""
        await run_in_threadpool(_run_and_log, self._prepare_other_requests)

    async def run(self) -> None:
        """Run until cancelled. Errors are logged and the update is tried again; meanwhile requests use the last snapshots."""
        self._pause_seconds = UPDATE_SECONDS
        while True:
            await asyncio.sleep(self._pause_seconds)
            await run_in_threadpool(_run_and_log, self._update)

    def _update(self) -> None:
        try:
            self.directory.update_snapshots()
            self.directory.load_histories()  # once; the first answers do not need them
        except (Busy, Unavailable) as error:
            self._handle_unreachable_store(error)
        except BaseException:
            self._handle_failure()
            raise
        else:
            self._handle_success()

    def _prepare_other_requests(self) -> None:
        with gc_paused():
            get_gazetteer().prepare()
            snapshot = self.directory.get_snapshot(Audience.PUBLIC)
            suggest(snapshot, "housing")
            for words in ("evicton near Atlnta", "desalojoo cerca de Atlnta"):  # typos need tables of each language
                understand(words, snapshot)
            list_regions("GA", None, None, Page(first=1))
            normalize_phone("404-555-0100")

    def _handle_success(self) -> None:
        was_unreachable, was_outdated = self.is_store_unreachable, self.is_snapshot_outdated
        self.is_store_unreachable = self.is_snapshot_outdated = False
        self._last_current_at, self._pause_seconds = time.monotonic(), UPDATE_SECONDS
        if was_unreachable:
            log.info("The database can be reached again")
        if was_outdated:
            log.info("The snapshots are current again")

    def _handle_unreachable_store(self, error: DirectoryError) -> None:
        was_unreachable = self.is_store_unreachable
        self.is_store_unreachable, self._pause_seconds = True, UPDATE_SECONDS
        self.store_errors += 1
        if not was_unreachable:
            log.warning("Answering from memory: %s", error.user_message)

    def _handle_failure(self) -> None:
        self.is_snapshot_outdated, self._pause_seconds = True, min(2 * self._pause_seconds, MAX_PAUSE_SECONDS)
        self.store_errors += 1


def _load_words() -> None:
    """Build the tables that understanding a sentence needs, which make no garbage."""
    with gc_paused():
        understand("housing in English near Atlanta")


def _run_and_log(work: Callable[[], None]) -> None:
    """Call `work` and log any exception, which would otherwise end the background task."""
    try:
        work()
    except BaseException:
        try:
            log.exception("Could not update the snapshots")
        except Exception:
            traceback.print_exc()


async def report_health(_request: Request) -> Response:
    """/healthz: the process is running."""
    return json_response({"status": "ok"}, headers=NO_STORE)


async def report_readiness(request: Request) -> Response:
    """/readyz: whether requests can be answered. Without its database the directory answers from memory and is ready.

    `store` is "away" if the database cannot be reached, and "behind" if the snapshots could not be updated from it.
    """
    updater: SnapshotUpdater = request.app.state.snapshot_updater
    if not updater.is_ready:
        return json_response({"status": "starting"}, 503, headers=NO_STORE)
    snapshot = updater.directory.get_snapshot(Audience.PUBLIC)
    store = "away" if updater.is_store_unreachable else "behind" if updater.is_snapshot_outdated else "reachable"
    body = {"status": "ready", "store": store, "version": snapshot.version, "members": snapshot.member_count}
    return json_response(body, headers=NO_STORE)
