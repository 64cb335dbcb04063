"""A file into a store, whatever is wrong with either."""

from pathlib import Path

import pytest
from support.moving import (
    NOW,
    add_answer,
    add_conversation,
    add_document,
    add_memory,
    add_provider_key,
    add_spending,
    content_of,
    exported,
    imported,
    replace,
)

from footnote.config.moving.errors import ExportDamaged, ExportTooNew, ExportUnfinished, FileUnusable, TargetNotEmpty
from footnote.config.moving.frames import FrameWriter
from footnote.config.moving.parts import Parts
from footnote.config.moving.records import FORMAT, Head, encoded
from footnote.platform.errors import FootnoteError


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
    ("payload", "error"),
    [(encoded(Head(FORMAT + 1)), ExportTooNew), (b"\x91\xa4head", ExportDamaged), (b"", ExportDamaged)],
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


@pytest.mark.parametrize("person", ["aaa", "ann", "zoe"])
async def test_a_store_in_which_something_else_was_spent_is_left_alone(file: Path, target: Parts, person: str) -> None:
    await add_spending(target.store, person)
    await add_spending(target.store, person)
    with pytest.raises(TargetNotEmpty, match=f"Spending acme / 2026-01-02 / {person} / openai:gpt"):
        await imported(target, file)
    assert await target.documents.following("") is None


async def test_a_store_with_another_key_for_a_provider_is_left_alone(file: Path, target: Parts) -> None:
    await add_provider_key(target.store, "openai", key_id="2027")
    with pytest.raises(TargetNotEmpty, match="Provider key acme / openai"):
        await imported(target, file)


async def test_a_file_of_the_first_format_is_imported(target: Parts, tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+b") as opened:
        writer = FrameWriter.begin(opened)
        for payload in (encoded(Head(1)), b"\x93\xa3end\x00\x00"):
            writer.write(payload)
    assert (await imported(target, tmp_path / "file")).conversations == 0
