"""Before anything is imported: the whole file is read, and compared with what the store holds."""

from footnote.config.moving.errors import TargetNotEmpty
from footnote.config.moving.parts import Parts
from footnote.config.moving.reading import Reader
from footnote.config.moving.records import AnswerEnd, DocumentEnd, End, IndexHead
from footnote.modules.generation.repository.moving import AnswerRecord
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
            case AnswerEnd(answer):
                await target.compare_answer(answer)
            case End():
                await target.compare_end()
                return record
    raise reader.damaged("it has no end")


def _is_same(build: Build | None, there: Build | None) -> bool:
    """Chunks of the same build may by now have embeddings of another model."""
    if build is None or there is None:
        return build is there
    return (build.id, build.version) == (there.id, there.version)


class _Target:
    """The contents of the store, walked in step with the file."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._document: DocumentRecord | None = None
        self._answer: AnswerRecord | None = None
        self._is_begun = False

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

    async def compare_answer(self, record: AnswerRecord) -> None:
        await self._begin()
        if self._answer is None or self._answer.answer.id > record.answer.id:
            return
        identifier = self._answer.answer.id
        if self._answer != record:
            raise TargetNotEmpty("Answer", identifier, UNKNOWN if identifier < record.answer.id else CHANGED)
        self._answer = await self._parts.answers.following(identifier)

    async def compare_end(self) -> None:
        await self._begin()
        if self._document is not None:
            raise TargetNotEmpty("Document", self._document.document.id, UNKNOWN)
        if self._answer is not None:
            raise TargetNotEmpty("Answer", self._answer.answer.id, UNKNOWN)

    async def _begin(self) -> None:
        if not self._is_begun:
            self._is_begun = True
            self._document = await self._parts.documents.following("")
            self._answer = await self._parts.answers.following("")
