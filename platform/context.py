"""What every log line and error says about the request at hand."""

from contextvars import ContextVar

from opentelemetry import trace

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


def current_trace_id() -> str | None:
    """32 hexadecimal digits, or None outside of any span."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None
