"""Files inside a file become documents of their own."""

from typing import Any

import pytest
from support.archives import zipped

from footnote.modules.ingestion import attachments, changes
from footnote.modules.ingestion.attachments import DEEPEST
from footnote.modules.ingestion.limits import TenantLimits
from footnote.modules.ingestion.models import Document, DocumentChange
from footnote.modules.retrieval import Passage
from footnote.platform.errors import Invalid, Unavailable
from footnote.platform.principal import Principal

ANN = Principal(tenant="t", subject="ann")
BOB = Principal(tenant="t", subject="bob")


async def uploaded(ingestion: Any, content: bytes, **fields: Any) -> Document:
    document: Document = await ingestion.upload(ANN, content, "a.zip", **fields)
    await ingestion.work_off()
    return document


async def inside(ingestion: Any, document: Document) -> dict[str, Document]:
    return {child.filename: child for child in await ingestion.service.children(ANN, document.id)}


async def passages(ingestion: Any, document_id: str, principal: Principal = ANN) -> list[str]:
    found: tuple[Passage, ...] = await ingestion.index.passages(principal, document_id)
    return [passage.text for passage in found]


async def warnings(ingestion: Any, document: Document) -> tuple[str, ...]:
    return (await ingestion.service.get(ANN, document.id)).warnings  # type: ignore[no-any-return]


async def test_a_file_inside_is_a_document_that_is_found(ingestion: Any) -> None:
    parent = await uploaded(ingestion, zipped({"notes/lamp.txt": "The lamp is lit."}))
    child = (await inside(ingestion, parent))["lamp.txt"]
    assert (child.parent_id, child.depth, child.title, child.status) == (parent.id, 1, "lamp", "ready")
    assert await passages(ingestion, child.id) == ["The lamp is lit."]


async def test_it_has_from_its_parent_what_the_file_does_not_decide(ingestion: Any) -> None:
    content = zipped({"lamp.txt": "The lamp is lit."})
    parent = await uploaded(
        ingestion, content, readers=["user:bob"], metadata={"year": 2024}, chunking="fixed", priority=3
    )
    child = (await inside(ingestion, parent))["lamp.txt"]
    assert (child.owner, child.readers, child.metadata) == ("ann", ("user:bob",), {"year": 2024})
    assert (child.chunking, child.priority) == ("fixed", 2)


async def test_sharing_a_file_shares_what_is_inside_it_however_deeply(ingestion: Any) -> None:
    parent = await uploaded(ingestion, zipped({"inner.zip": zipped({"lamp.txt": "The lamp is lit."})}))
    await ingestion.service.change(ANN, parent.id, DocumentChange(readers=("user:bob",)))
    lamp = (await inside(ingestion, parent))["lamp.txt"]
    assert await passages(ingestion, lamp.id, BOB) == ["The lamp is lit."]


async def test_the_same_bytes_twice_inside_are_one_document(ingestion: Any) -> None:
    parent = await uploaded(ingestion, zipped({"a.txt": "The lamp.", "b.txt": "The lamp."}))
    assert len(await inside(ingestion, parent)) == 1


async def test_the_same_bytes_inside_and_outside_are_two(ingestion: Any) -> None:
    await ingestion.upload(ANN, b"The lamp.")
    parent = await uploaded(ingestion, zipped({"a.txt": "The lamp."}))
    assert list(await inside(ingestion, parent)) == ["a.txt"]


async def test_reading_again_keeps_the_documents_inside(ingestion: Any) -> None:
    parent = await uploaded(ingestion, zipped({"a.txt": "The lamp."}))
    before = await inside(ingestion, parent)
    await ingestion.service.reindex(ANN, parent.id, extract=True)
    await ingestion.work_off()
    assert await inside(ingestion, parent) == before


async def test_what_nothing_reads_is_left_and_named(ingestion: Any) -> None:
    parent = await uploaded(ingestion, zipped({"a.txt": "The lamp.", "b.7z": b"7z\xbc\xaf'\x1c\0\4"}))
    assert list(await inside(ingestion, parent)) == ["a.txt"]
    assert [warning for warning in await warnings(ingestion, parent) if "b.7z" in warning]


