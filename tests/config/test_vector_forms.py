"""Embeddings are compared only with those of their own form."""

from collections.abc import AsyncIterator

import numpy as np
import pytest
from support.stores import mongo_database

from footnote.config.stores.mongo_vectors import VectorsDiffer, VectorsUnknown, require_fitting
from footnote.modules.retrieval.repository.mongo_rows import Vectors, vector
from footnote.modules.retrieval.repository.search_indexes import vector_path
from footnote.modules.retrieval.repository.spaces import Space
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.mongo_capabilities import Capabilities, Server

SPACE = Space(name="model", dimension=2, state="active")


@pytest.fixture
async def database() -> AsyncIterator[MongoDatabase]:
    async with mongo_database() as opened:
        yield opened


def able(server: Server = "atlas") -> Capabilities:
    return Capabilities(
        server=server,
        version="8.2.0",
        vector_search=True,
        text_search=True,
        rank_fusion=True,
        score_fusion=True,
        rerank=False,
        transactions=True,
        explain=True,
    )


async def keep(database: MongoDatabase, form: Vectors) -> None:
    row = {"_id": "1", vector_path("model", 2): vector(np.array([0.6, 0.8], np.float32), form)}
    await database.collection("chunk").insert_one(row)


@pytest.mark.parametrize("form", ["float32", "int8", "array"])
async def test_an_empty_store_takes_any_form(database: MongoDatabase, form: Vectors) -> None:
    await require_fitting(database, able(), form, SPACE)


@pytest.mark.parametrize("form", ["float32", "int8", "array"])
async def test_what_is_stored_decides_from_then_on(database: MongoDatabase, form: Vectors) -> None:
    await keep(database, form)
    await require_fitting(database, able(), form, SPACE)
    others: list[Vectors] = [other for other in ("float32", "int8", "array") if other != form]
    for other in others:
        with pytest.raises(VectorsDiffer, match=f"back to {form}"):
            await require_fitting(database, able(), other, SPACE)


async def test_bytes_are_refused_where_they_are_not_found(database: MongoDatabase) -> None:
    with pytest.raises(VectorsUnknown, match="float32 or array"):
        await require_fitting(database, able("documentdb"), "int8", SPACE)
    await require_fitting(database, able("documentdb"), "array", SPACE)
