"""HTTP of ingestion."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response, Router, WebSocket, delete, get, patch, post, put, websocket
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, MultipartBody, Parameter
from litestar.response import Stream

from footnote.modules.ingestion.errors import InvalidMetadata, PageNotFound
from footnote.modules.ingestion.models import (
    DeletionReport,
    Document,
    DocumentChange,
    DocumentEvent,
    DocumentPage,
    Status,
)
from footnote.modules.ingestion.reader import DocumentReader
from footnote.modules.ingestion.service import IngestionService
from footnote.modules.ingestion.uploads import LONGEST_TITLE
from footnote.modules.ingestion.watching import DocumentWatcher
from footnote.platform.http.event_stream import ServerEvent
from footnote.platform.http.socket_stream import stream_events
from footnote.platform.http.sse import ServerSentEvents
from footnote.platform.principal import Principal

PIECE = 1 << 18  # bytes
MOST_ITEMS = 200
MOST_METADATA = 16_384  # bytes as JSON
MOST_INTEGER = (1 << 63) - 1  # that stores can compare with
SANDBOXED = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}

Scalar = str | int | float | bool | None
Metadata = dict[str, Scalar]
Title = Annotated[str, msgspec.Meta(pattern=r"\S", max_length=LONGEST_TITLE)]
Priority = Annotated[int, msgspec.Meta(ge=-100, le=100)]
Limit = Annotated[int, Parameter(ge=1, le=MOST_ITEMS)]
Version = Annotated[int | None, Parameter(ge=1, le=MOST_INTEGER)]
IdempotencyKey = Annotated[str | None, HeaderParameter(name="Idempotency-Key", min_length=1, max_length=255)]
LastEventId = Annotated[int | None, HeaderParameter(name="Last-Event-ID", ge=0, le=MOST_INTEGER)]


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


@websocket("/ws/documents")
async def watch_documents_by_socket(
    socket: WebSocket[Any, Any, Any],
    principal: NamedDependency[Principal],
    watcher: NamedDependency[DocumentWatcher],
    after: Annotated[int | None, Parameter(ge=0, le=MOST_INTEGER)] = None,
) -> None:
    """The events of `/documents/events`, after the sequence `after` or from now on."""
    await stream_events(socket, watcher.watch(principal, after=after), as_event)


@get("/documents/events", media_type="text/event-stream")
async def watch_documents(
    principal: NamedDependency[Principal], watcher: NamedDependency[DocumentWatcher], last_event_id: LastEventId = None
) -> ServerSentEvents[DocumentEvent]:
    """`document` with the document at each change, `deleted` with its id; from now on or after `Last-Event-ID`."""
    return ServerSentEvents(watcher.watch(principal, after=last_event_id), as_event)


@get("/documents/{document_id:str}/events", media_type="text/event-stream")
async def watch_document(
    document_id: FromPath[str],
    principal: NamedDependency[Principal],
    ingestion: NamedDependency[IngestionService],
    watcher: NamedDependency[DocumentWatcher],
    last_event_id: LastEventId = None,
) -> ServerSentEvents[DocumentEvent]:
    """The same of one document, from its first event on or after `Last-Event-ID`."""
    await ingestion.get(principal, document_id)
    return ServerSentEvents(watcher.watch(principal, after=last_event_id or 0, document_id=document_id), as_event)


@get("/documents/{document_id:str}/content", media_type="application/octet-stream")
async def read_content(
    document_id: FromPath[str],
    principal: NamedDependency[Principal],
    ingestion: NamedDependency[IngestionService],
    version: Version = None,
) -> Stream:
    """The original bytes, as an attachment that a browser must not run."""
    document, content = await ingestion.content(principal, document_id, version)
    disposition = f"attachment; filename*=UTF-8''{quote(document.filename, safe='')}"
    headers = {**SANDBOXED, "Content-Disposition": disposition}
    return Stream(content, media_type=document.media_type, headers=headers)


@get("/documents/{document_id:str}/text", media_type="text/plain")
async def read_text(
    document_id: FromPath[str],
    principal: NamedDependency[Principal],
    reader: NamedDependency[DocumentReader],
    version: Version = None,
) -> Response[str]:
    """The canonical text, into which the offsets of passages and citations point."""
    text = await reader.text(principal, document_id, version)
    return Response(text, media_type="text/plain; charset=utf-8", headers=SANDBOXED)


@get("/documents/{document_id:str}/pages/{picture:str}", media_type="image/png")
async def read_page(
    document_id: FromPath[str],
    picture: FromPath[str],
    principal: NamedDependency[Principal],
    reader: NamedDependency[DocumentReader],
    version: Version = None,
    start: Annotated[int | None, Parameter(ge=0)] = None,
    end: Annotated[int | None, Parameter(ge=0)] = None,
) -> Response[bytes]:
    """`{n}.png`: the page as a picture, the characters from `start` to `end` highlighted."""
    number, _, suffix = picture.partition(".")
    if not number.isascii() or not number.isdigit() or suffix != "png" or len(number) > 9:
        raise PageNotFound(picture, 0)
    span = None if start is None or end is None else (start, end)
    image = await reader.page_image(principal, document_id, int(number), version, span)
    return Response(image, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})


def as_event(event: DocumentEvent) -> ServerEvent:
    sequence = str(event.sequence)
    if event.document is None:
        return sequence, "deleted", {"id": event.document_id}
    return sequence, "document", event.document


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
        watch_documents,
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
        watch_documents_by_socket,
        watch_document,
        read_content,
        read_text,
        read_page,
    ],
    tags=["documents"],
)
