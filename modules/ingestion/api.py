"""HTTP of ingestion."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Any

import msgspec
from litestar import Request, Router, delete, get, patch, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, MultipartBody, Parameter

from footnote.modules.ingestion import content_api, watching_api
from footnote.modules.ingestion.arriving import LONGEST_TITLE
from footnote.modules.ingestion.errors import InvalidMetadata
from footnote.modules.ingestion.models import (
    DeletionReport,
    Document,
    DocumentChange,
    DocumentPage,
    Status,
)
from footnote.modules.ingestion.service import IngestionService
from footnote.platform.principal import Principal

PIECE = 1 << 18  # bytes
MOST_ITEMS = 200
MOST_METADATA = 16_384  # bytes as JSON

Scalar = str | int | float | bool | None
Metadata = dict[str, Scalar]
Title = Annotated[str, msgspec.Meta(pattern=r"\S", max_length=LONGEST_TITLE)]
Priority = Annotated[int, msgspec.Meta(ge=-100, le=100)]
Limit = Annotated[int, Parameter(ge=1, le=MOST_ITEMS)]
IdempotencyKey = Annotated[str | None, HeaderParameter(name="Idempotency-Key", min_length=1, max_length=255)]


class UploadForm(msgspec.Struct, forbid_unknown_fields=True):
    file: list[UploadFile]
    title: Title | None = None
    metadata: str | None = None  # a JSON object
    readers: list[str] = msgspec.field(default_factory=list)
    chunking: str | None = None  # the name of a chunker
    priority: Priority = 0  # greater goes first


class UploadedDocument(Document, frozen=True, kw_only=True):
    duplicate: bool


class UploadedDocuments(msgspec.Struct, frozen=True, kw_only=True):
    items: list[UploadedDocument]
    next_cursor: None = None


class DocumentPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Title | msgspec.UnsetType = msgspec.UNSET
    readers: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    metadata: Metadata | msgspec.UnsetType = msgspec.UNSET


class Reindexing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    chunking: str | None = None
    extract: bool = False


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """Whether documents of this tenant are being worked on."""

    is_paused: bool


@post("/documents", status_code=202)
async def upload_documents(
    data: MultipartBody[UploadForm],
    principal: NamedDependency[Principal],
    ingestion: NamedDependency[IngestionService],
    idempotency_key: IdempotencyKey = None,
) -> UploadedDocuments:
    """Keep the files and queue them. A problem with one file says so; the files before it are kept."""
    metadata = parse_metadata(data.metadata)
    items = []
    for place, file in enumerate(data.file):
        document, duplicate = await ingestion.upload(
            principal,
            pieces(file),
            filename=clean_filename(file.filename),
            title=data.title,
            readers=data.readers,
            metadata=metadata,
            chunking=data.chunking,
            priority=data.priority,
            idempotency_key=idempotency_key and f"{place}:{idempotency_key}",
        )
        items.append(UploadedDocument(**msgspec.structs.asdict(document), duplicate=duplicate))
    return UploadedDocuments(items=items)


@get("/documents")
async def list_documents(
    principal: NamedDependency[Principal],
    ingestion: NamedDependency[IngestionService],
    status: FromQuery[Status | None] = None,
    q: FromQuery[str] = "",
    cursor: FromQuery[str | None] = None,
    limit: Limit = 50,
    parent_id: FromQuery[str | None] = None,
) -> DocumentPage:
    """Newest first; `parent_id` keeps those that came in that document."""
    return await ingestion.page(principal, status=status, query=q, cursor=cursor, limit=limit, parent_id=parent_id)


@get("/documents/{document_id:str}")
async def read_document(
    document_id: FromPath[str], principal: NamedDependency[Principal], ingestion: NamedDependency[IngestionService]
) -> Document:
    return await ingestion.get(principal, document_id)


@patch("/documents/{document_id:str}")
async def change_document(
    document_id: FromPath[str],
    data: JSONBody[DocumentPatch],
    principal: NamedDependency[Principal],
    ingestion: NamedDependency[IngestionService],
) -> Document:
    """Retitle, share, describe."""
    metadata = data.metadata if data.metadata is msgspec.UNSET else checked_metadata(data.metadata)
    change = DocumentChange(title=data.title, readers=data.readers, metadata=metadata)
    return await ingestion.change(principal, document_id, change)


@delete("/documents/{document_id:str}", status_code=200)
async def delete_document(
    document_id: FromPath[str], principal: NamedDependency[Principal], ingestion: NamedDependency[IngestionService]
) -> DeletionReport:
    """Remove the document and everything made of it; the report counts what went."""
    return await ingestion.delete(principal, document_id)


@dataclass
class RawBody(Operation):
    """Says in the schema that the body is a file as it is."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        self.request_body = RequestBody(content={"application/octet-stream": file}, required=True)


