"""Log lines are written together, soon, completely and in order."""

import asyncio
import io
import logging
import re
import sys
import time
from pathlib import Path
from select import PIPE_BUF

import pytest

from web.operations.log_writer import BATCH_ENTRIES, BATCH_SECONDS, LogWriter


class RecordingStream(io.StringIO):
    """Records each write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = list[str]()

    def write(self, text: str) -> int:
        self.writes.append(text)
        return len(text)


def replace_stderr(monkeypatch: pytest.MonkeyPatch) -> RecordingStream:
    """Replace stderr. Not a fixture, as pytest sets stderr before it calls the test."""
    stream = RecordingStream()
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def test_lines_are_written_together_without_another_request(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = replace_stderr(monkeypatch)

    async def run() -> None:
        writer = LogWriter(str)
        for number in range(3):
            writer.add(f"line {number}")
        assert stream.writes == []
        async with asyncio.timeout(10):
            while not stream.writes:
                await asyncio.sleep(0)  # yields to the timer

    asyncio.run(run())
    (batch,) = stream.writes
    assert [line.rpartition(" line ")[2] for line in batch.splitlines()] == ["0", "1", "2"]
    assert BATCH_SECONDS < 1


def test_every_write_is_atomic_on_a_pipe_and_no_line_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = replace_stderr(monkeypatch)

    async def run() -> None:
        writer = LogWriter[int](lambda number: f"{'x' * 150} {number}")
        for number in range(1_000):
            writer.add(number)
            assert writer.waiting_count < BATCH_ENTRIES
        writer.flush()
        writer.flush()

    asyncio.run(run())
    assert all(0 < len(batch) <= PIPE_BUF for batch in stream.writes)
    assert len(stream.writes) < 100
    assert [int(line.rpartition(" ")[2]) for line in "".join(stream.writes).splitlines()] == list(range(1_000))


def test_a_line_has_its_time_as_logging_formats_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = replace_stderr(monkeypatch)
    moments = [1_790_000_000.0, 1_790_000_000.9991, 1_790_000_001.25, 1_790_003_600.5]

    async def run() -> None:
        writer = LogWriter(str)
        for moment in moments:
            monkeypatch.setattr(time, "time", lambda: moment)  # noqa: B023 - called before the next moment
            writer.add("INFO x")
        writer.flush()

    asyncio.run(run())
    formatter, expected = logging.Formatter("%(asctime)s %(levelname)s %(message)s"), []
    for moment, milliseconds in zip(moments, (0, 999, 250, 500), strict=True):
        record = logging.makeLogRecord({"levelname": "INFO", "msg": "x", "created": moment, "msecs": milliseconds})
        expected.append(formatter.format(record))
    assert "".join(stream.writes).splitlines() == expected


def test_a_stream_that_cannot_be_written_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        writer = LogWriter(str)
        for failing in (Path("/dev/full").open("w"), io.StringIO()):  # noqa: SIM115
            monkeypatch.setattr(sys, "stderr", failing)
            if isinstance(failing, io.StringIO):
                failing.close()
            writer.add("lost")
            writer.flush()
        stream = replace_stderr(monkeypatch)
        writer.add("written")
        writer.flush()
        assert re.fullmatch(r"[\d-]+ [\d:,]+ written\n", "".join(stream.writes))

    asyncio.run(run())
