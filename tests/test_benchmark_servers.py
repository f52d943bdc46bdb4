"""Servers are measured as they run in production, all their CPU time counts, and the driver times what it claims to time."""

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from benchmarks.__main__ import main
from benchmarks.fictional_networks import NetworkDatabase, find_or_create_database
from benchmarks.http import load
from benchmarks.http.load_driver import Connection, Job, LoadJob, LoadResult, read_cpu_seconds, run_load
from benchmarks.http.server_processes import start_directory_server, start_driver
from benchmarks.question_kinds import HTTP_KINDS, MAIN_KINDS

SIZE = 60
WORK_IN_A_THREAD = """
import threading, time
def work():
    until = time.thread_time() + 0.05
    while time.thread_time() < until: pass
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(time.process_time(), flush=True)
input()
"""
RATE_LIMIT_REQUEST = '{"query": "{ viewer { rateLimit { remaining } } }"}'


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> NetworkDatabase:
    return find_or_create_database(SIZE, tmp_path_factory.mktemp("networks"))


def test_the_time_of_threads_that_have_ended_counts() -> None:
    process = subprocess.Popen([sys.executable, "-c", WORK_IN_A_THREAD], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout
    seconds = float(process.stdout.readline())
    assert read_cpu_seconds(process.pid) >= seconds > 0.05
    process.communicate(b"\n")


@pytest.mark.slow
def test_the_server_counts_points_and_writes_its_log(database: NetworkDatabase, tmp_path: Path) -> None:
    file = tmp_path / "answers"
    with start_directory_server(database.url) as server, start_driver() as driver:
        server.wait_for_answer("/graphql", RATE_LIMIT_REQUEST.encode())
        driver.run_job(Job(server.port, "/graphql", [RATE_LIMIT_REQUEST] * 2, responses_file=str(file)))
        server.wait_until_idle()
        log = server.read_log()
    answers = [msgspec.json.decode(body) for body in msgspec.msgpack.decode(file.read_bytes())]
    first, second = (answer["data"]["viewer"]["rateLimit"]["remaining"] for answer in answers)
    assert first > second > 0
    assert log.count("POST /graphql 200") >= 3


@pytest.mark.slow
def test_a_small_run_over_http_prints_every_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["http", "--sizes", str(SIZE), "--rounds", "5", "--dry-run"]) == 0
    output = capsys.readouterr().out
    for kind in (*MAIN_KINDS, *HTTP_KINDS):
        (row,) = re.findall(rf"^\| (?:Q\d · )?{re.escape(kind.title)} \| {SIZE} \| .*≤.*$", output, re.MULTILINE)
        assert len(re.findall(" × ", row)) == 3 if kind.empty else 2
    assert re.search(r"median difference for the same cards \| 60 \| -?\d", output)


@pytest.mark.slow
def test_a_small_load_has_a_maximum_and_its_shares(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "SECONDS", 0.3)
    monkeypatch.setattr(load, "WARM_UP_SECONDS", 0.1)
    assert main(["load", "--sizes", str(SIZE), "--dry-run"]) == 0
    assert len(re.findall(rf"\| {SIZE} \| [1-9][\d,]* \|", capsys.readouterr().out)) == 4


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
SERVICE_SECONDS = 0.01


def test_arrivals_do_not_wait_for_answers() -> None:
    """A single connection cannot keep up with 500 arrivals a second, so each has to wait longer than the one before."""
    waits = asyncio.run(_run_load(rate=500.0)).latencies
    assert len(waits) > 20
    assert waits[-1] > 10 * SERVICE_SECONDS


def test_without_a_rate_a_request_starts_when_the_last_one_is_answered() -> None:
    result = asyncio.run(_run_load(rate=None))
    assert SERVICE_SECONDS * len(result.latencies) <= result.seconds
    assert sum(result.latencies) <= result.seconds


def test_the_seed_decides_when_requests_arrive() -> None:
    first, second = (asyncio.run(_run_load(rate=500.0, seed=seed)) for seed in (1, 2))
    assert len(first.latencies) != len(second.latencies)


async def _run_load(rate: float | None, seed: int = 1) -> LoadResult:
    """Run a load of 0.1 seconds over one connection to a server that takes SERVICE_SECONDS for an answer."""
    async with _serve_slowly() as port:
        return await run_load(LoadJob(port, "/", ["a", "b"], connections=1, seconds=0.1, rate=rate, seed=seed))


@asynccontextmanager
async def _serve_slowly() -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1_000):
            asyncio.get_running_loop().call_later(SERVICE_SECONDS, writer.write, ANSWER)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("cut", [1, 20, 60, 90])
def test_the_driver_reads_a_response_that_arrives_in_pieces(cut: int) -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 13\r\n\r\n" + b'{"data": null'
    assert asyncio.run(_read_pieces(answer[:cut], answer[cut:])) == (200, b'{"data": null')


async def _read_pieces(*pieces: bytes) -> tuple[int, bytes]:
    """Return the response that a connection reads when a real server sends these pieces."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    async with asyncio.timeout(5):
        answer = await connection.send_request(b"?")
    connection.close()
    server.close()
    return answer
