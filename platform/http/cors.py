"""Pages of other origins that the settings let in."""

from collections.abc import Collection

from litestar.types import ASGIApp, Receive, Scope, Send

from footnote.platform.http.headers import RawHeaders, header_values, is_http, sending_headers
from footnote.platform.http.origin import ORIGIN

PREFLIGHT: RawHeaders = (
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
    (
        b"access-control-allow-headers",
        b"Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Request-Id, Traceparent",
    ),
    (b"access-control-max-age", b"600"),
)
EXPOSED = (b"access-control-expose-headers", b"Retry-After, X-Request-Id, X-Trace-Id")
VARY = (b"vary", b"Origin")


class Cors:
    """Lets pages of `origins` call with a key of their own; never with the portal's cookie, so no credentials.

    Raises:
        ValueError: An origin is not `scheme://host[:port]`.
    """

    def __init__(self, app: ASGIApp, *, origins: Collection[str]) -> None:
        for origin in origins:
            if not ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is not an origin such as 'https://docs.example.org'")
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origins = header_values(scope, b"origin")
        if len(origins) != 1 or origins[0] not in self._origins:
            await self._app(scope, receive, sending_headers(send, [VARY] if self._origins else []))
            return
        allowed = sending_headers(send, [(b"access-control-allow-origin", origins[0].encode()), EXPOSED, VARY])
        if _is_preflight(scope):
            await allowed({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
            await allowed({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            await self._app(scope, receive, allowed)


def _is_preflight(scope: Scope) -> bool:
    return (
        is_http(scope) and scope["method"] == "OPTIONS" and bool(header_values(scope, b"access-control-request-method"))
    )
