"""The contract of the prompt repository."""

import pytest
from support.prompts import prompt
from support.stores import Store

from footnote.modules.generation.prompting import Prompt
from footnote.modules.generation.repository.prompts import PromptRepository
from footnote.platform.storage.errors import TransactionConflict


@pytest.fixture
def prompts(store: Store) -> PromptRepository:
    return store.prompts()


async def add(store: Store, added: Prompt, tenant: str = "acme") -> None:
    async with store.storage.transaction() as tx:
        await store.prompts().add(tx, tenant, added)


async def test_versions_come_back_whole_and_oldest_first(prompts: PromptRepository, store: Store) -> None:
    for version in (1, 2, 10):
        await add(store, prompt(version=version))
    assert await prompts.versions("acme", "short") == [prompt(version=version) for version in (1, 2, 10)]


async def test_the_last_version_is_known_within_a_transaction(prompts: PromptRepository, store: Store) -> None:
    async with store.storage.transaction() as tx:
        assert await prompts.last_version(tx, "acme", "short") == 0
        await prompts.add(tx, "acme", prompt(version=3))
        assert await prompts.last_version(tx, "acme", "short") == 3
        assert await prompts.last_version(tx, "other", "short") == 0


async def test_all_are_by_name_and_version(prompts: PromptRepository, store: Store) -> None:
    for added in (prompt("b"), prompt("a", 2), prompt("a", 1)):
        await add(store, added)
    assert [(each.name, each.version) for each in await prompts.all("acme")] == [("a", 1), ("a", 2), ("b", 1)]


async def test_a_version_cannot_be_added_twice(prompts: PromptRepository, store: Store) -> None:
    await add(store, prompt())
    with pytest.raises(TransactionConflict):
        await add(store, prompt(description="Another"))
    assert await prompts.versions("acme", "short") == [prompt()]


async def test_tenants_have_prompts_of_their_own(prompts: PromptRepository, store: Store) -> None:
    await add(store, prompt())
    await add(store, prompt(description="Another"), tenant="other")
    assert await prompts.all("acme") == [prompt()]
    assert await prompts.versions("third", "short") == []
