"""The peers answer the same questions as our server, with the same data."""

import asyncio
from typing import Any

import httpx2
import msgspec
import pytest
from starlette.types import ASGIApp

from benchmarks.fictional_networks import build_snapshot
from benchmarks.http.paired_bench import PairedTiming
from benchmarks.peers.peer_timings import (
    OUR_PATH,
    PEER_NAMES,
    POSTGRAPHILE_MULTIPLES,
    POSTGRAPHILE_SECONDS,
    PeerTiming,
    build_tables,
)
from benchmarks.peers.server import PEERS, build_app
from benchmarks.question_kinds import MAIN_KINDS, QuestionKind, draw_variables
from benchmarks.variables import Variables
from directory.search.snapshot import Snapshot
from schema.context import Context
from schema.execution.execute import answer_document
from web.server.clock import utc_now

SIZE = 300


@pytest.fixture(scope="module")
def network() -> Snapshot:
    return build_snapshot(SIZE)


@pytest.fixture(scope="module")
def app(network: Snapshot) -> ASGIApp:
    return build_app(network)


@pytest.mark.parametrize("path", PEERS)
@pytest.mark.parametrize("kind", MAIN_KINDS, ids=lambda kind: kind.key)
def test_a_peer_gives_the_same_answers(app: ASGIApp, network: Snapshot, kind: QuestionKind, path: str) -> None:
    variables = draw_variables(kind, 5, SIZE)
    answers = asyncio.run(send_requests(app, path, [{"query": kind.document, "variables": each} for each in variables]))
    assert [answer["data"] for answer in answers] == [find_our_data(kind, each, network) for each in variables]


async def send_requests(app: ASGIApp, path: str, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1") as client:
        return [(await client.post(path, json=body)).json() for body in bodies]


def find_our_data(kind: QuestionKind, variables: Variables, network: Snapshot) -> Any:
    body = answer_document(kind.document, variables, None, Context(network, utc_now())).body
    return msgspec.json.decode(body if isinstance(body, bytes) else msgspec.json.encode(body))["data"]


def test_every_peer_and_question_has_a_column_and_a_row() -> None:
    assert PEER_NAMES.keys() == {OUR_PATH, *PEERS}
    assert POSTGRAPHILE_MULTIPLES.keys() == POSTGRAPHILE_SECONDS.keys() == {kind.key for kind in MAIN_KINDS}


def test_figures_measured_elsewhere_are_shown_only_for_their_numbers_of_records() -> None:
    timings = {path: PairedTiming(0.002, 0.001, 2.0, [], 0.0) for path in PEER_NAMES}
    multiples, times = build_tables([PeerTiming(MAIN_KINDS[0], size, timings) for size in (1_000, 2_000, 100_000)])
    assert [row[-1] for row in multiples.rows] == ["13 ×", "", "15 ×"]
    assert [row[-1] for row in times.rows] == ["1.10 ms", "", ""]
