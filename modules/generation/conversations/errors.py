"""Errors of conversations and memories."""

from footnote.platform.errors import Invalid, NotFound


class ConversationNotFound(NotFound):
    type = "/problems/conversation-not-found"
    title = "Conversation not found"

    def __init__(self, conversation_id: str) -> None:
        super().__init__("There is no such conversation of yours.", conversation_id=conversation_id)


class TurnNotFound(NotFound):
    type = "/problems/turn-not-found"
    title = "Turn not found"

    def __init__(self, turn_id: str) -> None:
        super().__init__("The conversation has no such turn.", turn_id=turn_id)


class MemoryNotFound(NotFound):
    type = "/problems/memory-not-found"
    title = "Memory not found"

    def __init__(self, memory_id: str) -> None:
        super().__init__("Nothing of the kind was asked by you to be remembered.", memory_id=memory_id)


class EmptyMemory(Invalid):
    type = "/problems/empty-memory"
    title = "Nothing to remember"

    def __init__(self) -> None:
        super().__init__("The text has no words.")


class MemoryTooLong(Invalid):
    type = "/problems/memory-too-long"
    title = "Memory too long"

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"The text has {length} characters; at most {limit} are kept.", length=length, limit=limit)


class MemoryFull(Invalid):
    type = "/problems/memory-full"
    title = "Too many memories"

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} memories are kept for one person. Delete some.", limit=limit)
