"""Show hidden records again when their hiding ends."""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from directory.curation.hiding import end_expired_hidings
from directory.errors import DirectoryError
from directory.live import Directory
from web.server.clock import utc_now

CHECK_SECONDS = 60.0  # how late a record may be shown again
log = logging.getLogger("directory.web")


class HidingExpiry:
    """Ends expired hidings in the ledger, where every process sees it. Until that succeeds, the records stay hidden."""

    def __init__(self, directory: Directory, now: Callable[[], dt.datetime] = utc_now) -> None:
        self._directory, self._now = directory, now

    async def run(self) -> None:
        """Run until cancelled."""
        while True:
            await run_in_threadpool(self.end_due)
            await asyncio.sleep(CHECK_SECONDS)

    def end_due(self) -> None:
        """End the hidings that have expired. Errors are logged and never raised."""
        try:
            if count := end_expired_hidings(self._directory, self._now()):
                log.info("Records that are visible again because their hiding ended: %d", count)
        except DirectoryError as error:
            log.warning("Could not end expired hidings; the records stay hidden: %s", error.user_message)
        except Exception:
            log.exception("Could not end expired hidings; the records stay hidden")
