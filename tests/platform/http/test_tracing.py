from typing import Any

import pytest
from litestar import Litestar, get
from litestar.params import FromPath
from litestar.testing import TestClient
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from footnote.platform.http.problem import problem_details
from footnote.platform.http.tracing import Tracing

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@get("/notes/{note_id:str}")
async def read_note(note_id: FromPath[str]) -> str:
    return note_id


@get("/broken")
async def broken() -> None:
    raise RuntimeError


@get("/health")
async def health() -> None:
    pass


class Watched:
    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.reader = InMemoryMetricReader()
        tracers = TracerProvider()
        tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        app = Litestar([read_note, broken, health], plugins=[problem_details()], logging_config=None)
        meters = MeterProvider(metric_readers=[self.reader])
        app.asgi_handler = Tracing(app.asgi_handler, tracers=tracers, meters=meters)
        self.client = TestClient(app)

    def get(self, path: str, **headers: str) -> Any:
        with self.client:
            return self.client.get(path, headers=headers)

    def span(self) -> ReadableSpan:
        (span,) = self.exporter.get_finished_spans()
        return span


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_a_span_is_named_by_its_route(watched: Watched) -> None:
    watched.get("/notes/7?q=secret")
    span = watched.span()
    assert span.name == "GET /notes/{note_id}"
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "http.route": "/notes/{note_id}",
        "network.protocol.version": "1.1",
        "url.path": "/notes/7",
        "url.scheme": "http",
    }


def test_an_unknown_path_names_no_span(watched: Watched) -> None:
    watched.get("/nowhere")
    assert watched.span().name == "GET"


def test_a_trace_is_continued_and_told(watched: Watched) -> None:
    response = watched.get("/notes/7", traceparent=PARENT)
    assert response.headers["x-trace-id"] == "0af7651916cd43dd8448eb211c80319c"
    assert watched.span().parent.span_id == 0xB7AD6B7169203331  # type: ignore[union-attr]


def test_a_failure_marks_the_span_and_is_recorded_once(watched: Watched) -> None:
    response = watched.get("/broken")
    span = watched.span()
    assert (span.status.is_ok, [event.name for event in span.events]) == (False, ["exception"])
    assert response.json()["trace_id"] == response.headers["x-trace-id"]


def test_asking_for_health_is_not_traced(watched: Watched) -> None:
    watched.get("/health")
    assert watched.exporter.get_finished_spans() == ()


def test_every_request_has_a_duration(watched: Watched) -> None:
    watched.get("/notes/7")
    metrics = watched.reader.get_metrics_data()
    metric = metrics.resource_metrics[0].scope_metrics[0].metrics[0]  # type: ignore[union-attr]
    point = next(iter(metric.data.data_points))
    assert (metric.name, metric.unit, point.count) == ("http.server.request.duration", "s", 1)  # type: ignore[union-attr]
    assert point.attributes["http.route"] == "/notes/{note_id}"
