"""Each reason why a database cannot be opened has its own message, tested with real files and servers."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL

from directory.errors import BadInput, Unavailable
from directory.store.store import Store
from tests.conftest import skip_missing
from tests.postgres_server import PASSWORD, MissingPostgresError, PostgresServer, start_postgres_with_passwords


def fail_to_open(url: str | URL) -> str:
    """Return the message of the error, after checking that it contains no password."""
    text = url if isinstance(url, str) else url.set(drivername="postgresql").render_as_string(hide_password=False)
    with pytest.raises(Unavailable) as refusal:
        Store.open(text)
    error = refusal.value
    assert error.__suppress_context__ or error.__context__ is None
    assert PASSWORD not in f"{error} {error.params}"
    assert "wrong-password" not in f"{error} {error.params}"
    return error.user_message


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert fail_to_open(f"sqlite:///{folder}/x.sqlite3") == (
        f"The folder {folder} does not exist. Create it, or use another database file."
    )
    assert not folder.exists()


def test_a_relative_path_is_reported_as_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(tmp_path / "none") in fail_to_open("sqlite:///none/x.sqlite3")


def test_a_folder_instead_of_a_file_is_named(tmp_path: Path) -> None:
    assert fail_to_open(f"sqlite:///{tmp_path}") == f"{tmp_path} is a folder. Use the path of a database file inside it."


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"a letter, and no database at all" * 50)
    assert fail_to_open(f"sqlite:///{letter}").startswith(f"{letter} is not a database.")
    assert letter.read_bytes().startswith(b"a letter")


OPEN_WITHOUT_ROOT = """
import os, sys
from directory.store.store import Store
if not os.getuid():  # root can open any file
    os.setgid(65534)
    os.setuid(65534)
Store.open(f"sqlite:///{sys.argv[1]}")
"""


@pytest.mark.parametrize("is_there", [False, True])
def test_permission_denied_is_reported_with_the_path(tmp_path: Path, is_there: bool) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    if is_there:
        Store.open(f"sqlite:///{folder}/x.sqlite3").close()
    tmp_path.chmod(0o755)
    tmp_path.parent.chmod(0o755)
    folder.chmod(0o555)
    if is_there:
        (folder / "x.sqlite3").chmod(0)
    command = [sys.executable, "-c", OPEN_WITHOUT_ROOT, str(folder / "x.sqlite3")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert f"Permission denied for {folder}/x.sqlite3." in done.stderr


def test_a_wrong_port_is_reported_with_host_and_port() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    message = fail_to_open(f"postgresql://ann:wrong-password@127.0.0.1:{port}/x")
    assert message.startswith(f"No PostgreSQL server answers at 127.0.0.1, port {port}: the connection was refused.")


def test_an_unknown_host_is_named() -> None:
    assert fail_to_open("postgresql://ann:wrong-password@no-such-host.invalid/x") == (
        'The database host "no-such-host.invalid" is unknown. Correct it in the database URL.'
    )


def test_a_socket_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert f"No PostgreSQL server answers at {tmp_path}, port 5432: no such file" in fail_to_open(
        f"postgresql://ann@/x?host={tmp_path}"
    )


@pytest.mark.parametrize(("option", "hint"), [("sslmod", "Did you mean sslmode?"), ("zzzzzz", "Correct or remove it.")])
def test_an_option_that_postgresql_does_not_know_is_named(option: str, hint: str) -> None:
    with pytest.raises(BadInput) as refusal:
        Store.open(f"postgresql://ann@127.0.0.1/x?{option}=require")
    assert refusal.value.user_message == f'PostgreSQL has no connection option "{option}". {hint} It is in the database URL.'


def test_a_database_that_is_missing_is_reported_with_how_to_create_it(postgres_server: PostgresServer) -> None:
    message = fail_to_open(postgres_server.url.set(database="no_such_database"))
    assert 'has no database "no_such_database". Create it with `createdb no_such_database`' in message


def test_a_role_that_does_not_exist_is_named(postgres_server: PostgresServer) -> None:
    message = fail_to_open(postgres_server.url.set(username="no_such_role", password=None))
    assert 'does not let the role "no_such_role" connect to' in message


def test_a_database_that_accepts_no_connections_is_named(postgres_server: PostgresServer) -> None:
    with postgres_server.create_database() as url:
        name = url.rpartition("/")[2]
        with psycopg.connect(_plain(postgres_server), autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        assert f'does not accept connections to the database "{name}"' in fail_to_open(postgres_server.url.set(database=name))


def _plain(server: PostgresServer) -> str:
    return server.url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def password_server() -> Iterator[PostgresServer]:
    with suppress(MissingPostgresError), start_postgres_with_passwords() as server:
        yield server
        return
    skip_missing("PostgreSQL")


@pytest.mark.slow
@pytest.mark.postgres
class TestWithPasswords:
    def test_a_wrong_password_is_reported(self, password_server: PostgresServer) -> None:
        message = fail_to_open(password_server.url.set(password="wrong-password"))  # noqa: S106
        assert f'port {password_server.url.port}, does not accept this password for the role "postgres".' in message

    def test_a_missing_password_is_reported(self, password_server: PostgresServer) -> None:
        assert 'asks for the password of the role "postgres"' in fail_to_open(password_server.url._replace(password=None))

    def test_a_missing_database_is_reported_before_the_login(self, password_server: PostgresServer) -> None:
        assert 'has no database "none_here"' in fail_to_open(password_server.url.set(database="none_here"))

    def test_a_role_without_the_right_to_connect_is_reported(self, password_server: PostgresServer) -> None:
        with psycopg.connect(_plain(password_server), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'")
            connection.execute("CREATE DATABASE closed")
            connection.execute("REVOKE CONNECT ON DATABASE closed FROM PUBLIC")
        message = fail_to_open(password_server.url.set(username="guest", database="closed"))
        assert 'does not let the role "guest" connect to the database "closed". Grant it CONNECT.' in message

    def test_the_right_password_is_accepted(self, password_server: PostgresServer) -> None:
        Store.open(_plain(password_server)).close()
