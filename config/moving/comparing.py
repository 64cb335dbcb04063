"""Before anything is imported: the whole file is read, and compared with what the store holds."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from footnote.config.moving.errors import TargetNotEmpty
from footnote.config.moving.parts import Parts
from footnote.config.moving.reading import Reader
from footnote.config.moving.records import AnswerEnd, ConversationEnd, DocumentEnd, End, IndexHead, MemoryEnd, PromptEnd
from footnote.modules.ingestion.repository.moving import DocumentRecord
from footnote.modules.retrieval import Build

T = TypeVar("T")

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
                await target.answers.compare(answer, answer.answer.id)
            case ConversationEnd(talk):
                await target.conversations.compare(talk, talk.conversation.id)
            case MemoryEnd(memory):
                await target.memories.compare(memory, memory.memory.id)
            case PromptEnd(prompt):
                await target.prompts.compare(prompt, prompt.id)
            case End():
                await target.compare_end()
                return record
    raise reader.damaged("it has no end")


def _is_same(build: Build | None, there: Build | None) -> bool:
    """Chunks of the same build may by now have embeddings of another model."""
    if build is None or there is None:
        return build is there
    return (build.id, build.version) == (there.id, there.version)


class _Walk(Generic[T]):
    """What the store holds of one kind, in the order of ids."""

    def __init__(self, kind: str, following: Callable[[str], Awaitable[T | None]], id_of: Callable[[T], str]) -> None:
        self._kind = kind
        self._following = following
        self._id_of = id_of
        self._next: T | None = None
        self._is_begun = False

    async def compare(self, record: T, identifier: str) -> None:
        found = await self._found()
        if found is None or self._id_of(found) > identifier:
            return
        if found != record:
            there = self._id_of(found)
            raise TargetNotEmpty(self._kind, there, UNKNOWN if there < identifier else CHANGED)
        self._next = await self._following(identifier)

    async def end(self) -> None:
        if (found := await self._found()) is not None:
            raise TargetNotEmpty(self._kind, self._id_of(found), UNKNOWN)

    async def _found(self) -> T | None:
        if not self._is_begun:
            self._is_begun = True
            self._next = await self._following("")
        return self._next


class _Target:
    """The contents of the store, walked in step with the file."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._document: DocumentRecord | None = None
        self._is_begun = False
        self.answers = _Walk("Answer", parts.answers.following, lambda record: record.answer.id)
        self.conversations = _Walk("Conversation", parts.conversations.following, lambda record: record.conversation.id)
        self.memories = _Walk("Memory", parts.memories.following, lambda record: record.memory.id)
        self.prompts = _Walk("Prompt", parts.prompts.following, lambda record: record.id)

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
        for walk in (self.answers, self.conversations, self.memories, self.prompts):
            await walk.end()

    async def _begin(self) -> None:
        if not self._is_begun:
            self._is_begun = True
            self._document = await self._parts.documents.following("")
