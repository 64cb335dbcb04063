"""HTTP of access."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody

from footnote.modules.access.authenticators import SESSION_COOKIE
from footnote.modules.access.models import Session
from footnote.modules.access.service import AccessService
from footnote.platform.http.identity import Means
from footnote.platform.principal import Principal


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    api_key: Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]


class Me(msgspec.Struct, frozen=True, kw_only=True):
    tenant: str
    subject: str
    roles: list[str]
    groups: list[str]
    authentication: Means


@post("/login", status_code=204)
async def login(
    data: JSONBody[Login], request: Request[Any, Any, Any], access: NamedDependency[AccessService]
) -> Response[None]:
    """Trade an API key for a session cookie that no script can read."""
    address = request.client.host if request.client else ""
    session = await access.login(data.api_key, address=address)
    return Response(None, cookies=[_session_cookie(request, session)])


@post("/logout", status_code=204)
async def logout(request: Request[Any, Any, Any]) -> Response[None]:
    """Forget the session cookie; its key stays good until it is changed in the settings."""
    return Response(None, cookies=[_session_cookie(request, Session(token="", seconds=0))])


@get("/me")
async def read_me(principal: NamedDependency[Principal], request: Request[Any, Any, Any]) -> Me:
    return Me(
        tenant=principal.tenant,
        subject=principal.subject,
        roles=sorted(principal.roles),
        groups=sorted(principal.groups),
        authentication=request.auth,
    )


def _session_cookie(request: Request[Any, Any, Any], session: Session) -> Cookie:
    return Cookie(
        key=SESSION_COOKIE,
        value=session.token,
        max_age=session.seconds,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


router = Router("/api/v1/auth", route_handlers=[login, logout, read_me], tags=["access"])
