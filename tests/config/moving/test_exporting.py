"""A store into a file, whatever happens meanwhile."""

import dataclasses
import fcntl
from collections.abc import AsyncIterator
from os import stat, utime
from pathlib import Path
from time import time
from typing import Any

import pytest
from support.moving import (
    add_answer,
    add_document,
    content_of,
    exported,
    imported,
    replace,
)
from support.transactions import committed

from footnote.config.moving.errors import (
    ExportExists,
    ExportInUse,
    FileUnusable,
)
from footnote.config.moving.exporting import export_store, unfinished_of
from footnote.config.moving.frames import FrameWriter
from footnote.config.moving.parts import Parts
from footnote.config.moving.records import FORMAT, Head, encoded
from footnote.modules.ingestion.models import DocumentChange
from footnote.platform.principal import Principal

ANN = Principal(tenant="acme", subject="ann")


async def test_an_export_overwrites_nothing(file: Path, source: Parts) -> None:
    before = content_of(file)
    with pytest.raises(ExportExists):
        await export_store(source, file)
    assert content_of(file) == before


async def test_an_export_is_for_its_owner_alone(file: Path) -> None:
    assert stat(file).st_mode & 0o077 == 0


async def test_wherever_an_export_is_cut_off_the_next_goes_on(file: Path, source: Parts, tmp_path: Path) -> None:
    whole, path = content_of(file), tmp_path / "cut"
    for end in range(0, len(whole), 211):
        replace(unfinished_of(path, ""), whole[:end])
        await export_store(source, path)
        assert path.read_bytes() == whole
        path.unlink()


async def test_an_export_goes_on_with_what_is_whole_and_does_not_begin_again(source: Parts, tmp_path: Path) -> None:
    await add_document(source.store, "01")
    (await exported(source, tmp_path / "first")).rename(unfinished_of(tmp_path / "file", ""))
    await committed(
        source.store.storage, lambda tx: source.store.documents.change(tx, "acme", "01", DocumentChange(title="New"))
    )
    await add_document(source.store, "02")
    await export_store(source, tmp_path / "file")
    assert b"New" not in (tmp_path / "file").read_bytes()


@pytest.mark.parametrize(("origin", "age"), [("another store", 0), ("", 90_000)])
async def test_an_export_does_not_go_on_with_what_is_of_another_store_or_old(
    source: Parts, tmp_path: Path, origin: str, age: int
) -> None:
    await add_document(source.store, "01")
    begun = unfinished_of(tmp_path / "file", origin)
    (await exported(source, tmp_path / "first")).rename(begun)
    utime(begun, (time() - age,) * 2)
    await committed(source.store.storage, lambda tx: source.store.documents.delete(tx, "acme", "01"))
    assert (await export_store(source, tmp_path / "file")).documents == 0


async def test_an_export_does_not_go_on_with_what_is_of_another_format(source: Parts, tmp_path: Path) -> None:
    with unfinished_of(tmp_path / "file", "").open("w+b") as begun:
        FrameWriter.begin(begun).write(encoded(Head(FORMAT - 1)))
    await exported(source, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == content_of(await exported(source, tmp_path / "another"))


async def test_two_exports_to_one_file_do_not_mix(source: Parts, tmp_path: Path) -> None:
    with unfinished_of(tmp_path / "file", "").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(ExportInUse):
            await export_store(source, tmp_path / "file")


async def test_a_file_that_cannot_be_written_is_said(source: Parts, tmp_path: Path) -> None:
    with pytest.raises(FileUnusable):
        await export_store(source, tmp_path / "none" / "file")


async def test_a_document_that_changes_while_it_is_written_is_written_again(
    source: Parts, target: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_document(source.store, "01")
    blobs, changed = source.store.blobs, []

    async def pieces(tenant: str, sha256: str) -> AsyncIterator[bytes]:
        async for piece in type(blobs).pieces(blobs, tenant, sha256):
            yield piece
        if not changed:
            changed.append(sha256)
            change = DocumentChange(title="New")
            await committed(source.store.storage, lambda tx: source.store.documents.change(tx, "acme", "01", change))

    monkeypatch.setattr(blobs, "pieces", pieces)
    await imported(target, await exported(source, tmp_path / "file"))
    assert (await target.store.documents.get(ANN, "01")).title == "New"


async def test_a_document_that_is_deleted_while_it_is_written_is_left_out(source: Parts, tmp_path: Path) -> None:
    await add_document(source.store, "01")
    await add_answer(source.store, "02")
    index = source.index

    class Deleting:
        async def published(self, tenant: str, document_id: str, active: Any) -> Any:
            found = await index.published(tenant, document_id, active)
            await committed(source.store.storage, lambda tx: source.store.documents.delete(tx, tenant, document_id))
            return found

        def __getattr__(self, name: str) -> Any:
            return getattr(index, name)

    index_that_deletes: Any = Deleting()
    report = await export_store(dataclasses.replace(source, index=index_that_deletes), tmp_path / "file")
    assert (report.documents, report.answers) == (0, 1)
