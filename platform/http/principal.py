"""The dependency by which a handler learns who is asking."""

from typing import Any

from litestar import Request

from footnote.platform.errors import Unauthenticated
from footnote.platform.principal import Principal


async def provide_principal(request: Request[Any, Any, Any]) -> Principal:
    """For `principal: NamedDependency[Principal]`.

    Raises:
        Unauthenticated: Nobody was authenticated on this path.
    """
    principal = request.scope.get("user")
    if not isinstance(principal, Principal):
        raise Unauthenticated("Sign in, or send a key as 'Authorization: Bearer KEY'.")
    return principal
