"""What an address, a name server or a host can try when a file is fetched from the web."""

import asyncio
import gzip
import zlib
from contextlib import AsyncExitStack, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.web import Respond, fetched, redirect, response, web

from footnote.config.settings import load_settings
from footnote.modules.ingestion.errors import UploadTooLarge
from footnote.modules.ingestion.fetching import MOST_AT_ONCE, Fetcher, redirected
from footnote.modules.ingestion.fetching_errors import (
    FetchFailed,
    FetchTooSlow,
    HostNotAllowed,
    InvalidAddress,
    SchemeNotAllowed,
    TooManyFetches,
)
from footnote.modules.ingestion.fetching_hosts import AllowList, parse_address
from footnote.modules.ingestion.fetching_names import disposed_name
from footnote.platform.errors import FootnoteError
from footnote.platform.http.addresses import is_public
from footnote.platform.http.outbound import AddressRefused
from footnote.platform.settings import InvalidSettings

INSIDE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.251",
    "224.0.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001:0:4136:e378::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
]
BOMB = gzip.compress(bytes(10_000_000), mtime=0)


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/a",
        "https://docs.example.evil.example/a",
        "https://evildocs.example/a",
        "https://docs.example./a",
        "https://wiki.example/a",
        "https://docs.example:8443/a",
        "https://docs.example:80/a",
        "https://evil.example#@docs.example/a",
        "https://evil.example\\@docs.example/a",
        "https://evil.example?@docs.example/a",
        "https://127.0.0.1/a",
        "https://2130706433/a",
        "https://0x7f.1/a",
        "https://[::1]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://docs%2eexample/a",
        "https://ｄocs.example.evil.example/a",
    ],
)
def test_a_host_that_is_not_listed_is_refused(url: str) -> None:
    with pytest.raises((HostNotAllowed, InvalidAddress)):
        AllowList(["docs.example", "*.wiki.example"], ["https"]).check(parse_address(url))


@pytest.mark.parametrize("scheme", ["http", "file", "ftp", "gopher", "unix", "javascript", ""])
def test_another_scheme_is_refused(scheme: str) -> None:
    with pytest.raises(SchemeNotAllowed):
        AllowList(["docs.example"], ["https"]).check(parse_address(f"{scheme}://docs.example/a"))


def test_a_password_in_an_address_is_refused() -> None:
    with pytest.raises(InvalidAddress, match="password"):
        AllowList(["docs.example"], ["https"]).check(parse_address("https://ann:secret@docs.example/a"))


@given(st.text(max_size=60) | st.from_regex(r"https?://[^/]{0,20}[:@\\#?%\[][^ ]{0,20}", fullmatch=True))
@example("https://" + "a" * 5_000)
@example("https://docs.example:99999/")
@example("https://xn--a/")
@example("https://[v1.a]/")
def test_no_address_and_no_redirect_breaks_its_reader(text: str) -> None:
    for read in (parse_address, lambda location: redirected(httpx.URL("https://docs.example/a"), location)):
        with suppress(FootnoteError):
            AllowList(["docs.example"], ["https"]).check(read(text))


@given(st.text(max_size=60).map("attachment; filename".__add__))
def test_no_disposition_breaks_its_reader(disposition: str) -> None:
    assert isinstance(disposed_name(disposition), str)


@pytest.mark.parametrize(
    "location", ["http://127.0.0.1:{port}/b", "http://169.254.169.254/latest/meta-data/", "//evil.example/"]
)
async def test_a_redirect_to_a_host_that_is_not_listed_is_refused(location: str) -> None:
    async with web(b=response(b"secret")) as site:
        site.pages["/a"] = redirect(location.format(port=site.port))
        with pytest.raises(HostNotAllowed):
            await fetched(site.fetcher(), site.url("/a"))
    assert (len(site.requests), site.lookups) == (1, ["docs.example"])


@pytest.mark.parametrize("addresses", [["169.254.169.254"], ["127.0.0.1", "10.0.0.1"], ["::1"], ["::ffff:127.0.0.1"]])
async def test_a_listed_host_that_leads_inside_is_refused_before_it_is_called(addresses: list[str]) -> None:
    async with web(b=response(b"secret")) as site:
        site.names["wiki.example"] = addresses
        site.pages["/a"] = redirect(site.url("/b", "wiki.example"))
        with pytest.raises(AddressRefused, match=r"wiki\.example leads into") as caught:
            await fetched(site.fetcher(f"*.example:{site.port}"), site.url("/a"))
    assert (caught.value.status, len(site.requests)) == (422, 1)
    assert not any(address in caught.value.detail for address in addresses)


async def test_this_machine_is_refused_by_default() -> None:
    async with web(a=response(b"secret")) as site:
        fetcher = Fetcher([f"localhost:{site.port}"], schemes=["http"], max_bytes=100, seconds=20)
        with pytest.raises(AddressRefused):
            await fetched(fetcher, site.url("/a", "localhost"))
    assert site.requests == []


async def test_a_name_that_is_rebound_after_the_check_leads_nowhere_else() -> None:
    async with web(a=response(b"words")) as site:
        answers = [[ip_address("127.0.0.1")], [ip_address("127.0.0.2")]]

        async def rebinding(host: str, port: int) -> Any:
            return answers.pop(0)

        site.resolve = rebinding  # type: ignore[method-assign]
        assert await fetched(site.fetcher(), site.url("/a")) == b"words"
        with pytest.raises(AddressRefused):
            await fetched(site.fetcher(), site.url("/a"))


