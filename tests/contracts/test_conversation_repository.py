"""The contract of the conversation repository."""

import asyncio

import pytest
from support.conversations import Talk, conversation, summary
from support.stores import Store

from footnote.modules.generation.conversations.errors import ConversationNotFound, TurnNotFound
from footnote.modules.generation.conversations.models import Node
from footnote.modules.generation.conversations.repository import ConversationRepository
from footnote.platform.principal import Principal
from footnote.platform.storage import Storage
from footnote.platform.storage.again import again_on_conflict

ANN = Principal(tenant="acme", subject="ann")
BOB = Principal(tenant="acme", subject="bob")
OTHER = Principal(tenant="other", subject="ann")


@pytest.fixture
def conversations(store: Store) -> ConversationRepository:
    return store.conversations()


@pytest.fixture
def storage(store: Store) -> Storage:
    return store.storage


@pytest.fixture
def talk(store: Store, conversations: ConversationRepository) -> Talk:
    return Talk(conversations, store.answers(), ANN)


@pytest.fixture(autouse=True)
async def begun(conversations: ConversationRepository, storage: Storage) -> None:
    async with storage.transaction() as tx:
        await conversations.add(tx, ANN, conversation())


async def test_a_conversation_comes_back_whole(conversations: ConversationRepository) -> None:
    assert await conversations.get(ANN, "talk") == conversation()


@pytest.mark.parametrize("stranger", [BOB, OTHER, Principal(tenant="acme", subject="root", roles=frozenset({"admin"}))])
async def test_nobody_else_has_it(
    conversations: ConversationRepository, storage: Storage, talk: Talk, stranger: Principal
) -> None:
    async with storage.transaction() as tx:
        await talk.turn(tx, "1")
        await conversations.keep_summary(tx, ANN, summary("1"))
    with pytest.raises(ConversationNotFound):
        await conversations.get(stranger, "talk")
    assert (await conversations.page(stranger, cursor=None, limit=9)).items == ()
    assert await conversations.nodes(stranger, "talk") == []
    assert await conversations.summaries(stranger, "talk") == []


@pytest.mark.parametrize("stranger", [BOB, OTHER])
async def test_nobody_else_changes_it(
    conversations: ConversationRepository, storage: Storage, talk: Talk, stranger: Principal
) -> None:
    async with storage.transaction() as tx:
        await talk.turn(tx, "1")
    for change in (
        lambda tx: conversations.rename(tx, stranger, "talk", "Mine", "person"),
        lambda tx: conversations.activate(tx, stranger, "talk", "1"),
        lambda tx: conversations.delete(tx, stranger, "talk"),
        lambda tx: conversations.keep_summary(tx, stranger, summary("1")),
        lambda tx: Talk(conversations, talk._answers, stranger).turn(tx, "2"),
    ):
        with pytest.raises(ConversationNotFound):
            async with storage.transaction() as tx:
                await change(tx)
    assert (await conversations.get(ANN, "talk")).title == "Why?"


async def test_the_last_turn_is_the_active_one(
    conversations: ConversationRepository, storage: Storage, talk: Talk
) -> None:
    async with storage.transaction() as tx:
        await talk.turn(tx, "1")
        await talk.turn(tx, "2", "1")
        await talk.turn(tx, "3", "1")
    found = await conversations.get(ANN, "talk")
    assert (found.active_id, found.turns) == ("3", 3)
    nodes = [Node(id="1", parent_id=None), Node(id="2", parent_id="1"), Node(id="3", parent_id="1")]
    assert await conversations.nodes(ANN, "talk") == nodes


async def test_a_turn_comes_after_the_one_it_follows_whatever_the_clocks_say(
    conversations: ConversationRepository, storage: Storage, talk: Talk
) -> None:
    async with storage.transaction() as tx:
        await talk.turn(tx, "5")
        await talk.turn(tx, "2", "5")
        await talk.turn(tx, "3", "2")
        await talk.turn(tx, "1", "5")
        await talk.turn(tx, "4")
    assert [node.id for node in await conversations.nodes(ANN, "talk")] == ["4", "5", "1", "2", "3"]


async def test_a_turn_has_no_parent_of_another_conversation(
    conversations: ConversationRepository, storage: Storage, talk: Talk
) -> None:
    async with storage.transaction() as tx:
        await conversations.add(tx, ANN, conversation("else"))
        await talk.turn(tx, "1", of="else")
    with pytest.raises(TurnNotFound):
        async with storage.transaction() as tx:
            await talk.turn(tx, "2", "1")
    assert (await conversations.get(ANN, "talk")).turns == 0