@put("/documents/{document_id:str}/content", status_code=202, operation_class=RawBody)
async def replace_content(
    document_id: FromPath[str],
    request: Request[Any, Any, Any],
    principal: NamedDependency[Principal],
    ingestion: NamedDependency[IngestionService],
    filename: FromQuery[str | None] = None,
) -> Document:
    """The body is the new file. Searches and citations meet the old version until the new one is ready."""
    document = await ingestion.get(principal, document_id)
    name = document.filename if filename is None else clean_filename(filename)
    return await ingestion.replace(principal, document_id, request.stream(), filename=name)


@post("/documents/{document_id:str}/reindex", status_code=202)
async def reindex_document(
    document_id: FromPath[str],
    principal: NamedDependency[Principal],
    ingestion: NamedDependency[IngestionService],
    data: JSONBody[Reindexing | None] = None,
) -> Document:
    """Cut and embed again, by another chunker if named; with `extract`, read the file again, too."""
    wanted = data or Reindexing()
    return await ingestion.reindex(principal, document_id, chunking=wanted.chunking, extract=wanted.extract)


@post("/documents/{document_id:str}/cancel", status_code=202)
async def cancel_document(
    document_id: FromPath[str], principal: NamedDependency[Principal], ingestion: NamedDependency[IngestionService]
) -> Document:
    """Stop working on it; what is published stays. A worker takes a moment to notice."""
    return await ingestion.cancel(principal, document_id)


@post("/documents/{document_id:str}/retry", status_code=202)
async def retry_document(
    document_id: FromPath[str], principal: NamedDependency[Principal], ingestion: NamedDependency[IngestionService]
) -> Document:
    """Try again what failed or was cancelled."""
    return await ingestion.retry(principal, document_id)


@get("/documents:queue")
async def read_queue(principal: NamedDependency[Principal], ingestion: NamedDependency[IngestionService]) -> Queue:
    return Queue(is_paused=await ingestion.is_paused(principal))


@post("/documents:pause", status_code=200)
async def pause_queue(principal: NamedDependency[Principal], ingestion: NamedDependency[IngestionService]) -> Queue:
    """Begin no more documents of this tenant; those under way go on. For admins."""
    await ingestion.pause(principal)
    return Queue(is_paused=True)


@post("/documents:resume", status_code=200)
async def resume_queue(principal: NamedDependency[Principal], ingestion: NamedDependency[IngestionService]) -> Queue:
    await ingestion.resume(principal)
    return Queue(is_paused=False)


async def pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE):
        yield piece


def clean_filename(name: str) -> str:
    """The last part of what the client calls the file, without characters that no name should have."""
    last = PurePath(name.replace("\\", "/")).name
    shown = "".join(character for character in last if character.isprintable())[:255]
    return shown if shown.strip(" .") else "unnamed"


def parse_metadata(text: str | None) -> dict[str, Any]:
    """
    Raises:
        InvalidMetadata: It is not a JSON object of scalars, or too large.
    """
    if text is None:
        return {}
    try:
        return checked_metadata(msgspec.json.decode(text, type=Metadata))
    except msgspec.DecodeError as error:
        raise InvalidMetadata(str(error)) from None


def checked_metadata(metadata: Metadata) -> Metadata:
    """
    Raises:
        InvalidMetadata: It is too large.
    """
    if len(msgspec.json.encode(metadata)) > MOST_METADATA:
        raise InvalidMetadata(f"it has more than {MOST_METADATA} bytes")
    return metadata


router = Router(
    "/api/v1",
    route_handlers=[
        upload_documents,
        list_documents,
        read_document,
        change_document,
        delete_document,
        replace_content,
        reindex_document,
        cancel_document,
        retry_document,
        read_queue,
        pause_queue,
        resume_queue,
        *content_api.HANDLERS,
        *watching_api.HANDLERS,
    ],
    tags=["documents"],
)
