"""Brings a corpus in through ingestion."""

import asyncio
from collections.abc import AsyncIterable
from datetime import timedelta
from itertools import count

import msgspec

from footnote.modules.evaluation import CorpusDocument, ProgressListener
from footnote.modules.ingestion import Document, Documents
from footnote.platform.principal import TENANT_READER, Principal

SETTLED = frozenset({"ready", "failed", "cancelled"})


class DocumentsLoader:
    """A `CorpusLoader` over `Documents`; somebody else must be running the jobs that an upload queues."""

    def __init__(self, documents: Documents, *, poll: timedelta = timedelta(milliseconds=100)) -> None:
        self._documents = documents
        self._poll = poll

    async def load(
        self, principal: Principal, corpus: AsyncIterable[CorpusDocument], *, total: int, progress: ProgressListener
    ) -> dict[str, Document]:
        uploaded: dict[str, str] = {}
        taken: set[str] = set()
        async for source in corpus:
            uploaded[source.doc_id] = await self._upload(principal, source, taken)
            progress(len(uploaded), total, "uploading")
        return await self._settle(principal, uploaded, progress)

    async def _upload(self, principal: Principal, source: CorpusDocument, taken: set[str]) -> str:
        """The id of a document that no earlier `doc_id` has: what one owner has already, the next one uploads."""
        for copy in count():
            owner = principal if copy == 0 else _another(principal, copy)
            document = await self._upload_as(owner, source)
            if document.id not in taken:
                break
        taken.add(document.id)
        return document.id

    async def _upload_as(self, owner: Principal, source: CorpusDocument) -> Document:
        document, _ = await self._documents.upload(
            owner, source.read(), filename=source.filename, title=source.title, readers=(TENANT_READER,)
        )
        return document

    async def _settle(
        self, principal: Principal, uploaded: dict[str, str], progress: ProgressListener
    ) -> dict[str, Document]:
        settled: dict[str, Document] = {}
        for doc_id, document_id in uploaded.items():
            settled[doc_id] = await self._settled(principal, document_id)
            progress(len(settled), len(uploaded), "ingesting")
        return settled

    async def _settled(self, principal: Principal, document_id: str) -> Document:
        while True:
            document = await self._documents.get(principal, document_id)
            if document.status in SETTLED:
                return document
            await asyncio.sleep(self._poll.total_seconds())


def _another(principal: Principal, copy: int) -> Principal:
    return msgspec.structs.replace(principal, subject=f"{principal.subject}-copy-{copy}")
