"""What persons asked to be remembered. It is theirs alone: nobody else of their tenant reads it."""

import msgspec

from footnote.modules.generation.conversations.errors import EmptyMemory, MemoryFull, MemoryTooLong
from footnote.modules.generation.conversations.models import Memory, MemoryPage
from footnote.modules.generation.conversations.repository import MemoryRepository
from footnote.modules.retrieval import estimated_tokens
from footnote.platform.clock import Clock, utc_now
from footnote.platform.ids import new_id
from footnote.platform.principal import Principal
from footnote.platform.storage import Storage, Transaction
from footnote.platform.storage.again import again_on_conflict

MOST = 200  # of one person
LONGEST = 1000  # characters
ROOM = 500  # tokens of those that a question comes with


class Memories:
    def __init__(self, repository: MemoryRepository, storage: Storage, *, clock: Clock = utc_now) -> None:
        self._repository = repository
        self._storage = storage
        self._clock = clock

    async def page(self, principal: Principal, *, cursor: str | None = None, limit: int = 50) -> MemoryPage:
        return await self._repository.page(principal, cursor=cursor, limit=limit)

    async def get(self, principal: Principal, memory_id: str) -> Memory:
        """
        Raises:
            MemoryNotFound: `principal` has none such.
        """
        return await self._repository.get(principal, memory_id)

    @again_on_conflict
    async def add(self, principal: Principal, text: str) -> Memory:
        """The one that says the same already, if there is one.

        Raises:
            EmptyMemory, MemoryTooLong, MemoryFull: It cannot be kept.
        """
        async with self._storage.transaction() as tx:
            return await self.keep(tx, principal, text)

    async def keep(self, tx: Transaction, principal: Principal, text: str) -> Memory:
        """As `add`, as part of the transaction."""
        text = _checked(text)
        there = await self._repository.all(tx, principal)
        if same := next((each for each in there if each.text.casefold() == text.casefold()), None):
            return same
        if len(there) >= MOST:
            raise MemoryFull(MOST)
        now = self._clock()
        memory = Memory(id=new_id(), text=text, created_at=now, updated_at=now)
        await self._repository.add(tx, principal, memory)
        return memory

    @again_on_conflict
    async def change(self, principal: Principal, memory_id: str, text: str) -> Memory:
        """
        Raises:
            MemoryNotFound: `principal` has none such.
            EmptyMemory, MemoryTooLong: The text cannot be kept.
        """
        memory = await self._repository.get(principal, memory_id)
        changed = msgspec.structs.replace(memory, text=_checked(text), updated_at=self._clock())
        async with self._storage.transaction() as tx:
            await self._repository.replace(tx, principal, changed)
        return changed

    @again_on_conflict
    async def delete(self, principal: Principal, memory_id: str) -> None:
        """
        Raises:
            MemoryNotFound: `principal` has none such.
        """
        async with self._storage.transaction() as tx:
            await self._repository.delete(tx, principal, memory_id)

    async def used(self, principal: Principal) -> tuple[str, ...]:
        """The newest that fit into a prompt, oldest first."""
        found: list[str] = []
        room = ROOM
        for memory in (await self._repository.page(principal, cursor=None, limit=MOST)).items:
            room -= estimated_tokens(memory.text)
            if room < 0:
                break
            found.append(memory.text)
        return tuple(found[::-1])


def _checked(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise EmptyMemory
    if len(text) > LONGEST:
        raise MemoryTooLong(len(text), LONGEST)
    return text
