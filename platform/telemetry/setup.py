"""The process's OpenTelemetry providers."""

from collections.abc import Mapping
from contextlib import suppress

from opentelemetry import metrics, trace
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from prometheus_client import CollectorRegistry, ProcessCollector

from footnote.platform.ids import new_id
from footnote.platform.telemetry.content import allow_content

SHUTDOWN_SECONDS = 2.0


class Telemetry:
    """Spans always have ids and metrics can always be read from `registry`; both are sent if there is an endpoint."""

    def __init__(
        self,
        *,
        service_name: str,
        version: str,
        endpoint: str = "",
        headers: Mapping[str, str] | None = None,
        sample_ratio: float = 1.0,
        shutdown_seconds: float = SHUTDOWN_SECONDS,
    ) -> None:
        """`endpoint` is the base address of an OTLP collector that speaks HTTP; empty sends nothing.

        At shutdown, traces may take `shutdown_seconds` to be sent, and metrics again.
        """
        if not endpoint:
            sample_ratio = 0.0  # a span that is recorded for nobody takes 30 µs, of which an answer has dozens
        resource = Resource.create(
            {SERVICE_NAME: service_name, SERVICE_VERSION: version, SERVICE_INSTANCE_ID: new_id()}
        )
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.tracers = TracerProvider(
            sampler=ParentBased(TraceIdRatioBased(sample_ratio)), resource=resource, shutdown_on_exit=False
        )
        readers: list[MetricReader] = [PrometheusMetricReader(scope_info_enabled=False, registry=self.registry)]
        if endpoint:
            # Loading the exporter takes as long as all the rest of this package.
            from footnote.platform.telemetry.otlp import metric_sender, span_sender

            self.tracers.add_span_processor(span_sender(endpoint, headers or {}, shutdown_seconds))
            readers.append(metric_sender(endpoint, headers or {}))
        self.meters = MeterProvider(readers, resource=resource, shutdown_on_exit=False)
        self._shutdown_seconds = shutdown_seconds
        self._is_shut_down = False

    def shutdown(self) -> None:
        """Send what waits, if the collector takes it soon. Spans and metrics are lost from then on. Blocks."""
        if self._is_shut_down:
            return
        self._is_shut_down = True
        self.tracers.shutdown()
        with suppress(Exception):  # the SDK's own way to say that a reader ran out of time
            self.meters.shutdown(timeout_millis=self._shutdown_seconds * 1000)


_telemetry: Telemetry | None = None


def configure_telemetry(
    *,
    service_name: str,
    version: str,
    endpoint: str = "",
    headers: Mapping[str, str] | None = None,
    sample_ratio: float = 1.0,
    content: bool = False,
) -> Telemetry:
    """Make the process's telemetry. OpenTelemetry takes one in a process: a later call gets the first one's."""
    global _telemetry
    allow_content(content)
    if _telemetry is None:
        _telemetry = Telemetry(
            service_name=service_name, version=version, endpoint=endpoint, headers=headers, sample_ratio=sample_ratio
        )
        trace.set_tracer_provider(_telemetry.tracers)
        metrics.set_meter_provider(_telemetry.meters)
    return _telemetry
