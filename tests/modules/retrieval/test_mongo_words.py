"""The text index of MongoDB itself, where it is needed and where it is not."""

from support.shelf import opened_shelf
from support.stores import mongo_store

from footnote.modules.retrieval.repository.mongo_words import fit_words


async def test_the_text_index_goes_where_there_is_a_better_one_and_comes_back_where_there_is_none() -> None:
    async with mongo_store() as store, opened_shelf(store) as shelf:
        await shelf.add("d1", "fox")
        assert await fit_words(store.database, has_text_search=True) == ["index chunk_codes dropped"]
        assert await fit_words(store.database, has_text_search=True) == []
        assert await fit_words(store.database, has_text_search=False) == ["index chunk_codes created"]
        assert [passage.text for passage in await shelf.words("fox")] == ["fox"]


async def test_a_store_without_search_has_the_text_index() -> None:
    async with mongo_store() as store:
        assert await fit_words(store.database, has_text_search=False) == []
