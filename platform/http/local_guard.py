"""Who may talk to a server without a key: programs and pages of this machine, and nobody through them."""

import re
from collections.abc import Collection

from litestar.types import ASGIApp, Receive, Scope, Send

from footnote.platform.errors import Forbidden
from footnote.platform.http.headers import single_header
from footnote.platform.http.origin import is_own_origin

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
OWN_SITES = frozenset({"same-origin", "none"})
FORWARDING = re.compile(
    r"forwarded|via|x-forwarded(-.*)?|x-original-.*|x-rewrite-url|x-real-ip|x-client-ip|x-cluster-client-ip"
    r"|x-envoy-.*|cf-.*|true-client-ip|fastly-client-ip|fly-client-ip"
)


class LocalGuard:
    """Stops what reaches a loopback server from elsewhere: rebound names, foreign pages, proxies.

    `bound_host` is the address that the server listens on; pages of `origins` may call although they are foreign.
    """

    def __init__(self, app: ASGIApp, *, bound_host: str, origins: Collection[str] = ()) -> None:
        self._app = app
        self._origins = frozenset(origins)
        names = "|".join(re.escape(name) for name in (*LOCAL_HOSTS, _bracketed(bound_host)))
        self._host = re.compile(rf"({names})(:[0-9]{{1,5}})?", re.IGNORECASE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _check_forwarding(scope)
        self._check_origin(scope, self._check_host(scope))
        await self._app(scope, receive, send)

    def _check_host(self, scope: Scope) -> str:
        host = single_header(scope, b"host") or ""
        if not self._host.fullmatch(host):
            raise Forbidden("This server answers to a name of this machine only.", host=host)
        return host

    def _check_origin(self, scope: Scope, host: str) -> None:
        origin, site = single_header(scope, b"origin"), single_header(scope, b"sec-fetch-site")
        if origin in self._origins:
            return
        if origin is not None and not is_own_origin(origin, host):
            raise Forbidden("Pages of another site may not call this server.", origin=origin)
        if site is not None and site not in OWN_SITES:
            raise Forbidden("Pages of another site may not call this server.", sec_fetch_site=site)


def _check_forwarding(scope: Scope) -> None:
    names = {name.decode("latin-1").lower() for name, _ in scope["headers"]}
    if forwarded := sorted(name for name in names if FORWARDING.fullmatch(name)):
        raise Forbidden("Without a key this server does not answer through a proxy; set one.", headers=forwarded)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
