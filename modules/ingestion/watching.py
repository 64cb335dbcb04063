"""What happens to documents, as it happens, in this process or another."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta

from footnote.modules.ingestion.models import DocumentEvent
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.platform.principal import Principal

POLL = timedelta(milliseconds=250)
BATCH = 100


class DocumentWatcher:
    def __init__(self, documents: DocumentRepository) -> None:
        self._documents = documents
        self._head = _Head(documents)

    async def watch(
        self, principal: Principal, *, after: int | None = None, document_id: str | None = None
    ) -> AsyncIterator[DocumentEvent]:
        """Events with a sequence greater than `after`, or from now on, without end.

        Raises:
            DocumentNotFound: `document_id` is none that `principal` may read.
        """
        last = await self._documents.last_event()
        seen = last if after is None else min(after, last)  # greater only if the store is another than then
        with self._head.watched():
            while True:
                head = self._head.sequence
                batch = await self._documents.events(principal, seen, document_id=document_id, limit=BATCH)
                for event in batch:
                    seen = event.sequence
                    yield event
                if len(batch) < BATCH:
                    seen = max(seen, head)  # what is for others need not be passed over again
                    await self._head.beyond(head)


class _Head:
    """The sequence of the last event: looked up for all who watch at once, and only while somebody does."""

    def __init__(self, documents: DocumentRepository) -> None:
        self.sequence = -1
        self._documents = documents
        self._news = asyncio.Event()
        self._watchers = 0
        self._polling: asyncio.Task[None] | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        self._watchers += 1
        if self._polling is None or self._polling.done():
            self._polling = asyncio.create_task(self._poll())
        try:
            yield
        finally:
            self._watchers -= 1
            if not self._watchers and self._polling is not None:
                self._polling.cancel()
                self._polling = None

    async def beyond(self, sequence: int) -> None:
        """Wait until there are later events.

        Raises:
            Unavailable: The store does not answer.
        """
        while self.sequence <= sequence:
            if self._polling is not None and self._polling.done():
                self._polling.result()
            await self._news.wait()

    async def _poll(self) -> None:
        try:
            while True:
                sequence = await self._documents.last_event()
                if sequence != self.sequence:
                    self.sequence = sequence
                    self._tell()
                await asyncio.sleep(POLL.total_seconds())
        finally:
            self._tell()  # whoever waits learns from the task how it ended

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
