"""The benchmarks run, measure the questions they claim to measure, and report targets. Speed is not tested."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import targets
from benchmarks.__main__ import main
from benchmarks.documents import DOCUMENTS
from benchmarks.edits.edit_latency import EditMeasurements, EditTiming, build_tables
from benchmarks.edits.stopwatch import PARTS
from benchmarks.fictional_networks import build_snapshot
from benchmarks.http.load_driver import Connection
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
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert all(kind.title in result.stdout for kind in (*MAIN_KINDS, *TEXT_KINDS))
    assert str(ROOT) not in result.stdout
    assert (RESULTS.read_bytes() if RESULTS.exists() else None) == before


@pytest.mark.slow
def test_edits_are_found_and_their_statements_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edit", "--sizes", str(SIZE), "--rounds", "4", "--dry-run"]) == 0
    output = capsys.readouterr().out
    for kind in ("a summary", "a name", "a place", "a new record"):
        assert re.search(rf"\| {kind} \| [1-9]\d* \| [1-9]\d* \| ≤ 20 \|", output), output


@pytest.mark.parametrize(("most", "verdict"), [(20, "met"), (21, "**missed**")])
def test_the_edit_with_the_most_statements_decides(most: int, verdict: str) -> None:
    parts = dict.fromkeys(PARTS, 0.0)
    edits = [EditTiming("a name", 0.0, 0.0, parts, count) for count in (1, 1, most)]
    table = next(table for table in build_tables([EditMeasurements(9, edits, [0.0])]) if "SQL" in table.title)
    assert {row[-1] for row in table.rows} == {verdict}


@pytest.mark.parametrize("wrong", [["faster"], ["--sizes", "0"], ["--sizes", "-1"], ["--rounds", "many"]])
def test_a_wrong_argument_is_refused(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        main(wrong)
    assert refusal.value.code == 2


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.has_variables], ids=lambda kind: kind.key)
def test_every_request_has_its_own_variables_and_every_run_the_same(kind: QuestionKind) -> None:
    drawn_variables = draw_variables(kind, 40, SIZE)
    assert len({repr(variables) for variables in drawn_variables}) == 40
    assert drawn_variables == draw_variables(kind, 40, SIZE)


def test_every_text_question_has_matches() -> None:
    network = build_snapshot(SIZE)
    for kind in (*MAIN_KINDS[2:3], *TEXT_KINDS[:2]):
        assert all(network.find(kind.question(variables)).total for variables in draw_variables(kind, 10, SIZE))


def test_every_kind_has_a_document_and_a_target() -> None:
    assert {kind.key for kind in KINDS} == DOCUMENTS.keys()
    assert {kind.key for kind in (*MAIN_KINDS, *HTTP_KINDS)} == targets.CEILING_MULTIPLES.keys()
    assert targets.IN_PROCESS_SECONDS.keys() <= {kind.key for kind in MAIN_KINDS}


def test_a_measurement_equal_to_its_target_meets_it() -> None:
    assert compare_with_target(0.1, 0.1, format_milliseconds) == ("≤ 100 ms", "met")
    assert compare_with_target(0.2, 0.1, format_milliseconds) == ("≤ 100 ms", "**missed**")
    assert compare_with_target(0.2, 0.1, format_milliseconds, at_least=True) == ("≥ 100 ms", "met")
    assert compare_with_target(0.2, None, format_milliseconds) == ("", "")


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
