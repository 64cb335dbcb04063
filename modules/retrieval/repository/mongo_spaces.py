"""Spaces of embeddings in MongoDB: each has a field of the chunks, and a search index of its own."""

from collections.abc import Sequence
from typing import Any

import msgspec

from footnote.modules.retrieval.repository.mongo_filters import Row
from footnote.modules.retrieval.repository.mongo_queries import IndexOptions
from footnote.modules.retrieval.repository.mongo_rows import PARENT_KIND, vector
from footnote.modules.retrieval.repository.places import Place
from footnote.modules.retrieval.repository.search_indexes import VectorIndex, drop, ensure, vector_path
from footnote.modules.retrieval.repository.spaces import BareChunk, Key, Space, embedded_text
from footnote.platform.inference import Embeddings
from footnote.platform.storage import Transaction
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.mongo import MongoDatabase, MongoTransaction, mongo, raced
from footnote.platform.storage.mongo_capabilities import find_capabilities

BATCH = 1000  # chunks
LIVING = {"state": {"$in": ["active", "filling"]}}
READ = {"tenant": 1, "document_id": 1, "text": 1, "header": 1, "under": 1, "place": 1}


class MongoSpaces:
    def __init__(self, database: MongoDatabase, options: IndexOptions | None = None) -> None:
        self._database = database
        self._options = options or IndexOptions()
        self._spaces = database.collection("embedding_space")
        self._chunks = database.collection("chunk")
        self._counters = database.collection("counter")

    async def begin(self, name: str, dimension: int) -> Space:
        for space in await self.living():
            if space.name == name:
                return space
        return await self._begin(name, dimension)

    @again_on_conflict
    async def _begin(self, name: str, dimension: int) -> Space:
        async with self._database.transaction() as tx:
            await self._enter(tx)
            living = {row["state"]: row for row in await self._spaces.find(LIVING, tx=tx)}
            for row in living.values():
                if row["_id"] == name:
                    return _space(row)
            if filling := living.get("filling"):
                await self._spaces.update_one({"_id": filling["_id"]}, {"$set": {"state": "retired"}}, tx=tx)
            begun = Space(name=name, dimension=dimension, state="filling" if "active" in living else "active")
            fields = {"dimension": dimension, "state": begun.state}
            with raced():
                await self._spaces.update_one({"_id": name}, {"$set": fields}, tx=tx, upsert=True)
        return begun

    async def living(self) -> tuple[Space, ...]:
        rows = await self._spaces.find(LIVING)
        return tuple(sorted((_space(row) for row in rows), key=lambda space: space.state))

    async def is_changing(self) -> bool:
        return await self._spaces.find_one({"state": {"$in": ["filling", "retired"]}}) is not None

    async def bare(self, space: Space, after: Key | None, limit: int) -> list[BareChunk]:
        where = _bare(space, str(after or ""))
        rows = await self._chunks.find(where, projection=READ, sort=[("_id", 1)], limit=limit)
        return [_bare_chunk(row) for row in rows]

    async def fill(self, tx: Transaction, space: Space, chunks: Sequence[BareChunk], embeddings: Embeddings) -> None:
        path = vector_path(space.name, space.dimension)
        for chunk, embedding in zip(chunks, embeddings, strict=True):
            where = {"_id": chunk.key, "tenant": chunk.tenant, path: {"$exists": False}}
            filled = {"$set": {path: vector(embedding, self._options.vectors)}}
            await self._chunks.update_one(where, filled, tx=mongo(tx))

    async def prepare(self, space: Space) -> None:
        """
        Raises:
            SearchIndexNotReady: It is still being built.
        """
        if (await find_capabilities(self._database)).vector_search:
            await ensure(self._database, [self._index(space)], wait=self._options.wait)

    async def switch(self, tx: Transaction) -> bool:
        await self._enter(mongo(tx))
        living = [_space(row) for row in await self._spaces.find(LIVING, tx=mongo(tx))]
        for space in living:
            if await self._chunks.find_one(_bare(space), tx=mongo(tx), projection={"_id": 1}, sort=[("_id", 1)]):
                return False
        if any(space.state == "filling" for space in living):
            for before, after in (("active", "retired"), ("filling", "active")):
                await self._spaces.update_one({"state": before}, {"$set": {"state": after}}, tx=mongo(tx))
        return True

    async def drop_retired(self) -> list[str]:
        rows = await self._spaces.find({"state": "retired"})
        retired = sorted((_space(row) for row in rows), key=lambda space: space.name)
        for space in retired:
            path = vector_path(space.name, space.dimension)
            await drop(self._database, self._index(space).name)
            await self._unset(path)
            await self._spaces.delete_one({"_id": space.name, "state": "retired"})
        return [space.name for space in retired]

    async def _enter(self, tx: MongoTransaction) -> None:
        """Of two who change what is active or filled, one has to begin again: neither sees what the other does."""
        with raced():
            await self._counters.update_one({"_id": "space"}, {"$inc": {"value": 1}}, tx=tx, upsert=True)

    async def _unset(self, path: str) -> None:
        where: Row = {path: {"$exists": True}, "_id": {"$gt": ""}}
        while rows := await self._chunks.find(where, projection={"tenant": 1}, sort=[("_id", 1)], limit=BATCH):
            of_rows = {"_id": {"$in": [row["_id"] for row in rows]}, "tenant": {"$in": [row["tenant"] for row in rows]}}
            await self._chunks.update_many(of_rows, {"$unset": {path: ""}})
            where["_id"] = {"$gt": rows[-1]["_id"]}

    def _index(self, space: Space) -> VectorIndex:
        return VectorIndex(
            embedding=space.name,
            dimension=space.dimension,
            quantization=self._options.quantization,
            metadata=self._options.metadata,
        )


def _bare(space: Space, after: str = "") -> Row:
    """Chunks that were never published have no owner."""
    path = vector_path(space.name, space.dimension)
    published = {"owner": {"$exists": True}, "kind": {"$ne": PARENT_KIND}}
    return {**published, path: {"$exists": False}, "_id": {"$gt": after}}


def _bare_chunk(row: Row) -> BareChunk:
    place = msgspec.json.decode(row["place"], type=Place)
    title = row["header"].removesuffix(row["under"])
    return BareChunk(
        key=row["_id"],
        tenant=row["tenant"],
        document_id=row["document_id"],
        text=embedded_text(title, place.heading_path, place.context, row["text"]),
    )


def _space(row: dict[str, Any]) -> Space:
    return Space(name=row["_id"], dimension=row["dimension"], state=row["state"])