async def test_the_first_title_stays_until_a_better_one_is_given(
    conversations: ConversationRepository, storage: Storage, talk: Talk
) -> None:
    async with storage.transaction() as tx:
        await talk.turn(tx, "1", title="$first")
        await talk.turn(tx, "2", "1", title="Second")
    assert (await conversations.get(ANN, "talk")).title == "$first"
    for title, titled_by, expected in (("$m", "model", "$m"), ("Person", "person", "Person"), ("M", "model", "Person")):
        async with storage.transaction() as tx:
            await conversations.rename(tx, ANN, "talk", title, titled_by)
        assert (await conversations.get(ANN, "talk")).title == expected


async def test_the_list_begins_with_the_last_that_was_asked_in(
    conversations: ConversationRepository, storage: Storage, talk: Talk
) -> None:
    async with storage.transaction() as tx:
        for name in ("b", "c"):
            await conversations.add(tx, ANN, conversation(name))
        await talk.turn(tx, "1", of="b")
        await conversations.rename(tx, ANN, "talk", "Renamed", "person")
    first = await conversations.page(ANN, cursor=None, limit=2)
    second = await conversations.page(ANN, cursor=first.next_cursor, limit=2)
    assert [each.id for each in (*first.items, *second.items)] == ["b", "c", "talk"]
    assert second.next_cursor is None


async def test_a_deleted_conversation_leaves_no_turn_and_no_summary(
    conversations: ConversationRepository, storage: Storage, talk: Talk
) -> None:
    async with storage.transaction() as tx:
        await talk.turn(tx, "1")
        await talk.turn(tx, "2", "1")
        await conversations.keep_summary(tx, ANN, summary("1", "mars"))
    async with storage.transaction() as tx:
        assert await conversations.delete(tx, ANN, "talk") == (["1", "2"], 1)
        assert await conversations.forget(tx, "acme", "mars") == 0
    with pytest.raises(ConversationNotFound):
        async with storage.transaction() as tx:
            await talk.turn(tx, "3", "2")


async def test_a_summary_takes_the_place_of_the_one_that_ends_with_the_same_turn(
    conversations: ConversationRepository, storage: Storage, talk: Talk
) -> None:
    async with storage.transaction() as tx:
        await talk.turn(tx, "1")
        await conversations.keep_summary(tx, ANN, summary("1", "mars"))
        await conversations.keep_summary(tx, ANN, summary("1", "venus", text="Anew."))
        assert await conversations.forget(tx, "acme", "mars") == 0
    assert await conversations.summaries(ANN, "talk") == [summary("1", "venus", text="Anew.")]


async def test_summaries_of_a_document_are_forgotten(
    conversations: ConversationRepository, storage: Storage, talk: Talk
) -> None:
    async with storage.transaction() as tx:
        await talk.turn(tx, "1")
        await talk.turn(tx, "2", "1")
        await conversations.keep_summary(tx, ANN, summary("1", "mars"))
        await conversations.keep_summary(tx, ANN, summary("2", "mars", "venus"))
        assert await conversations.forget(tx, "other", "mars") == 0
        assert await conversations.forget(tx, "acme", "venus") == 1
    assert await conversations.summaries(ANN, "talk") == [summary("1", "mars")]


async def test_summaries_are_dropped_by_the_turn_they_end_with(
    conversations: ConversationRepository, storage: Storage, talk: Talk
) -> None:
    async with storage.transaction() as tx:
        await talk.turn(tx, "1")
        await conversations.keep_summary(tx, ANN, summary("1"))
        await conversations.drop_summaries(tx, "other", ["1"])
    assert len(await conversations.summaries(ANN, "talk")) == 1
    async with storage.transaction() as tx:
        await conversations.drop_summaries(tx, "acme", ["1", "none"])
    assert await conversations.summaries(ANN, "talk") == []


async def test_turns_that_are_added_at_once_are_all_kept(
    conversations: ConversationRepository, storage: Storage, talk: Talk
) -> None:
    @again_on_conflict
    async def ask(turn_id: str) -> None:
        async with storage.transaction() as tx:
            await talk.turn(tx, turn_id)

    await asyncio.gather(*(ask(str(number)) for number in range(5)))
    found = await conversations.get(ANN, "talk")
    assert found.turns == len(await conversations.nodes(ANN, "talk")) == 5
    assert found.active_id in {"0", "1", "2", "3", "4"}
