"""Five directories of the same organizations, which must look the same to the public.

`still`: the original. `moved`: a later edit moved every private place, within its published area. `elsewhere`: written with the
moved places from the start. `stirred`: organizations and contacts that are not public have changed too. `public`: written without
them.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeAlias

import httpx2
import msgspec
from starlette.testclient import TestClient

from directory.live import Directory
from directory.records import Audience
from schema.context import Context
from schema.execution.execute import answer_document
from schema.limits import LIMITS
from tests.builders import NOW
from tests.stories.http_client import ask, serve
from tests.stories.private_places import a_directory, build_changed_entries, build_entries, build_public_entries, write_entries
from tests.stories.query_battery import CURSORS, build_battery

ON_ANY_MACHINE = msgspec.structs.replace(LIMITS, cpu_seconds=30.0, seconds=60.0)  # the battery sends large requests
LATER = NOW + dt.timedelta(days=3)
REQUEST_TIME = NOW + dt.timedelta(days=10)
SentResponse: TypeAlias = tuple[int, list[tuple[str, str]], bytes]  # status, headers, body


def read_response(response: httpx2.Response) -> SentResponse:
    """Return the whole response except the date."""
    headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() != "date"]
    return response.status_code, headers, response.content


def send_get(client: TestClient, document: str) -> httpx2.Response:
    return client.get("/graphql", params={"query": document})


class Directories:
    """The five directories, with an HTTP client for each."""

    def __init__(self, directories: dict[str, Directory], clients: dict[str, TestClient]) -> None:
        self.directories, self.clients = directories, clients
        self.battery = build_battery(ask(clients["still"], CURSORS))
        self._responses: dict[str, list[SentResponse]] = {}

    @property
    def documents(self) -> list[str]:
        return [document for documents in self.battery.values() for document in documents]

    def fetch_responses(self, name: str) -> list[SentResponse]:
        """Return the responses to all documents. They are fetched once, as nothing changes."""
        if name not in self._responses:
            self._responses[name] = [read_response(send_get(self.clients[name], document)) for document in self.documents]
        return self._responses[name]

    def answer_as(self, name: str, audience: Audience) -> list[bytes]:
        """Return the bodies for an audience that cannot use HTTP yet."""
        context = Context(self.directories[name].get_snapshot(audience), REQUEST_TIME, limits=ON_ANY_MACHINE)
        return [answer_document(document, None, None, context).body for document in self.documents]


def build_directories(url: Callable[[str], str], exact: bool = False) -> dict[str, Directory]:
    """Build the directories. `url` returns the URL of an empty database for each name."""
    still = a_directory(url("still"), build_entries(exact=exact))
    elsewhere = a_directory(url("elsewhere"), build_entries(use_moved_places=True, exact=exact))
    if exact:
        return {"still": still, "elsewhere": elsewhere}
    moved, stirred = a_directory(url("moved"), build_entries()), a_directory(url("stirred"), build_entries())
    write_entries(moved, build_entries(use_moved_places=True), LATER)
    write_entries(stirred, list(build_changed_entries()), LATER)
    return {
        "still": still,
        "elsewhere": elsewhere,
        "moved": moved,
        "stirred": stirred,
        "public": a_directory(url("public"), build_public_entries()),
    }


@contextmanager
def serve_directories(directories: dict[str, Directory]) -> Iterator[Directories]:
    with ExitStack() as stack:
        clients = {name: stack.enter_context(serve(directory)) for name, directory in directories.items()}
        yield Directories(directories, clients)
