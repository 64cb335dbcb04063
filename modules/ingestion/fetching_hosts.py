"""Which addresses may be fetched."""

from collections.abc import Collection, Sequence

import httpx

from footnote.modules.ingestion.fetching_errors import FetchingIsOff, HostNotAllowed, InvalidAddress, SchemeNotAllowed

LONGEST_ADDRESS = 4_000  # characters
DEFAULT_PORTS = {"http": 80, "https": 443}


class AllowList:
    """Entries are `docs.example.org`, `*.example.org` (what is below it, not itself) or either with `:8443`.

    Without a port the entry stands for the default one of the scheme.
    """

    def __init__(self, hosts: Collection[str], schemes: Sequence[str]) -> None:
        self._hosts = [host.lower() for host in hosts]
        self._schemes = list(schemes)

    def check(self, url: httpx.URL) -> None:
        """
        Raises:
            FetchingIsOff, SchemeNotAllowed, HostNotAllowed, InvalidAddress: It may not be fetched.
        """
        if not self._hosts:
            raise FetchingIsOff
        if url.scheme not in self._schemes:
            raise SchemeNotAllowed(url.scheme, self._schemes)
        if url.userinfo:
            raise InvalidAddress("holds a user name or a password, which would be sent")
        if not any(self._is_match(entry, url) for entry in self._hosts):
            raise HostNotAllowed(url.netloc.decode("ascii"))

    def _is_match(self, entry: str, url: httpx.URL) -> bool:
        name, _, port = entry.partition(":")
        host = host_of(url)
        is_named = host == name or (name.startswith("*.") and host.endswith(name[1:]) and host != name[1:])
        return is_named and port_of(url) == (int(port) if port else DEFAULT_PORTS[url.scheme])


def parse_address(text: str) -> httpx.URL:
    """
    Raises:
        InvalidAddress: It is not the address of a host, or far too long.
    """
    if len(text) > LONGEST_ADDRESS:
        raise InvalidAddress(f"has more than {LONGEST_ADDRESS:,} characters")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        raise InvalidAddress("cannot be understood") from None
    if not url.raw_host:
        raise InvalidAddress("names no host")
    return url


def host_of(url: httpx.URL) -> str:
    """In ASCII and small letters, as it is looked up and compared."""
    return url.raw_host.decode("ascii").lower()


def port_of(url: httpx.URL) -> int:
    return DEFAULT_PORTS[url.scheme] if url.port is None else url.port
