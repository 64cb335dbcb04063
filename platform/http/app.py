"""All HTTP rules around an application, in their one right order."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from litestar import Litestar
from litestar.types import ASGIApp

from footnote.platform.http.access_log import AccessLog
from footnote.platform.http.authentication import Authentication
from footnote.platform.http.body_limit import BodyLimit
from footnote.platform.http.boundary import ProblemBoundary
from footnote.platform.http.content_type import ContentType
from footnote.platform.http.cors import Cors
from footnote.platform.http.identity import Authenticator
from footnote.platform.http.local_guard import LocalGuard
from footnote.platform.http.request_id import RequestId
from footnote.platform.http.security_headers import SecurityHeaders
from footnote.platform.http.tracing import Tracing

Middleware = Callable[[ASGIApp], ASGIApp]
PUBLIC = frozenset({"/", "/memories", "/assets/", "/health", "/ready", "/schema", "/schema/", "/api/v1/auth/login"})
UPLOADS = re.compile(r"POST /api/v1/documents|PUT /api/v1/documents/[^/]+/content")
MEBIBYTE = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpRules:
    authenticator: Authenticator
    is_local: bool  # no key is set: only this machine may call
    bound_host: str
    origins: Collection[str] = ()  # of foreign pages that may call, as `scheme://host[:port]`
    max_body_bytes: int = MEBIBYTE
    max_upload_bytes: int = 200 * MEBIBYTE
    form_bytes: int = 0  # more that an upload may have, for what a form holds beside files
    uploads: re.Pattern[str] = UPLOADS  # the "METHOD /path" whose bodies count as uploads
    public: Collection[str] = PUBLIC  # paths that need no key; a folder ends with a slash


def install(app: Litestar, rules: HttpRules) -> Litestar:
    """Wrap the whole of `app`, its router's own 404 and 405 included, which middleware of the framework never sees."""
    for middleware in reversed(stack(rules)):
        app.asgi_handler = middleware(app.asgi_handler)
    return app


def stack(rules: HttpRules) -> tuple[Middleware, ...]:
    """Outermost first: name it, trace it, log it, then refuse as early and as cheaply as possible."""
    guard = (partial(LocalGuard, bound_host=rules.bound_host, origins=rules.origins),) if rules.is_local else ()
    return (
        RequestId,
        Tracing,
        AccessLog,
        SecurityHeaders,
        partial(Cors, origins=rules.origins),
        ProblemBoundary,
        *guard,
        partial(Authentication, authenticator=rules.authenticator, public=rules.public),
        ContentType,
        partial(
            BodyLimit,
            max_bytes=rules.max_body_bytes,
            upload_bytes=rules.max_upload_bytes,
            form_bytes=rules.form_bytes,
            uploads=rules.uploads,
        ),
    )
