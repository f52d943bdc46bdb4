"""Log lines are written together, soon, completely and in order, and nothing waits for them."""

import fcntl
import io
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from select import PIPE_BUF, select

import pytest
from starlette.applications import Starlette
from uvicorn import Config

from web.operations import log_writer
from web.operations.log_writer import BATCH_SECONDS, FLUSH_SECONDS, LogWriter
from web.operations.request_log import LOG_WRITER, LogHandler, RequestLog
from web.server.shutdown import DrainingServer


class Pipe:
    """A pipe as stderr. Nothing reads it until the test does."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.end, write_end = os.pipe()
        self.stream, self._patch = os.fdopen(write_end, "w"), patch

    def become_stderr(self) -> None:
        """Not done by the fixture, as pytest sets stderr before it calls the test."""
        self._patch.setattr(sys, "stderr", self.stream)

    def read(self, count: int) -> list[str]:
        """Read whole lines until there are as many as `count`, and return them without their times."""
        text = ""
        while text.count("\n") < count:
            assert select([self.end], [], [], 10)[0], "no line was written"
            text += os.read(self.end, 1_000_000).decode()
        assert text.endswith("\n")
        matches = [re.fullmatch(r"[\d-]+ [\d:]+,\d{3} (.*)", line) for line in text.splitlines()]
        return [match[1] for match in matches if match]


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipe]:
    pipe = Pipe(monkeypatch)
    with pipe.stream:
        yield pipe
        LOG_WRITER.flush()
    os.close(pipe.end)


def test_lines_are_written_together_without_another_request(pipe: Pipe) -> None:
    pipe.become_stderr()
    writer = LogWriter(str)
    for number in range(3):
        writer.add(f"line {number}")
    assert pipe.read(1) == ["line 0", "line 1", "line 2"]
    assert BATCH_SECONDS < 1


def test_an_urgent_line_is_written_at_once_and_in_order(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe.become_stderr()
    monkeypatch.setattr(log_writer, "BATCH_SECONDS", 1_000)
    writer = LogWriter(str)
    writer.add("first")
    writer.add("second", urgent=True)
    assert pipe.read(2) == ["first", "second"]


def test_every_write_is_atomic_on_a_pipe_and_no_line_is_lost(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe.become_stderr()
    writes, write = list[int](), os.write

    def record_and_write(descriptor: int, text: bytes) -> int:
        writes.append(len(text))
        return write(descriptor, text)

    monkeypatch.setattr(os, "write", record_and_write)
    writer = LogWriter[int](lambda number: f"{'x' * 150} {number}")
    for number in range(300):
        writer.add(number)
    writer.flush()
    writer.flush()
    assert all(0 < size <= PIPE_BUF for size in writes)
    assert len(writes) < 50
    assert [int(line.rpartition(" ")[2]) for line in pipe.read(300)] == list(range(300))


@pytest.mark.parametrize("flags", [0, os.O_NONBLOCK])
def test_nothing_waits_for_a_reader_and_the_missing_lines_are_counted(
    pipe: Pipe, monkeypatch: pytest.MonkeyPatch, flags: int
) -> None:
    pipe.become_stderr()
    fcntl.fcntl(pipe.stream, fcntl.F_SETFL, fcntl.fcntl(pipe.stream, fcntl.F_GETFL) | flags)
    monkeypatch.setattr(log_writer, "QUEUE_LIMIT", 500)
    monkeypatch.setattr(log_writer, "FLUSH_SECONDS", 0.01)
    writer = LogWriter[int](lambda number: f"{'x' * 1_000} {number}")
    for number in range(2_000):  # a pipe takes 64 of them
        writer.add(number)
        writer.flush() if number % 100 == 0 else None
    lines = list[str]()
    while not (lines and lines[-1].startswith("WARNING")):
        lines += pipe.read(1)
    numbers = [int(line.rpartition(" ")[2]) for line in lines[:-1]]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) >= 500
    assert lines[-1].startswith(f"WARNING {2_000 - len(numbers)} lines of the log are missing")


def test_a_line_has_its_time_as_logging_formats_it(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe.become_stderr()
    moments = [1_790_000_000.0, 1_790_000_000.9991, 1_790_000_001.25, 1_790_003_600.5]
    writer = LogWriter(str)
    for moment in moments:
        monkeypatch.setattr(time, "time", lambda: moment)  # noqa: B023 - called before the next moment
        writer.add("INFO x")
    writer.flush()
    formatter, expected = logging.Formatter("%(asctime)s %(levelname)s %(message)s"), []
    for moment, milliseconds in zip(moments, (0, 999, 250, 500), strict=True):
        record = logging.makeLogRecord({"levelname": "INFO", "msg": "x", "created": moment, "msecs": milliseconds})
        expected.append(formatter.format(record))
    assert os.read(pipe.end, 10_000).decode().splitlines() == expected


def test_a_stream_that_cannot_be_written_does_no_harm(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe.become_stderr()
    writer, closed = LogWriter(str), io.StringIO()
    closed.close()
    with Path("/dev/full").open("w") as full:
        for failing in (full, closed, io.StringIO(), None):
            monkeypatch.setattr(sys, "stderr", failing)
            writer.add("lost")
            writer.flush()
    pipe.become_stderr()
    writer.add("written")
    writer.flush()
    assert pipe.read(2) == ["written", "WARNING 4 lines of the log are missing, because stderr could not be written"]


def test_records_of_logging_are_in_order_with_the_lines_about_requests(pipe: Pipe, caplog: pytest.LogCaptureFixture) -> None:
    pipe.become_stderr()
    handler = LogHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    with caplog.at_level(logging.INFO):
        RequestLog().record({"method": "GET", "path": "/readyz"}, 200, 0.001)
        handler.handle(logging.makeLogRecord({"levelname": "ERROR", "msg": "x %s", "args": ("é\udc80",)}))
    assert pipe.read(2) == ["INFO GET /readyz 200 1.0 ms", r"ERROR x é\udc80"]


def test_lines_are_written_before_a_signal_ends_the_process(pipe: Pipe) -> None:
    pipe.become_stderr()
    with DrainingServer(Config(Starlette(), log_config=None)).capture_signals():
        LOG_WRITER.add("last")
    assert pipe.read(1) == ["last"]


SCRIPT = """
import sys
from web.operations.log_writer import LogWriter
writer = LogWriter(str)
for number in range(int(sys.argv[1])):
    writer.add(f"{'x' * 100} {number}")
"""


def run_script(count: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen((sys.executable, "-c", SCRIPT, str(count)), stderr=subprocess.PIPE)


def test_lines_are_written_when_the_process_ends() -> None:
    with run_script(10_000) as process:
        _, text = process.communicate()
    assert [int(line.rpartition(b" ")[2]) for line in text.splitlines()] == list(range(10_000))


def test_a_process_ends_although_stderr_is_not_read() -> None:
    with run_script(10_000) as process:
        assert process.wait(60) == 0
    assert FLUSH_SECONDS <= 1
