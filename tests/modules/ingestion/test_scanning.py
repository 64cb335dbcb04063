"""Uploads shown to a virus scanner, one that works and others that do not."""

import asyncio
from pathlib import Path

import pytest
from support.clamd import EICAR, Converse, answering, clamd, saying, scanner

from footnote.config.settings import load_settings
from footnote.modules.ingestion.scanning import InfectedFile, ScannerUnavailable, TooLargeToScan, open_scanner
from footnote.platform.settings import InvalidSettings
from footnote.platform.storage.errors import StoreUnavailable


def file_of(folder: Path, content: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(content)
    return path


async def scan(address: str, path: Path, seconds: float = 20) -> None:
    await open_scanner(address, seconds=seconds).scan(path)


@pytest.mark.parametrize("content", [b"", b"Words.", bytes(3_000_000)])
async def test_a_clean_file_passes(tmp_path: Path, content: bytes) -> None:
    async with clamd(scanner()) as address:
        await scan(address, file_of(tmp_path, content))


async def test_an_infected_file_is_refused_with_the_name_of_the_signature(tmp_path: Path) -> None:
    content = bytes(1_000_000) + EICAR
    async with clamd(scanner(), tmp_path / "clamd.sock") as address:
        with pytest.raises(InfectedFile, match="Eicar-Test-Signature") as caught:
            await scan(address, file_of(tmp_path, content))
    assert (caught.value.status, caught.value.extensions) == (422, {"signature": "Eicar-Test-Signature"})


async def test_a_file_beyond_the_limit_of_the_scanner_is_refused(tmp_path: Path) -> None:
    async with clamd(scanner(limit=500_000)) as address:
        with pytest.raises(TooLargeToScan):
            await scan(address, file_of(tmp_path, bytes(20_000_000)))


@pytest.mark.parametrize(
    "converse",
    [
        saying(b""),
        saying(b"stream: OK\0"),
        saying(b"a" * 10_000),
        answering(b""),
        answering(b"stream: OK"),
        answering(b"stream: OK FOUND? ERROR\0"),
        answering(b"stream: Can't allocate memory ERROR\0"),
        answering(b"UNKNOWN COMMAND\0"),
        answering(b"other: OK\0"),
        answering(b"\xff\xfe\0"),
    ],
)
async def test_without_a_verdict_no_file_passes(tmp_path: Path, converse: Converse) -> None:
    async with clamd(converse) as address:
        with pytest.raises(ScannerUnavailable) as caught:
            await scan(address, file_of(tmp_path, bytes(20_000_000)))
    assert caught.value.status == 503


async def test_a_scanner_that_is_silent_is_left(tmp_path: Path) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with clamd(silent) as address:
        with pytest.raises(ScannerUnavailable, match=r"no answer in 0\.2 seconds"):
            await scan(address, file_of(tmp_path, bytes(20_000_000)), seconds=0.2)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "unix:/nowhere/clamd.sock", "tcp://nowhere..invalid:3310"])
async def test_a_scanner_that_is_not_there_is_a_problem(tmp_path: Path, address: str) -> None:
    with pytest.raises(ScannerUnavailable, match="cannot be reached"):
        await scan(address, file_of(tmp_path, b"Words."))


async def test_a_file_that_is_gone_is_not_the_fault_of_the_scanner(tmp_path: Path) -> None:
    async with clamd(scanner()) as address:
        with pytest.raises(StoreUnavailable):
            await scan(address, tmp_path / "gone")


async def test_without_a_scanner_every_file_passes(tmp_path: Path) -> None:
    await scan("", file_of(tmp_path, EICAR))
    await open_scanner("").check()


async def test_a_scanner_can_be_asked_whether_it_is_there() -> None:
    async with clamd(saying(b"PONG\0")) as address:
        await open_scanner(address).check()
    with pytest.raises(ScannerUnavailable):
        await open_scanner(address).check()
    async with clamd(saying(b"UNKNOWN COMMAND\0")) as address:
        with pytest.raises(ScannerUnavailable):
            await open_scanner(address).check()


@pytest.mark.parametrize("address", ["clamd", "tcp://clamd", "tcp://clamd:0", "tcp://clamd:65536", "unix:clamd.sock"])
def test_an_address_that_leads_nowhere_is_a_wrong_setting(address: str) -> None:
    with pytest.raises(InvalidSettings):
        load_settings({"FOOTNOTE_VIRUS_SCANNER": address}, folder=Path("/nowhere"))


@pytest.mark.parametrize("address", ["", "tcp://clamd:3310", "tcp://[::1]:65535", "unix:/run/clamd.sock"])
def test_an_address_of_a_scanner_is_a_setting(address: str) -> None:
    assert load_settings({"FOOTNOTE_VIRUS_SCANNER": address}, folder=Path("/nowhere")).settings.virus_scanner == address
