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
from functools import partial
from pathlib import Path

import msgspec

from benchmarks.http.ceiling_server import ANSWERS_VARIABLE
from benchmarks.http.load_driver import HOST, Job, JobResult, LoadJob, LoadResult, read_cpu_seconds

START_SECONDS = 120
STOP_SECONDS = 10
IDLE_SECONDS = 0.5
IDLE_SHARE = 0.05  # of one processor
POLL_SECONDS = 0.01
MAX_LOG_BYTES = 1_000_000
PEERS_DATABASE_VARIABLE = "BENCHMARK_PEERS_DATABASE"
POINTS_A_MINUTE = 1_000_000_000  # for each client: never refused, but counted


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

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_for_answer(self, path: str, body: bytes) -> float:
        """Return the seconds from the start of the process to its first answer. Raises RuntimeError if there is none."""
        request = urllib.request.Request(f"http://{HOST}:{self.port}{path}", body, {"Content-Type": "application/json"})
        while time.perf_counter() - self.started_at < START_SECONDS and self._process.poll() is None:
            try:
                with urllib.request.urlopen(request, timeout=5):  # noqa: S310
                    return time.perf_counter() - self.started_at
            except OSError:
                time.sleep(POLL_SECONDS)
        raise RuntimeError(f"The server did not answer. The end of its log:\n{self.read_log()[-1_000:]}")

    def read_log(self) -> str:
        return os.pread(self._log.fileno(), MAX_LOG_BYTES, 0).decode(errors="replace")

    def wait_until_idle(self, seconds: float = IDLE_SECONDS) -> None:
        """Wait until its CPU clock stops: after the start, it builds tables that the first answer does not need."""
        before = -1.0
        while self.cpu_seconds - before > IDLE_SHARE * seconds:
            before = self.cpu_seconds
            time.sleep(seconds)

    @property
    def cpu_seconds(self) -> float:
        """The CPU time of the process so far, with that of threads that have ended."""
        return read_cpu_seconds(self.pid)

    @property
    def megabytes(self) -> float:
        return read_resident_megabytes(self.pid)

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


def _uvicorn_command(factory: str, port: int) -> list[str]:
    options = ["--factory", "--no-access-log", "--no-server-header", "--log-level", "warning"]
    return ["-m", "uvicorn", factory, *options, "--host", HOST, "--port", str(port)]


@contextmanager
def _stop_afterwards(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.stop()


def start_directory_server(database_url: str, **settings: str) -> AbstractContextManager[Server]:
    """Start `directory serve` as in production, with its log and with a rate limit that is counted but never reached.

    `settings` are other settings, by the names of their environment variables without the prefix.
    """
    others = {f"DIRECTORY_{name}": value for name, value in settings.items()}
    return _stop_afterwards(Server(_directory_command, _build_settings(database_url) | others))


@contextmanager
def start_metered_server(database_url: str) -> Iterator[tuple[Server, int]]:
    """Start `directory serve` and yield it with the port of its metrics, which report points."""
    metrics = find_free_port()
    settings = _build_settings(database_url) | {"DIRECTORY_METRICS": f"{HOST}:{metrics}"}
    with _stop_afterwards(Server(_directory_command, settings)) as server:
        yield server, metrics


def _build_settings(database_url: str) -> dict[str, str]:
    return {"DIRECTORY_DATABASE_URL": database_url, "DIRECTORY_POINTS_A_MINUTE": str(POINTS_A_MINUTE)}


def start_ceiling_server(answers: Path) -> AbstractContextManager[Server]:
    """Start the ceiling server, which sends the responses in the file."""
    command = partial(_uvicorn_command, "benchmarks.http.ceiling_server:create_app")
    return _stop_afterwards(Server(command, {ANSWERS_VARIABLE: str(answers)}))


def start_peer_server(database_url: str) -> AbstractContextManager[Server]:
    """Start the process in which all peers answer, with the same options as the ceiling."""
    command = partial(_uvicorn_command, "benchmarks.peers.server:create_app")
    return _stop_afterwards(Server(command, {PEERS_DATABASE_VARIABLE: database_url}))


class Driver:
    """The process that sends requests."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "benchmarks.http.load_driver"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run_job(self, job: Job) -> JobResult:
        """Run a job. Raises RuntimeError if any response was not 200 or had errors, as that would distort the figures."""
        result = msgspec.json.decode(self._send(job), type=JobResult)
        if result.failures and not job.may_fail:
            raise RuntimeError(f"{result.failures} of {len(job.bodies)} requests failed, the first with {result.first_failure}")
        return result

    def run_load(self, job: LoadJob) -> LoadResult:
        """Run a load. Raises RuntimeError if any response was not 200."""
        result = msgspec.json.decode(self._send(job), type=LoadResult)
        if result.failures:
            raise RuntimeError(f"{result.failures} of {len(result.latencies)} requests failed")
        return result

    def _send(self, job: Job | LoadJob) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(msgspec.json.encode(job).decode(), file=self._process.stdin, flush=True)
        return self._process.stdout.readline()

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
