"""Hands the principal to handlers."""

from litestar.types import Scope

from footnote.platform.errors import Unauthenticated
from footnote.platform.principal import Principal


async def provide_principal(scope: Scope) -> Principal:
    """For `principal: NamedDependency[Principal]`, of requests and WebSockets alike.

    Raises:
        Unauthenticated: Nobody was authenticated on this path.
    """
    principal = scope.get("user")
    if not isinstance(principal, Principal):
        raise Unauthenticated("Sign in, or send a key as 'Authorization: Bearer KEY'.")
    return principal
