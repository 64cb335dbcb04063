"""A server span and a duration for every request, by the HTTP semantic conventions."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from opentelemetry import metrics, propagate, trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from footnote.platform.http.headers import is_http, sending_headers

UNTRACED = frozenset({"/health", "/metrics"})
KNOWN_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)  # seconds


class Tracing:
    """Continues the asker's trace (W3C traceparent) and names it in `X-Trace-Id`.

    Attributes hold the route, never the query: a query is content.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        tracers: trace.TracerProvider | None = None,
        meters: metrics.MeterProvider | None = None,
    ) -> None:
        self._app = app
        self._tracer = trace.get_tracer(__name__, tracer_provider=tracers)
        self._duration = metrics.get_meter(__name__, meter_provider=meters).create_histogram(
            "http.server.request.duration",
            unit="s",
            description="Duration of HTTP server requests.",
            explicit_bucket_boundaries_advisory=BUCKETS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_http(scope) or scope["path"] in UNTRACED:
            await self._app(scope, receive, send)
            return
        with self._span(scope) as (span, facts):

            async def watched(message: Message) -> None:
                if message["type"] == "http.response.start":
                    facts["http.response.status_code"] = message["status"]
                await sender(message)

            trace_id = trace.format_trace_id(span.get_span_context().trace_id)
            is_named = span.get_span_context().is_valid
            sender = sending_headers(send, [(b"x-trace-id", trace_id.encode())] if is_named else [])
            await self._app(scope, receive, watched)

    @contextmanager
    def _span(self, scope: HTTPScope) -> Iterator[tuple[Span, dict[str, Any]]]:
        """The span, and the facts that span and duration share and that are gathered on the way."""
        facts = _request_facts(scope)
        start = time.perf_counter()
        with self._tracer.start_as_current_span(
            facts["http.request.method"],
            context=_parent(scope),
            kind=SpanKind.SERVER,
            attributes={**facts, "url.path": scope["path"]},
        ) as span:
            try:
                yield span, facts
            finally:
                _conclude(scope, span, facts)
                self._duration.record(time.perf_counter() - start, facts)


def _parent(scope: Scope) -> Any:
    return propagate.extract({name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]})


def _request_facts(scope: HTTPScope) -> dict[str, Any]:
    method = str(scope["method"])
    return {
        "http.request.method": method if method in KNOWN_METHODS else "_OTHER",
        "url.scheme": scope["scheme"],
        "network.protocol.version": scope["http_version"],
    }


def _conclude(scope: Scope, span: Span, facts: dict[str, Any]) -> None:
    """The router has run by now, so that the route is known."""
    if route := scope.get("path_template"):
        facts["http.route"] = route
        span.update_name(f"{facts['http.request.method']} {route}")
    status = facts.get("http.response.status_code", 0)
    if status >= 500:
        facts["error.type"] = str(status)
        span.set_status(Status(StatusCode.ERROR))
    span.set_attributes(facts)
