"""The contract of the memory repository."""

from datetime import timedelta

import msgspec
import pytest
from support.conversations import AT, memory
from support.stores import Store

from footnote.modules.generation.conversations.errors import MemoryNotFound
from footnote.modules.generation.conversations.repository import MemoryRepository
from footnote.platform.principal import Principal
from footnote.platform.storage import Storage

ANN = Principal(tenant="acme", subject="ann")
STRANGERS = [
    Principal(tenant="acme", subject="bob"),
    Principal(tenant="other", subject="ann"),
    Principal(tenant="acme", subject="root", roles=frozenset({"admin"})),
]


@pytest.fixture
def memories(store: Store) -> MemoryRepository:
    return store.memories()


@pytest.fixture
def storage(store: Store) -> Storage:
    return store.storage


@pytest.fixture(autouse=True)
async def remembered(memories: MemoryRepository, storage: Storage) -> None:
    async with storage.transaction() as tx:
        for name in ("1", "2", "3"):
            await memories.add(tx, ANN, memory(name))


async def test_memories_come_newest_first_page_by_page(memories: MemoryRepository, storage: Storage) -> None:
    first = await memories.page(ANN, cursor=None, limit=2)
    second = await memories.page(ANN, cursor=first.next_cursor, limit=2)
    assert [*first.items, *second.items] == [memory("3"), memory("2"), memory("1")]
    assert second.next_cursor is None
    async with storage.transaction() as tx:
        assert await memories.all(tx, ANN) == [memory("3"), memory("2"), memory("1")]


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_nobody_else_has_them(memories: MemoryRepository, storage: Storage, stranger: Principal) -> None:
    assert (await memories.page(stranger, cursor=None, limit=9)).items == ()
    with pytest.raises(MemoryNotFound):
        await memories.get(stranger, "1")
    for change in (
        lambda tx: memories.replace(tx, stranger, memory("1", "Mine.")),
        lambda tx: memories.delete(tx, stranger, "1"),
    ):
        with pytest.raises(MemoryNotFound):
            async with storage.transaction() as tx:
                await change(tx)
    async with storage.transaction() as tx:
        assert await memories.all(tx, stranger) == []
    assert await memories.get(ANN, "1") == memory("1")


async def test_a_memory_is_changed(memories: MemoryRepository, storage: Storage) -> None:
    changed = msgspec.structs.replace(memory("1", "I work in Bonn."), updated_at=AT + timedelta(days=1))
    async with storage.transaction() as tx:
        await memories.replace(tx, ANN, changed)
    assert await memories.get(ANN, "1") == changed


async def test_a_deleted_memory_is_gone(memories: MemoryRepository, storage: Storage) -> None:
    async with storage.transaction() as tx:
        await memories.delete(tx, ANN, "2")
    assert [each.id for each in (await memories.page(ANN, cursor=None, limit=9)).items] == ["3", "1"]
    with pytest.raises(MemoryNotFound):
        async with storage.transaction() as tx:
            await memories.delete(tx, ANN, "2")
