"""Ingestion: documents in. Other slices import from here and nowhere deeper."""

from collections.abc import AsyncIterable, Collection, Sequence
from typing import Any, Protocol

from footnote.modules.ingestion.models import Document, Located, Place
from footnote.platform.principal import Principal

__all__ = ["Document", "Documents", "Located", "Place", "SpanLocator"]


class Documents(Protocol):
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
        """Keep the bytes and queue the document; the document, and whether the owner had uploaded it before.

        Raises:
            TooLarge: More bytes than the setting allows.
            UnsupportedType: Nothing here reads this kind of content.
        """
        ...

    async def get(self, principal: Principal, document_id: str) -> Document:
        """
        Raises:
            DocumentNotFound: There is none that `principal` may read.
        """
        ...

    async def readable(self, principal: Principal, document_ids: Collection[str]) -> set[str]:
        """Those of `document_ids` that exist and that `principal` may read now."""
        ...


class SpanLocator(Protocol):
    async def locate(
        self, principal: Principal, document_id: str, version: int, spans: Sequence[tuple[int, int]]
    ) -> list[Located]:
        """Quote and place of each code point span [start, end) of one document version.

        Raises:
            DocumentNotFound: There is no such version that `principal` may read.
        """
        ...

    async def heads(self, principal: Principal, document_id: str, version: int, position: int) -> list[tuple[int, int]]:
        """Spans of what stands above the row of a table that `position` is in: a caption, and the heads of its columns.

        In order, and empty elsewhere.

        Raises:
            DocumentNotFound: There is no such version that `principal` may read.
        """
        ...
