import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Callable, Collection
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from footnote.modules.evaluation import CorpusDocument, ProgressListener, Stage
from footnote.modules.evaluation.loader import DocumentsLoader
from footnote.modules.ingestion import Document
from footnote.platform.principal import LOCAL, Principal

MakeDocument = Callable[..., Document]


class MemoryDocuments:
    """De-duplicates by owner and content; tells of work under way until asked `pending` times."""

    def __init__(self, make_document: MakeDocument, *, pending: int = 0, status: str = "ready") -> None:
        self.stored: dict[tuple[str, str], Document] = {}
        self.titles: list[str | None] = []
        self._make_document = make_document
        self._pending = pending
        self._status = status

    async def upload(
        self,
        principal: Principal,
        content: AsyncIterable[bytes],
        *,
        filename: str,
        title: str | None = None,
        readers: Collection[str] = (),
        metadata: dict[str, Any] | None = None,
    ) -> tuple[Document, bool]:
        key = (principal.subject, hashlib.sha256(b"".join([block async for block in content])).hexdigest())
        known = key in self.stored
        new = self._make_document(str(len(self.stored)), self._status, principal.subject, tuple(readers))
        self.titles.append(title)
        return self.stored.setdefault(key, new), known

    async def get(self, principal: Principal, document_id: str) -> Document:
        found = next(document for document in self.stored.values() if document.id == document_id)
        assert principal.may_read(tenant=principal.tenant, owner=found.owner, readers=found.readers)
        self._pending -= 1
        return found if self._pending < 0 else replace(found, status="embedding")

    async def readable(self, principal: Principal, document_ids: Collection[str]) -> set[str]:
        return set(document_ids)


async def corpus(*contents: str) -> AsyncIterator[CorpusDocument]:
    for index, content in enumerate(contents):
        yield CorpusDocument(doc_id=f"doc-{index}", title=content.title(), filename="", content=content)


async def load(documents: MemoryDocuments, progress: ProgressListener, *contents: str) -> dict[str, Document]:
    loader = DocumentsLoader(documents, poll=timedelta(0))
    return await loader.load(LOCAL, corpus(*contents), total=len(contents), progress=progress)


async def test_every_document_is_uploaded(make_document: MakeDocument, progress: ProgressListener) -> None:
    documents = MemoryDocuments(make_document)
    loaded = await load(documents, progress, "a", "b")
    assert {doc_id: document.id for doc_id, document in loaded.items()} == {"doc-0": "0", "doc-1": "1"}
    assert documents.titles == ["A", "B"]


async def test_equal_contents_stay_two_documents(make_document: MakeDocument, progress: ProgressListener) -> None:
    loaded = await load(MemoryDocuments(make_document), progress, "same", "same", "same")
    assert len({document.id for document in loaded.values()}) == 3
    assert [document.owner for document in loaded.values()] == ["local", "local-copy-1", "local-copy-2"]


async def test_what_is_in_the_store_already_is_used(make_document: MakeDocument, progress: ProgressListener) -> None:
    documents = MemoryDocuments(make_document)
    first = await load(documents, progress, "a", "same", "same")
    assert await load(documents, progress, "a", "same", "same") == first
    assert len(documents.stored) == 3


async def test_loading_waits_for_the_work_to_end(
    make_document: MakeDocument, progress: ProgressListener, heard: dict[Stage, tuple[int, int]]
) -> None:
    loaded = await load(MemoryDocuments(make_document, pending=3), progress, "a", "b")
    assert {document.status for document in loaded.values()} == {"ready"}
    assert heard == {"uploading": (2, 2), "ingesting": (2, 2)}


@pytest.mark.parametrize("status", ["failed", "cancelled"])
async def test_a_document_that_fails_is_returned(
    make_document: MakeDocument, progress: ProgressListener, status: str
) -> None:
    loaded = await load(MemoryDocuments(make_document, status=status), progress, "a")
    assert loaded["doc-0"].status == status
