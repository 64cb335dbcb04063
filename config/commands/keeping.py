"""Files kept in step with the documents that came from them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple, Protocol

from footnote.config.commands.console import readable
from footnote.config.commands.folders import pieces, sha256_of, source_of
from footnote.config.commands.following import SETTLED, DocumentFamilies
from footnote.config.commands.settling import Stamp, stamp_of
from footnote.modules.ingestion import Document
from footnote.platform.principal import Principal


class Intake(DocumentFamilies, Protocol):
    """The part of ingestion that this needs."""

    async def upload(
        self, principal: Principal, content: AsyncIterator[bytes], *, filename: str, source: str
    ) -> tuple[Document, bool]: ...

    async def replace(
        self, principal: Principal, document_id: str, content: AsyncIterator[bytes], *, filename: str
    ) -> Document: ...

    async def from_source(self, principal: Principal, source: str) -> Document | None: ...


class Known(NamedTuple):
    stamp: Stamp | None  # of the file when it was read
    document_id: str | None  # None for a file that was never taken in


class Taken(NamedTuple):
    document: Document
    is_news: bool  # whether it is any different from what was known before
    orphans: list[Path]  # other files with the bytes that the document had until now


class Keeper:
    """Takes files in; one whose path has a document becomes a new version of it, if its bytes are others."""

    def __init__(self, ingestion: Intake, principal: Principal) -> None:
        self._ingestion = ingestion
        self._principal = principal
        self._known: dict[Path, Known] = {}

    async def take(self, path: Path) -> Taken:
        """
        Raises:
            FootnoteError, OSError: The file was not taken in.
        """
        stamp = stamp_of(path)
        # Whatever comes of it, nothing more is to be done about the file until it changes.
        self._known[path] = Known(stamp, self._document_id(path))
        before = await self._ingestion.from_source(self._principal, source_of(path))
        document = await self._stored(path, before)
        is_changed = before is not None and document.sha256 != before.sha256
        orphans = self._others(path, document.id) if is_changed else []
        self._known[path] = Known(stamp, document.id)
        return Taken(document, document is not before or document.status not in SETTLED, orphans)

    def forget(self, path: Path) -> Known | None:
        """What was known of it."""
        return self._known.pop(path, None)

    def is_known(self, path: Path, stamp: Stamp) -> bool:
        """Whether it was read, or refused, as it is now."""
        return path in self._known and self._known[path].stamp == stamp

    def paths(self) -> list[Path]:
        return list(self._known)

    def _document_id(self, path: Path) -> str | None:
        return self._known[path].document_id if path in self._known else None

    def _others(self, path: Path, document_id: str) -> list[Path]:
        return [other for other, known in self._known.items() if known.document_id == document_id and other != path]

    async def _stored(self, path: Path, before: Document | None) -> Document:
        name = readable(path.name)
        if before is None:
            document, _ = await self._ingestion.upload(
                self._principal, pieces(path), filename=name, source=source_of(path)
            )
            return document
        if before.sha256 == await asyncio.to_thread(sha256_of, path):
            return before
        return await self._ingestion.replace(self._principal, before.id, pieces(path), filename=name)
