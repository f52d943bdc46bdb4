"""Showing records again when the day comes until which they were hidden."""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from directory.curation.hiding import end_expired_hidings
from directory.errors import DirectoryError
from directory.store.store import Store

CHECK_SECONDS = 60.0  # how late a record may come back
log = logging.getLogger("directory.web")


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class HidingExpiry:
    """Ends due hidings in the ledger, where every process sees it. If that fails, the records stay hidden until it works."""

    def __init__(self, store: Store, now: Callable[[], dt.datetime] = utc_now) -> None:
        self._store, self._now = store, now

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await run_in_threadpool(self.end_due)
            await asyncio.sleep(CHECK_SECONDS)

    def end_due(self) -> None:
        try:
            if ended := end_expired_hidings(self._store, self._now()):
                log.info("no longer hidden, because the day set for it has come: %d records", ended)
        except DirectoryError as problem:
            log.warning("records stay hidden although the day set for their end has come: %s", problem.user_message)
        except Exception:
            log.exception("records stay hidden although the day set for their end has come")
