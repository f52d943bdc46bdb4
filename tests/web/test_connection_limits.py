"""How many connections may be open: nobody can take all of them, and whoever runs the server is told when they run out."""

import logging
import pickle
import re
import resource
import shutil
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.served import serving
from web.clients import SITE_SHARE, networks
from web.connection_limits import (
    LINGERING,
    LOGGED_EVERY,
    OPEN_FILES,
    Admission,
    ConnectionLimits,
    connections_within,
    raise_open_file_limit,
)

CLIENT, OTHER = "192.0.2.1", "192.0.2.2"
HALF = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
LOW = 1_024  # open files
MANY = 1_100  # connections


def test_one_client_has_so_many_connections_and_another_is_served() -> None:
    limits = ConnectionLimits(3, 100)
    assert [limits.enter(CLIENT) for _ in range(4)] == [Admission.SERVED] * 3 + [Admission.CLIENT_HAS_TOO_MANY]
    assert limits.enter(OTHER) is Admission.SERVED
    limits.leave(CLIENT)
    assert limits.enter(CLIENT) is Admission.CLIENT_HAS_TOO_MANY
    limits.leave(CLIENT)
    limits.leave(CLIENT)
    assert limits.enter(CLIENT) is Admission.SERVED


def test_refused_connections_that_are_still_open_are_few() -> None:
    limits = ConnectionLimits(3, 1_000)
    admissions = [limits.enter(CLIENT) for _ in range(100)]
    assert admissions.count(Admission.CLIENT_HAS_TOO_MANY) == LINGERING
    assert admissions[-1] is Admission.CLOSED


def test_all_clients_together_have_so_many() -> None:
    limits = ConnectionLimits(0, 10)
    admissions = [limits.enter(f"192.0.2.{number}") for number in range(100)]
    assert admissions[:10] == [Admission.SERVED] * 10
    assert admissions[10:] == [Admission.NONE_LEFT] * LINGERING + [Admission.CLOSED] * (90 - LINGERING)


def test_an_ipv6_client_is_its_subnet_and_its_site_counts_too() -> None:
    limits = ConnectionLimits(2, 1_000)
    served = [limits.enter(f"2001:db8:7:{number // 2:x}::{number}") for number in range(2 * SITE_SHARE)]
    assert set(served) == {Admission.SERVED}
    assert limits.enter("2001:db8:7:ffff::1") is Admission.CLIENT_HAS_TOO_MANY
    assert limits.enter("2001:db8:8::1") is Admission.SERVED


def test_a_named_proxy_may_have_any_number_up_to_the_total() -> None:
    limits = ConnectionLimits(2, 50, networks(["10.0.0.0/8"]))
    assert [limits.enter("10.1.1.1") for _ in range(51)] == [Admission.SERVED] * 50 + [Admission.NONE_LEFT]


def test_clients_that_have_left_take_no_memory() -> None:
    limits = ConnectionLimits(2, 10_000)
    peers = [f"2001:db8:7:{number:x}::1" for number in range(1_000)]
    for peer in peers:
        limits.enter(peer)
    for peer in peers:
        limits.leave(peer)
    assert len(limits) == len(limits._by_network) == 0


def test_refusals_are_logged_once_a_minute_without_addresses(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    limits = ConnectionLimits(1, 1_000, clock=lambda: now[0])
    with caplog.at_level(logging.WARNING, "directory.web"):
        for _ in range(50):
            limits.enter(CLIENT)
        now[0] += LOGGED_EVERY
        limits.enter(CLIENT)
    lines = [record.getMessage() for record in caplog.records]
    assert [line.rsplit(": ", 1)[1] for line in lines] == ["1", "49"]
    assert CLIENT not in "".join(lines)


def test_each_worker_process_counts_from_nothing() -> None:
    limits = ConnectionLimits(1, 5, networks(["10.0.0.0/8"]))
    limits.enter(CLIENT)
    copy: ConnectionLimits = pickle.loads(pickle.dumps(limits))  # noqa: S301 - as multiprocessing does
    assert (len(copy), copy.per_client, copy.total) == (0, 1, 5)
    assert {copy.enter("10.1.1.1") for _ in range(5)} == {Admission.SERVED}


def test_connections_leave_files_for_the_rest() -> None:
    assert 0 < connections_within(256) < 256 - LINGERING
    assert LOW // 2 < connections_within(LOW) < LOW - LINGERING


def test_the_limit_on_open_files_is_raised_at_start_up() -> None:
    raise_open_file_limit()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert soft == hard or soft >= OPEN_FILES


def low_limit(soft: int, hard: int) -> list[str]:
    """A program that starts another one with a limit on its open files."""
    shell = shutil.which("bash")
    assert shell
    return [shell, "-c", f'ulimit -Sn {soft} && ulimit -Hn {hard} && exec "$@"', "limited"]


@pytest.fixture
def many_files() -> None:
    raise_open_file_limit()
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 2 * MANY:
        pytest.skip("this process may not open enough connections")


def half_sent(stack: ExitStack, connection: socket.socket) -> None:
    stack.enter_context(connection)
    try:
        connection.sendall(HALF)
    except OSError:  # it was closed at once
        return


@pytest.mark.slow
@pytest.mark.usefixtures("many_files")
def test_half_sent_requests_of_one_client_lock_nobody_out(tmp_path: Path) -> None:
    with serving(tmp_path, before=low_limit(LOW, LOW)) as served, ExitStack() as stack:
        for number in range(MANY):
            half_sent(stack, served.connected("127.0.0.1"))
            if number % 100 == 99:
                assert served.health("127.0.0.2").startswith(b"HTTP/1.1 200")
        assert "127.0.0" not in served.said("A client has more than 100 connections open").string
        assert "LimitNOFILE" in served.said(f"The limit on open files is {LOW}").string


@pytest.mark.slow
@pytest.mark.usefixtures("many_files")
def test_running_out_of_connections_is_logged_and_passes(tmp_path: Path) -> None:
    with serving(tmp_path, before=low_limit(LOW, LOW), CONNECTIONS_PER_CLIENT=0) as served:
        with ExitStack() as stack:
            for _ in range(MANY):
                half_sent(stack, served.connected("127.0.0.1"))
            served.said("All [0-9]+ connections that the limit on open files allows are in use")
        answers = (served.health("127.0.0.2") for _ in range(200))
        assert any(answer.startswith(b"HTTP/1.1 200") for answer in answers)
    assert not [line for line in served.lines if re.search("Traceback|Errno", line)]


@pytest.mark.slow
def test_who_has_too_many_connections_is_told(tmp_path: Path) -> None:
    with serving(tmp_path, before=low_limit(LOW, 4 * LOW), CONNECTIONS_PER_CLIENT=5) as served, ExitStack() as stack:
        for _ in range(5):
            half_sent(stack, served.connected())
        answer = served.health()
        assert served.health("127.0.0.2").startswith(b"HTTP/1.1 200")
        assert not [line for line in served.lines if "LimitNOFILE" in line], "the soft limit was not raised"
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 429")
    assert b"connection: close" in head.lower()
    assert b"RATE_LIMITED" in body
