"""`footnote ingest` where files, folders and other processes do not behave."""

import errno
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from footnote.config.commands.console import readable
from footnote.config.commands.files import IngestReport, ingest_files
from footnote.config.commands.folders import files_under, source_of
from footnote.config.home import HomeUnusable, prepared_home
from footnote.platform.errors import FootnoteError, NotFound, TooMany
from footnote.platform.principal import LOCAL


class Documents:
    """Takes everything in; what is called `lost` is deleted before anybody looks, what is in a ZIP is damaged."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.refusals: list[FootnoteError] = []

    async def upload(self, principal: Any, content: Any, *, filename: str, source: str) -> tuple[Any, bool]:
        if self.refusals:
            raise self.refusals.pop()
        self.names.append(filename)
        return SimpleNamespace(id=filename), False

    async def get(self, principal: Any, document_id: str) -> Any:
        if document_id.startswith("lost"):
            raise NotFound("It is gone.")
        return SimpleNamespace(id=document_id, status="failed" if document_id == "inside" else "ready")

    async def children(self, principal: Any, document_id: str) -> list[Any]:
        return [SimpleNamespace(id="inside", filename="inside.txt")] if document_id.endswith(".zip") else []


class Idle:
    async def run(self, stop: Any) -> None:
        await stop.wait()


def fill(folder: Path, *names: bytes) -> None:
    for name in names:
        Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).write_text("words")


async def ingested(folder: Path, *names: bytes) -> tuple[Documents, IngestReport]:
    fill(folder, *names)
    documents = Documents()
    services: Any = SimpleNamespace(ingestion=documents, worker=Idle())
    return documents, await ingest_files(services, LOCAL, [folder])


async def test_documents_keep_the_order_of_the_files(tmp_path: Path) -> None:
    _, report = await ingested(tmp_path, b"b.txt", b"a.txt")
    assert ([document.id for document in report.documents], report.is_complete) == (["a.txt", "b.txt"], True)


async def test_a_name_that_is_no_text_is_made_readable(tmp_path: Path) -> None:
    documents, _ = await ingested(tmp_path, b"caf\xe9.txt")
    assert documents.names == ["caf\ufffd.txt"]


async def test_a_document_that_another_process_deletes_is_told(tmp_path: Path) -> None:
    _, report = await ingested(tmp_path, b"kept.txt", b"lost.txt")
    assert [document.id for document in report.documents] == ["kept.txt"]
    assert ([refused.path for refused in report.refused], report.is_complete) == ([str(tmp_path / "lost.txt")], False)


async def test_a_document_inside_another_has_to_become_ready_too(tmp_path: Path) -> None:
    _, report = await ingested(tmp_path, b"a.txt", b"b.zip")
    assert [document.id for document in report.documents] == ["a.txt", "b.zip", "inside"]
    assert not report.is_complete


async def test_documents_are_told_of_by_where_they_came_from(tmp_path: Path) -> None:
    _, report = await ingested(tmp_path, b"b.zip")
    assert report.paths == {"b.zip": str(tmp_path / "b.zip"), "inside": f"{tmp_path / 'b.zip'}: inside.txt"}


async def test_hidden_and_temporary_files_are_taken_in_only_if_they_are_named(tmp_path: Path) -> None:
    documents, _ = await ingested(tmp_path, b"a.txt", b".b.txt", b"~$c.docx", b"d.tmp")
    assert documents.names == ["a.txt"]
    assert files_under(tmp_path / "d.tmp") == [tmp_path / "d.tmp"]


async def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def scandir(folder: str) -> Any:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder)

    monkeypatch.setattr(os, "scandir", scandir)
    _, report = await ingested(tmp_path)
    assert [refused.error["detail"] for refused in report.refused] == ["Permission denied."]


async def test_while_too_much_is_under_way_a_file_waits(tmp_path: Path) -> None:
    fill(tmp_path, b"a.txt")
    documents = Documents()
    documents.refusals = [TooMany("Later.", retry_after=1)]
    services: Any = SimpleNamespace(ingestion=documents, worker=Idle())
    assert (await ingest_files(services, LOCAL, [tmp_path])).is_complete


def test_a_path_is_known_by_text_whatever_its_bytes(tmp_path: Path) -> None:
    sources = {source_of(Path(os.fsdecode(name))) for name in (b"/caf\xe9", b"/caf\xe8", "/café".encode())}
    assert sources == {"/caf\\xe9", "/caf\\xe8", "/café"}


@pytest.mark.parametrize("below", ["", "/below"])
async def test_a_data_folder_that_cannot_be_made_is_a_problem(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeUnusable, match="file"):
        await prepared_home(f"{tmp_path}/file{below}")


def test_readable_text_stays_as_it_is() -> None:
    assert (readable("Straße"), readable("caf\udce9")) == ("Straße", "caf\ufffd")
