"""`footnote ingest`: files and folders in."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from footnote.config.commands.console import people, readable
from footnote.config.services import Services, open_services
from footnote.config.settings import Settings
from footnote.modules.ingestion import Document
from footnote.platform.errors import Conflict, FootnoteError, NotFound
from footnote.platform.principal import LOCAL, Principal

PIECE = 1 << 20  # bytes
POLL = 0.1  # seconds
SETTLED = {"ready", "failed", "cancelled"}
DELETED = Conflict("Another process deleted the document before it was ready.").to_problem()


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was not taken in, and why."""

    path: str
    error: dict[str, Any]


class IngestReport(msgspec.Struct, frozen=True, kw_only=True):
    documents: tuple[Document, ...]
    refused: tuple[Refused, ...]

    @property
    def is_complete(self) -> bool:
        return not self.refused and all(document.status == "ready" for document in self.documents)

    def describe(self, console: Console) -> None:
        """Say what became ready, and of everything else why not."""
        ready = [document for document in self.documents if document.status == "ready"]
        console.print(f"{len(ready)} of {len(self.documents) + len(self.refused)} files are ready.", highlight=False)
        for document in self.documents:
            if document.error is not None:
                console.print(Text(f"{document.filename}: {document.error['title']}. {document.error['detail']}"))
        for refused in self.refused:
            console.print(Text(f"{refused.path}: {refused.error['title']}. {refused.error['detail']}"))


async def ingest_paths(settings: Settings, paths: Sequence[Path]) -> IngestReport:
    """Take in every file and wait until each is ready or has failed."""
    async with open_services(settings) as services:
        return await ingest_files(services, LOCAL, paths)


async def ingest_files(services: Services, principal: Principal, paths: Sequence[Path]) -> IngestReport:
    files = [file for path in paths for file in files_under(path)]
    with progress_bar() as bar:
        async with working(services):
            task = bar.add_task("Reading", total=len(files))
            names: dict[str, str] = {}
            refused = []
            for file in files:
                try:
                    document = await take_in(services, principal, file)
                    names[document.id] = readable(str(file))
                except (FootnoteError, OSError) as error:
                    refused.append(Refused(path=readable(str(file)), error=problem_of(error)))
                bar.advance(task)
            settled = await settle(services, principal, list(names), bar)
    documents = tuple(settled[document_id] for document_id in names if document_id in settled)
    deleted = [Refused(path=names[document_id], error=DELETED) for document_id in names if document_id not in settled]
    return IngestReport(documents=documents, refused=(*refused, *deleted))


async def take_in(services: Services, principal: Principal, file: Path) -> Document:
    document, _ = await services.ingestion.upload(principal, pieces(file), filename=readable(file.name))
    return document


async def settle(
    services: Services, principal: Principal, document_ids: Sequence[str], bar: Progress
) -> dict[str, Document]:
    """Those that exist, once none is under way; another process may be the one that works on them, or deletes them."""
    task = bar.add_task("Ingesting", total=len(document_ids))
    settled: dict[str, Document] = {}
    waiting = list(document_ids)
    while waiting:
        for document_id in tuple(waiting):
            document = await existing(services, principal, document_id)
            if document is not None and document.status not in SETTLED:
                continue
            waiting.remove(document_id)
            if document is not None:
                settled[document_id] = document
        bar.update(task, completed=len(document_ids) - len(waiting))
        await asyncio.sleep(POLL)
    return settled


async def existing(services: Services, principal: Principal, document_id: str) -> Document | None:
    try:
        return await services.ingestion.get(principal, document_id)
    except NotFound:
        return None


@asynccontextmanager
async def working(services: Services) -> AsyncIterator[asyncio.Event]:
    """A worker runs while the block does, or until the event that it yields is set."""
    stop = asyncio.Event()
    task = asyncio.create_task(services.worker.run(stop))
    try:
        yield stop
    finally:
        stop.set()
        await task


def files_under(path: Path) -> list[Path]:
    """The file itself, or every file in the folder and below it that is not hidden, by name."""
    if not path.is_dir():
        return [path]
    inside = (file.relative_to(path) for file in path.rglob("*") if file.is_file())
    return [path / file for file in sorted(inside) if not any(part.startswith(".") for part in file.parts)]


async def pieces(file: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(file.open, "rb") as opened:
        while piece := await asyncio.to_thread(opened.read, PIECE):
            yield piece


def problem_of(error: FootnoteError | OSError) -> dict[str, Any]:
    if isinstance(error, FootnoteError):
        return error.to_problem()
    return FootnoteError(f"The file cannot be read: {error.strerror or error}.").to_problem() | {"status": 422}


def progress_bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=people, transient=not people.is_terminal, disable=not people.is_terminal)
