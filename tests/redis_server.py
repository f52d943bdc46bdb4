"""A Redis server for tests: a configured one, a local one, or one started for the run.

DIRECTORY_TEST_REDIS chooses. A URL is the server to use. `own` starts a server even if a local one answers. `none` behaves as if
Redis were not installed.
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Timer

from redis import Redis
from redis.exceptions import RedisError

ENVIRONMENT_VARIABLE = "DIRECTORY_TEST_REDIS"
LOCAL_URL = "redis://127.0.0.1:6379/13"
START_TIMEOUT_SECONDS = 60


class MissingRedisError(Exception):
    """No server answers, and the program to start one is not installed."""


@contextmanager
def open_redis_url() -> Iterator[str]:
    """Return the URL of the server for this run. Raises MissingRedisError if there is none and none can be started."""
    choice = os.environ.get(ENVIRONMENT_VARIABLE, "")
    if choice == "none":
        raise MissingRedisError
    if choice not in ("", "own"):
        yield choice
    elif not choice and is_reachable(LOCAL_URL):
        yield LOCAL_URL
    else:
        with start_own_redis() as url:
            yield url


def is_reachable(url: str) -> bool:
    try:
        with Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False


@contextmanager
def start_own_redis(port: int | None = None) -> Iterator[str]:
    """Run a server without persistence until the block ends, and return its URL. Raises MissingRedisError."""
    program = shutil.which("redis-server")
    if program is None:
        raise MissingRedisError
    port = port or find_free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/tmp")  # noqa: S108 - it writes no files
    watchdog = Timer(START_TIMEOUT_SECONDS, process.kill)
    try:
        watchdog.start()
        assert process.stdout
        assert any("Ready to accept connections" in line for line in process.stdout)  # the output ends if the server is killed
        watchdog.cancel()
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        watchdog.cancel()
        process.terminate()
        process.communicate(timeout=START_TIMEOUT_SECONDS)


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_free_ports(count: int) -> int:
    """Return the first of several free ports that follow each other."""
    while True:
        first = find_free_port()
        with ExitStack() as probes, suppress(OSError, OverflowError):
            for port in range(first, first + count):
                probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first
