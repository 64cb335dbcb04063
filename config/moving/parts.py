"""The side of each kind of store that gives everything out and takes it in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from footnote.config.stores import Store
from footnote.modules.access.repository.moving import ProviderKeyMoving
from footnote.modules.generation.conversations.repository.moving import ConversationMoving, MemoryMoving
from footnote.modules.generation.repository.moving import AnswerMoving, PromptMoving
from footnote.modules.ingestion.repository.moving import DocumentMoving, DocumentRecord
from footnote.modules.retrieval import Build
from footnote.modules.retrieval.repository.moving import IndexMoving
from footnote.platform.inference.gateway.spending.moving import SpendingMoving
from footnote.platform.storage import Storage
from footnote.platform.storage.sqlite import SqliteDatabase


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    store: Store
    documents: DocumentMoving
    index: IndexMoving
    answers: AnswerMoving
    conversations: ConversationMoving
    memories: MemoryMoving
    prompts: PromptMoving
    spending: SpendingMoving
    provider_keys: ProviderKeyMoving

    async def following(self, kind: str, after: str) -> Any:
        """The record of the kind, named as here, that has the next id; "" comes before all. Nothing after the last."""
        movers: dict[str, Callable[[str], Awaitable[Any]]] = {
            "answers": self.answers.following,
            "conversations": self.conversations.following,
            "memories": self.memories.following,
            "prompts": self.prompts.following,
            "spending": self.spending.following,
            "provider_keys": self.provider_keys.following,
        }
        return await movers[kind](after)

    async def published(self, record: DocumentRecord) -> Build | None:
        """What is published of a document, with the embeddings that searches use if it has them all."""
        active = (await self.store.spaces.living())[0]
        return await self.index.published(record.tenant, record.document.id, active)


def parts_of(store: Store) -> Parts:
    if isinstance(store.storage, SqliteDatabase):
        return _of_sqlite(store, store.storage)
    return _of_mongo(store, store.storage)


def _of_sqlite(store: Store, database: SqliteDatabase) -> Parts:
    from footnote.modules.access.repository.sqlite_moving import SqliteProviderKeyMoving
    from footnote.modules.generation.conversations.repository.sqlite_moving import (
        SqliteConversationMoving,
        SqliteMemoryMoving,
    )
    from footnote.modules.generation.repository.sqlite_moving import SqliteAnswerMoving
    from footnote.modules.generation.repository.sqlite_prompts import SqlitePromptMoving
    from footnote.modules.ingestion.repository.sqlite_moving import SqliteDocumentMoving
    from footnote.modules.retrieval.repository.sqlite_moving import SqliteIndexMoving
    from footnote.platform.inference.gateway.spending.sqlite_moving import SqliteSpendingMoving

    return Parts(
        store=store,
        documents=SqliteDocumentMoving(database),
        index=SqliteIndexMoving(database),
        answers=SqliteAnswerMoving(database),
        conversations=SqliteConversationMoving(database),
        memories=SqliteMemoryMoving(database),
        prompts=SqlitePromptMoving(database),
        spending=SqliteSpendingMoving(database),
        provider_keys=SqliteProviderKeyMoving(database),
    )


def _of_mongo(store: Store, database: Storage) -> Parts:
    # The driver takes a while to load.
    from footnote.modules.access.repository.mongo_moving import MongoProviderKeyMoving
    from footnote.modules.generation.conversations.repository.mongo_moving import (
        MongoConversationMoving,
        MongoMemoryMoving,
    )
    from footnote.modules.generation.repository.mongo_moving import MongoAnswerMoving
    from footnote.modules.generation.repository.mongo_prompts import MongoPromptMoving
    from footnote.modules.ingestion.repository.mongo_moving import MongoDocumentMoving
    from footnote.modules.retrieval.repository.mongo_moving import MongoIndexMoving
    from footnote.platform.inference.gateway.spending.mongo_moving import MongoSpendingMoving
    from footnote.platform.storage.mongo import MongoDatabase

    if not isinstance(database, MongoDatabase):
        raise TypeError(f"nothing is known of how to move {type(database).__name__}")
    return Parts(
        store=store,
        documents=MongoDocumentMoving(database),
        index=MongoIndexMoving(database),
        answers=MongoAnswerMoving(database),
        conversations=MongoConversationMoving(database),
        memories=MongoMemoryMoving(database),
        prompts=MongoPromptMoving(database),
        spending=MongoSpendingMoving(database),
        provider_keys=MongoProviderKeyMoving(database),
    )
