"""Explain why a database cannot be opened.

The cause is found from error numbers and by trying to connect, because the messages of drivers differ by language and release.
Messages name the file, host, port, database and role, and never a password.
"""

import errno
import os
import socket
import sqlite3
from collections.abc import Mapping
from difflib import get_close_matches
from inspect import signature
from pathlib import Path
from typing import Any

from directory.errors import BadInput, Unavailable

CONNECT_SECONDS = 5.0
DEFAULT_PORT = "5432"
_MAINTENANCE_DATABASES = ("postgres", "template1")  # on every server; used to tell a missing database from a rejected role
_DATABASE_QUERY = """
    SELECT datallowconn, has_database_privilege(oid, 'CONNECT') FROM pg_database WHERE datname = %s
"""


def build_file_error(path: Path, error: OSError | sqlite3.Error) -> Unavailable:
    """Explain why the database file at this absolute path cannot be opened or created."""
    number = error.errno if isinstance(error, OSError) else _find_error_number(path)
    if number in (errno.EACCES, errno.EPERM):
        return Unavailable(f"Permission denied for {path}. Give this user read and write access to the file and its folder.")
    if number in (errno.ENOENT, errno.ENOTDIR) and not path.parent.is_dir():
        return Unavailable(f"The folder {path.parent} does not exist. Create it, or use another database file.")
    if number == errno.ENOENT:
        return Unavailable(f"The database file {path} no longer exists. Put it back, or restore a backup.")
    if number == errno.EISDIR:
        return Unavailable(f"{path} is a folder. Use the path of a database file inside it.")
    if number in (errno.ENOSPC, errno.EDQUOT):
        return Unavailable(f"{path} cannot be created because the disk is full. Free some space, then try again.")
    reason = os.strerror(number).lower() if number else "the system gives no reason"
    return Unavailable(f"{path} cannot be opened or created: {reason}. Fix that, or use another database file.")


def _find_error_number(path: Path) -> int | None:
    """Return the error number of opening the file, which SQLite does not report. None if the file can be opened."""
    try:
        path.open("r+b").close()
    except OSError as error:
        return error.errno
    return None


def build_connection_error(options: Mapping[str, Any], error: Exception) -> Unavailable:
    """Explain why PostgreSQL cannot be reached with these driver options (host, port, dbname, user, password)."""
    effective_options = _resolve_options(options)
    host, port = effective_options["host"], effective_options["port"]
    message = _explain_unreachable_host(host, port) or _explain_rejected_login(options, effective_options, error)
    return Unavailable(message)


def build_option_error(options: Mapping[str, Any], error: Exception) -> Exception:
    """Return BadInput for an option of the database URL that the driver does not know, or `error` if that is not the cause."""
    import psycopg

    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    unknown = [name for name in options if name not in known | set(signature(psycopg.connect).parameters)]
    if not unknown:
        return error
    similar = get_close_matches(unknown[0], known, 1)
    hint = f"Did you mean {similar[0]}?" if similar else "Correct or remove it."
    return BadInput(
        f'PostgreSQL has no connection option "{unknown[0]}". {hint} It is in the database URL.', argument="database_url"
    )


def _resolve_options(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the options in effect, as text, including those that libpq reads from the environment."""
    from psycopg.pq import Conninfo  # here, because users of SQLite should not wait for PostgreSQL's driver

    defaults = {option.keyword.decode(): option.val.decode() for option in Conninfo.get_defaults() if option.val}
    explicit = {name: str(value) for name, value in options.items() if value is not None}
    fallbacks = {"host": "", "port": DEFAULT_PORT, "user": "", "dbname": ""}
    merged = {**fallbacks, **defaults, **explicit}
    return {name: merged[name] for name in fallbacks}


def _explain_unreachable_host(host: str, port: str) -> str | None:
    """Explain why the host does not answer. None if it does, or if there is no single host to try."""
    if not host or "," in host:
        return None
    try:
        if host.startswith("/"):
            with socket.socket(socket.AF_UNIX) as local:
                local.settimeout(CONNECT_SECONDS)
                local.connect(f"{host}/.s.PGSQL.{port}")
        else:
            socket.create_connection((host, int(port)), CONNECT_SECONDS).close()
    except socket.gaierror:
        return f'The database host "{host}" is unknown. Correct it in the database URL.'
    except TimeoutError:
        return f"The database host {host} does not answer on port {port}. Check the host, the port and the firewall."
    except OSError as problem:
        refused = problem.errno == errno.ECONNREFUSED
        reason = "the connection was refused" if refused else (problem.strerror or "no answer").lower()
        return (
            f"No PostgreSQL server answers at {host}, port {port}: {reason}. "
            "Start it, or correct the host and port in the database URL."
        )
    return None


def _explain_rejected_login(options: Mapping[str, Any], effective_options: Mapping[str, str], error: Exception) -> str:
    """Explain why a server that answers does not let the role connect to the database."""
    user, name = effective_options["user"], effective_options["dbname"] or effective_options["user"]
    server = f"The PostgreSQL server at {effective_options['host'] or 'the local socket'}, port {effective_options['port']},"
    if reason := _explain_database_error(options, name, user):
        return f"{server} {reason}"
    connection = getattr(error, "pgconn", None)
    if getattr(connection, "needs_password", False):
        return f'{server} asks for the password of the role "{user}". Add it to the database URL, or set PGPASSWORD.'
    if getattr(connection, "used_password", False):
        return f'{server} does not accept this password for the role "{user}". Correct the role and password in the database URL.'
    return (
        f'{server} does not let the role "{user}" connect to the database "{name}". Either the role does not exist, or '
        "pg_hba.conf does not allow it to connect from here, or the server is not accepting connections. See the server's log."
    )


def _explain_database_error(options: Mapping[str, Any], name: str, user: str) -> str | None:
    """Explain what is wrong with the database itself. None if nothing is, or if the role may not find out."""
    import psycopg

    for maintenance in _MAINTENANCE_DATABASES:
        try:
            with psycopg.connect(**{**options, "dbname": maintenance}) as connection:
                row = connection.execute(_DATABASE_QUERY, [name]).fetchone()
        except psycopg.Error:
            continue
        if row is None:
            return f'has no database "{name}". Create it with `createdb {name}`, or correct the name in the database URL.'
        allows_connections, may_connect = row
        if not allows_connections:
            return f'does not accept connections to the database "{name}" (ALLOW_CONNECTIONS is false).'
        return None if may_connect else f'does not let the role "{user}" connect to the database "{name}". Grant it CONNECT.'
    return None
