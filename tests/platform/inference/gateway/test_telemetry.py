"""Each attempt is a span, with what it used and how it ended."""

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from support.scripted_chat import FIRST, HELLO, SECOND, ScriptedChat, bench, fault

from footnote.platform.inference.calls.errors import ModelFailed
from footnote.platform.storage.sqlite import SqliteDatabase
from footnote.platform.telemetry import model_calls


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(model_calls, "tracer", provider.get_tracer("test"))
    return exporter


def told(span: ReadableSpan, name: str) -> object:
    return (span.attributes or {}).get(name)


async def test_an_answer_is_a_span_with_its_tokens_and_its_cost(
    kept: SqliteDatabase, exporter: InMemorySpanExporter
) -> None:
    await bench(kept, ScriptedChat(FIRST, HELLO)).ask()
    [span] = exporter.get_finished_spans()
    assert (span.name, told(span, "gen_ai.provider.name")) == ("chat first", "test")
    assert told(span, "gen_ai.usage.output_tokens") == 5
    assert told(span, "footnote.cost_usd") == pytest.approx(0.02)
    assert told(span, "footnote.first_token_seconds") is not None
    assert "Hello" not in str(span.attributes)


async def test_an_attempt_that_failed_is_a_span_of_its_own(
    kept: SqliteDatabase, exporter: InMemorySpanExporter
) -> None:
    await bench(kept, ScriptedChat(FIRST, [fault(again=False)]), ScriptedChat(SECOND, HELLO)).ask()
    failed, answered = exporter.get_finished_spans()
    assert (failed.status.status_code, told(failed, "error.type")) == (StatusCode.ERROR, ModelFailed.__name__)
    assert (answered.name, answered.status.status_code) == ("chat second", StatusCode.UNSET)
