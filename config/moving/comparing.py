"""Before anything is imported: the whole file is read, and compared with what the store holds."""

from typing import Any

from footnote.config.moving.errors import TargetNotEmpty
from footnote.config.moving.kinds import KIND_OF, KINDS, Kind
from footnote.config.moving.parts import Parts
from footnote.config.moving.reading import Reader
from footnote.config.moving.records import DocumentEnd, End, IndexHead
from footnote.modules.ingestion.repository.moving import DocumentRecord
from footnote.modules.retrieval import Build

UNKNOWN = "not in the export"
CHANGED = "other than in the export"


async def check_import(parts: Parts, reader: Reader) -> End:
    """How the file ends.

    Raises:
        ExportDamaged, ExportUnfinished, ExportTooNew: The file is not one that can be imported.
        TargetNotEmpty: The store holds something that is not in the file just so.
    """
    target = _Target(parts)
    build: Build | None = None
    for record in reader:
        match record:
            case IndexHead(found):
                build = found
            case DocumentEnd(document):
                await target.compare_document(document, build)
                build = None
            case End():
                await target.compare_end()
                return record
            case _ if kind := KIND_OF.get(type(record)):
                await target.compare(kind, record)
    raise reader.damaged("it has no end")


def _is_same(build: Build | None, there: Build | None) -> bool:
    """Chunks of the same build may by now have embeddings of another model."""
    if build is None or there is None:
        return build is there
    return (build.id, build.version) == (there.id, there.version)


class _Walk:
    """What the store holds of one kind, in the order of ids."""

    def __init__(self, parts: Parts, kind: Kind) -> None:
        self._parts = parts
        self._kind = kind
        self._next: Any = None
        self._is_begun = False

    async def compare(self, record: Any) -> None:
        found, identifier = await self._found(), self._kind.id_of(record)
        if found is None or self._kind.id_of(found) > identifier:
            return
        if found != record:
            there = self._kind.id_of(found)
            raise TargetNotEmpty(self._kind.title, _shown(there), UNKNOWN if there < identifier else CHANGED)
        self._next = await self._parts.following(self._kind.name, identifier)

    async def end(self) -> None:
        if (found := await self._found()) is not None:
            raise TargetNotEmpty(self._kind.title, _shown(self._kind.id_of(found)), UNKNOWN)

    async def _found(self) -> Any:
        if not self._is_begun:
            self._is_begun = True
            self._next = await self._parts.following(self._kind.name, "")
        return self._next


def _shown(identifier: str) -> str:
    """On one line: some ids are put together of several."""
    return identifier.replace("\n", " / ")


class _Target:
    """The contents of the store, walked in step with the file."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._document: DocumentRecord | None = None
        self._is_begun = False
        self._walks = {kind.name: _Walk(parts, kind) for kind in KINDS}

    async def compare(self, kind: Kind, record: Any) -> None:
        await self._walks[kind.name].compare(record.record)

    async def compare_document(self, record: DocumentRecord, build: Build | None) -> None:
        await self._begin()
        if self._document is None or self._document.document.id > record.document.id:
            return
        found, identifier = self._document, self._document.document.id
        if identifier < record.document.id:
            raise TargetNotEmpty("Document", identifier, UNKNOWN)
        if not record.is_same(found) or not _is_same(build, await self._parts.published(found)):
            raise TargetNotEmpty("Document", identifier, CHANGED)
        self._document = await self._parts.documents.following(identifier)

    async def compare_end(self) -> None:
        await self._begin()
        if self._document is not None:
            raise TargetNotEmpty("Document", self._document.document.id, UNKNOWN)
        for walk in self._walks.values():
            await walk.end()

    async def _begin(self) -> None:
        if not self._is_begun:
            self._is_begun = True
            self._document = await self._parts.documents.following("")
