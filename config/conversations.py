"""Composes conversations and memories."""

from dataclasses import dataclass

from footnote.config.stores import Store
from footnote.modules.generation.conversations import Conversations
from footnote.modules.generation.conversations.browsing import Browsing
from footnote.modules.generation.conversations.memories import Memories
from footnote.modules.generation.conversations.reading import AnswerReader
from footnote.modules.generation.conversations.recalling import Recall, Room
from footnote.modules.generation.conversations.settling import Settling
from footnote.modules.ingestion import Documents
from footnote.platform.events import EventBus
from footnote.platform.inference import ChatModels


@dataclass(frozen=True, kw_only=True, slots=True)
class Talks:
    conversations: Conversations
    browsing: Browsing
    memories: Memories


def build_talks(store: Store, documents: Documents, models: ChatModels, events: EventBus) -> Talks:
    repository = store.conversations
    memories = Memories(store.memories, store.storage)
    reader = AnswerReader(store.answers, documents)
    recall = Recall(repository, reader, store.storage, Room())
    settling = Settling(repository, reader, recall, store.storage)
    return Talks(
        conversations=Conversations(repository, memories, recall, settling, models),
        browsing=Browsing(repository, store.answers, store.feedback, reader, store.storage, events),
        memories=memories,
    )
