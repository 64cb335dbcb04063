"""Who finds what, in every adapter of the chunk index."""

import pytest
from support.shelf import Shelf

from footnote.modules.retrieval import Passage
from footnote.platform.principal import Principal

BOB = Principal(tenant="acme", subject="bob", groups=frozenset({"sales"}))


async def everything(shelf: Shelf, principal: Principal) -> list[set[str]]:
    """The documents that each way of reading gives."""
    ways = [await shelf.near(principal=principal), await shelf.words("fox", principal)]
    listed: tuple[Passage, ...] = ()
    for document_id in ("d1", "d2"):
        listed += await shelf.index.passages(principal, document_id)
    return [{passage.document_id for passage in way} for way in (*ways, listed)]


async def test_the_owner_alone_reads_by_default(shelf: Shelf) -> None:
    await shelf.add("d1", "fox")
    assert await everything(shelf, Principal(tenant="acme", subject="ann")) == [{"d1"}] * 3
    assert await everything(shelf, BOB) == [set()] * 3


@pytest.mark.parametrize("reader", ["tenant", "user:bob", "group:sales"])
async def test_a_reader_finds_what_is_shared(shelf: Shelf, reader: str) -> None:
    await shelf.add("d1", "fox", readers=("group:law", reader))
    assert await everything(shelf, BOB) == [{"d1"}] * 3


@pytest.mark.parametrize("reader", ["user:ann", "group:law", "group:bob", "user:sales", "bob", "sales", "tenant:acme"])
async def test_others_do_not(shelf: Shelf, reader: str) -> None:
    await shelf.add("d1", "fox", owner="eve", readers=(reader,))
    assert await everything(shelf, BOB) == [set()] * 3


async def test_an_admin_reads_no_more_than_others(shelf: Shelf) -> None:
    await shelf.add("d1", "fox")
    admin = Principal(tenant="acme", subject="root", roles=frozenset({"admin"}))
    assert await everything(shelf, admin) == [set()] * 3


async def test_tenants_do_not_meet(shelf: Shelf) -> None:
    await shelf.add("d1", "fox", readers=("tenant",))
    await shelf.add("d1", "fox", tenant="other", readers=("tenant", "user:bob"))
    await shelf.add("d2", "fox", tenant="other", owner="bob")
    assert await everything(shelf, BOB) == [{"d1"}] * 3
    assert len(await shelf.near(principal=BOB)) == 1


async def test_access_is_decided_before_ranking(shelf: Shelf) -> None:
    await shelf.add_together(*(shelf.card(f"secret{number}", owner="eve", title="fox fox") for number in range(50)))
    await shelf.add("d1", "fox and many other words", owner="bob", embeddings=[(0, 1, 0, 0)])
    assert [passage.document_id for passage in await shelf.near(principal=BOB, depth=1)] == ["d1"]
    assert [passage.document_id for passage in await shelf.words("fox", BOB, depth=1)] == ["d1"]


async def test_a_revoked_reader_finds_nothing_at_the_next_query(shelf: Shelf) -> None:
    await shelf.add("d1", "fox", readers=("user:bob",))
    assert await everything(shelf, BOB) == [{"d1"}] * 3
    await shelf.describe("d1", readers=())
    assert await everything(shelf, BOB) == [set()] * 3


async def test_a_new_owner_takes_over(shelf: Shelf) -> None:
    await shelf.add("d1", "fox")
    await shelf.describe("d1", owner="bob")
    assert await everything(shelf, BOB) == [{"d1"}] * 3
    assert await everything(shelf, Principal(tenant="acme", subject="ann")) == [set()] * 3
