"""What people asked and what passages say, in spans: only if the operator says so."""

from opentelemetry.trace import Span

_is_allowed = False


def allow_content(is_allowed: bool) -> None:
    global _is_allowed
    _is_allowed = is_allowed


def is_content_allowed() -> bool:
    return _is_allowed


def content_attributes(span: Span, **texts: str) -> None:
    """Set `footnote.content.NAME` for each text, or nothing where content is not allowed."""
    if _is_allowed:
        span.set_attributes({f"footnote.content.{name}": text for name, text in texts.items()})
