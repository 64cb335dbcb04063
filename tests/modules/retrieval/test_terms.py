"""Terms and words of chunks in SQLite, in step with the chunks."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import pytest
from support.shelf import Shelf

from footnote.modules.retrieval.lexical.counting import count_terms, pack
from footnote.modules.retrieval.lexical.words import words_of
from footnote.modules.retrieval.repository import sqlite_terms
from footnote.modules.retrieval.repository.spaces import Space
from footnote.modules.retrieval.repository.sqlite_moving import SqliteIndexMoving
from footnote.modules.retrieval.repository.sqlite_terms import fill_terms
from footnote.modules.retrieval.repository.sqlite_words import SqliteWords
from footnote.platform.storage.sqlite import SqliteDatabase

T = TypeVar("T")
TERMS = """
SELECT build.tenant, chunk.header, chunk.text, chunk_terms.language, chunk_terms.terms
FROM chunk JOIN build ON build.number = chunk.build LEFT JOIN chunk_terms ON chunk_terms.number = chunk.number
WHERE kind <> 'parent'
"""


def database(shelf: Shelf) -> SqliteDatabase:
    assert isinstance(shelf.store.storage, SqliteDatabase)
    return shelf.store.storage


async def read(shelf: Shelf, work: Callable[[sqlite3.Connection], T]) -> T:
    return await database(shelf).read(work)


async def near(shelf: Shelf, word: str, tenant: str = "acme") -> set[str]:
    return await read(shelf, lambda connection: set(SqliteWords(connection, tenant).near(word)))


async def change(shelf: Shelf, statement: str) -> None:
    async with database(shelf).transaction() as tx:
        await tx.run(lambda connection: connection.execute(statement))


async def check(shelf: Shelf) -> None:
    """Terms and words are those of the chunks that there are."""
    rows = await read(shelf, lambda connection: connection.execute(TERMS).fetchall())
    for row in rows:
        assert row["terms"] == pack(count_terms(row["header"], row["text"], row["language"]))
    expected = Counter((row["tenant"], word) for row in rows for word in words_of(f"{row['header']}\n{row['text']}"))
    words = await read(shelf, lambda connection: connection.execute("SELECT * FROM word").fetchall())
    assert {(row["tenant"], row["text"]): row["chunks"] for row in words} == expected


async def test_a_chunk_is_counted_in_the_language_of_its_build(store: Shelf) -> None:
    await store.write(store.build("d1", language="de-AT"), "die Häuser")
    [row] = await read(store, lambda connection: connection.execute(TERMS).fetchall())
    assert (row["language"], row["terms"]) == ("de", pack(count_terms("", "die Häuser", "de")))


async def test_a_new_title_is_counted_anew(store: Shelf) -> None:
    await store.add("d1", "fox", "foxes", title="Old animals")
    await store.describe("d1", title="New animals")
    await check(store)
    assert await near(store, "anmals") == {"animals"}


async def test_what_is_removed_leaves_no_word(store: Shelf) -> None:
    await store.add("d1", "secret badger", title="Burrow")
    await store.add("d2", "open badger")
    await store.remove("d1")
    await check(store)
    assert await near(store, "secrat") == set()
    assert await near(store, "badgr") == {"badger"}


async def test_what_is_published_anew_leaves_no_word_of_before(store: Shelf) -> None:
    await store.add("d1", "secret badger")
    await store.add("d1", "open badger", build_id="b2", fence=2)
    await check(store)


async def test_writing_twice_counts_once(store: Shelf) -> None:
    await store.write(store.build("d1"), "open badger")
    await store.write(store.build("d1"), "open badger")
    await check(store)


async def test_a_tenant_is_given_its_own_words_only(store: Shelf) -> None:
    await store.add("d1", "badger", tenant="other")
    assert await near(store, "badgr") == set()
    assert await near(store, "badgr", "other") == {"badger"}


@pytest.mark.parametrize("typed", ["goverment", "govermnent", "gouvernment", "govvernment", "overnment", "governmen"])
async def test_a_misspelt_word_is_near_the_right_one(store: Shelf, typed: str) -> None:
    await store.add("d1", "government")
    assert await near(store, typed) == {"government"}


async def test_terms_that_are_missing_are_filled_in(store: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_terms, "BATCH", 2)
    await store.add("d1", *(f"badger {number}" for number in range(5)), title="Animals")
    await change(store, "DELETE FROM chunk_terms")
    await change(store, "DELETE FROM word")
    assert await fill_terms(database(store)) == 5
    await check(store)


async def test_terms_of_another_analysis_are_replaced(store: Shelf) -> None:
    await store.add("d1", "badger")
    await change(store, "UPDATE chunk_terms SET analysis = -1, terms = x''")
    assert await fill_terms(database(store)) == 1
    await check(store)
    assert await fill_terms(database(store)) == 0


async def test_a_title_that_changes_before_terms_are_filled_in_is_counted_once(store: Shelf) -> None:
    await store.add("d1", "badger", title="Old animals")
    await change(store, "DELETE FROM chunk_terms")
    await change(store, "DELETE FROM word")
    await store.describe("d1", title="New animals")
    await fill_terms(database(store))
    await check(store)


async def test_a_build_keeps_its_language_when_it_is_moved(store: Shelf) -> None:
    build = store.build("d1", language="de")
    await store.write(build, "die Häuser")
    await store.publish(build, store.card("d1"))
    space = Space(name=build.embedding, dimension=4, state="active")
    assert await SqliteIndexMoving(database(store)).published("acme", "d1", space) == build
