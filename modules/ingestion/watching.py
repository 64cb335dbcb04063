"""What happens to documents, as it happens, in this process or another."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

from footnote.modules.ingestion.models import DocumentEvent
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.platform.principal import Principal

POLL = timedelta(milliseconds=250)
BATCH = 100


class DocumentWatcher:
    def __init__(self, documents: DocumentRepository) -> None:
        self._documents = documents

    async def watch(
        self, principal: Principal, *, after: int | None = None, document_id: str | None = None
    ) -> AsyncIterator[DocumentEvent]:
        """Events with a sequence greater than `after`, or from now on, without end.

        Raises:
            DocumentNotFound: `document_id` is none that `principal` may read.
        """
        last = await self._documents.last_event()
        seen = last if after is None else min(after, last)  # greater only if the store is another than then
        while True:
            batch = await self._documents.events(principal, seen, document_id=document_id, limit=BATCH)
            for event in batch:
                seen = event.sequence
                yield event
            if len(batch) < BATCH:
                await asyncio.sleep(POLL.total_seconds())