async def test_a_redirect_to_another_scheme_is_refused() -> None:
    async with web(a=redirect("ftp://docs.example/a")) as site:
        with pytest.raises(SchemeNotAllowed):
            await fetched(site.fetcher(), site.url("/a"))


@pytest.mark.parametrize("location", ["/a", "", "http://[", "\udcff"])
async def test_redirects_that_lead_nowhere_end(location: str) -> None:
    page = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n".encode(errors="surrogateescape")
    async with web(a=page) as site:
        with pytest.raises(FootnoteError) as caught:
            await fetched(site.fetcher(), site.url("/a"))
    assert (caught.value.status in (422, 502), len(site.requests) <= 6) == (True, True)


def forever(head: bytes, piece: bytes, pause: float = 0) -> Respond:
    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return respond


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GZIPPED = HEAD + b"Content-Encoding: gzip\r\n\r\n"


@pytest.mark.parametrize(
    "page",
    [
        forever(HEAD + b"\r\n", b"words" * 100),
        forever(CHUNKED, b"5\r\nwords\r\n"),
        forever(GZIPPED, gzip.compress(b"", mtime=0)),
        response(bytes(100_001)),
        HEAD + b"Content-Length: 99999999999999999999\r\n\r\n",
        response(BOMB, "Content-Encoding: gzip"),
        response(zlib.compress(bytes(10_000_000)), "Content-Encoding: deflate"),
    ],
    ids=["endless", "chunks", "empty members", "large", "announced", "gzip bomb", "zlib bomb"],
)
async def test_no_more_is_read_than_is_allowed(page: bytes | Respond) -> None:
    async with web(a=page) as site:
        with pytest.raises(UploadTooLarge):
            await fetched(site.fetcher(max_bytes=100_000), site.url("/a"))


@pytest.mark.parametrize(
    "page",
    [
        forever(b"", b"H", 0.02),
        forever(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.02),
        forever(HEAD, b"X-A: b\r\n", 0.02),
        forever(HEAD + b"\r\n", b"w", 0.02),
        forever(CHUNKED, b"1\r\nw\r\n", 0.02),
    ],
    ids=["status line", "early hints", "headers", "body", "chunks"],
)
async def test_a_host_that_drips_is_left(page: Respond) -> None:
    async with web(a=page) as site:
        with pytest.raises((FetchTooSlow, FetchFailed)) as caught:
            await fetched(site.fetcher(seconds=0.3), site.url("/a"))
    assert caught.value.status == 502


async def test_a_name_server_that_is_silent_is_left() -> None:
    async with web() as site:

        async def silent(host: str, port: int) -> Any:
            await asyncio.Event().wait()

        site.resolve = silent  # type: ignore[method-assign]
        with pytest.raises(FetchTooSlow):
            await fetched(site.fetcher(seconds=0.1), site.url("/a"))


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        HEAD + b"X-A: " + b"b" * 200_000 + b"\r\n\r\n",
        forever(HEAD, b"X-A: b\r\n"),
        HEAD + b"Content-Length: 50\r\n\r\nwords",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nwords",
        HEAD + b"Content-Length: -1\r\n\r\nwords",
        HEAD + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\nwords",
        CHUNKED + b"5\r\nwords\r\n",
        CHUNKED + b"fffffffffffffffffffffffff\r\nwords\r\n",
        CHUNKED + b"5;" + b"a" * 200_000 + b"\r\nwords\r\n0\r\n\r\n",
        GZIPPED + gzip.compress(b"words", mtime=0)[:-3],
        GZIPPED + b"words",
        response(b"words", "Content-Encoding: br"),
        response(b"words", "Content-Encoding: gzip, gzip"),
    ],
)
async def test_a_broken_answer_is_a_problem(page: bytes | Respond) -> None:
    async with web(a=page) as site:
        with pytest.raises(FetchFailed) as caught:
            await fetched(site.fetcher(), site.url("/a"))
    assert caught.value.status == 502


async def test_no_more_is_fetched_at_once_than_there_is_room_for() -> None:
    async with web(a=forever(HEAD + b"\r\n", b"w", 0.02)) as site, AsyncExitStack() as stack:
        fetcher = site.fetcher()
        for _ in range(MOST_AT_ONCE):
            await stack.enter_async_context(fetcher.fetch(site.url("/a")))
        with pytest.raises(TooManyFetches):
            await fetched(fetcher, site.url("/a"))
        await stack.aclose()
        async with fetcher.fetch(site.url("/a")) as found:
            assert await anext(found.content)


async def test_what_is_sent_beyond_the_length_is_not_read() -> None:
    async with web(a=response(b"words") + b"more words") as site:
        assert await fetched(site.fetcher(), site.url("/a")) == b"words"


@pytest.mark.parametrize(
    "host", ["*", "*.org", "https://docs.example", "docs.example/a", "*docs.example", "[::1]", "a:0"]
)
def test_a_setting_that_would_open_more_than_a_host_is_wrong(host: str) -> None:
    with pytest.raises(InvalidSettings):
        load_settings({"FOOTNOTE_FETCH_HOSTS": host}, folder=Path("/nowhere"))


def test_hosts_are_set_with_and_without_port() -> None:
    hosts = "docs.example.org,*.example.org,files:8443"
    settings = load_settings({"FOOTNOTE_FETCH_HOSTS": hosts}, folder=Path("/nowhere")).settings
    assert settings.fetch_hosts == hosts.split(",")
