"""Online geocoding against a real local server that answers like Nominatim."""

import json
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from directory.errors import BadInput
from directory.geo import Point, Precision
from seed.plan.online_geocoder import USER_AGENT, build_geocoder
from tests.seed.import_session import ImportSession, nonzero_counts

HEADINGS = ("ID", "Organization", "Street", "City", "State", "location.disclosure")
OPEN = {
    "ID": "1",
    "Organization": "Open House",
    "Street": "12 Main St",
    "City": "Atlanta",
    "State": "GA",
    "location.disclosure": "EXACT",
}
QUERY = "12 Main St, Atlanta, GA, US"
ATLANTA, NULL_ISLAND, BOSTON = ("33.75", "-84.39"), ("0", "0"), ("42.36", "-71.06")


class Service(ThreadingHTTPServer):
    """Records all queries, and answers each with `point`, or with no result if it is None."""

    point: tuple[str, str] | None = ATLANTA
    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _AnswerHandler)
        self.queries: list[str] = []
        self.agents: set[str] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _AnswerHandler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        assert parts.path == "/search"
        self.server.queries.append(parse_qs(parts.query)["q"][0])
        self.server.agents.add(self.headers["User-Agent"])
        point = self.server.point
        results = [{"lat": point[0], "lon": point[1], "display_name": "there"}] if point else []
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(results).encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Service]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def geocoder_options(service: Service) -> tuple[str, ...]:
    return ("--geocoder", "nominatim", "--geocoder-domain", service.address)


class TestQueries:
    def test_only_streets_that_are_published_exactly_are_sent(self, walk: ImportSession, service: Service) -> None:
        disclosures = ("EXACT", "POSTAL_CODE", "CITY", "COUNTY", "STATE", "HIDDEN", "")
        rows = [
            OPEN
            | {"ID": str(number), "Organization": f"House {number}", "Street": f"{number} Main St", "location.disclosure": one}
            for number, one in enumerate(disclosures)
        ]
        streetless = OPEN | {"ID": "20", "Organization": "Streetless", "Street": ""}
        walk.import_all(walk.write_csv("list.csv", *rows, streetless, headings=HEADINGS), *geocoder_options(service))
        assert service.queries == ["0 Main St, Atlanta, GA, US"]
        assert service.agents == {USER_AGENT}
        records = walk.records
        (site,) = records["House 0"].sites
        assert site.known is Precision.STREET
        assert site.private is not None
        assert site.private.point == Point(33.75, -84.39)
        assert {records[f"House {number}"].sites[0].known for number in range(1, 7)} == {Precision.CITY}

    def test_no_query_is_sent_without_the_option(self, walk: ImportSession, service: Service) -> None:
        walk.import_all(walk.write_csv("list.csv", OPEN, headings=HEADINGS))
        assert service.queries == []

    @pytest.mark.parametrize("point", [None, NULL_ISLAND, BOSTON])
    def test_an_implausible_answer_is_ignored(self, walk: ImportSession, service: Service, point: tuple[str, str] | None) -> None:
        service.point = point
        walk.import_all(walk.write_csv("list.csv", OPEN, headings=HEADINGS), *geocoder_options(service))
        (site,) = walk.records["Open House"].sites
        assert (site.known, site.private.point if site.private else None) == (Precision.CITY, None)

    def test_a_street_with_a_stated_point_is_not_sent(self, walk: ImportSession, service: Service) -> None:
        row = OPEN | {"Latitude": "33.7", "Longitude": "-84.3"}
        path = walk.write_csv("list.csv", row, headings=(*HEADINGS, "Latitude", "Longitude"))
        walk.import_all(path, *geocoder_options(service))
        assert service.queries == []


class TestCache:
    def test_a_query_is_sent_once(self, walk: ImportSession, service: Service) -> None:
        path = walk.write_csv("list.csv", OPEN, headings=HEADINGS)
        walk.seed(path, *geocoder_options(service))
        walk.import_all(path, *geocoder_options(service))
        assert nonzero_counts(walk.import_with_report(path, *geocoder_options(service))) == {"unchanged": 1}
        assert service.queries == [QUERY]

    def test_a_query_without_a_result_is_sent_once(self, walk: ImportSession, service: Service) -> None:
        service.point = None
        path = walk.write_csv("list.csv", OPEN, headings=HEADINGS)
        for _ in range(3):
            walk.seed(path, *geocoder_options(service))
        assert service.queries == [QUERY]

    def test_two_rows_with_one_address_are_one_query(self, walk: ImportSession, service: Service) -> None:
        neighbour = OPEN | {"ID": "2", "Organization": "Upstairs Legal Aid"}
        walk.seed(walk.write_csv("list.csv", OPEN, neighbour, headings=HEADINGS), *geocoder_options(service))
        assert service.queries == [QUERY]

    def test_only_the_queries_of_damaged_lines_are_sent_again(self, service: Service, tmp_path: Path) -> None:
        cache = tmp_path / "answers" / "cache.ndjson"
        for query in ("one", "two"):
            build_geocoder("nominatim", domain=service.address, cache=cache)(query)
        assert stat.S_IMODE(cache.stat().st_mode) == 0o600
        lines = cache.read_text().strip().splitlines()
        broken = ["null", "[]", "{}", '{"query": "x", "point": [1]}', '{"query": 7}', "\x00", '{"query": "two", "po']
        cache.write_text("\n".join([lines[0], *broken]))
        service.queries.clear()
        geocode = build_geocoder("nominatim", domain=service.address, cache=cache)
        for query in ("one", "two"):
            answer = geocode(query)
            assert answer is not None
            assert (answer.latitude, answer.longitude) == (33.75, -84.39)
        assert service.queries == ["two"]
        again = build_geocoder("nominatim", domain=service.address, cache=cache)
        assert again("two") is not None
        assert service.queries == ["two"], "a new answer after an incomplete line is not lost"

    def test_a_file_with_invalid_bytes_can_be_read(self, service: Service, tmp_path: Path) -> None:
        cache = tmp_path / "cache.ndjson"
        cache.write_bytes(b'\xff\xfe{"query": "one", "point": null}\n')
        assert build_geocoder("nominatim", domain=service.address, cache=cache)("one") is not None


class TestFailures:
    def test_a_failing_service_ends_the_import_and_is_not_cached(self, walk: ImportSession, service: Service) -> None:
        path = walk.write_csv("list.csv", OPEN, headings=HEADINGS)
        service.status = 503
        done = walk.seed(path, "--apply", *geocoder_options(service))
        assert done.exit_code == 3
        assert "Try again later, or continue without it" in done.stderr
        assert walk.records == {}
        service.status = 200
        walk.import_all(path, *geocoder_options(service))
        assert service.queries == [QUERY, QUERY]

    def test_an_unreachable_service_ends_the_import(self, walk: ImportSession, service: Service) -> None:
        arguments = ("--geocoder", "nominatim", "--geocoder-domain", "http://127.0.0.1:1")
        done = walk.seed(walk.write_csv("list.csv", OPEN, headings=HEADINGS), *arguments)
        assert done.exit_code == 3
        assert "Main St" not in done.stderr

    def test_an_unknown_service_is_refused(self) -> None:
        with pytest.raises(BadInput, match="nominatim, photon"):
            build_geocoder("google")
