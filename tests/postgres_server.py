"""A PostgreSQL server for tests: a configured one, a local one, or one started for the run.

DIRECTORY_TEST_POSTGRES chooses. A URL is a server and a database to connect to, as a user who may create databases; the server
must answer. `own` starts a server even if a local one answers. `none` behaves as if PostgreSQL were not installed.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL, Connection, make_url, text

ENVIRONMENT_VARIABLE = "DIRECTORY_TEST_POSTGRES"
LOCAL_URL = URL.create("postgresql+psycopg", "postgres", host="127.0.0.1", port=5432, database="test")
# The server lives for one run, so its data need not survive a power cut.
FAST_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"

END_OTHER_SESSIONS = """
    SELECT pg_terminate_backend(pid, 5000)
    FROM (SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()) AS others
"""
DROP_FUNCTIONS = """
    DO $$ DECLARE signature regprocedure; BEGIN
        FOR signature IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace LOOP
            EXECUTE format('DROP FUNCTION %s CASCADE', signature);
        END LOOP;
    END $$
"""

INITDB_OPTIONS = ["-U", "postgres", "--encoding=UTF8", "--no-locale", "--no-sync"]
TRUST_OPTIONS = ["--auth=trust"]
PASSWORD = "correct-horse"  # noqa: S105 - for a server that lives for one test run


class MissingPostgresError(Exception):
    """No server answers, and the programs to start one are not installed."""


@dataclass(frozen=True)
class PostgresServer:
    """A server that answers. `url` is a database to connect to while creating and dropping others."""

    url: URL

    @contextmanager
    def create_database(self) -> Iterator[str]:
        """Create an empty database and return its URL. It is dropped afterwards, even if there are connections to it."""
        name = f"directory_test_{secrets.token_hex(6)}"
        with _connect(self.url) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
            # A commit need not wait for the disk, as in _start_own: waiting takes ten times longer than the commit.
            connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        try:
            yield self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            with _connect(self.url) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def open_postgres() -> Iterator[PostgresServer]:
    """Return the server for this run. Raises MissingPostgresError if there is none and none can be started."""
    choice = os.environ.get(ENVIRONMENT_VARIABLE, "")
    if choice == "none":
        raise MissingPostgresError
    if choice not in ("", "own"):
        yield _open_url(choice)
    elif not choice and _is_reachable(LOCAL_URL):
        yield PostgresServer(LOCAL_URL)
    else:
        with _start_own() as server:
            yield server


def _open_url(address: str) -> PostgresServer:
    url = make_url(address).set(drivername="postgresql+psycopg")
    with _connect(url):
        return PostgresServer(url)


def _is_reachable(url: URL) -> bool:
    try:
        with _connect(url):
            return True
    except psycopg.OperationalError:
        return False


def _connect(url: URL) -> psycopg.Connection:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, connect_timeout=5)


def remove_leftovers(connection: Connection) -> None:
    """End the sessions that earlier tests left open in a database, and drop their functions and triggers."""
    connection.execute(text(END_OTHER_SESSIONS))
    connection.execute(text(DROP_FUNCTIONS))


@contextmanager
def start_postgres_with_passwords() -> Iterator[PostgresServer]:
    """Start a server that requires a password: PASSWORD for the role postgres.

    Raises MissingPostgresError if no server can be started.
    """
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(PASSWORD)
        file.flush()
        Path(file.name).chmod(0o644)
        with _start_own(["--auth=scram-sha-256", f"--pwfile={file.name}"]) as server:
            yield PostgresServer(server.url.set(password=PASSWORD))


@contextmanager
def _start_own(auth: Sequence[str] = TRUST_OPTIONS) -> Iterator[PostgresServer]:
    programs = _find_programs()
    account = _find_account()
    folder = Path(tempfile.mkdtemp(prefix="directory-postgres-"))
    try:
        if account:
            shutil.chown(folder, account.pw_uid, account.pw_gid)
        with _run_server(programs, folder, account, auth) as port:
            yield PostgresServer(LOCAL_URL.set(port=port, database="postgres"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _run_server(programs: Path, folder: Path, account: pwd.struct_passwd | None, auth: Sequence[str]) -> Iterator[int]:
    data, port = str(folder / "data"), _find_free_port()
    _run_command([programs / "initdb", "-D", data, *INITDB_OPTIONS, *auth], folder, account)
    # No Unix sockets, because their folder belongs to the packaged server.
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {FAST_OPTIONS}"
    log = str(folder / "log")
    _run_command([programs / "pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options], folder, account)
    try:
        yield port
    finally:
        _run_command([programs / "pg_ctl", "stop", "-w", "-D", data, "-m", "immediate"], folder, account)


def _run_command(command: list[str | Path], folder: Path, account: pwd.struct_passwd | None) -> None:
    user = {"user": account.pw_uid, "group": account.pw_gid} if account else {}
    # To a file, because the server that pg_ctl starts keeps a pipe open, so reading it would never end.
    with (folder / "output").open("w+") as output:
        process = subprocess.run(command, cwd=folder, stdout=output, stderr=output, check=False, **user)  # type: ignore[call-overload]
        if process.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[0]} failed:\n{output.read()}")


def _find_programs() -> Path:
    """Return the folder of initdb and pg_ctl, of the newest release if there are several."""
    on_path = shutil.which("initdb")
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda program: float(program.parts[-3]))
    candidates = [Path(on_path)] if on_path else packaged
    if not candidates:
        raise MissingPostgresError
    return candidates[-1].parent


def _find_account() -> pwd.struct_passwd | None:
    """Return the account to run the server as, or None for the current one.

    PostgreSQL refuses to run as root; root uses the account of the package or else `nobody`.
    """
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
