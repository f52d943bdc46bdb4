"""A record that staff hide disappears from every page, file, feed, calendar and embed, in every worker of a running server."""

import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from msgspec.structs import replace

from directory.curation.hiding import hide
from directory.live import Directory
from directory.records import StoredRecord
from directory.store.ledger.edits import Network, Put
from tests.builders import NOW, a_stored_coalition, a_stored_event, a_stored_organization
from tests.polling import poll_until
from tests.server_process import ServerProcess, run_server
from tests.web.conftest import NETWORK
from web.server.clock import utc_now

FOLLOW_SECONDS = 30.0  # generous, for busy machines: benchmarks measure the real delay
MAX_CONNECTIONS = 200  # until each worker has accepted one
WORKERS, STOP_SECONDS = 2, 60.0
SECRET, OTHER = "Zanzibar Shelter", "Harbor Union"
SHELTER = a_stored_organization(SECRET, issue_areas=("housing",), service_areas=("US-WY",), summary="Zanzibar helps.")
UNION = a_stored_organization(OTHER, issue_areas=("housing",), service_areas=("US-GA",))
COALITION = a_stored_coalition("Zanzibar Alliance", [SECRET, OTHER], issue_areas=("housing",))
EVENT = a_stored_event("Zanzibar Assembly", issue_areas=("housing",), starts_at=NOW.replace(year=2090))
SLUGS = {"organizations": SHELTER.slug, "coalitions": COALITION.slug, "events": EVENT.slug}
NEVER = "xylocopa"  # in the place of "zanzibar": no record was ever called so
PLAN = "issue=housing&region=US-WY"
COUNTS = "/coverage.csv?theme=housing&within=US-WY"  # has no names, but a number
LISTS = (
    *("/?issue=housing", "/?words=zanzibar", "/?issue=housing&region=US-WY", "/themes/housing", "/places/US-WY", "/places/US"),
    *("/organizations.csv?issue=housing", "/organizations.geojson?issue=housing", "/feed", "/feed?words=zanzibar"),
    *("/feed?issue=housing", "/embed?issue=housing", "/embed?issue=housing&view=map", "/embed?words=zanzibar"),
    *("/embed/snippet?words=zanzibar", "/coalitions", "/coalitions?theme=housing", "/events", "/events?when=past", "/events.ics"),
    *("/events.ics?theme=housing", "/es/events.ics?theme=housing"),
    *("/events.ics?coalition=zanzibar-alliance", "/events.ics?words=zanzibar", "/partners?theme=housing"),
    *("/partners?organization=harbor-union", f"/plan?{PLAN}", f"/es/plan?{PLAN}", f"/plan.csv?{PLAN}"),
    *("/coverage?theme=housing&within=US-WY&goal=2", COUNTS, COUNTS.replace(".csv", ".svg")),
    *("/sitemap.xml", "/sitemap-1.xml", "/organizations/harbor-union", "/es/feed?issue=housing", "/es/embed?issue=housing"),
    *("/?search=issue%3Dhousing", "/feed?search=issue%3Dhousing", "/embed?search=issue%3Dhousing", "/es/partners?theme=housing"),
    *("/partners?organization=zanzibar", "/partners?organization=harbor-union&mode=SAME_PLACE_OTHER_THEMES"),
    *(f"/plan?{PLAN}&member=zanzibar", f"/plan?{PLAN}&words=zanzibar"),
    *("/coverage", "/coverage?within=US-WY", "/coverage.csv"),
)
OWN = tuple(f"/{kind}/{slug}" for kind, slug in SLUGS.items())
OWN_FILES = (f"/events/{EVENT.slug}.ics", f"/coalitions/{COALITION.slug}/events.ics")
REPEATING = (  # pages that repeat what their addresses ask for
    *("/partners?organization=zanzibar-shelter", "/partners?theme=housing&compare=zanzibar-shelter"),
    *(f"/plan?{PLAN}&include=zanzibar-shelter", f"/plan?{PLAN}&no=zanzibar-shelter", f"/plan?{PLAN}&member=zanzibar+shelter"),
    *(f"/plan.csv?{PLAN}&include=zanzibar-shelter", "/coalitions?member=zanzibar+shelter", "/events?host=zanzibar+shelter"),
)
SHOWING = 30  # of the addresses above show one of the records at least, so that the test can fail

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hidden")
    with closing(Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")) as directory:
        records = (NETWORK, SHELTER, UNION, COALITION, EVENT)
        directory.write([Put(each) for each in records], actor="test", now=NOW, reason="test", network=Network(NETWORK.id))
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[ServerProcess]:
    limits = "seconds=30,cpu_seconds=30"
    with run_server(folder, WORKERS=WORKERS, POINTS_A_MINUTE=0, CONNECTIONS_PER_CLIENT=0, LIMITS=limits) as server:
        yield server
        server.process.send_signal(signal.SIGTERM)  # its workers would outlive it if it was killed
        server.process.wait(STOP_SECONDS)


class Visitor:
    """A browser whose connection stays open, so that one worker answers all its requests."""

    def __init__(self, server: ServerProcess) -> None:
        limits = httpx2.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=None)
        address = "http://{}:{}".format(*server.address)
        self.client = httpx2.Client(base_url=address, timeout=60, limits=limits, headers={"Accept": "text/html"})
        response = self.client.get("/healthz")
        self.port: int = response.extensions["network_stream"].get_extra_info("client_addr")[1]
        self.tags: dict[str, str] = {}

    def read(self, path: str) -> str:
        """Return the page as a browser sees it that has an older one, with what its headers say."""
        response = self.client.get(path, headers={"If-None-Match": self.tags.get(path, "")})
        assert response.status_code != 304, path
        self.tags[path] = response.headers.get("etag", "")
        return f"{response.headers}\n{response.text}"


