"""What becomes of documents that were taken in."""

from collections.abc import AsyncGenerator
from itertools import islice
from typing import NamedTuple, Protocol

from footnote.modules.ingestion import Document
from footnote.platform.errors import NotFound
from footnote.platform.principal import Principal

SETTLED = {"ready", "failed", "cancelled"}
BATCH = 50  # documents looked at once; with thousands under way, the store has better to do


class DocumentFamilies(Protocol):
    async def get(self, principal: Principal, document_id: str) -> Document: ...

    async def children(self, principal: Principal, document_id: str) -> list[Document]: ...


class Followed(NamedTuple):
    document_id: str
    label: str  # where it came from
    is_news: bool  # whether anything about it has changed


class Following:
    """Documents under way, with those inside them; another process may be the one that works on them."""

    def __init__(self, ingestion: DocumentFamilies, principal: Principal) -> None:
        self._ingestion = ingestion
        self._principal = principal
        self._waiting: dict[str, None] = {}  # in the order in which they are looked at
        self._known: dict[str, Followed] = {}

    def follow(self, document_id: str, label: str, *, is_news: bool = True) -> None:
        if document_id in self._waiting:
            is_news = is_news or self._known[document_id].is_news
        self._waiting.setdefault(document_id)
        self._known[document_id] = Followed(document_id, label, is_news)

    @property
    def known(self) -> list[Followed]:
        """All that are or were followed."""
        return list(self._known.values())

    @property
    def is_idle(self) -> bool:
        return not self._waiting

    async def look(self) -> AsyncGenerator[tuple[Followed, Document | None], None]:
        """Each document that has settled since the last look; None for one that was deleted.

        Raises:
            Unavailable: The store is; look again later.
        """
        for document_id in list(islice(self._waiting, BATCH)):
            del self._waiting[document_id]  # at once: whoever follows it again meanwhile asks for another look
            is_settled = False
            try:
                document = await self._existing(document_id)
                if document is not None and document.status in SETTLED:
                    await self._follow_children(document)
                is_settled = document is None or document.status in SETTLED
            finally:
                if not is_settled:
                    self._waiting.setdefault(document_id)  # behind the others
            if is_settled:
                yield self._known[document_id], document

    async def under_way(self) -> list[Document]:
        """Those that have not settled, as they are now."""
        documents = [await self._existing(document_id) for document_id in list(self._waiting)]
        return [document for document in documents if document is not None]

    async def _existing(self, document_id: str) -> Document | None:
        try:
            return await self._ingestion.get(self._principal, document_id)
        except NotFound:
            return None

    async def _follow_children(self, document: Document) -> None:
        try:
            inside = await self._ingestion.children(self._principal, document.id)
        except NotFound:
            return  # deleted at this moment
        parent = self._known[document.id]
        for child in inside:
            if child.id not in self._known:
                self.follow(child.id, f"{parent.label}: {child.filename}", is_news=parent.is_news)
