"""`footnote ingest` where files, folders and other processes do not behave."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from footnote.config.commands.console import readable
from footnote.config.commands.files import IngestReport, ingest_files
from footnote.config.home import HomeUnusable, prepared_home
from footnote.platform.errors import NotFound
from footnote.platform.principal import LOCAL


class Documents:
    """Takes everything in; what is called `lost` is deleted before anybody looks."""

    def __init__(self) -> None:
        self.names: list[str] = []

    async def upload(self, principal: Any, content: Any, *, filename: str) -> tuple[Any, bool]:
        self.names.append(filename)
        return SimpleNamespace(id=filename), False

    async def get(self, principal: Any, document_id: str) -> Any:
        if document_id.startswith("lost"):
            raise NotFound("It is gone.")
        return SimpleNamespace(id=document_id, status="ready")


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


@pytest.mark.parametrize("below", ["", "/below"])
async def test_a_data_folder_that_cannot_be_made_is_a_problem(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeUnusable, match="file"):
        await prepared_home(f"{tmp_path}/file{below}")


def test_readable_text_stays_as_it_is() -> None:
    assert (readable("Straße"), readable("caf\udce9")) == ("Straße", "caf\ufffd")
