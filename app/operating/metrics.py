"""Prometheus metrics: counts and durations, with codes and route templates for labels, never ids or text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from domain.errors import ConsiliumError, ServiceError

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The metrics of one process. Each has its own registry, so that tests can have several."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._requests = Counter(
            "consilium_requests", "Requests by route template and status.", ["method", "route", "status"],
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "consilium_request_seconds", "Seconds until the last byte of a response.", ["method", "route"],
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._running = Gauge("consilium_requests_running", "Requests that are being answered.", registry=self.registry)
        self._turned_away = Counter(
            "consilium_turned_away", "Requests sent away with 429, by lane.", ["lane"], registry=self.registry
        )
        self._answers = Counter(
            "consilium_answers", "Answers and refusals, by the refusal's code.", ["status", "code"],
            registry=self.registry,
        )  # fmt: skip
        self._verdicts = Counter("consilium_verdicts", "Verdicts of the verifier.", ["kind"], registry=self.registry)
        self._events = Counter("consilium_audit_events", "Events recorded.", ["event"], registry=self.registry)
        self._audit_failures = Counter(
            "consilium_audit_failures", "Events that could not be recorded.", registry=self.registry
        )
        self._ready = Gauge("consilium_part_ready", "1 where a part was ready last.", ["part"], registry=self.registry)

    @contextmanager
    def request(self) -> Iterator[None]:
        """Count a request as running."""
        with self._running.track_inprogress():
            yield

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that ended. ``route`` is the template, never the path."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def turned_away(self, lane: str) -> None:
        """Count a request that was sent away for want of a turn, or (lane "caller") over its caller's own limits."""
        self._turned_away.labels(lane).inc()

    def answered(self, status: str, refusal: str) -> None:
        """Count an answer, or a refusal by its code."""
        self._answers.labels(status, refusal or "none").inc()

    def judged(self, kind: str) -> None:
        """Count a verdict."""
        self._verdicts.labels(kind).inc()

    def recorded(self, event: str) -> None:
        """Count an event of the audit trail."""
        self._events.labels(event).inc()

    def not_recorded(self) -> None:
        """Count an event that could not be written to the audit trail."""
        self._audit_failures.inc()

    def ready(self, part: str, *, ready: bool) -> None:
        """Remember whether a part was ready."""
        self._ready.labels(part).set(ready)

    def watch(self, name: str, meaning: str, counts: Callable[[], Mapping[str, float]], label: str = "") -> None:
        """Ask ``counts`` whenever the metrics are read: values by ``label``'s value, or one under "" without a label.

        A part that cannot answer is left out of that reading.
        """
        self.registry.register(_Asked(name, meaning, counts, label))

    @contextmanager
    def served(self, host: str, port: int) -> Iterator[int]:
        """Serve ``/metrics`` on its own port, and yield which. Raises ServiceError when the port is taken."""
        try:
            server, thread = start_http_server(port, host, self.registry)
        except OSError as error:
            raise ServiceError("service.port_unavailable", f"metrics, port {port}: {error.strerror}") from None
        try:
            yield server.server_port
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Asked(Collector):
    def __init__(self, name: str, meaning: str, counts: Callable[[], Mapping[str, float]], label: str) -> None:
        self._name, self._meaning, self._counts, self._label = name, meaning, counts, label

    def collect(self) -> Iterator[Metric]:
        """Yield the gauge as it is now."""
        labels = [self._label] if self._label else []
        gauge = GaugeMetricFamily(self._name, self._meaning, labels=labels)
        try:
            for value, count in self._counts().items():
                gauge.add_metric([value] if labels else [], count)
        except ConsiliumError:
            return
        yield gauge

    def describe(self) -> Iterator[Metric]:
        """Yield the gauge's name without asking."""
        yield GaugeMetricFamily(self._name, self._meaning, labels=[self._label] if self._label else [])
