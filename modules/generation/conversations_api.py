"""HTTP of conversations and memories."""

from typing import Annotated

import msgspec
from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, Parameter

from footnote.modules.generation.conversations.browsing import Browsing
from footnote.modules.generation.conversations.memories import LONGEST, Memories
from footnote.modules.generation.conversations.models import (
    Conversation,
    ConversationPage,
    ConversationView,
    DeletedConversation,
    Memory,
    MemoryPage,
)
from footnote.platform.principal import Principal

MOST_ITEMS = 200
LONGEST_TITLE = 200  # characters

Limit = Annotated[int, Parameter(ge=1, le=MOST_ITEMS)]
Title = Annotated[str, msgspec.Meta(pattern=r"\S", max_length=LONGEST_TITLE)]
Text = Annotated[str, msgspec.Meta(pattern=r"\S", max_length=LONGEST)]


class NewConversation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Title | None = None


class ConversationPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Title | msgspec.UnsetType = msgspec.UNSET
    active_id: str | msgspec.UnsetType = msgspec.UNSET  # go on with the branch of this turn


class NewMemory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: Text


@post("/conversations", status_code=201)
async def begin_conversation(
    principal: NamedDependency[Principal],
    conversations: NamedDependency[Browsing],
    data: JSONBody[NewConversation],
) -> Conversation:
    """An empty one. Asking with `conversation_id` "new" begins one as well."""
    return await conversations.begin(principal, data.title)


@get("/conversations")
async def list_conversations(
    principal: NamedDependency[Principal],
    conversations: NamedDependency[Browsing],
    cursor: FromQuery[str | None] = None,
    limit: Limit = 50,
) -> ConversationPage:
    """The asker's own, the one with the latest turn first."""
    return await conversations.page(principal, cursor=cursor, limit=limit)


@get("/conversations/{conversation_id:str}")
async def read_conversation(
    conversation_id: FromPath[str],
    principal: NamedDependency[Principal],
    conversations: NamedDependency[Browsing],
    turn_id: FromQuery[str | None] = None,
    before: FromQuery[str | None] = None,
    limit: Limit = 50,
) -> ConversationView:
    """The last turns of the branch that goes on, or of that of `turn_id`; `before` gives earlier ones."""
    return await conversations.view(principal, conversation_id, turn_id=turn_id, before=before, limit=limit)


@patch("/conversations/{conversation_id:str}")
async def change_conversation(
    conversation_id: FromPath[str],
    data: JSONBody[ConversationPatch],
    principal: NamedDependency[Principal],
    conversations: NamedDependency[Browsing],
) -> ConversationView:
    """Rename it, or go on with another of its branches."""
    if data.active_id is not msgspec.UNSET:
        await conversations.go_on_after(principal, conversation_id, data.active_id)
    if data.title is not msgspec.UNSET:
        await conversations.rename(principal, conversation_id, " ".join(data.title.split()))
    return await conversations.view(principal, conversation_id)


@delete("/conversations/{conversation_id:str}", status_code=200)
async def delete_conversation(
    conversation_id: FromPath[str], principal: NamedDependency[Principal], conversations: NamedDependency[Browsing]
) -> DeletedConversation:
    """Remove it with all its turns and answers; the report counts what went."""
    return await conversations.delete(principal, conversation_id)


@post("/memories", status_code=201)
async def remember(
    data: JSONBody[NewMemory], principal: NamedDependency[Principal], memories: NamedDependency[Memories]
) -> Memory:
    """Keep what later answers to the asker are to mind. The same text again gives the memory that there is."""
    return await memories.add(principal, data.text)


@get("/memories")
async def list_memories(
    principal: NamedDependency[Principal],
    memories: NamedDependency[Memories],
    cursor: FromQuery[str | None] = None,
    limit: Limit = 50,
) -> MemoryPage:
    """The asker's own, newest first."""
    return await memories.page(principal, cursor=cursor, limit=limit)


@get("/memories/{memory_id:str}")
async def read_memory(
    memory_id: FromPath[str], principal: NamedDependency[Principal], memories: NamedDependency[Memories]
) -> Memory:
    return await memories.get(principal, memory_id)


@patch("/memories/{memory_id:str}")
async def change_memory(
    memory_id: FromPath[str],
    data: JSONBody[NewMemory],
    principal: NamedDependency[Principal],
    memories: NamedDependency[Memories],
) -> Memory:
    return await memories.change(principal, memory_id, data.text)


@delete("/memories/{memory_id:str}")
async def forget(
    memory_id: FromPath[str], principal: NamedDependency[Principal], memories: NamedDependency[Memories]
) -> None:
    await memories.delete(principal, memory_id)


router = Router(
    "/api/v1",
    route_handlers=[
        begin_conversation,
        list_conversations,
        read_conversation,
        change_conversation,
        delete_conversation,
        remember,
        list_memories,
        read_memory,
        change_memory,
        forget,
    ],
    tags=["conversations"],
)
