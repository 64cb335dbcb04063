"""ASGI scopes and messages: strict reading of headers, adding them on the way out."""

from collections.abc import Sequence
from typing import TypeGuard

from litestar.enums import ScopeType
from litestar.types import HTTPScope, Message, Scope, Send

from footnote.platform.errors import BadRequest

RawHeaders = Sequence[tuple[bytes, bytes]]


def is_http(scope: Scope) -> TypeGuard[HTTPScope]:
    """Else it is a WebSocket."""
    return scope["type"] == ScopeType.HTTP


def header_values(scope: Scope, name: bytes) -> list[str]:
    """Every value of the header `name` (lower case), in order."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def single_header(scope: Scope, name: bytes) -> str | None:
    """
    Raises:
        BadRequest: The header is sent more than once, so that two readers could each believe another value.
    """
    values = header_values(scope, name)
    if len(values) > 1:
        raise BadRequest(f"The header {name.decode()} is sent more than once.", header=name.decode())
    return values[0] if values else None


def sending_headers(send: Send, headers: RawHeaders) -> Send:
    """`send`, with `headers` added to the response."""

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *headers]
        await send(message)

    return wrapped


def sending_defaults(send: Send, defaults: RawHeaders) -> Send:
    """`send`, with those of `defaults` added that the response does not set itself."""

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            missing = [(name, value) for name, value in defaults if name not in present]
            message["headers"] = [*message["headers"], *missing]
        await send(message)

    return wrapped
