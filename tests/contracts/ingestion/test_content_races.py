"""Whose bytes are kept and for how long, when content changes while a job reads it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from support.archives import zipped

from footnote.modules.ingestion.attachments import AttachmentKeeper
from footnote.modules.ingestion.models import DocumentChange
from footnote.platform.principal import Principal

ANN = Principal(tenant="t", subject="ann")
BOB = Principal(tenant="t", subject="bob")
OLD, MIDDLE, NEW = b"The old lamp.", b"The lamp between.", b"The new lamp."

Action = Callable[[], Awaitable[object]]


def folder(**texts: str) -> bytes:
    return zipped({f"{name}.txt": text for name, text in texts.items()})


def once_read(monkeypatch: pytest.MonkeyPatch, action: Action) -> None:
    """`action` comes between the next reading of a file and the commit of what was read."""
    keep = AttachmentKeeper.keep

    async def keep_after(keeper: AttachmentKeeper, *args: Any) -> Any:
        monkeypatch.setattr(AttachmentKeeper, "keep", keep)
        await action()
        return await keep(keeper, *args)

    monkeypatch.setattr(AttachmentKeeper, "keep", keep_after)


async def names_inside(ingestion: Any, document_id: str) -> list[str]:
    return sorted(child.filename for child in await ingestion.service.children(ANN, document_id))


async def test_content_that_was_replaced_while_it_was_read_becomes_no_version(
    ingestion: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = await ingestion.upload(ANN, OLD)
    once_read(monkeypatch, lambda: ingestion.replace(ANN, document.id, NEW))
    await ingestion.work()
    assert (await ingestion.service.get(ANN, document.id)).version == 1
    assert [passage.text for passage in await ingestion.index.passages(ANN, document.id)] == [NEW.decode()]


async def test_replacing_while_it_is_read_lets_go_of_every_use(ingestion: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    document = await ingestion.upload(ANN, OLD)
    once_read(monkeypatch, lambda: ingestion.replace(ANN, document.id, NEW))
    await ingestion.work()
    await ingestion.service.delete(ANN, document.id)
    assert await ingestion.rows("blob") == 0


async def test_replacing_never_lets_go_of_the_bytes_of_another(ingestion: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    document, other = await ingestion.upload(ANN, OLD), await ingestion.upload(BOB, OLD)
    once_read(monkeypatch, lambda: ingestion.replace(ANN, document.id, NEW))
    await ingestion.work()
    await ingestion.service.delete(ANN, document.id)
    assert await ingestion.blobs.read("t", other.sha256) == OLD


async def test_a_deletion_lets_go_of_what_the_document_holds_by_then(
    ingestion: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, other = await ingestion.upload(ANN, OLD), await ingestion.upload(BOB, OLD)
    allowed = ingestion.service._require_change

    async def replaced_after(principal: Principal, document_id: str) -> Any:
        found = await allowed(principal, document_id)
        monkeypatch.setattr(ingestion.service, "_require_change", allowed)
        await ingestion.replace(ANN, document_id, NEW)
        return found

    monkeypatch.setattr(ingestion.service, "_require_change", replaced_after)
    await ingestion.service.delete(ANN, document.id)
    assert await ingestion.blobs.read("t", other.sha256) == OLD
    assert await ingestion.values("blob", "users") == [1]


@pytest.mark.parametrize(
    ("contents", "works"), [((OLD, NEW, OLD), (1,)), ((OLD, NEW, MIDDLE), (0, 2)), ((OLD, NEW, NEW), (0, 1, 2))]
)
async def test_every_use_is_counted_once(ingestion: Any, contents: tuple[bytes, ...], works: tuple[int, ...]) -> None:
    document = await ingestion.upload(ANN, contents[0])
    for turn, content in enumerate(contents):
        await ingestion.replace(ANN, document.id, content)
        if turn in works:
            await ingestion.work_off()
    await ingestion.service.delete(ANN, document.id)
    assert await ingestion.rows("blob") == 0


async def test_going_back_to_earlier_bytes_brings_back_what_was_inside_them(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, folder(first="One."), "a.zip")
    for content in (folder(second="Two."), folder(first="One.")):
        await ingestion.work_off()
        await ingestion.replace(ANN, document.id, content, "a.zip")
    await ingestion.work_off()
    assert await names_inside(ingestion, document.id) == ["first.txt"]


async def test_new_bytes_take_away_what_is_no_longer_inside(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, folder(first="One.", second="Two."), "a.zip")
    await ingestion.work()
    await ingestion.replace(ANN, document.id, folder(second="Two.", third="Three."), "a.zip")
    await ingestion.work_off()
    assert await names_inside(ingestion, document.id) == ["second.txt", "third.txt"]


async def test_files_inside_are_read_by_those_who_read_it_when_they_come_to_be(
    ingestion: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = await ingestion.upload(ANN, folder(first="One."), "a.zip", readers=["user:bob"])
    once_read(monkeypatch, lambda: ingestion.service.change(ANN, document.id, DocumentChange(readers=())))
    await ingestion.work()
    assert [child.readers for child in await ingestion.service.children(ANN, document.id)] == [()]


async def test_a_document_deleted_while_it_is_read_has_nothing_inside(
    ingestion: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = await ingestion.upload(ANN, folder(first="One."), "a.zip")
    once_read(monkeypatch, lambda: ingestion.service.delete(ANN, document.id))
    await ingestion.work()
    assert [await ingestion.rows(table) for table in ("document", "document_version", "blob")] == [0, 0, 0]


async def test_what_was_asked_for_while_it_embeds_ends_that_at_once(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, b"The old lamp is lit. " * 400, chunking="fixed")
    embedded = []

    async def replaced() -> None:
        embedded.append(1)
        if len(embedded) == 1:
            await ingestion.replace(ANN, document.id, NEW)

    ingestion.embedder.before = replaced
    await ingestion.work()
    assert [passage.text for passage in await ingestion.index.passages(ANN, document.id)] == [NEW.decode()]
