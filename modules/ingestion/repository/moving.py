"""Documents on their way from one store to another: what either kind of store gives out and takes in."""

from typing import Protocol

import msgspec

from footnote.modules.ingestion.models import Document, Plan, Receipt, Version
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction

SETTLED = frozenset({"ready", "failed", "cancelled"})


class KeyedReceipt(msgspec.Struct, frozen=True, kw_only=True):
    owner: str
    key: str
    sha256: str


class DocumentRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A document with all that belongs to it but bytes and chunks. One that was being worked on is queued in it."""

    tenant: str
    source: str | None  # the path that it is kept in step with
    document: Document
    plan: Plan
    versions: tuple[Version, ...]  # by number
    receipts: tuple[KeyedReceipt, ...]  # by owner and key

    @property
    def is_settled(self) -> bool:
        return self.document.status in SETTLED

    @property
    def uses(self) -> list[str]:
        """SHA-256 of the bytes, once for each use that is counted."""
        contents = {self.document.sha256, *(version.content for version in self.versions)}
        return [*sorted(contents), *(version.extraction for version in self.versions)]

    def is_same(self, other: "DocumentRecord") -> bool:
        """Whether nothing but the progress of unfinished work tells them apart."""
        updated_at = other.document.updated_at if not self.is_settled else self.document.updated_at
        document = msgspec.structs.replace(self.document, updated_at=updated_at)
        return msgspec.structs.replace(self, document=document) == other


class DocumentMoving(Protocol):
    async def following(self, after: str) -> DocumentRecord | None:
        """The document with the next id, of whichever tenant, as it is at one moment; "" comes before all."""
        ...

    async def restore(self, tx: Transaction, record: DocumentRecord) -> None:
        """Add what `following` gave, where there is nothing of it."""
        ...


def at_rest(document: Document) -> Document:
    if document.status in SETTLED:
        return document
    return msgspec.structs.replace(document, status="queued", progress=None)


async def restore_parts(documents: DocumentRepository, tx: Transaction, record: DocumentRecord) -> None:
    """All but the plan."""
    tenant, document = record.tenant, record.document
    await documents.add(tx, tenant, document, source=record.source)
    for version in record.versions:
        await documents.add_version(tx, tenant, version)
    for receipt in record.receipts:
        owner = Principal(tenant=tenant, subject=receipt.owner)
        await documents.add_receipt(tx, owner, receipt.key, Receipt(sha256=receipt.sha256, document_id=document.id))
