"""Every part of a request is charged."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
from starlette.testclient import TestClient

from directory.live import Directory
from tests.web.conftest import code
from web.app import create_app
from web.server.rate_limit import RateLimiter
from web.settings import Settings


def test_work_on_the_event_loop_is_charged_if_no_points_are_left_for_the_rest(tmp_path: Path) -> None:
    app = create_app(Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}"), Settings(points_a_minute=1_000))
    limiter: RateLimiter = app.state.rate_limiter
    scope = {"type": "http", "client": ("192.0.2.1", 4711), "headers": []}
    document = "{ " + " ".join(f"a{number}: organizations {{ totalCount }}" for number in range(30)) + " }"  # not prepared

    with TestClient(app, base_url="http://localhost", client=("192.0.2.1", 4711)) as client, ExitStack() as other_request:

        def send_late() -> Iterator[bytes]:
            other_request.enter_context(limiter.reserve(scope, 1_000))  # after the head, which was within the allowance
            yield msgspec.json.encode({"query": document})

        answer = client.post("/graphql", content=send_late(), headers={"Content-Type": "application/json"})
    assert code(answer) == "RATE_LIMITED"
    (window,) = limiter.windows._windows.values()
    assert window.spent_points > 0
