"""Why a database cannot be opened, found out by error numbers and by trying: a driver's words differ by language and release.

No sentence holds a password: they name file, host, port, database and role.
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
_MAINTENANCE_DATABASES = ("postgres", "template1")  # databases of every server, to tell a missing database from a refused role
_DATABASE_QUERY = """
    SELECT datallowconn, has_database_privilege(oid, 'CONNECT') FROM pg_database WHERE datname = %s
"""


def build_file_error(path: Path, error: OSError | sqlite3.Error) -> Unavailable:
    """Why the database file at this absolute path cannot be opened or created."""
    number = error.errno if isinstance(error, OSError) else _find_error_number(path)
    if number in (errno.EACCES, errno.EPERM):
        return Unavailable(f"Permission denied for {path}. Let this user read and write the file and its folder.")
    if number in (errno.ENOENT, errno.ENOTDIR) and not path.parent.is_dir():
        return Unavailable(f"The folder {path.parent} does not exist. Create it, or name another database file.")
    if number == errno.ENOENT:
        return Unavailable(f"The database file {path} is gone. Put it back, or restore a backup.")
    if number == errno.EISDIR:
        return Unavailable(f"{path} is a folder. Name a database file in it.")
    if number in (errno.ENOSPC, errno.EDQUOT):
        return Unavailable(f"{path} cannot be created: the disk is full. Make room, then try again.")
    reason = os.strerror(number).lower() if number else "the system gives no reason"
    return Unavailable(f"{path} cannot be opened or created: {reason}. Correct that, or name another database file.")


def _find_error_number(path: Path) -> int | None:
    """The error number of opening the file, which SQLite does not tell; None where it can be opened."""
    try:
        path.open("r+b").close()
    except OSError as error:
        return error.errno
    return None


def build_connection_error(options: Mapping[str, Any], error: Exception) -> Unavailable:
    """Why PostgreSQL cannot be connected to with these options of the driver (host, port, dbname, user, password)."""
    wanted = _resolve_options(options)
    host, port = wanted["host"], wanted["port"]
    sentence = _explain_unreachable_host(host, port) or _explain_rejected_login(options, wanted, error)
    return Unavailable(sentence)


def build_option_error(options: Mapping[str, Any], error: Exception) -> Exception:
    """The refusal of a database URL with an option that the driver does not know, or the error itself if that is not why."""
    import psycopg

    known = {one.keyword.decode() for one in psycopg.pq.Conninfo.get_defaults()}
    unknown = [name for name in options if name not in known | set(signature(psycopg.connect).parameters)]
    if not unknown:
        return error
    near = get_close_matches(unknown[0], known, 1)
    hint = f"Did you mean {near[0]}?" if near else "Correct or remove it."
    return BadInput(
        f'PostgreSQL has no connection option "{unknown[0]}". {hint} It is in the database URL.', argument="database_url"
    )


def _resolve_options(options: Mapping[str, Any]) -> dict[str, str]:
    """The options that hold, as text, also those that come from the environment of libpq."""
    from psycopg.pq import Conninfo  # only who works on PostgreSQL waits for its driver

    defaults = {one.keyword.decode(): one.val.decode() for one in Conninfo.get_defaults() if one.val}
    given = {name: str(value) for name, value in options.items() if value is not None}
    found = {**defaults, **given}
    return {name: found.get(name, usual) for name, usual in (("host", ""), ("port", DEFAULT_PORT), ("user", ""), ("dbname", ""))}


def _explain_unreachable_host(host: str, port: str) -> str | None:
    """Why nobody answers there; None where somebody does, or where that cannot be tried in one way."""
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
        return f'The host "{host}" of the database is unknown. Correct it in the database URL.'
    except TimeoutError:
        return f"The host {host} does not answer at port {port}. Check host, port and firewall."
    except OSError as problem:
        reason = "the connection is refused" if problem.errno == errno.ECONNREFUSED else (problem.strerror or "no answer").lower()
        return f"No PostgreSQL answers at {host}, port {port}: {reason}. Start it, or correct host and port in the database URL."
    return None


def _explain_rejected_login(options: Mapping[str, Any], effective_options: Mapping[str, str], error: Exception) -> str:
    """Why a server that answers does not let the role into the database."""
    user, name = effective_options["user"], effective_options["dbname"] or effective_options["user"]
    server = f"The PostgreSQL server at {effective_options['host'] or 'the local socket'}, port {effective_options['port']},"
    if reason := _explain_database_error(options, name, user):
        return f"{server} {reason}"
    connection = getattr(error, "pgconn", None)
    if getattr(connection, "needs_password", False):
        return f'{server} asks for the password of the role "{user}". Add it to the database URL, or set PGPASSWORD.'
    if getattr(connection, "used_password", False):
        return f'{server} does not accept the role "{user}" with this password. Correct role and password in the database URL.'
    return (
        f'{server} does not let the role "{user}" into the database "{name}": there is no such role, pg_hba.conf does not allow '
        "it from here, or the server accepts no connections at the moment. Its log says which."
    )


def _explain_database_error(options: Mapping[str, Any], name: str, user: str) -> str | None:
    """What is wrong with the database itself; None where nothing is, or where the role may not look."""
    import psycopg

    for maintenance in _MAINTENANCE_DATABASES:
        try:
            with psycopg.connect(**{**options, "dbname": maintenance}) as connection:
                found = connection.execute(_DATABASE_QUERY, [name]).fetchone()
        except psycopg.Error:
            continue
        if found is None:
            return f'has no database "{name}". Create it with `createdb {name}`, or correct the name in the database URL.'
        allows, may = found
        if not allows:
            return f'lets nobody into the database "{name}" at the moment (ALLOW_CONNECTIONS is false).'
        return None if may else f'does not let the role "{user}" into the database "{name}". Grant it CONNECT.'
    return None
