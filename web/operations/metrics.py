"""Metrics for Prometheus, served at a separate address that should not be public.

Each worker process listens at its own port, from the configured one upward, and reports its own metrics. So processes share no
files, a process that died leaves nothing behind, and the age of each process's snapshot is visible.

The number of labels does not depend on what clients send. The labels are status, error code and the operation's name if a trusted
document has it. Search words are never included.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import Scope

from directory.errors import Unavailable
from web.operations.request_log import get_notes
from web.operations.snapshot_updater import SnapshotUpdater
from web.server.rate_limit import COST_KEY

OTHER_OPERATION = "other"  # the label of operations that are not in a trusted document
SECONDS_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
POINTS_BUCKETS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)


class Metrics:
    """The metrics of one process. `operations` are the operation names that get their own label."""

    def __init__(self, updater: SnapshotUpdater, operations: Collection[str]) -> None:
        self.server: WSGIServer | None = None
        self.registry = CollectorRegistry()
        self.registry.register(_StateCollector(updater))
        self._operations = frozenset(operations)
        self._requests = Counter(
            "directory_requests",
            "Requests by operation, status and code of the first error.",
            ("operation", "status", "code"),
            registry=self.registry,
        )
        self._seconds = self._build_histogram(
            "directory_request_seconds", "Seconds from a request's head to the end of its answer.", SECONDS_BUCKETS
        )
        self._points = self._build_histogram("directory_request_points", "The cost of a request in points.", POINTS_BUCKETS)

    def observe(self, scope: Scope, status: int, seconds: float) -> None:
        notes = get_notes(scope)
        operation = notes.operation if notes.operation in self._operations else OTHER_OPERATION
        self._requests.labels(operation, status, notes.code or "").inc()
        self._seconds.labels(operation).observe(seconds)
        if COST_KEY in scope:
            self._points.labels(operation).observe(scope[COST_KEY])

    def serve(self, host: str, port: int, workers: int) -> None:
        """Serve the metrics from a thread, at the first free port of the range that the workers share.

        Raises Unavailable if all ports are in use.
        """
        for candidate in range(port, port + workers):
            with suppress(OSError):
                self.server = start_http_server(candidate, host, self.registry)[0]
                return
        raise Unavailable(f"The metrics server cannot listen on {host}, port {port}. Choose another address with --metrics.")

    def _build_histogram(self, name: str, description: str, buckets: Sequence[float]) -> Histogram:
        return Histogram(name, description, ("operation",), buckets=buckets, registry=self.registry)

    def close(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()


class _StateCollector(Collector):
    """Gauges that are read when Prometheus asks for them."""

    def __init__(self, updater: SnapshotUpdater) -> None:
        self._updater = updater

    def collect(self) -> list[Metric]:
        updater = self._updater
        unpublishable = len(updater.directory.unpublishable_ids)
        return [
            GaugeMetricFamily("directory_ready", "Whether the directory can answer requests.", int(updater.is_ready)),
            GaugeMetricFamily(
                "directory_snapshot_age_seconds", "Seconds since the snapshot was last known to be current.", updater.snapshot_age
            ),
            GaugeMetricFamily("directory_store_away", "Whether the database is unreachable.", int(updater.is_store_unreachable)),
            GaugeMetricFamily(
                "directory_snapshot_behind", "Whether the snapshot could not be updated.", int(updater.is_snapshot_outdated)
            ),
            GaugeMetricFamily("directory_records_left_out", "Records that cannot be published.", unpublishable),
            CounterMetricFamily(
                "directory_store_errors", "Failed attempts to update the snapshot from the database.", updater.store_errors
            ),
        ]
