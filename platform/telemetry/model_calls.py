"""The span and the metrics of one call of a model, by the OpenTelemetry GenAI conventions."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, StatusCode

from footnote.platform.telemetry import metrics

tracer = trace.get_tracer(__name__)

HERE = {"local", "onnx"}  # providers that are this process


Operation = Literal["chat", "embeddings", "rerank", "entailment"]


class ModelCall:
    def __init__(self, span: Span, attributes: dict[str, str]) -> None:
        self._span = span
        self._attributes = attributes

    def used(self, *, input_tokens: int = 0, output_tokens: int = 0) -> None:
        """Tell how many tokens the call took; once a call."""
        self._span.set_attribute("gen_ai.usage.input_tokens", input_tokens)
        self._span.set_attribute("gen_ai.usage.output_tokens", output_tokens)
        metrics.tokens_used(self._attributes, input_tokens=input_tokens, output_tokens=output_tokens)

    def cost(self, dollars: float) -> None:
        """Tell what the call cost; once a call, and not at all where the price is unknown."""
        self._span.set_attribute("footnote.cost_usd", dollars)
        metrics.money_spent(self._attributes, dollars)


@contextmanager
def model_call(operation: Operation, name: str) -> Iterator[ModelCall]:
    """A call as long as the block; `name` is `provider:model`. An error that leaves it is counted by its type."""
    attributes, kind = _described(operation, name)
    start = time.perf_counter()
    error: dict[str, str] = {}
    with tracer.start_as_current_span(_title(operation, name), kind=kind, attributes=attributes) as span:
        try:
            yield ModelCall(span, attributes)
        except Exception as raised:
            error = {"error.type": type(raised).__name__}
            span.set_attributes(error)
            raise
        finally:
            metrics.model_called(attributes | error, time.perf_counter() - start)


class ModelStream(ModelCall):
    """A call whose answer is streamed: its span is the current one only while the model is waited for."""

    def __init__(self, name: str) -> None:
        attributes, kind = _described("chat", name)
        super().__init__(tracer.start_span(_title("chat", name), kind=kind, attributes=attributes), attributes)
        self._start = time.perf_counter()

    @contextmanager
    def current(self) -> Iterator[None]:
        with trace.use_span(self._span, record_exception=False, set_status_on_exception=False):
            yield

    def began(self) -> None:
        """Tell that there is something to show."""
        seconds = time.perf_counter() - self._start
        self._span.set_attribute("footnote.first_token_seconds", seconds)
        metrics.first_token(self._attributes, seconds)

    def end(self, error: BaseException | None) -> None:
        """Last; `error` is what ended it, a cancellation among them."""
        kind = {"error.type": type(error).__name__} if error else {}
        if error:
            self._span.set_attributes(kind)
            self._span.set_status(StatusCode.ERROR)
        self._span.end()
        metrics.model_called(self._attributes | kind, time.perf_counter() - self._start)


def _described(operation: Operation, name: str) -> tuple[dict[str, str], SpanKind]:
    provider, _, model = name.partition(":")
    attributes = {
        "gen_ai.operation.name": operation,
        "gen_ai.provider.name": provider,
        "gen_ai.request.model": model,
    }
    return attributes, SpanKind.INTERNAL if provider in HERE else SpanKind.CLIENT


def _title(operation: Operation, name: str) -> str:
    return f"{operation} {name.partition(':')[2]}"
