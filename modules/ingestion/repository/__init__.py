"""Where documents, their versions and their events are kept: the port that `sqlite` and `mongo` implement."""

from collections.abc import Collection
from datetime import timedelta
from typing import Protocol

from footnote.modules.ingestion.models import (
    Document,
    DocumentChange,
    DocumentEvent,
    DocumentPage,
    Plan,
    Receipt,
    Status,
    Usage,
    Version,
)
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction


class DocumentRepository(Protocol):
    """Every addition, change and deletion appends an event in the same transaction."""

    async def add(self, tx: Transaction, tenant: str, document: Document, *, source: str | None = None) -> None:
        """
        Raises:
            DuplicateDocument: The owner has a document with the same bytes, in the same parent or like it in none.
        """
        ...

    async def change(
        self,
        tx: Transaction,
        tenant: str,
        document_id: str,
        change: DocumentChange,
        *,
        renew: bool = False,
        reread: bool = False,
    ) -> Document:
        """Set the fields of `change` and the time of the update; the document as it is then.

        `renew` begins a revision of its plan; `reread` makes all versions so far stale.

        Raises:
            DocumentNotFound: It was deleted.
            DuplicateDocument: The owner has another document with these bytes.
        """
        ...

    async def current(self, tx: Transaction, tenant: str, document_id: str) -> Document:
        """As the transaction sees it, whoever may read it.

        Raises:
            DocumentNotFound: It was deleted.
        """
        ...

    async def plan(self, tx: Transaction, tenant: str, document_id: str) -> Plan:
        """
        Raises:
            DocumentNotFound: It was deleted.
        """
        ...

    async def contents(self, tx: Transaction, tenant: str, document_id: str) -> set[str]:
        """SHA-256 of all originals of which there are versions."""
        ...

    async def children(self, tx: Transaction, tenant: str, document_id: str) -> list[Document]:
        """The documents that came in this one, first come first; not theirs in turn."""
        ...

    async def inside(self, tx: Transaction, tenant: str, document_id: str) -> list[Document]:
        """All that came in this one, however deeply: each after what it came in."""
        ...

    async def by_source(self, principal: Principal, source: str) -> Document | None:
        """The document of `principal` that is kept in step with `source`."""
        ...

    async def usage(self, tx: Transaction, tenant: str) -> Usage:
        """It holds until the transaction ends: another that asks, too, comes before or after."""
        ...

    async def family(self, tx: Transaction, tenant: str, document_id: str) -> Usage:
        """All that came in the same upload as this document, however deeply, but what came in this one.

        It holds as `usage` does.
        """
        ...

    async def delete(self, tx: Transaction, tenant: str, document_id: str) -> list[Version]:
        """Delete the document, its versions, which are returned, and its earlier events.

        Raises:
            DocumentNotFound: The tenant has none, or no longer.
        """
        ...

    async def get(self, principal: Principal, document_id: str) -> Document:
        """
        Raises:
            DocumentNotFound: There is none that `principal` may read.
        """
        ...

    async def same_bytes(self, principal: Principal, sha256: str) -> Document | None:
        """The document of these bytes that `principal` owns and that came in no other."""
        ...

    async def receipt(self, principal: Principal, key: str) -> Receipt | None:
        """What `principal` uploaded under this idempotency key, unless it was deleted since."""
        ...

    async def add_receipt(self, tx: Transaction, principal: Principal, key: str, receipt: Receipt) -> None:
        """
        Raises:
            IdempotencyKeyReused: The key stands for another upload.
        """
        ...

    async def page(
        self,
        principal: Principal,
        *,
        status: Status | None,
        query: str,
        cursor: str | None,
        limit: int,
        parent_id: str | None = None,
    ) -> DocumentPage:
        """Newest first; `query` is part of the title, case ignored; `parent_id` keeps those that came in it."""
        ...

    async def readable(self, principal: Principal, document_ids: Collection[str]) -> set[str]: ...

    async def add_version(self, tx: Transaction, tenant: str, version: Version) -> None: ...

    async def version(self, principal: Principal, document_id: str, number: int) -> Version:
        """
        Raises:
            VersionNotFound: There is none of a document that `principal` may read.
        """
        ...

    async def record_chunking(self, tx: Transaction, tenant: str, version: Version, chunking: str) -> None:
        """Note the chunker whose chunks of `version` are published."""
        ...

    async def version_of(
        self, principal: Principal, document_id: str, content: str, extractor: str, *, after: int = 0
    ) -> Version | None:
        """The last version, if `extractor` made it of `content` and its number is greater than `after`.

        What the document has beside its text, such as its attachments, is in step with the last version alone.
        """
        ...

    async def last_version(self, tx: Transaction, tenant: str, document_id: str) -> int:
        """The greatest number of a version so far; 0 before the first."""
        ...

    async def last_event(self) -> int:
        """The greatest sequence so far; 0 before the first."""
        ...

    async def events(
        self, principal: Principal, after: int, *, document_id: str | None = None, limit: int = 100
    ) -> list[DocumentEvent]:
        """What happened since, oldest first, to documents that `principal` could read when it happened."""
        ...

    async def forget_events(self, age: timedelta) -> None:
        """Delete the events older than `age`."""
        ...
