"""What stands in an export after the documents: record after record of a kind, kind after kind."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from footnote.config.moving.parts import Parts
from footnote.config.moving.records import (
    AnswerEnd,
    ConversationEnd,
    MemoryEnd,
    PromptEnd,
    ProviderKeyEnd,
    SpendingEnd,
)
from footnote.modules.access.models import StoredKey
from footnote.modules.access.repository.moving import key_id
from footnote.modules.generation.conversations.repository.moving import ConversationRecord, MemoryRecord
from footnote.modules.generation.repository.moving import AnswerRecord, PromptRecord
from footnote.platform.inference.gateway.spending import Entry
from footnote.platform.inference.gateway.spending.moving import entry_id
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction


class Kind(NamedTuple):
    name: str  # of its count, and of what gives it out (see `Parts`)
    title: str  # of one of them
    end: Callable[[Any], Any]  # the record in the file
    id_of: Callable[[Any], str]
    add: Callable[[Parts, Transaction, Any], Awaitable[None]]


async def add_answer(parts: Parts, tx: Transaction, record: AnswerRecord) -> None:
    await parts.store.answers.add(tx, Principal(tenant=record.tenant, subject=record.owner), record.answer)
    for given in record.feedback:
        await parts.store.feedback.put(tx, Principal(tenant=record.tenant, subject=given.owner), given.feedback)


async def add_conversation(parts: Parts, tx: Transaction, record: ConversationRecord) -> None:
    await parts.conversations.restore(tx, record)


async def add_memory(parts: Parts, tx: Transaction, record: MemoryRecord) -> None:
    await parts.store.memories.add(tx, Principal(tenant=record.tenant, subject=record.owner), record.memory)


async def add_prompt(parts: Parts, tx: Transaction, record: PromptRecord) -> None:
    await parts.store.prompts.add(tx, record.tenant, record.prompt)


async def add_spending(parts: Parts, tx: Transaction, record: Entry) -> None:
    """It counts against the budgets of its day here, too."""
    await parts.store.spending.settle(tx, record, None)


async def add_provider_key(parts: Parts, tx: Transaction, record: StoredKey) -> None:
    await parts.store.provider_keys.put(tx, record)


KINDS = (
    Kind("answers", "Answer", AnswerEnd, lambda record: str(record.answer.id), add_answer),
    Kind(
        "conversations",
        "Conversation",
        ConversationEnd,
        lambda record: str(record.conversation.id),
        add_conversation,
    ),
    Kind("memories", "Memory", MemoryEnd, lambda record: str(record.memory.id), add_memory),
    Kind("prompts", "Prompt", PromptEnd, lambda record: str(record.id), add_prompt),
    Kind("spending", "Spending", SpendingEnd, entry_id, add_spending),
    Kind("provider_keys", "Provider key", ProviderKeyEnd, key_id, add_provider_key),
)
KIND_OF: Mapping[Any, Kind] = {kind.end: kind for kind in KINDS}
