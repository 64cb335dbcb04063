"""Everything out of one store and into another, and whatever may cut that off."""

import dataclasses
import fcntl
from collections.abc import AsyncIterator
from os import stat, utime
from pathlib import Path
from time import time
from typing import Any

import numpy as np
import pytest
from support.moving import NOW, add_answer, add_conversation, add_document, add_memory, fill, parts, publish
from support.transactions import committed

from footnote.config.moving.errors import (
    ExportDamaged,
    ExportExists,
    ExportInUse,
    ExportTooNew,
    ExportUnfinished,
    FileUnusable,
    TargetNotEmpty,
)
from footnote.config.moving.exporting import export_store, unfinished_of
from footnote.config.moving.frames import FrameWriter
from footnote.config.moving.importing import Imported, import_file
from footnote.config.moving.parts import Parts
from footnote.config.moving.records import Head, encoded
from footnote.modules.generation.conversations.models import Node
from footnote.modules.ingestion.models import DocumentChange
from footnote.platform.errors import FootnoteError
from footnote.platform.principal import Principal

ANN = Principal(tenant="acme", subject="ann")


@pytest.fixture
async def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Parts]:
    async with parts("folder-sqlite", tmp_path / "source", monkeypatch) as opened:
        yield opened


@pytest.fixture
async def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Parts]:
    async with parts("folder-sqlite", tmp_path / "target", monkeypatch) as opened:
        yield opened


@pytest.fixture
async def file(source: Parts, tmp_path: Path) -> Path:
    """An export of something of everything."""
    await fill(source.store)
    return await exported(source, tmp_path / "file")


async def exported(source: Parts, path: Path) -> Path:
    await export_store(source, path)
    return path


async def imported(target: Parts, path: Path, **options: Any) -> Imported:
    return await import_file(target, path, max_attempts=5, **options)


def content_of(path: Path) -> bytes:
    return path.read_bytes()


def replace(path: Path, content: bytes) -> None:
    path.write_bytes(content)


