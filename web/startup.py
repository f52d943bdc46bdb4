"""Start the server: open the database, listen on a port, print a greeting with an example, and run uvicorn."""

import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import uvicorn
from starlette.applications import Starlette

from directory.errors import Unavailable
from directory.live import Directory
from directory.records import Audience
from web.app import create_app
from web.http.hosts import format_host
from web.http.trusted_documents import TrustedDocuments
from web.operations.request_log import configure_logging
from web.pages.well_known import is_security_txt_expired
from web.server import example_query
from web.server.client_address import parse_networks
from web.server.clock import utc_now
from web.server.connection import KEEP_ALIVE_SECONDS, Connection
from web.server.connection_limits import ConnectionLimits, connection_capacity, open_file_limit, raise_open_file_limit
from web.server.shutdown import STOP_SECONDS, DrainingServer, DrainingWorkers
from web.settings import Settings, variable_name

BACKLOG = 2048  # connections that may wait to be accepted
WORKER_LOAD_SECONDS = 60  # how long a worker may stay silent while it loads a large directory
WORKER_APP = "web.app:create_worker_app"
log = logging.getLogger("directory.web")


def serve(settings: Settings, prepare: Callable[[Directory], None], announce: Callable[[str], None]) -> None:
    """Serve until stopped.

    `prepare` is called with the open directory and may load records into it. `announce` receives the greeting to print.
    Raises DirectoryError if the database cannot be opened or the address is in use.
    """
    configure_logging(settings.log_level)
    raise_open_file_limit()
    TrustedDocuments.load(settings.documents, trusted_only=settings.documents_only)
    listener = listen(settings.host, settings.port)
    directory = Directory.open(settings.database_url)
    prepare(directory)
    if is_security_txt_expired(settings, utc_now().date()):
        log.warning("/.well-known/security.txt is out of date. Set DIRECTORY_SECURITY_EXPIRES to a later day.")
    announce(format_greeting(directory, listener))
    with suppress(KeyboardInterrupt):  # Ctrl+C is the usual way to stop the server
        _run(settings, directory, listener)


def _run(settings: Settings, directory: Directory, listener: socket.socket) -> None:
    if settings.workers == 1:
        DrainingServer(build_uvicorn_config(settings, create_app(directory, settings))).run(sockets=[listener])
        return
    directory.close()
    values = settings.model_dump(mode="json")
    os.environ.update({variable_name(name): str(value) for name, value in values.items() if value is not None})
    DrainingWorkers(build_uvicorn_config(settings, WORKER_APP), sockets=[listener]).run()


def format_greeting(directory: Directory, listener: socket.socket) -> str:
    """Return what to print at startup: the number of members, the address of the API and an example with its answer."""
    host, port = listener.getsockname()[:2]
    snapshot = directory.get_snapshot(Audience.PUBLIC)
    members = "fictional organizations of a made-up network" if snapshot.fictional else "member organizations"
    address = f"http://{format_host(host)}:{port}"
    summary = f"{snapshot.member_count} {members}. GraphQL is served at {address}/graphql until you press Ctrl+C."
    return f"{summary}\n\n{example_query.format_example(snapshot, utc_now())}\n{example_query.NEXT_STEPS}"


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at the address. Raises Unavailable if the address is in use or not of this machine."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)  # from now on clients can connect; they are answered when the workers are ready
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Unavailable(
            f"The server cannot listen on {host}, port {port}: {reason}. Choose another address with --port or --host."
        ) from None
    listener.set_inheritable(True)
    return listener


def build_connection_limits(settings: Settings) -> ConnectionLimits:
    """Return the limits of one serving process, within the current limit on open files."""
    total = connection_capacity(open_file_limit())
    return ConnectionLimits(settings.connections_per_client, total, parse_networks(settings.trusted_proxies))


def build_uvicorn_config(settings: Settings, app: Starlette | str) -> uvicorn.Config:
    """Return uvicorn's configuration for an application, or for the import path of a function that creates one."""
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=settings.workers,
        access_log=False,  # uvicorn would log addresses and search words; web/operations/request_log.py does not
        log_config=None,
        log_level=settings.log_level.value,
        server_header=False,
        http=partial(Connection, build_connection_limits(settings)),  # type: ignore[arg-type] # uvicorn only calls it
        ws="none",
        proxy_headers=False,  # web/server/client_address.py finds the client behind a proxy
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_worker_healthcheck=WORKER_LOAD_SECONDS,
    )
