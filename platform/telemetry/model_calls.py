"""The span and the metrics of one call of a model, by the OpenTelemetry GenAI conventions."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind

from footnote.platform.telemetry import metrics

tracer = trace.get_tracer(__name__)

HERE = {"local", "onnx"}  # providers that are this process


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
def model_call(operation: Literal["chat", "embeddings", "rerank"], name: str) -> Iterator[ModelCall]:
    """A call as long as the block; `name` is `provider:model`. An error that leaves it is counted by its type."""
    provider, _, model = name.partition(":")
    attributes = {
        "gen_ai.operation.name": operation,
        "gen_ai.provider.name": provider,
        "gen_ai.request.model": model,
    }
    kind = SpanKind.INTERNAL if provider in HERE else SpanKind.CLIENT
    start = time.perf_counter()
    error: dict[str, str] = {}
    with tracer.start_as_current_span(f"{operation} {model}", kind=kind, attributes=attributes) as span:
        try:
            yield ModelCall(span, attributes)
        except Exception as raised:
            error = {"error.type": type(raised).__name__}
            span.set_attributes(error)
            raise
        finally:
            metrics.model_called(attributes | error, time.perf_counter() - start)