@pytest.mark.parametrize("kind", ["gridfs-mongodb", "file-sqlite"])
async def test_there_and_back_gives_the_same_bytes(
    kind: str, file: Path, target: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parts(kind, tmp_path / "other", monkeypatch) as other:
        await imported(other, file)
        there = await exported(other, tmp_path / "there")
    await imported(target, there)
    back = await exported(target, tmp_path / "back")
    assert content_of(file) == content_of(there) == content_of(back)


async def test_what_was_imported_is_told(file: Path, target: Parts) -> None:
    report = await imported(target, file)
    assert (report.documents, report.answers, report.present, report.queued, report.foreign) == (3, 2, 0, 0, 0)
    assert (report.conversations, report.memories, report.prompts) == (1, 1, 2)
    assert len(report.sha256) == 64


async def test_importing_twice_changes_nothing(file: Path, target: Parts, tmp_path: Path) -> None:
    await imported(target, file)
    again = await imported(target, file)
    assert (again.documents, again.answers, again.present) == (0, 0, 9)
    assert content_of(await exported(target, tmp_path / "again")) == content_of(file)


async def test_bytes_are_counted_as_before(file: Path, target: Parts) -> None:
    await imported(target, file)
    document = await target.store.documents.get(ANN, "01")
    version = await target.store.documents.version(ANN, "01", 1)
    for sha256 in (document.sha256, version.extraction):
        assert await committed(
            target.store.storage, lambda tx, each=sha256: target.store.blobs.release(tx, "acme", each)
        )
    assert await target.store.blobs.sweep() == 2


async def test_what_was_uploaded_before_the_move_is_known_after_it(file: Path, target: Parts) -> None:
    await imported(target, file)
    receipt = await target.store.documents.receipt(ANN, "key of 01")
    kept = await target.store.documents.by_source(ANN, "/files/01.txt")
    assert (receipt and receipt.document_id, kept and kept.id) == ("01", "01")


async def test_a_document_that_was_being_read_is_queued_in_its_new_store(
    source: Parts, target: Parts, tmp_path: Path
) -> None:
    await add_document(source.store, "01", status="embedding")
    assert (await imported(target, await exported(source, tmp_path / "file"))).queued == 1
    assert await target.store.jobs.depth() == {"queued": 1}
    assert (await target.store.documents.get(ANN, "01")).status == "queued"


async def test_what_is_published_after_an_import_counts(file: Path, target: Parts) -> None:
    await imported(target, file)
    document = await target.store.documents.get(ANN, "01")
    await committed(target.store.storage, lambda tx: publish(target.store, tx, "acme", document))


@pytest.mark.parametrize("kind", ["folder-sqlite", "gridfs-mongodb"])
async def test_documents_of_another_model_are_embedded_anew_and_move_with_the_new_embeddings(
    kind: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parts(kind, tmp_path / "other", monkeypatch, active="test:other") as other:
        assert (await imported(other, file)).foreign == 3
        assert await other.store.jobs.depth() == {"queued": 1}
        (space,) = await other.store.spaces.living()
        bare = await other.store.spaces.bare(space, None, 100)
        embeddings = np.full((len(bare), space.dimension), 0.5, np.float32)
        await committed(other.store.storage, lambda tx: other.store.spaces.fill(tx, space, bare, embeddings))
        assert (await imported(other, file)).present == 9
        again = content_of(await exported(other, tmp_path / "again"))
    assert (again.count(b"test:other"), again.count(embeddings[:2].tobytes())) == (3, 3)


async def test_an_export_of_nothing_is_imported_as_nothing(source: Parts, target: Parts, tmp_path: Path) -> None:
    report = await imported(target, await exported(source, tmp_path / "file"))
    assert (report.documents, report.answers) == (0, 0)


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


async def test_two_exports_to_one_file_do_not_mix(source: Parts, tmp_path: Path) -> None:
    with unfinished_of(tmp_path / "file", "").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(ExportInUse):
            await export_store(source, tmp_path / "file")


async def test_a_file_that_cannot_be_written_is_said(source: Parts, tmp_path: Path) -> None:
    with pytest.raises(FileUnusable):
        await export_store(source, tmp_path / "none" / "file")


async def test_a_document_that_changes_while_it_is_written_is_written_again(
    source: Parts, target: Parts, tmp_path: Path
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

    blobs.pieces = pieces  # type: ignore[method-assign]
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


async def test_wherever_an_import_is_cut_off_the_next_goes_on(file: Path, target: Parts, tmp_path: Path) -> None:
    class CutOffError(Exception):
        pass

    size, passed = len(content_of(file)), [0]
    for limit in range(size, 2 * size, size // 20):
        passed[:] = [0]

        def stop(byte: int, most: int = limit) -> None:
            passed[0] = byte if passed[0] < size else size + byte  # it is read twice
            if passed[0] > most:
                raise CutOffError

        with pytest.raises(CutOffError):
            await imported(target, file, on_read=stop)
    await imported(target, file)
    assert content_of(await exported(target, tmp_path / "again")) == content_of(file)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.999])
async def test_a_changed_byte_is_found_and_nothing_is_imported(file: Path, target: Parts, share: float) -> None:
    content = bytearray(content_of(file))
    content[int(len(content) * share)] ^= 1
    replace(file, content)
    with pytest.raises(ExportDamaged, match="at byte"):
        await imported(target, file)
    assert await target.documents.following("") is None


async def test_a_file_that_was_cut_off_is_found_and_nothing_is_imported(file: Path, target: Parts) -> None:
    content = content_of(file)
    for end in range(0, len(content), 401):
        replace(file, content[:end])
        with pytest.raises((ExportDamaged, ExportUnfinished)):
            await imported(target, file)
    assert await target.documents.following("") is None


async def test_something_behind_the_end_is_found(file: Path, target: Parts) -> None:
    replace(file, content_of(file) + b"x")
    with pytest.raises(ExportDamaged):
        await imported(target, file)


@pytest.mark.parametrize(
    ("payload", "error"), [(encoded(Head(3)), ExportTooNew), (b"\x91\xa4head", ExportDamaged), (b"", ExportDamaged)]
)
async def test_a_file_of_another_format_is_refused(
    target: Parts, tmp_path: Path, payload: bytes, error: type[FootnoteError]
) -> None:
    with (tmp_path / "file").open("w+b") as opened:
        FrameWriter.begin(opened).write(payload)
    with pytest.raises(error):
        await imported(target, tmp_path / "file")


async def test_a_file_that_is_not_there_is_said(target: Parts, tmp_path: Path) -> None:
    with pytest.raises(FileUnusable):
        await imported(target, tmp_path / "none")


@pytest.mark.parametrize("name", ["00", "02", "99"])
async def test_a_store_with_other_documents_is_left_alone(file: Path, target: Parts, name: str) -> None:
    await add_document(target.store, name, created_at=NOW)
    with pytest.raises(TargetNotEmpty, match=f"Document {name}"):
        await imported(target, file)
    assert (await target.documents.following(name)) is None


@pytest.mark.parametrize("name", ["00", "04", "99"])
async def test_a_store_with_other_answers_is_left_alone(file: Path, target: Parts, name: str) -> None:
    await add_answer(target.store, name, tenant="elsewhere")
    with pytest.raises(TargetNotEmpty, match=f"Answer {name}"):
        await imported(target, file)
    assert await target.documents.following("") is None


@pytest.mark.parametrize("name", ["00", "06", "99"])
async def test_a_store_with_other_conversations_or_memories_is_left_alone(file: Path, target: Parts, name: str) -> None:
    await add_conversation(target.store, name, tenant="elsewhere")
    await add_memory(target.store, "00")
    with pytest.raises(TargetNotEmpty, match=f"Conversation {name}|Memory 00"):
        await imported(target, file)
    assert await target.documents.following("") is None


async def test_a_file_of_the_first_format_is_imported(target: Parts, tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+b") as opened:
        writer = FrameWriter.begin(opened)
        for payload in (encoded(Head(1)), b"\x93\xa3end\x00\x00"):
            writer.write(payload)
    assert (await imported(target, tmp_path / "file")).conversations == 0


async def test_turns_whose_answers_came_after_the_others_were_written_are_left_out(
    source: Parts, target: Parts, tmp_path: Path
) -> None:
    for name in ("01", "03"):
        await add_answer(source.store, name)
    await add_conversation(source.store, "02", "01", "03")
    record = await source.conversations.following("")
    assert record is not None
    await add_answer(target.store, "01")
    await committed(target.store.storage, lambda tx: target.conversations.restore(tx, record))
    kept = await target.conversations.following("")
    assert kept is not None
    assert (kept.nodes, kept.conversation.active_id) == ((Node(id="01", parent_id=None),), "01")
