from collections.abc import Iterator
from typing import Any

import pytest

from footnote.platform.errors import Invalid
from footnote.platform.telemetry import Telemetry
from footnote.platform.telemetry.content import allow_content


@pytest.fixture(autouse=True)
def content_forbidden_again() -> Iterator[None]:
    yield
    allow_content(False)


def sent_failure(collector: Any) -> Any:
    telemetry = Telemetry(service_name="footnote", version="1", endpoint=collector.endpoint)
    with pytest.raises(Invalid), telemetry.tracers.get_tracer("test").start_as_current_span("ingestion.upload") as span:
        span.set_attribute("footnote.chunk_count", 3)
        raise Invalid("The content of 'layoffs.pdf' is image/png.")
    telemetry.shutdown()
    return collector.traces[0].resource_spans[0].scope_spans[0].spans[0]


def test_an_exception_is_sent_without_what_it_says(collector: Any) -> None:
    span = sent_failure(collector)
    assert "layoffs" not in str(span)
    assert (span.name, span.attributes[0].key, span.status.message) == (
        "ingestion.upload",
        "footnote.chunk_count",
        "Invalid",
    )
    assert span.events[0].attributes[0].value.string_value == "footnote.platform.errors.Invalid"


def test_an_exception_is_sent_whole_where_content_is_allowed(collector: Any) -> None:
    allow_content(True)
    span = sent_failure(collector)
    assert span.status.message == "Invalid: The content of 'layoffs.pdf' is image/png."
    assert len(span.events[0].attributes) == 4


def test_a_span_without_an_exception_stays_as_it_is(collector: Any) -> None:
    telemetry = Telemetry(service_name="footnote", version="1", endpoint=collector.endpoint)
    with telemetry.tracers.get_tracer("test").start_as_current_span("retrieval.search") as span:
        span.add_event("cache.hit", {"kept": 1})
    telemetry.shutdown()
    (sent,) = collector.traces[0].resource_spans[0].scope_spans[0].spans
    assert (sent.events[0].name, sent.events[0].attributes[0].key) == ("cache.hit", "kept")
