"""Start, measure and stop server processes on free ports."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import msgspec

from benchmarks.http.ceiling_server import ANSWERS_VARIABLE
from benchmarks.http.load_driver import HOST, Job, JobResult

START_SECONDS = 120
STOP_SECONDS = 10
IDLE_SECONDS = 0.5
IDLE_SHARE = 0.05  # of one processor
POLL_SECONDS = 0.01


class Server:
    """A server with one worker on a free port of 127.0.0.1."""

    def __init__(self, command: Callable[[int], list[str]], environment: dict[str, str]) -> None:
        self.port = find_free_port()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DIRECTORY_")}
        self.started_at = time.perf_counter()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - stays open while the process runs
        self._process = subprocess.Popen(
            [sys.executable, *command(self.port)], env=inherited | environment, stdout=subprocess.DEVNULL, stderr=self._log
        )

    def wait_for_answer(self, path: str, body: bytes) -> float:
        """Return the seconds from the start of the process to its first answer. Raises RuntimeError if there is none."""
        request = urllib.request.Request(f"http://{HOST}:{self.port}{path}", body, {"Content-Type": "application/json"})
        while time.perf_counter() - self.started_at < START_SECONDS and self._process.poll() is None:
            try:
                with urllib.request.urlopen(request, timeout=5):  # noqa: S310
                    return time.perf_counter() - self.started_at
            except OSError:
                time.sleep(POLL_SECONDS)
        self._log.seek(0)
        log_end = self._log.read()[-1_000:].decode(errors="replace")
        raise RuntimeError(f"The server did not answer. The end of its log:\n{log_end}")

    def wait_until_idle(self) -> None:
        """Wait until its CPU clock stops: after the start, it builds tables that the first answer does not need."""
        before = -1.0
        while self.process_seconds - before > IDLE_SHARE * IDLE_SECONDS:
            before = self.process_seconds
            time.sleep(IDLE_SECONDS)

    @property
    def cpu_seconds(self) -> float:
        """The CPU time of all its threads so far, from the scheduler, which counts nanoseconds."""
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    @property
    def process_seconds(self) -> float:
        """The CPU time of the process so far from its kernel clock. Unlike `cpu_seconds`, it includes threads that have ended."""
        return time.clock_gettime(~self._process.pid << 3 | 2)  # CPUCLOCK_SCHED of a process: clock_getcpuclockid(3)

    @property
    def megabytes(self) -> float:
        return read_resident_megabytes(self._process.pid)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()


def _directory_command(port: int) -> list[str]:
    return ["-c", "from cli.main import main; main()", "serve", "--host", HOST, "--port", str(port)]


def _ceiling_command(port: int) -> list[str]:
    options = ["--factory", "--no-access-log", "--no-server-header", "--log-level", "warning"]
    return ["-m", "uvicorn", "benchmarks.http.ceiling_server:create_app", *options, "--host", HOST, "--port", str(port)]


@contextmanager
def _stop_afterwards(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.stop()


def start_directory_server(database_url: str, points: int = 0) -> AbstractContextManager[Server]:
    """Start `directory serve` with default settings and a rate limit of `points` a minute; 0 means no limit."""
    return _stop_afterwards(
        Server(_directory_command, {"DIRECTORY_DATABASE_URL": database_url, "DIRECTORY_POINTS_A_MINUTE": str(points)})
    )


@contextmanager
def start_metered_server(database_url: str) -> Iterator[tuple[Server, int]]:
    """Start `directory serve` without a rate limit. Yields it and the port of its metrics, which report points."""
    metrics = find_free_port()
    settings = {
        "DIRECTORY_DATABASE_URL": database_url,
        "DIRECTORY_POINTS_A_MINUTE": "0",
        "DIRECTORY_METRICS": f"{HOST}:{metrics}",
    }
    with _stop_afterwards(Server(_directory_command, settings)) as server:
        yield server, metrics


def start_ceiling_server(answers: Path) -> AbstractContextManager[Server]:
    """Start the ceiling server, which sends the responses in the file."""
    return _stop_afterwards(Server(_ceiling_command, {ANSWERS_VARIABLE: str(answers)}))


class Driver:
    """The process that sends requests."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "benchmarks.http.load_driver"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run_job(self, job: Job) -> JobResult:
        """Run a job. Raises RuntimeError if any response was not 200 or had errors, as that would distort the figures."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(msgspec.json.encode(job).decode(), file=self._process.stdin, flush=True)
        result = msgspec.json.decode(self._process.stdout.readline(), type=JobResult)
        if result.failures:
            raise RuntimeError(f"{result.failures} of {len(job.bodies)} requests failed, the first with {result.first_failure}")
        return result

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(STOP_SECONDS)


@contextmanager
def start_driver() -> Iterator[Driver]:
    driver = Driver()
    try:
        yield driver
    finally:
        driver.stop()


def run_module(module: str, arguments: Sequence[str]) -> str:
    """Return the output of `python -m MODULE ARGUMENTS`. Raises CalledProcessError."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=600).stdout


def read_resident_megabytes(pid: int | str = "self") -> float:
    """Return the resident memory of a process (VmRSS)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1e3


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
