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

from footnote.config.commands.console import people, printable, readable
from footnote.config.commands.folders import files_under, pieces, source_of, told
from footnote.config.commands.following import Following
from footnote.config.services import Services, open_services
from footnote.config.settings import Settings
from footnote.modules.ingestion import Document
from footnote.platform.errors import Conflict, FootnoteError, TooMany
from footnote.platform.principal import LOCAL, Principal

POLL = 0.1  # seconds
DELETED = Conflict("Another process deleted the document before it was ready.")


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was not taken in, and why."""

    path: str
    error: dict[str, Any]

    @classmethod
    def because(cls, path: str, error: FootnoteError | OSError) -> "Refused":
        return cls(path=path, error=told(error).to_problem())


class IngestReport(msgspec.Struct, frozen=True, kw_only=True):
    documents: tuple[Document, ...]  # with those inside other documents
    refused: tuple[Refused, ...]
    paths: dict[str, str] = {}  # by the document's id, where it came from, as far as that is known

    @property
    def is_complete(self) -> bool:
        return not self.refused and all(document.status == "ready" for document in self.documents)

    def describe(self, console: Console) -> None:
        """Say what became ready and what of it may have been missed, and of everything else why not."""
        ready = [document for document in self.documents if document.status == "ready"]
        number = len(self.documents) + len(self.refused)
        are = "file is" if number == 1 else "files are"
        console.print(f"{len(ready)} of {number} {are} ready.", highlight=False)
        for document in self.documents:
            path = self.paths.get(document.id, document.filename)
            if document.error is not None:
                console.print(explained(path, document.error))
            for warning in document.warnings:
                console.print(Text(printable(f"{path}: {warning}"), style="dim"))
        for refused in self.refused:
            console.print(explained(refused.path, refused.error))


def explained(name: str, problem: dict[str, Any]) -> Text:
    return Text(printable(f"{name}: {problem['title']}. {problem['detail']}"))


async def ingest_paths(settings: Settings, paths: Sequence[Path]) -> IngestReport:
    """Take in every file and wait until each is ready or has failed."""
    async with open_services(settings) as services:
        return await ingest_files(services, LOCAL, paths)


async def ingest_files(services: Services, principal: Principal, paths: Sequence[Path]) -> IngestReport:
    unread: list[OSError] = []
    files = [file for path in paths for file in files_under(path, unread.append)]
    refused = [Refused.because(readable(str(error.filename)), error) for error in unread]
    following = Following(services.ingestion, principal)
    with progress_bar() as bar:
        async with working(services):
            task = bar.add_task("Reading", total=len(files))
            for file in files:
                try:
                    document = await take_in(services, principal, file)
                    following.follow(document.id, readable(str(file)))
                except (FootnoteError, OSError) as error:
                    refused.append(Refused.because(readable(str(file)), error))
                bar.advance(task)
            settled = await settle(following, bar)
    documents = [(followed.label, settled[followed.document_id]) for followed in following.known]
    deleted = [Refused.because(label, DELETED) for label, document in documents if document is None]
    existing = tuple(document for _, document in documents if document is not None)
    labels = {followed.document_id: followed.label for followed in following.known}
    return IngestReport(documents=existing, refused=(*refused, *deleted), paths=labels)


async def take_in(services: Services, principal: Principal, file: Path) -> Document:
    """Upload the file; while too much else is under way, wait."""
    while True:
        try:
            document, _ = await services.ingestion.upload(
                principal, pieces(file), filename=readable(file.name), source=source_of(file)
            )
        except TooMany:
            await asyncio.sleep(POLL)
        else:
            return document


async def settle(following: Following, bar: Progress) -> dict[str, Document | None]:
    """All that are followed, once none is under way."""
    task = bar.add_task("Ingesting", total=len(following.known))
    settled: dict[str, Document | None] = {}
    while not following.is_idle:
        before = len(settled)
        async for followed, document in following.look():
            settled[followed.document_id] = document
        bar.update(task, completed=len(settled), total=len(following.known))
        await asyncio.sleep(POLL if len(settled) == before else 0)
    return settled


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


def progress_bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=people, transient=not people.is_terminal, disable=not people.is_terminal)