async def test_what_is_dangerous_is_left_and_the_rest_is_not(ingestion: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scan(path: Any) -> None:
        if b"evil" in path.read_bytes():
            raise Invalid("It holds a virus.")

    parent = await ingestion.upload(ANN, zipped({"a.txt": "The lamp.", "b.txt": "evil"}), "a.zip")
    monkeypatch.setattr(ingestion.handler._extracting._attachments, "_scan", scan)
    await ingestion.work_off()
    assert list(await inside(ingestion, parent)) == ["a.txt"]
    assert "b.txt was left: It holds a virus." in await warnings(ingestion, parent)


async def test_without_the_scanner_nothing_inside_is_taken_in(ingestion: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scan(path: Any) -> None:
        raise Unavailable("The scanner does not answer.")

    parent = await ingestion.upload(ANN, zipped({"a.txt": "The lamp."}), "a.zip")
    monkeypatch.setattr(ingestion.handler._extracting._attachments, "_scan", scan)
    with pytest.raises(Unavailable):
        await ingestion.work()
    assert await inside(ingestion, parent) == {}


async def test_what_is_packed_too_deeply_is_left_and_counted(ingestion: Any) -> None:
    content = zipped({"a.txt": "The lamp."})
    for _ in range(DEEPEST):
        content = zipped({"inner.zip": content, "b.txt": "The lamp."})
    parent = await uploaded(ingestion, content)
    deepest = max((await inside(ingestion, parent)).values(), key=lambda document: document.depth)
    assert deepest.depth == DEEPEST
    said = [warning for child in await ingestion.service.children(ANN, parent.id) for warning in child.warnings]
    assert said == ["1 files inside were left: they are packed too deeply."]


async def test_what_finds_no_room_is_left_and_counted(ingestion: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = ingestion.handler._extracting._attachments
    monkeypatch.setattr(keeper, "_tenant_limits", TenantLimits(documents=3))
    parent = await uploaded(ingestion, zipped({f"{name}.txt": name for name in "abcd"}))
    assert sorted(await inside(ingestion, parent)) == ["a.txt", "b.txt"]
    assert [warning for warning in await warnings(ingestion, parent) if warning.startswith("2 files inside")]


async def test_more_files_than_one_transaction_takes_come_and_go_in_several(
    ingestion: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "AT_ONCE", 2)
    parent = await uploaded(ingestion, zipped({f"{name}.txt": name for name in "abcde"}))
    assert sorted(await inside(ingestion, parent)) == [f"{name}.txt" for name in "abcde"]
    await ingestion.replace(ANN, parent.id, zipped({f"{name}.txt": name for name in "efg"}), "a.zip")
    await ingestion.work_off()
    assert sorted(await inside(ingestion, parent)) == [f"{name}.txt" for name in "efg"]
    assert (await ingestion.service.get(ANN, parent.id)).version == 2


async def test_what_finds_no_room_is_counted_once_over_several_transactions(
    ingestion: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "AT_ONCE", 2)
    keeper = ingestion.handler._extracting._attachments
    monkeypatch.setattr(keeper, "_tenant_limits", TenantLimits(documents=4))
    parent = await uploaded(ingestion, zipped({f"{name}.txt": name for name in "abcdef"}))
    assert len(await inside(ingestion, parent)) == 3
    assert [warning for warning in await warnings(ingestion, parent) if warning.startswith("3 files inside")]


async def test_more_files_than_one_transaction_takes_are_shared_in_several(
    ingestion: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "AT_ONCE", 2)
    parent = await uploaded(ingestion, zipped({f"{name}.txt": name for name in "abcde"}))
    shared = await ingestion.service.change(ANN, parent.id, DocumentChange(readers=("user:bob",), title="New"))
    assert (shared.readers, shared.title) == (("user:bob",), "New")
    assert {child.readers for child in (await inside(ingestion, parent)).values()} == {("user:bob",)}
