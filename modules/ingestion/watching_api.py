"""HTTP of what happens to documents, as it happens."""

from typing import Annotated, Any

from litestar import WebSocket, get, websocket
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, Parameter

from footnote.modules.ingestion.models import DocumentEvent
from footnote.modules.ingestion.service import IngestionService
from footnote.modules.ingestion.watching import DocumentWatcher
from footnote.platform.http.event_stream import ServerEvent
from footnote.platform.http.socket_stream import stream_events
from footnote.platform.http.sse import ServerSentEvents
from footnote.platform.principal import Principal

MOST_INTEGER = (1 << 63) - 1  # that stores can compare with

LastEventId = Annotated[int | None, HeaderParameter(name="Last-Event-ID", ge=0, le=MOST_INTEGER)]


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


def as_event(event: DocumentEvent) -> ServerEvent:
    sequence = str(event.sequence)
    if event.document is None:
        return sequence, "deleted", {"id": event.document_id}
    return sequence, "document", event.document


HANDLERS = [watch_documents_by_socket, watch_documents, watch_document]
