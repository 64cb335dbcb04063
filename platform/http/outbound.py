"""Connections to hosts that somebody else named: made to the very address that was checked."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import ip_address
from typing import ClassVar

import httpcore

from footnote.platform.errors import Invalid, Unavailable
from footnote.platform.http.addresses import Address, is_public

CONNECT_SECONDS = 10.0  # for each address, so that one that is silent leaves time for the next

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]


class AddressRefused(Invalid):
    type: ClassVar[str] = "/problems/address-refused"
    title: ClassVar[str] = "The host is not on the open internet"

    def __init__(self, host: str) -> None:
        # Which address it was is for the operator's name server to tell, not for whoever asks.
        super().__init__(
            f"The name {host} leads into this machine or a private network; nothing is fetched from there.", host=host
        )


class HostNotFound(Unavailable):
    status: ClassVar[int] = 502
    type: ClassVar[str] = "/problems/host-not-found"
    title: ClassVar[str] = "The host was not found"

    def __init__(self, host: str) -> None:
        super().__init__(f"No address is known for {host}. Check the spelling, or try again later.", host=host)


async def resolve_host(host: str, port: int) -> list[Address]:
    """All addresses of `host`, the preferred first.

    Raises:
        HostNotFound: It has none.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise HostNotFound(host) from error
    return list(dict.fromkeys(ip_address(sockaddr[0]) for *_, sockaddr in found))


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves a name once, refuses it if any of its addresses is not allowed, and connects to those it has seen.

    A second look-up by the HTTP library could be given another answer. TLS is still told the name.
    """

    def __init__(self, *, is_allowed: Callable[[Address], bool] = is_public, resolve: Resolve = resolve_host) -> None:
        self._is_allowed = is_allowed
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 the library's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """
        Raises:
            AddressRefused: One of its addresses is not allowed.
            HostNotFound: It has no address.
        """
        addresses = await self._checked(host, port)
        seconds = CONNECT_SECONDS if timeout is None else min(timeout, CONNECT_SECONDS)
        failure: Exception = httpcore.ConnectError()
        for address in addresses:
            try:
                return await self._network.connect_tcp(str(address), port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 the library's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise AddressRefused(path)

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)

    async def _checked(self, host: str, port: int) -> Sequence[Address]:
        addresses = await self._resolve(host, port)
        if not addresses:
            raise HostNotFound(host)
        if not all(map(self._is_allowed, addresses)):
            raise AddressRefused(host)
        return addresses
