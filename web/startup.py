"""Starting the server: a database that is ready and holds something, a port of its own, and a first answer to look at."""

import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import uvicorn
from starlette.applications import Starlette

from directory.errors import Unavailable
from directory.live import Directory
from directory.records import Audience
from web.app import create_app
from web.http.trusted_documents import TrustedDocuments
from web.operations.request_log import configure_logging
from web.pages.well_known import is_security_txt_expired
from web.server import example_query
from web.server.client_address import parse_networks
from web.server.connection import KEEP_ALIVE_SECONDS, Connection
from web.server.connection_limits import ConnectionLimits, connection_capacity, open_file_limit, raise_open_file_limit
from web.server.shutdown import STOP_SECONDS, DrainingServer, DrainingWorkers
from web.settings import Settings, variable_name

BACKLOG = 2048  # callers that wait to be answered
log = logging.getLogger("directory.web")
WORKER_LOAD_SECONDS = 60  # a worker that loads a large directory may be silent so long, and is not dead


def serve(settings: Settings, prepare: Callable[[Directory], None], announce: Callable[[str], None]) -> None:
    """Serve until stopped; `prepare` may first load records, and `announce` shows the address and a first answer.

    Raises DirectoryError when the database cannot be opened or the address is taken.
    """
    configure_logging(settings.log_level)
    raise_open_file_limit()
    TrustedDocuments.load(settings.documents, trusted_only=settings.documents_only)
    listening = listen(settings.host, settings.port)
    directory = Directory.open(settings.database_url)
    prepare(directory)
    if is_security_txt_expired(settings, datetime.now(UTC).date()):
        log.warning("/.well-known/security.txt is out of date: set DIRECTORY_SECURITY_EXPIRES to a later day")
    announce(format_greeting(directory, listening))
    with suppress(KeyboardInterrupt):  # Ctrl+C is how it is meant to end
        _run(settings, directory, listening)


def _run(settings: Settings, directory: Directory, listener: socket.socket) -> None:
    if settings.workers == 1:
        DrainingServer(build_uvicorn_config(settings, create_app(directory, settings))).run(sockets=[listener])
        return
    directory.close()
    said = settings.model_dump(mode="json")
    os.environ.update({variable_name(name): str(value) for name, value in said.items() if value is not None})
    config = build_uvicorn_config(settings, "web.app:worker")
    DrainingWorkers(config, sockets=[listener]).run()


def format_greeting(directory: Directory, listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    snapshot = directory.get_snapshot(Audience.PUBLIC)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    who = "fictional organizations, of a network that does not exist" if snapshot.fictional else "member organizations"
    opening = f"{snapshot.member_count} {who}. GraphQL is served at {address}/graphql until you press Ctrl+C."
    return f"{opening}\n\n{example_query.format_example(snapshot, datetime.now(UTC))}\n{example_query.NEXT_STEPS}"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at that address. Raises Unavailable where it is taken or cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(BACKLOG)  # from now on whoever calls is answered, once the workers are up
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise Unavailable(f"Nothing can listen at {host}, port {port}: {reason}. Choose another with --port or --host.") from None
    bound.set_inheritable(True)
    return bound


def build_connection_limits(settings: Settings) -> ConnectionLimits:
    """For each process that serves, within the limit on open files that holds now."""
    total = connection_capacity(open_file_limit())
    return ConnectionLimits(settings.connections_per_client, total, parse_networks(settings.trusted_proxies))


def build_uvicorn_config(settings: Settings, app: Starlette | str) -> uvicorn.Config:
    """Of uvicorn, for an application or the place of the function that makes it."""
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=settings.workers,
        access_log=False,  # it writes addresses and search words; web/operations/request_log.py does not
        log_config=None,
        log_level=settings.log_level.value,
        server_header=False,
        http=partial(Connection, build_connection_limits(settings)),  # type: ignore[arg-type] # uvicorn only calls it
        ws="none",
        proxy_headers=False,  # whom a proxy asks for is found in web/server/client_address.py
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_worker_healthcheck=WORKER_LOAD_SECONDS,
    )
