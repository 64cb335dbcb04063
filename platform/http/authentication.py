"""Nobody reaches a handler unnamed, but for the paths that are open to all."""

from collections.abc import Collection

from litestar.types import ASGIApp, Receive, Scope, Send

from footnote.platform.errors import Forbidden
from footnote.platform.http.headers import header_values, is_http, single_header
from footnote.platform.http.identity import Authenticator, Credentials
from footnote.platform.http.origin import is_from_own_page

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Authentication:
    """Puts the `Principal` into `scope["user"]` and the means into `scope["auth"]`.

    `public` holds exact paths, and folders that end with a slash. A browser adds a session cookie to whatever a page
    makes it send, so what changes something with a session must come from a page of ours; a key is proof by itself.
    """

    def __init__(self, app: ASGIApp, *, authenticator: Authenticator, public: Collection[str]) -> None:
        self._app = app
        self._authenticator = authenticator
        self._public_paths = frozenset(public)
        self._public_folders = tuple(path for path in public if path.endswith("/") and path != "/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._is_public(scope["path"]):
            identity = await self._authenticator.authenticate(credentials_of(scope))
            if identity.means == "session" and _changes_something(scope) and not is_from_own_page(scope):
                raise Forbidden("With a session, only pages of this server may change something.")
            scope["user"], scope["auth"] = identity.principal, identity.means
        await self._app(scope, receive, send)

    def _is_public(self, path: str) -> bool:
        in_folder = path.startswith(self._public_folders) and ".." not in path and "//" not in path
        return path in self._public_paths or in_folder


def credentials_of(scope: Scope) -> Credentials:
    return Credentials(authorization=single_header(scope, b"authorization"), cookies=_cookies(scope))


def _cookies(scope: Scope) -> dict[str, str]:
    """A name that is sent twice is left out: another page of the domain may have planted one of the two."""
    pairs = [pair.partition("=")[::2] for header in header_values(scope, b"cookie") for pair in header.split(";")]
    names = [name.strip() for name, _ in pairs]
    return {name.strip(): value.strip() for name, value in pairs if names.count(name.strip()) == 1}


def _changes_something(scope: Scope) -> bool:
    return not is_http(scope) or scope["method"] not in SAFE_METHODS
