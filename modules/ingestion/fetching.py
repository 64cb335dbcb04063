"""Files from the web, for whoever may name only an address: from allowed hosts, and never from inside the network."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from functools import cache

import httpcore
import httpx
import msgspec

from footnote.modules.ingestion.errors import UploadTooLarge
from footnote.modules.ingestion.fetching_decoding import Undecodable, decoder_of
from footnote.modules.ingestion.fetching_errors import (
    FetchAnswered,
    FetchFailed,
    FetchTooSlow,
    InvalidAddress,
    TooManyFetches,
)
from footnote.modules.ingestion.fetching_hosts import AllowList, host_of, parse_address, port_of
from footnote.modules.ingestion.fetching_names import name_of
from footnote.platform.http.outbound import CheckedNetwork

MOST_AT_ONCE = 16  # each holds a connection and a request for as long as the host likes
MOST_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
COMPLETE = {200, 203}
HEADERS = [("User-Agent", "footnote"), ("Accept", "*/*"), ("Accept-Encoding", "identity"), ("Connection", "close")]


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    url: str  # after all redirects
    filename: str  # as the host calls it, not cleaned
    content: AsyncIterator[bytes]  # to be read once, while it is open


class Fetcher:
    """Follows redirects by hand and checks every hop: scheme, host, port and the address that is connected to.

    The HTTP library below knows no proxies, cookies, passwords or variables of the environment. It bounds the
    headers of a response to 100 KiB.
    """

    def __init__(
        self,
        hosts: Collection[str],
        *,
        schemes: Sequence[str],
        max_bytes: int,
        seconds: float,
        network: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`seconds` is for everything, redirects and the last byte included."""
        self._allowed = AllowList(hosts, schemes)
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._network = network or CheckedNetwork()
        self._tls = tls
        self._free = asyncio.Semaphore(MOST_AT_ONCE)

    @asynccontextmanager
    async def fetch(self, url: str) -> AsyncIterator[Fetched]:
        """
        Raises:
            FetchingIsOff, InvalidAddress, SchemeNotAllowed, HostNotAllowed, AddressRefused: It may not be fetched.
            HostNotFound, FetchFailed, FetchAnswered, FetchTooSlow: The host is at fault.
            UploadTooLarge: It is larger than allowed; also while the content is read, as are the former.
            TooManyFetches: As many are under way as may be.
        """
        if self._free.locked():
            raise TooManyFetches(MOST_AT_ONCE)
        deadline = asyncio.get_running_loop().time() + self._seconds
        connections = httpcore.AsyncConnectionPool(self._tls or usual_tls(), network_backend=self._network)
        async with self._free, connections as pool:
            address, response = await self._follow(pool, parse_address(url), deadline)
            try:
                name = name_of(address, header(response, b"content-disposition"), header(response, b"content-type"))
                self._check_length(name, header(response, b"content-length"))
                async with aclosing(self._content(address, response, name, deadline)) as content:
                    yield Fetched(url=str(address), filename=name, content=content)
            finally:
                await response.aclose()

    async def _follow(
        self, pool: httpcore.AsyncConnectionPool, address: httpx.URL, deadline: float
    ) -> tuple[httpx.URL, httpcore.Response]:
        """The address that answers, not necessarily the one asked, and its open response."""
        for _ in range(1 + MOST_REDIRECTS):
            self._allowed.check(address)
            with self._translated(address):
                async with asyncio.timeout_at(deadline):
                    response = await pool.handle_async_request(request_for(address))
            if response.status in COMPLETE:
                return address, response
            await response.aclose()
            if response.status not in REDIRECTS:
                raise FetchAnswered(host_of(address), response.status)
            address = redirected(address, header(response, b"location"))
        raise FetchFailed(host_of(address), f"redirects more than {MOST_REDIRECTS} times")

    async def _content(
        self, address: httpx.URL, response: httpcore.Response, name: str, deadline: float
    ) -> AsyncGenerator[bytes, None]:
        received = unpacked = 0
        with self._translated(address):
            decoder = decoder_of(header(response, b"content-encoding"))
            stream = response.aiter_stream()
            while piece := await next_piece(stream, deadline):
                received += len(piece)
                for plain in decoder.decode(piece):
                    unpacked += len(plain)
                    if max(received, unpacked) > self._max_bytes:
                        raise UploadTooLarge(name, self._max_bytes)
                    yield plain
            for plain in decoder.finish():
                yield plain

    def _check_length(self, name: str, length: str) -> None:
        # The HTTP library has refused what is no number.
        if length and int(length) > self._max_bytes:
            raise UploadTooLarge(name, self._max_bytes)

    @contextmanager
    def _translated(self, address: httpx.URL) -> Iterator[None]:
        """The library's errors in the words of this slice."""
        host = host_of(address)
        try:
            yield
        except TimeoutError:
            raise FetchTooSlow(host, self._seconds) from None
        except httpcore.TimeoutException as error:
            raise FetchFailed(host, "did not answer in time") from error
        except httpcore.NetworkError as error:
            raise FetchFailed(host, network_reason(error)) from error
        except httpcore.ProtocolError as error:
            raise FetchFailed(host, "broke off, or answered in a way that is not HTTP") from error
        except Undecodable as error:
            raise FetchFailed(host, str(error)) from error


def request_for(address: httpx.URL) -> httpcore.Request:
    # Made of parts: another reading of the text could find another host in it than the one that was checked.
    url = httpcore.URL(scheme=address.raw_scheme, host=address.raw_host, port=port_of(address), target=address.raw_path)
    return httpcore.Request("GET", url, headers=[("Host", address.netloc.decode("ascii")), *HEADERS])


def redirected(address: httpx.URL, location: str) -> httpx.URL:
    """
    Raises:
        FetchFailed: It leads nowhere.
    """
    if not location:
        raise FetchFailed(host_of(address), "redirects, but does not say where to")
    try:
        return parse_address(str(address.join(location)))
    except (httpx.InvalidURL, ValueError, InvalidAddress):
        raise FetchFailed(host_of(address), "redirects to what is no address") from None


async def next_piece(stream: AsyncIterator[bytes], deadline: float) -> bytes:
    """Empty at the end."""
    async with asyncio.timeout_at(deadline):
        async for piece in stream:
            if piece:
                return piece
    return b""


def header(response: httpcore.Response, name: bytes) -> str:
    """Its values, with a comma between them; empty without one."""
    return ", ".join(decode_header(value) for key, value in response.headers if key.lower() == name)


def decode_header(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def network_reason(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"has a certificate that is not trusted: {cause.verify_message.rstrip('.')}"
        cause = cause.__cause__ or cause.__context__
    return "could not be reached, or broke off"


@cache
def usual_tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()
