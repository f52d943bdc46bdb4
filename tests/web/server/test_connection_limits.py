"""Limits on open connections: no client can take all of them, and running out is logged."""

import logging
import pickle
import re
import resource
import shutil
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server_process import run_server
from web.server.client_address import SITE_SHARE, parse_networks
from web.server.connection_limits import (
    LINGERING_CONNECTIONS,
    LOG_INTERVAL_SECONDS,
    OPEN_FILES_TARGET,
    Admission,
    ConnectionLimits,
    connection_capacity,
    raise_open_file_limit,
)

CLIENT, OTHER = "192.0.2.1", "192.0.2.2"
INCOMPLETE_REQUEST = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
LOW_FILE_LIMIT = 1_024
MANY_CONNECTIONS = 1_100


def test_one_client_reaches_its_limit_and_another_is_served() -> None:
    limits = ConnectionLimits(3, 100)
    assert [limits.admit(CLIENT) for _ in range(4)] == [Admission.SERVE] * 3 + [Admission.REFUSE_CLIENT_LIMIT]
    assert limits.admit(OTHER) is Admission.SERVE
    limits.release(CLIENT)
    assert limits.admit(CLIENT) is Admission.REFUSE_CLIENT_LIMIT
    limits.release(CLIENT)
    limits.release(CLIENT)
    assert limits.admit(CLIENT) is Admission.SERVE


def test_only_a_few_refused_connections_stay_open() -> None:
    limits = ConnectionLimits(3, 1_000)
    admissions = [limits.admit(CLIENT) for _ in range(100)]
    assert admissions.count(Admission.REFUSE_CLIENT_LIMIT) == LINGERING_CONNECTIONS
    assert admissions[-1] is Admission.CLOSE


def test_all_clients_together_have_a_limit() -> None:
    limits = ConnectionLimits(0, 10)
    admissions = [limits.admit(f"192.0.2.{number}") for number in range(100)]
    assert admissions[:10] == [Admission.SERVE] * 10
    assert admissions[10:] == [Admission.REFUSE_SERVER_FULL] * LINGERING_CONNECTIONS + [Admission.CLOSE] * (
        90 - LINGERING_CONNECTIONS
    )


def test_an_ipv6_subnet_and_its_site_have_limits() -> None:
    limits = ConnectionLimits(2, 1_000)
    admissions = [limits.admit(f"2001:db8:7:{number // 2:x}::{number}") for number in range(2 * SITE_SHARE)]
    assert set(admissions) == {Admission.SERVE}
    assert limits.admit("2001:db8:7:ffff::1") is Admission.REFUSE_CLIENT_LIMIT
    assert limits.admit("2001:db8:8::1") is Admission.SERVE


def test_a_trusted_proxy_is_limited_only_by_the_total() -> None:
    limits = ConnectionLimits(2, 50, parse_networks(["10.0.0.0/8"]))
    assert [limits.admit("10.1.1.1") for _ in range(51)] == [Admission.SERVE] * 50 + [Admission.REFUSE_SERVER_FULL]


def test_closed_connections_take_no_memory() -> None:
    limits = ConnectionLimits(2, 10_000)
    peers = [f"2001:db8:7:{number:x}::1" for number in range(1_000)]
    for peer in peers:
        limits.admit(peer)
    for peer in peers:
        limits.release(peer)
    assert len(limits) == len(limits._count_by_network) == 0


