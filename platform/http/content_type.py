"""No body of a kind that any web page may send unasked."""

from litestar.types import ASGIApp, Receive, Scope, Send

from footnote.platform.errors import UnsupportedType
from footnote.platform.http.body_limit import stated_length
from footnote.platform.http.headers import header_values, is_http, single_header

FORM_TYPES = frozenset({"", "text/plain", "application/x-www-form-urlencoded"})


class ContentType:
    """Refuses POST bodies of the types that a foreign page can send without a preflight, and that nothing here reads.

    The framework decodes JSON whatever type is stated, so a form on another site could otherwise spell a JSON body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_http(scope) and scope["method"] == "POST" and _has_body(scope):
            _check(single_header(scope, b"content-type") or "")
        await self._app(scope, receive, send)


def _check(stated: str) -> None:
    media_type = stated.partition(";")[0].strip().lower()
    if media_type in FORM_TYPES:
        raise UnsupportedType(
            f"A body of the type {media_type or 'nothing'!r} is not read here; send application/json.",
            content_type=media_type,
        )


def _has_body(scope: Scope) -> bool:
    return bool(stated_length(scope)) or bool(header_values(scope, b"transfer-encoding"))
