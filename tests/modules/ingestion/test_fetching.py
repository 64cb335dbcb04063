"""Files from the web, as well-behaved hosts hand them out."""

import asyncio
import gzip
import ssl
import zlib
from pathlib import Path

import httpx
import pytest
from support.certificates import certificate
from support.web import fetched, redirect, response, web

from footnote.modules.ingestion.fetching_errors import (
    FetchAnswered,
    FetchFailed,
    FetchingIsOff,
)
from footnote.modules.ingestion.fetching_hosts import AllowList, parse_address
from footnote.modules.ingestion.fetching_names import name_of
from footnote.platform.http.outbound import CheckedNetwork, HostNotFound, resolve_host


async def test_a_file_comes_with_its_name() -> None:
    async with web(**{"report.pdf": response(b"%PDF")}) as site:
        async with site.fetcher().fetch(site.url("/report.pdf")) as found:
            assert [piece async for piece in found.content] == [b"%PDF"]
        assert (found.filename, found.url) == ("report.pdf", site.url("/report.pdf"))


async def test_nothing_but_the_request_itself_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with web(a=response(b"words", "Set-Cookie: id=1"), b=redirect("/a")) as site:
        await fetched(site.fetcher(), site.url("/b"))
    assert site.requests[1].splitlines()[:6] == [
        "GET /a HTTP/1.1",
        f"Host: docs.example:{site.port}",
        "User-Agent: footnote",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
    ]
    assert len(site.requests[1].splitlines()) == 7


async def test_redirects_are_followed_to_their_end() -> None:
    hops = {f"hop{n}": redirect(f"hop{n + 1}", "301 Moved") for n in range(4)}
    async with web(**hops, hop4=redirect("/end.txt#part"), **{"end.txt": response(b"words")}) as site:
        assert await fetched(site.fetcher(), site.url("/hop0")) == b"words"
    assert len(site.requests) == 6


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(b"words", mtime=0),
        gzip.compress(b"wo", mtime=0) + gzip.compress(b"rds", mtime=0),
        zlib.compress(b"words"),
    ],
)
async def test_a_file_that_is_compressed_unasked_is_unpacked(packed: bytes) -> None:
    async with web(a=response(packed, "Content-Encoding: gzip")) as site:
        assert await fetched(site.fetcher(), site.url("/a")) == b"words"


async def test_a_body_in_chunks_is_put_together() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nwor\r\n2\r\nds\r\n0\r\n\r\n"
    async with web(a=chunked) as site:
        assert await fetched(site.fetcher(), site.url("/a")) == b"words"


@pytest.mark.parametrize("status", ["204 No Content", "206 Partial Content", "304 Not Modified", "404 Not Found"])
async def test_an_answer_without_the_file_is_a_problem_with_its_status(status: str) -> None:
    async with web(a=response(b"", status=status)) as site:
        with pytest.raises(FetchAnswered, match=status) as caught:
            await fetched(site.fetcher(), site.url("/a"))
    assert (caught.value.status, caught.value.extensions["upstream_status"]) == (502, int(status[:3]))


async def test_a_host_that_is_not_there_is_a_problem() -> None:
    async with web() as site:
        pass
    with pytest.raises(FetchFailed, match="could not be reached"):
        await fetched(site.fetcher(), site.url("/a"))


async def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    async with web(a=response(b"words")) as site:
        site.names["docs.example"] = ["127.0.0.2", "127.0.0.1"]
        network = CheckedNetwork(is_allowed=lambda address: address.is_loopback, resolve=site.resolve)
        assert await fetched(site.fetcher(network=network), site.url("/a")) == b"words"


async def test_a_name_that_cannot_be_looked_up_is_a_problem() -> None:
    with pytest.raises(HostNotFound):
        await resolve_host("docs..example", 443)


async def test_tls_is_told_the_name_though_the_address_is_dialled(tmp_path: Path) -> None:
    async with web(certificate(tmp_path, "docs.example"), a=response(b"words")) as site:
        trusting = ssl.create_default_context(cafile=str(tmp_path / "docs.example.pem"))
        assert await fetched(site.fetcher(tls=trusting), site.url("/a", scheme="https")) == b"words"


async def test_a_certificate_of_another_host_is_not_trusted(tmp_path: Path) -> None:
    async with web(certificate(tmp_path, "other.example"), a=response(b"words")) as site:
        trusting = ssl.create_default_context(cafile=str(tmp_path / "other.example.pem"))
        with pytest.raises(FetchFailed, match="certificate that is not trusted: Hostname mismatch"):
            await fetched(site.fetcher(tls=trusting), site.url("/a", scheme="https"))


@pytest.mark.parametrize(
    "url",
    [
        "https://docs.example/a",
        "https://DOCS.example:443/a",
        "https://wiki.docs.example/a",
        "https://a.b.docs.example/a",
        "https://files.example:8443/a",
    ],
)
def test_allowed_hosts_are_named_exactly_or_by_what_they_are_below(url: str) -> None:
    AllowList(["docs.example", "*.Docs.example", "files.example:8443"], ["https"]).check(parse_address(url))


def test_fetching_is_off_without_hosts() -> None:
    with pytest.raises(FetchingIsOff):
        AllowList([], ["https"]).check(parse_address("https://docs.example/a"))


@pytest.mark.parametrize(
    ("disposition", "content_type", "path", "name"),
    [
        ("", "application/pdf", "/reports/a%20b.pdf", "a b.pdf"),
        ("", "text/html; charset=utf-8", "/wiki/Start", "Start.html"),
        ("", "text/html", "/", "docs.example.html"),
        ("", "application/x-unheard-of", "/file", "file"),
        ('attachment; filename="q1.xlsx"', "", "/download", "q1.xlsx"),
        ("attachment; filename=\"plain.txt\"; filename*=UTF-8''%e2%82%ac.txt", "", "/x", "€.txt"),
        ("attachment; filename*=unheard-of''%e2.txt", "text/plain", "/x", "x.txt"),
        ('attachment; filename="' + "a" * 3_000, "text/plain", "/x", "x.txt"),
    ],
)
def test_the_name_is_the_one_the_host_gives(disposition: str, content_type: str, path: str, name: str) -> None:
    assert name_of(httpx.URL(f"https://docs.example{path}"), disposition, content_type) == name


async def test_whoever_stops_reading_leaves_nothing_open() -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"words" * 1000)
            await writer.drain()

    async with web(a=endless) as site, site.fetcher().fetch(site.url("/a")) as found:
        assert await anext(found.content)
