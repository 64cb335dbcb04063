"""What a request shows of its sender, and whom an authenticator takes that for."""

from collections.abc import Mapping
from typing import Literal, Protocol

import msgspec

from footnote.platform.principal import Principal

Means = Literal["local", "key", "session"]


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    authorization: str | None = None  # the header, as sent
    cookies: Mapping[str, str] = {}


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    principal: Principal
    means: Means


class Authenticator(Protocol):
    async def authenticate(self, credentials: Credentials) -> Identity:
        """
        Raises:
            Unauthenticated: The credentials name nobody, or nobody any longer.
        """
        ...
