from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider

from footnote.platform.telemetry import content_attributes
from footnote.platform.telemetry.content import allow_content


@pytest.fixture(autouse=True)
def content_forbidden_again() -> Iterator[None]:
    yield
    allow_content(False)


def attributes() -> dict[str, object]:
    with TracerProvider(shutdown_on_exit=False).get_tracer("test").start_as_current_span("ask") as span:
        content_attributes(span, question="Who?", passage="She.")
    assert isinstance(span, ReadableSpan)
    return dict(span.attributes or {})


def test_content_stays_out_of_spans_by_itself() -> None:
    assert attributes() == {}


def test_content_is_in_spans_where_it_is_allowed() -> None:
    allow_content(True)
    assert attributes() == {"footnote.content.question": "Who?", "footnote.content.passage": "She."}


def test_it_can_be_forbidden_again() -> None:
    allow_content(True)
    allow_content(False)
    assert attributes() == {}
