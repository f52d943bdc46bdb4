"""The benchmarks run, ask what they say they ask, and tell figures with targets; how fast anything is, no test says."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import in_process, over_http
from benchmarks.__main__ import main
from benchmarks.documents import DOCUMENTS
from benchmarks.fictional_networks import build_snapshot
from benchmarks.load_driver import Connection
from benchmarks.question_kinds import HTTP_KINDS, MAIN_KINDS, TEXT_KINDS, QuestionKind, draw_variables
from benchmarks.report import RESULTS
from benchmarks.tables import compare_with_target, format_milliseconds

ROOT = Path(__file__).parent.parent
SIZE = 60
KINDS = (*MAIN_KINDS, *TEXT_KINDS, *HTTP_KINDS)


@pytest.mark.slow
def test_a_small_run_prints_every_question_and_writes_nothing() -> None:
    before = RESULTS.read_bytes() if RESULTS.exists() else None
    command = [sys.executable, "-m", "benchmarks", "in-process", "--sizes", str(SIZE), "--rounds", "3", "--dry-run"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    assert all(kind.title in ended.stdout for kind in (*MAIN_KINDS, *TEXT_KINDS))
    assert str(ROOT) not in ended.stdout
    assert (RESULTS.read_bytes() if RESULTS.exists() else None) == before


@pytest.mark.parametrize("wrong", [["faster"], ["--sizes", "0"], ["--sizes", "-1"], ["--rounds", "many"]])
def test_a_wrong_argument_is_refused(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        main(wrong)
    assert refusal.value.code == 2


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.has_variables], ids=lambda kind: kind.key)
def test_every_request_has_variables_of_its_own_and_every_run_the_same(kind: QuestionKind) -> None:
    asked = draw_variables(kind, 40, SIZE)
    assert len({repr(variables) for variables in asked}) == 40
    assert asked == draw_variables(kind, 40, SIZE)


def test_what_is_asked_in_process_finds_something() -> None:
    network = build_snapshot(SIZE)
    for kind in (*MAIN_KINDS[2:3], *TEXT_KINDS[:2]):
        assert all(network.find(kind.question(variables)).total for variables in draw_variables(kind, 10, SIZE))


def test_every_kind_has_a_document_and_a_promise() -> None:
    assert {kind.key for kind in KINDS} == DOCUMENTS.keys()
    assert {kind.key for kind in (*MAIN_KINDS, *HTTP_KINDS)} == over_http.CEILING_MULTIPLES.keys()
    assert in_process.TARGETS.keys() <= {kind.key for kind in MAIN_KINDS}


def test_a_figure_on_its_target_is_met() -> None:
    assert compare_with_target(0.1, 0.1, format_milliseconds) == ("≤ 100 ms", "met")
    assert compare_with_target(0.2, 0.1, format_milliseconds) == ("≤ 100 ms", "**missed**")
    assert compare_with_target(0.2, 0.1, format_milliseconds, at_least=True) == ("≥ 100 ms", "met")
    assert compare_with_target(0.2, None, format_milliseconds) == ("", "")


@pytest.mark.parametrize("cut", [1, 20, 60, 90])
def test_the_driver_reads_an_answer_that_comes_in_pieces(cut: int) -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 13\r\n\r\n" + b'{"data": null'
    assert asyncio.run(_read(answer[:cut], answer[cut:])) == (200, b'{"data": null')


async def _read(*pieces: bytes) -> tuple[int, bytes]:
    """What a connection makes of these pieces, sent by a real server."""

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