def list_sockets(pid: int) -> set[str]:
    return {path.readlink().name for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()}


def find_inode(port: int, server_port: int) -> str:
    """Return what the server's end of a connection is called among the files of its process."""
    ends = f":{server_port:04X}", f":{port:04X}"
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return next(f"socket:[{row[9]}]" for row in rows if row[1].endswith(ends[0]) and row[2].endswith(ends[1]))


def find_worker(server: ServerProcess, visitor: Visitor) -> int:
    """Return the process that answers the visitor."""
    pid, inode = server.process.pid, find_inode(visitor.port, server.address[1])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return next(int(child) for child in children if inode in list_sockets(int(child)))


@pytest.fixture(scope="module")
def visitors(server: ServerProcess) -> Mapping[int, Visitor]:
    """A visitor of each worker, by its process."""
    found: dict[int, Visitor] = {}
    for _ in range(MAX_CONNECTIONS):
        visitor = Visitor(server)
        found.setdefault(find_worker(server, visitor), visitor)
        if len(found) == WORKERS:
            break
    assert len(found) == WORKERS
    return found


def hide_all(folder: Path) -> None:
    """Hide the records in this process, which is another one than those of the server."""
    with closing(Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")) as directory:
        hide(directory, SHELTER.slug, now=utc_now(), until=None, reason="threats")
        others: list[StoredRecord] = [replace(COALITION, hidden_since=utc_now()), replace(EVENT, hidden_since=utc_now())]
        directory.write([Put(each) for each in others], actor="test", now=utc_now(), reason="threats")


def test_no_worker_shows_it_anywhere(folder: Path, visitors: Mapping[int, Visitor]) -> None:
    addresses = (*LISTS, *OWN, *OWN_FILES, *REPEATING)
    for visitor in visitors.values():
        texts = {path: visitor.read(path) for path in addresses}
        shown = [path for path, text in texts.items() if "Zanzibar" in text]
        assert len(shown) >= SHOWING
        assert {*OWN, *REPEATING, "/feed", "/feed?words=zanzibar", "/embed?issue=housing", "/events.ics"} <= set(shown)
        assert {f"/plan?{PLAN}", f"/plan.csv?{PLAN}", "/partners?theme=housing", "/events.ics?words=zanzibar"} <= set(shown)
        assert "Wyoming,US-WY,1," in texts[COUNTS]
        assert "Wyoming" in texts["/embed?issue=housing&view=map"]
    hide_all(folder)
    hidden_at = time.monotonic()
    for visitor in visitors.values():
        assert poll_until(lambda visitor=visitor: is_gone(visitor), FOLLOW_SECONDS)  # type: ignore[misc]
    print(f"gone in all workers after {time.monotonic() - hidden_at:.3f} s")
    for visitor in visitors.values():
        texts = {path: visitor.read(path) for path in addresses}
        assert [path for path in addresses if path not in REPEATING and names_it(texts[path].replace(path, ""))] == []
        assert [path for path in REPEATING if SECRET in texts[path]] == []
        assert "Wyoming,US-WY,,unknown," in texts[COUNTS]
        assert "Harbor Union" in texts["/feed?issue=housing"]
        assert 'aria-label="Wyoming' not in texts["/embed?issue=housing&view=map"]
        assert "Wyoming: 1" not in texts["/embed?issue=housing&view=map"]


def is_gone(visitor: Visitor) -> bool:
    paths = (f"/{kind}/{slug}" for kind, slug in SLUGS.items())
    return all(visitor.client.get(path).status_code == 404 for path in paths)


def names_it(text: str) -> bool:
    """Whether a page tells of one of the records. What was searched for is repeated, in lower case."""
    return "Zanzibar" in text or any(record.id in text or record.slug in text for record in (SHELTER, COALITION, EVENT))


@pytest.mark.parametrize("path", [*OWN, *OWN_FILES, *(f"/es{path}" for path in OWN), *REPEATING])
def test_its_address_answers_like_one_that_never_existed(visitors: Mapping[int, Visitor], path: str) -> None:
    for visitor in visitors.values():
        hidden, missing = (visitor.client.get(each) for each in (path, path.replace("zanzibar", NEVER)))
        assert hidden.status_code == missing.status_code == (200 if path in REPEATING else 404)
        assert SECRET not in hidden.text
        assert hidden.content.replace(b"zanzibar", NEVER.encode()) == missing.content  # a page repeats what was asked for
        names = ("date", "content-length", *(("etag",) if path in REPEATING else ()))  # the last two depend on what is repeated
        assert drop(hidden.headers, names) == drop(missing.headers, names)


def drop(headers: httpx2.Headers, names: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in names}
