"""Which page sent a request, as the browser tells it."""

import re
from urllib.parse import urlsplit

from litestar.types import Scope

from footnote.platform.http.headers import single_header

DEFAULT_PORTS = {"http": ":80", "https": ":443"}
ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?", re.IGNORECASE)


def is_own_origin(origin: str, host: str) -> bool:
    """Whether a page at `origin` was served under the Host `host`.

    The scheme does not count: a proxy may have ended TLS before us.
    """
    if not ORIGIN.fullmatch(origin):
        return False
    parts = urlsplit(origin.lower())
    return parts.netloc.removesuffix(DEFAULT_PORTS[parts.scheme]) == host.lower().removesuffix(
        DEFAULT_PORTS[parts.scheme]
    )


def is_from_own_page(scope: Scope) -> bool:
    """Whether the browser vouches that one of our own pages sent the request; without its word, no."""
    site = single_header(scope, b"sec-fetch-site")
    origin, host = single_header(scope, b"origin"), single_header(scope, b"host")
    if origin is not None and not is_own_origin(origin, host or ""):
        return False
    return site == "same-origin" or (site is None and origin is not None)
