import logging
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from loguru import logger

from footnote.platform.telemetry import Telemetry

News = Callable[[str], list[str]]


@pytest.fixture
def news() -> Iterator[News]:
    """What is logged of sending traces to an endpoint; senders of other tests may still be giving up."""
    lines: list[tuple[str, str]] = []

    def keep(message: Any) -> None:
        extra = message.record["extra"]
        if extra.get("kind") == "traces":
            lines.append((f"http://{extra['collector']}", message.record["message"]))

    handler = logger.add(keep, level="INFO")
    yield lambda endpoint: [line for place, line in lines if place == endpoint]
    logger.remove(handler)


def telemetry(endpoint: str, **options: Any) -> Telemetry:
    return Telemetry(service_name="footnote", version="1.2.3", endpoint=endpoint, **options)


def test_spans_arrive_with_the_name_of_the_service(collector: Any) -> None:
    sent = telemetry(collector.endpoint)
    with sent.tracers.get_tracer("test").start_as_current_span("retrieval.search"):
        pass
    sent.shutdown()
    (resource_spans,) = collector.traces[0].resource_spans
    attributes = {entry.key: entry.value.string_value for entry in resource_spans.resource.attributes}
    assert (attributes["service.name"], attributes["service.version"]) == ("footnote", "1.2.3")
    assert [span.name for span in resource_spans.scope_spans[0].spans] == ["retrieval.search"]


def test_metrics_arrive(collector: Any) -> None:
    sent = telemetry(collector.endpoint + "/")
    sent.meters.get_meter("test").create_counter("footnote.jobs").add(1)
    sent.shutdown()
    scopes = collector.metrics[-1].resource_metrics[0].scope_metrics
    assert "footnote.jobs" in [metric.name for scope in scopes for metric in scope.metrics]


def test_the_collector_gets_the_headers(collector: Any) -> None:
    sent = telemetry(collector.endpoint, headers={"authorization": "Bearer x"})
    sent.tracers.get_tracer("test").start_span("retrieval.search").end()
    sent.shutdown()
    assert collector.headers[0]["authorization"] == "Bearer x"


def test_no_trace_is_sent_of_those_not_sampled(collector: Any) -> None:
    sent = telemetry(collector.endpoint, sample_ratio=0.0)
    with sent.tracers.get_tracer("test").start_as_current_span("retrieval.search") as span:
        assert span.get_span_context().is_valid
    sent.shutdown()
    assert collector.traces == []


@pytest.mark.parametrize("is_listening", [True, False])
def test_a_collector_that_does_not_answer_holds_nobody_up(news: News, is_listening: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        if not is_listening:
            silent.close()
        sent = telemetry(f"http://127.0.0.1:{port}", shutdown_seconds=0.2)
        for _ in range(3):
            sent.tracers.get_tracer("test").start_span("retrieval.search").end()
        sent.shutdown()
    assert len(news(f"http://127.0.0.1:{port}")) <= 1


def test_a_change_is_told_and_not_every_attempt(collector: Any, news: News) -> None:
    sent = telemetry(collector.endpoint)
    tracer = sent.tracers.get_tracer("test")
    for status in (400, 400, 200, 200, 400):
        collector.status = status
        tracer.start_span("retrieval.search").end()
        sent.tracers.force_flush()
    sent.shutdown()
    assert news(collector.endpoint) == [
        "telemetry cannot be sent",
        "telemetry is sent again",
        "telemetry cannot be sent",
    ]


def test_spans_end_without_a_collector_and_after_the_end() -> None:
    sent = telemetry("")
    sent.shutdown()
    sent.shutdown()
    with sent.tracers.get_tracer("test").start_as_current_span("retrieval.search") as span:
        assert span.get_span_context().is_valid


@pytest.fixture(autouse=True)
def quiet_exporters() -> Iterator[None]:
    logging.getLogger("opentelemetry.exporter").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("opentelemetry.exporter").setLevel(logging.NOTSET)
