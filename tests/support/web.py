"""A host on the web that sends exactly the bytes that a test wants, and a network in which names lead to it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address, ip_address
from ssl import SSLContext

from support.serving import listening

from footnote.modules.ingestion.fetching import Fetcher
from footnote.platform.http.addresses import Address
from footnote.platform.http.outbound import CheckedNetwork

LOOPBACK = IPv4Address("127.0.0.1")

Respond = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Web:
    """Pages by path, each the bytes of a whole response or a function that writes one."""

    pages: dict[str, bytes | Respond] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=lambda: {"docs.example": ["127.0.0.1"]})
    port: int = 0
    requests: list[str] = field(default_factory=list)
    lookups: list[str] = field(default_factory=list)

    async def resolve(self, host: str, port: int) -> list[Address]:
        self.lookups.append(host)
        return [ip_address(address) for address in self.names[host]]

    def fetcher(self, *hosts: str, seconds: float = 20, max_bytes: int = 100_000, **options: object) -> Fetcher:
        """By default from the whole host; loopback is the only address that this network allows."""
        network = CheckedNetwork(is_allowed=lambda address: address == LOOPBACK, resolve=self.resolve)
        defaults = {"schemes": ["http", "https"], "max_bytes": max_bytes, "seconds": seconds, "network": network}
        return Fetcher(hosts or [f"docs.example:{self.port}"], **(defaults | options))  # type: ignore[arg-type]

    def url(self, path: str, host: str = "docs.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.requests.append(request)
            page = self.pages[request.split(" ")[1]]
            if isinstance(page, bytes):
                writer.write(page)
            else:
                await page(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side has seen enough
        finally:
            writer.close()


@asynccontextmanager
async def web(tls: SSLContext | None = None, **pages: bytes | Respond) -> AsyncIterator[Web]:
    """Keywords are pages at the root: `web(report=...)` has `/report`."""
    site = Web({f"/{name}": page for name, page in pages.items()})
    async with listening(site.serve, tls=tls) as site.port:
        yield site


def response(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return response(b"", f"Location: {location}", status=status)


async def fetched(fetcher: Fetcher, url: str) -> bytes:
    async with fetcher.fetch(url) as found:
        return b"".join([piece async for piece in found.content])
