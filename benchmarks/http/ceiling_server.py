"""The ceiling: a bare Starlette endpoint that reads a request and sends prepared bytes.

No response of the same server can cost less. `/take` loads the responses from the file named in BENCHMARK_ANSWERS.
"""

import os
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ANSWERS_VARIABLE = "BENCHMARK_ANSWERS"

_answers: list[bytes] = []


async def load_answers(_request: Request) -> Response:
    file = Path(os.environ[ANSWERS_VARIABLE])
    _answers[:] = msgspec.msgpack.decode(file.read_bytes(), type=list[bytes]) if file.exists() else []
    return Response(status_code=200)


async def send_answer(request: Request) -> Response:
    await request.body()
    return Response(_answers[request.path_params["n"]], media_type="application/json")


def create_app() -> Starlette:
    return Starlette(routes=[Route("/take", load_answers, methods=["POST"]), Route("/{n:int}", send_answer, methods=["POST"])])
