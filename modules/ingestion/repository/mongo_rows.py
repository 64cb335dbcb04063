"""Documents, versions and events as documents of MongoDB."""

from typing import Any

import msgspec

from footnote.modules.ingestion.models import Document, DocumentChange, DocumentEvent, Version
from footnote.modules.ingestion.repository.rows import document_of, row_of
from footnote.platform.principal import Principal

# BSON has neither all numbers nor all names of fields that JSON has.
AS_JSON = frozenset({"progress", "metadata", "error"})


def from_document(tenant: str, document: Document, source: str | None) -> dict[str, Any]:
    row = row_of(document, AS_JSON)
    return {
        "_id": row.pop("id"),
        "tenant": tenant,
        **row,
        **derived(DocumentChange(title=document.title, readers=document.readers), document.owner),
        **({} if source is None else {"source": source}),
        "revision": 0,
        "stale_through": 0,
    }


def to_document(row: dict[str, Any]) -> Document:
    return document_of({**row, "id": row["_id"]}, AS_JSON)


def derived(change: DocumentChange, owner: str) -> dict[str, Any]:
    """What is kept beside the fields of `change`, for queries alone."""
    values: dict[str, Any] = {}
    if change.title is not msgspec.UNSET:
        values["folded_title"] = change.title.casefold()
    if change.readers is not msgspec.UNSET:
        values["may_read"] = may_read(owner, change.readers)
    return values


def may_read(owner: str, readers: tuple[str, ...]) -> list[str]:
    """With the owner as one of the readers, so that one index serves both."""
    return sorted({*readers, f"user:{owner}"})


def readable_by(principal: Principal) -> dict[str, Any]:
    return {"tenant": principal.tenant, "may_read": {"$in": sorted(principal.readers)}}


def with_part(text: str) -> dict[str, Any]:
    """Of the title, case ignored."""
    return {"$expr": {"$gte": [{"$indexOfCP": ["$folded_title", {"$literal": text.casefold()}]}, 0]}}


def from_version(tenant: str, version: Version) -> dict[str, Any]:
    return {"_id": version_id(version.document_id, version.number), "tenant": tenant, **msgspec.structs.asdict(version)}


def to_version(row: dict[str, Any]) -> Version:
    return msgspec.convert(row, Version)


def version_id(document_id: str, number: int) -> str:
    return f"{document_id}/{number}"


def to_event(row: dict[str, Any]) -> DocumentEvent:
    document = None if row["document"] is None else msgspec.json.decode(row["document"], type=Document)
    return DocumentEvent(sequence=int(row["_id"]), document_id=row["document_id"], document=document)