def test_refusals_are_logged_once_a_minute_without_addresses(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    limits = ConnectionLimits(1, 1_000, clock=lambda: now[0])
    with caplog.at_level(logging.WARNING, "directory.web"):
        for _ in range(50):
            limits.admit(CLIENT)
        now[0] += LOG_INTERVAL_SECONDS
        limits.admit(CLIENT)
    lines = [record.getMessage() for record in caplog.records]
    assert [line.rsplit(": ", 1)[1] for line in lines] == ["1", "49"]
    assert CLIENT not in "".join(lines)


def test_each_worker_process_counts_from_zero() -> None:
    limits = ConnectionLimits(1, 5, parse_networks(["10.0.0.0/8"]))
    limits.admit(CLIENT)
    copy: ConnectionLimits = pickle.loads(pickle.dumps(limits))  # noqa: S301 - as multiprocessing does
    assert (len(copy), copy.per_client, copy.total) == (0, 1, 5)
    assert {copy.admit("10.1.1.1") for _ in range(5)} == {Admission.SERVE}


def test_connections_leave_files_for_other_purposes() -> None:
    assert 0 < connection_capacity(256) < 256 - LINGERING_CONNECTIONS
    assert LOW_FILE_LIMIT // 2 < connection_capacity(LOW_FILE_LIMIT) < LOW_FILE_LIMIT - LINGERING_CONNECTIONS


def test_the_limit_on_open_files_is_raised_at_startup() -> None:
    raise_open_file_limit()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert soft == hard or soft >= OPEN_FILES_TARGET


def low_limit(soft: int, hard: int) -> list[str]:
    """Return a command prefix that limits the open files of the command after it."""
    shell = shutil.which("bash")
    assert shell
    return [shell, "-c", f'ulimit -Sn {soft} && ulimit -Hn {hard} && exec "$@"', "limited"]


@pytest.fixture
def require_many_files() -> None:
    raise_open_file_limit()
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 2 * MANY_CONNECTIONS:
        pytest.skip("this process may not open enough connections")


def send_incomplete_request(stack: ExitStack, connection: socket.socket) -> None:
    stack.enter_context(connection)
    try:
        connection.sendall(INCOMPLETE_REQUEST)
    except OSError:  # the server closed it immediately
        return


@pytest.mark.slow
@pytest.mark.usefixtures("require_many_files")
def test_incomplete_requests_of_one_client_do_not_lock_out_others(tmp_path: Path) -> None:
    with run_server(tmp_path, command_prefix=low_limit(LOW_FILE_LIMIT, LOW_FILE_LIMIT)) as server, ExitStack() as stack:
        for number in range(MANY_CONNECTIONS):
            send_incomplete_request(stack, server.connect("127.0.0.1"))
            if number % 100 == 99:
                assert server.fetch_health("127.0.0.2").startswith(b"HTTP/1.1 200")
        assert "127.0.0" not in server.wait_for_line("A client has more than 100 connections open").string
        assert "LimitNOFILE" in server.wait_for_line(f"The limit on open files is {LOW_FILE_LIMIT}").string


@pytest.mark.slow
@pytest.mark.usefixtures("require_many_files")
def test_running_out_of_connections_is_logged_and_passes(tmp_path: Path) -> None:
    with run_server(tmp_path, command_prefix=low_limit(LOW_FILE_LIMIT, LOW_FILE_LIMIT), CONNECTIONS_PER_CLIENT=0) as server:
        with ExitStack() as stack:
            for _ in range(MANY_CONNECTIONS):
                send_incomplete_request(stack, server.connect("127.0.0.1"))
            server.wait_for_line("All [0-9]+ connections that the limit on open files allows are in use")
        answers = (server.fetch_health("127.0.0.2") for _ in range(200))
        assert any(answer.startswith(b"HTTP/1.1 200") for answer in answers)
    assert not [line for line in server.lines if re.search("Traceback|Errno", line)]


@pytest.mark.slow
def test_a_client_with_too_many_connections_gets_an_explanation(tmp_path: Path) -> None:
    with (
        run_server(tmp_path, command_prefix=low_limit(LOW_FILE_LIMIT, 4 * LOW_FILE_LIMIT), CONNECTIONS_PER_CLIENT=5) as server,
        ExitStack() as stack,
    ):
        for _ in range(5):
            send_incomplete_request(stack, server.connect())
        answer = server.fetch_health()
        assert server.fetch_health("127.0.0.2").startswith(b"HTTP/1.1 200")
        assert not [line for line in server.lines if "LimitNOFILE" in line], "the soft limit was not raised"
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 429")
    assert b"connection: close" in head.lower()
    assert b"RATE_LIMITED" in body
