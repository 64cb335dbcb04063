"""Sending to an OTLP collector over HTTP, which may be away without anybody minding."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from loguru import logger
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics.export import MetricExportResult, MetricsData, PeriodicExportingMetricReader
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult

from footnote.platform.telemetry.content import is_content_allowed
from footnote.platform.telemetry.discretion import discreet

TIMEOUT = 5.0  # seconds for one request and its repetitions


class News:
    """Logs a change between sent and not sent: the exporters themselves would log every attempt."""

    def __init__(self, kind: str, endpoint: str) -> None:
        address = urlsplit(endpoint)  # of which user and password stay out of the log
        self._log = logger.bind(kind=kind, collector=f"{address.hostname}:{address.port or address.scheme}")
        self._is_sent = True

    def report(self, is_sent: bool) -> None:
        if is_sent == self._is_sent:
            return
        self._is_sent = is_sent
        if is_sent:
            self._log.info("telemetry is sent again")
        else:
            self._log.warning("telemetry cannot be sent")


class SpanExporter(OTLPSpanExporter):
    def __init__(self, endpoint: str, headers: Mapping[str, str]) -> None:
        super().__init__(f"{endpoint.rstrip('/')}/v1/traces", headers=headers, timeout=TIMEOUT)
        self._news = News("traces", endpoint)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        outcome = super().export(spans if is_content_allowed() else [discreet(span) for span in spans])
        self._news.report(outcome is SpanExportResult.SUCCESS)
        return outcome


class MetricExporter(OTLPMetricExporter):
    def __init__(self, endpoint: str, headers: Mapping[str, str]) -> None:
        super().__init__(f"{endpoint.rstrip('/')}/v1/metrics", headers=dict(headers), timeout=TIMEOUT)
        self._news = News("metrics", endpoint)

    def export(
        self, metrics_data: MetricsData, timeout_millis: float | None = 10_000, **kwargs: Any
    ) -> MetricExportResult:
        outcome = super().export(metrics_data, timeout_millis, **kwargs)
        self._news.report(outcome is MetricExportResult.SUCCESS)
        return outcome


class SpanSender(BatchSpanProcessor):
    """Sends from a thread of its own; at the end it gives up after a time, which the SDK does not let one choose."""

    def __init__(self, exporter: SpanExporter, shutdown_seconds: float) -> None:
        super().__init__(exporter)
        self._shutdown_millis = int(shutdown_seconds * 1000)

    def shutdown(self) -> None:
        self._batch_processor.shutdown(timeout_millis=self._shutdown_millis)


def span_sender(endpoint: str, headers: Mapping[str, str], shutdown_seconds: float) -> SpanSender:
    return SpanSender(SpanExporter(endpoint, headers), shutdown_seconds)


def metric_sender(endpoint: str, headers: Mapping[str, str]) -> PeriodicExportingMetricReader:
    return PeriodicExportingMetricReader(MetricExporter(endpoint, headers))
