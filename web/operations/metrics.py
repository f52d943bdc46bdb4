"""What Prometheus is told, on an address of its own that is not for the world.

Each worker process listens at a port of its own, from the named one upward, and tells of itself: what is counted in one process
needs no files shared by all, nothing is left behind by a process that died, and how old a snapshot is can only be said for each.

Labels are few whatever clients send: operations by name where a trusted document has that name, codes, status. No search words.
"""

from collections.abc import Collection, Sequence
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import Scope

from directory.errors import Unavailable
from web.operations.request_log import get_notes
from web.operations.snapshot_updater import SnapshotUpdater
from web.server.rate_limit import COST_KEY

OTHER_OPERATION = "other"  # the label of an operation that no trusted document has
SECONDS_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
POINTS_BUCKETS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)


class Metrics:
    """The measures of one process. `operations` are the names that are told apart."""

    def __init__(self, updater: SnapshotUpdater, operations: Collection[str]) -> None:
        self.server: WSGIServer | None = None
        self.registry = CollectorRegistry()
        self.registry.register(_StateCollector(updater))
        self._operations = frozenset(operations)
        self._requests = Counter(
            "directory_requests",
            "Requests by operation, status and the code of the first refusal.",
            ("operation", "status", "code"),
            registry=self.registry,
        )
        self._seconds = self._build_histogram(
            "directory_request_seconds", "From a request's head to the end of its answer.", SECONDS_BUCKETS
        )
        self._points = self._build_histogram("directory_request_points", "What a request cost.", POINTS_BUCKETS)

    def observe(self, scope: Scope, status: int, seconds: float) -> None:
        notes = get_notes(scope)
        operation = notes.operation if notes.operation in self._operations else OTHER_OPERATION
        self._requests.labels(operation, status, notes.code or "").inc()
        self._seconds.labels(operation).observe(seconds)
        if COST_KEY in scope:
            self._points.labels(operation).observe(scope[COST_KEY])

    def serve(self, host: str, port: int, workers: int) -> None:
        """Answers in a thread of its own, at the first free port of as many as there are workers. Raises Unavailable."""
        for each in range(port, port + workers):
            try:
                self.server = start_http_server(each, host, self.registry)[0]
            except OSError:
                continue
            return
        raise Unavailable(f"Nothing can listen at {host}, port {port}, for metrics. Choose another with --metrics.")

    def _build_histogram(self, name: str, description: str, buckets: Sequence[float]) -> Histogram:
        return Histogram(name, description, ("operation",), buckets=buckets, registry=self.registry)

    def close(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()


class _StateCollector(Collector):
    """Read when it is asked for."""

    def __init__(self, updater: SnapshotUpdater) -> None:
        self._updater = updater

    def collect(self) -> list[Metric]:
        following = self._updater
        left_out = len(following.directory.unpublishable_ids)
        return [
            GaugeMetricFamily("directory_ready", "Whether questions are answered.", int(following.is_ready)),
            GaugeMetricFamily(
                "directory_snapshot_age_seconds", "Since the snapshot was known to be current.", following.snapshot_age
            ),
            GaugeMetricFamily(
                "directory_store_away", "Whether the store cannot be reached.", int(following.is_store_unreachable)
            ),
            GaugeMetricFamily(
                "directory_snapshot_behind", "Whether the snapshot cannot be made current.", int(following.is_snapshot_outdated)
            ),
            GaugeMetricFamily("directory_records_left_out", "Records that cannot be published.", left_out),
            CounterMetricFamily("directory_store_errors", "Times that the store failed.", following.store_errors),
        ]
