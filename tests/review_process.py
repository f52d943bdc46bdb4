"""Run `directory seed FILE --review` in a process of its own, as staff do, and end it with Ctrl-C."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

COMMAND = (sys.executable, "-c", "from cli.main import main; main()")
MAX_SECONDS = 300  # until a review that hangs is killed
STOP_SECONDS = 60
LINK = re.compile(r"(http://127\.0\.0\.1:\d+)(/\S+)/open(\?token=\S+)")


class ReviewProcess(Struct):
    """A running review. `address` is that of its server, `root` is before the paths of its pages, `link` works once."""

    process: subprocess.Popen[str]
    address: str
    root: str
    link: str  # without the address
    output: str = ""

    def end(self) -> int:
        """Press Ctrl-C, and return the exit code. `output` is complete then."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=STOP_SECONDS)
        self.output += rest
        return self.process.returncode


@contextmanager
def run_review(file: Path, url: str, options: Sequence[str] = ()) -> Iterator[ReviewProcess]:
    """Review the file until the block ends."""
    command = (*COMMAND, "seed", str(file), "--review", "--database-url", url, *options)
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        watchdog = threading.Timer(MAX_SECONDS, process.kill)
        watchdog.start()
        try:
            yield _wait_for_link(process)
        finally:
            watchdog.cancel()
            process.kill()


def _wait_for_link(process: subprocess.Popen[str]) -> ReviewProcess:
    assert process.stdout
    output = ""
    for line in iter(process.stdout.readline, ""):
        output += line
        if match := LINK.search(line):
            return ReviewProcess(process, match[1], match[2], f"{match[2]}/open{match[3]}", output)
    raise AssertionError(output)
