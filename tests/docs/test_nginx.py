"""The directory behind the real nginx, with the configuration of docs/operating.md."""

import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from docs.markdown import FOLDER
from tests.conftest import skip_missing
from tests.polling import poll_until
from tests.redis_server import find_free_port
from tests.server_process import START_TIMEOUT_SECONDS, ServerProcess, run_server
from web.http.graphql_request import BODY_LIMIT
from web.http.request_parsing import QUERY_STRING_LIMIT

pytestmark = pytest.mark.slow

NAME = "directory.example.org"
CERTIFICATE = f"/etc/letsencrypt/live/{NAME}"
POINTS = 300
CONNECTIONS = 50  # of one client, as the page says
TYPENAME = b'{"query": "{ __typename }"}'
MAIN = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/main-error.log;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/directory.conf;
}}
"""


class Nginx:
    """A running nginx in front of a directory. `folder` has its logs."""

    def __init__(self, folder: Path, port: int, plain_port: int, served: ServerProcess) -> None:
        self.folder, self.port, self.plain_port, self.served = folder, port, plain_port, served
        self._context = ssl.create_default_context(cafile=folder / "fullchain.pem")
        self._context.check_hostname = True

    def connect(self, source: str) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.port), START_TIMEOUT_SECONDS, (source, 0))
        return self._context.wrap_socket(plain, server_hostname=NAME)

    def get(self, path: str, source: str = "127.0.0.2", *headers: str, host: str = NAME) -> "Answer":
        return self.ask(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n".encode(), source, *headers)

    def post(self, body: bytes, source: str = "127.0.0.2", *headers: str) -> "Answer":
        head = b"POST /graphql HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\n" % NAME.encode()
        return self.ask(head, source, f"Content-Length: {len(body)}", *headers, body=body)

    def ask(self, head: bytes, source: str, *headers: str, body: bytes = b"") -> "Answer":
        with self.connect(source) as caller:
            caller.sendall(head + "".join(f"{line}\r\n" for line in (*headers, "Connection: close")).encode() + b"\r\n" + body)
            return Answer(b"".join(iter(lambda: caller.recv(65_536), b"")))


class Answer:
    def __init__(self, received: bytes) -> None:
        head, _, self.body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines)]

    def header(self, name: str) -> list[str]:
        return [value for one, value in self.headers if one == name]


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    folder = tmp_path_factory.mktemp("nginx")
    directory = run_server(folder, ALLOWED_HOSTS=NAME, TRUSTED_PROXIES="127.0.0.1", HTTPS="true", POINTS_A_MINUTE=POINTS)
    with directory as served, running(folder, served) as nginx:
        yield nginx


@contextmanager
def running(folder: Path, served: ServerProcess) -> Iterator[Nginx]:
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx") or skip_missing("nginx")
    certify(folder)
    port, plain_port = find_free_port(), find_free_port()
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    (folder / "directory.conf").write_text(configuration(folder, port, plain_port, served.address[1]))
    process = subprocess.Popen([program, "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.PIPE, text=True)
    try:
        until_listening(process, port)
        yield Nginx(folder, port, plain_port, served)
    finally:
        process.terminate()
        process.wait(START_TIMEOUT_SECONDS)


def configuration(folder: Path, port: int, plain_port: int, directory_port: int) -> str:
    """That of the page, with other places and ports. Each of them has to be there."""
    text = (FOLDER / "nginx.conf").read_text()
    for old, new in (
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{plain_port};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{directory_port};"),
        (CERTIFICATE, str(folder)),
        ("/var/log/nginx", str(folder)),
    ):
        assert old in text
        text = text.replace(old, new)
    return text


def certify(folder: Path) -> None:
    openssl = shutil.which("openssl") or skip_missing("OpenSSL")
    files: list[str | Path] = ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    named = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    subprocess.run([openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *files, *named], check=True, capture_output=True)


def until_listening(process: subprocess.Popen[str], port: int) -> None:
    def is_listening() -> bool:
        assert process.poll() is None, process.stderr and process.stderr.read()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        return False

    assert poll_until(is_listening, START_TIMEOUT_SECONDS)


def test_questions_are_answered_with_all_security_headers_once(nginx: Nginx) -> None:
    answer = nginx.post(TYPENAME)
    assert answer.status == 200
    assert b'"__typename":"Query"' in answer.body
    for name in ("strict-transport-security", "content-security-policy", "x-content-type-options", "permissions-policy"):
        assert len(answer.header(name)) == 1, name


def test_plain_http_leads_to_https(nginx: Nginx) -> None:
    with socket.create_connection(("127.0.0.1", nginx.plain_port), START_TIMEOUT_SECONDS) as caller:
        caller.sendall(b"GET /graphql?query=x HTTP/1.1\r\nHost: evil.example.org\r\nConnection: close\r\n\r\n")
        answer = Answer(b"".join(iter(lambda: caller.recv(65_536), b"")))
    assert (answer.status, answer.header("location")) == (308, [f"https://{NAME}/graphql?query=x"])


def test_each_client_has_its_own_points_and_cannot_pass_for_another(nginx: Nginx) -> None:
    statuses = [nginx.post(b"nonsense", "127.0.0.3").status for _ in range(40)]
    assert 429 in statuses
    assert nginx.post(TYPENAME, "127.0.0.3", "X-Forwarded-For: 198.51.100.7").status == 429
    assert nginx.post(TYPENAME, "127.0.0.3", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-For: 198.51.100.8").status == 429
    assert nginx.post(TYPENAME, "127.0.0.4").status == 200


def test_other_hosts_are_refused(nginx: Nginx) -> None:
    assert nginx.get("/graphql?query={__typename}", "127.0.0.5", host="evil.example.org").status == 400


def test_the_largest_requests_pass_and_larger_ones_do_not(nginx: Nginx) -> None:
    assert nginx.post(TYPENAME.ljust(BODY_LIMIT), "127.0.0.6").status == 200
    assert nginx.post(TYPENAME.ljust(BODY_LIMIT + 1), "127.0.0.6").status == 413
    filled = "/graphql?query={__typename}&extensions={}&other="
    assert nginx.get(filled + "a" * (QUERY_STRING_LIMIT - len(filled) + len("/graphql?")), "127.0.0.60").status == 200
    assert nginx.get(filled + "a" * 50_000, "127.0.0.60").status == 414


def test_one_client_cannot_take_all_connections(nginx: Nginx) -> None:
    half = b"POST /graphql HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{" % NAME.encode()
    with ExitStack() as stack:
        callers = [stack.enter_context(nginx.connect("127.0.0.7")) for _ in range(CONNECTIONS)]
        for caller in callers:
            caller.sendall(half)
        # Fewer than what the limit on requests a second lets through, which would refuse them with the same status.
        assert 429 in [nginx.get("/healthz", "127.0.0.7").status for _ in range(20)]
        assert nginx.get("/healthz", "127.0.0.8").status == 200


def test_the_logs_have_no_addresses_and_no_words(nginx: Nginx) -> None:
    nginx.get("/graphql?query={organizations(query:%22eviction%22){totalCount}}", "127.0.0.9")
    nginx.get("/" + "eviction" * 20_000, "127.0.0.9")
    logged = [path.read_text() for path in nginx.folder.glob("directory*.log")]
    assert "GET 200" in "".join(logged)
    assert not re.search(r"eviction|127\.0\.0\.\d", "".join(logged))
