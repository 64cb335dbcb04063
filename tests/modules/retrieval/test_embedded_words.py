"""What the embedded store finds by words and `$text` of MongoDB, which leaves stop words out of its index, does not."""

from support.shelf import Shelf


async def test_stop_words_are_found_where_there_is_nothing_else(store: Shelf) -> None:
    await store.add("d1", "to be or not to be")
    await store.add("d2", "a fox")
    assert [passage.document_id for passage in await store.words("to be")] == ["d1"]
