"""Spaces of embeddings in MongoDB: each has a field of the chunks, and a search index of its own."""

from collections.abc import Sequence
from typing import Any

import msgspec

from footnote.modules.retrieval.repository.mongo_filters import Row
from footnote.modules.retrieval.repository.mongo_queries import IndexOptions
from footnote.modules.retrieval.repository.mongo_rows import PARENT_KIND, build_of, vector
from footnote.modules.retrieval.repository.mongo_tokens import TOKENS, drop_tokens, token_row
from footnote.modules.retrieval.repository.places import Place
from footnote.modules.retrieval.repository.search_indexes import VectorIndex, drop, ensure, vector_path
from footnote.modules.retrieval.repository.spaces import BareChunk, Key, Space, embedded_text
from footnote.platform.inference import Embeddings
from footnote.platform.storage import Transaction
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.mongo import MongoDatabase, MongoTransaction, mongo, raced
from footnote.platform.storage.mongo_capabilities import find_capabilities

WINDOW = 5000  # chunks
MOST_CHANGES = 1000  # documents
DOCUMENT = {"tenant": 1, "document_id": 1}
LIVING = {"state": {"$in": ["active", "filling"]}}
READ = {"tenant": 1, "document_id": 1, "text": 1, "header": 1, "under": 1, "place": 1}


class MongoSpaces:
    def __init__(
        self,
        database: MongoDatabase,
        options: IndexOptions | None = None,
        *,
        window: int = WINDOW,
        most_changes: int = MOST_CHANGES,
    ) -> None:
        """Looks through `window` chunks at once, and at `most_changes` documents in the transaction of a switch."""
        self._database = database
        self._options = options or IndexOptions()
        self._window = window
        self._most_changes = most_changes
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
        """No index knows what is missing, so chunks are looked through in windows, each soon done."""
        begin: str | None = str(after or "")
        while begin is not None:
            end = await self._end_of_window(begin)
            window = {"$gt": begin} | ({"$lte": end} if end else {})
            where = {"_id": window, **_bare(space)}
            if rows := await self._chunks.find(where, projection=READ, sort=[("_id", 1)], limit=limit):
                return [_bare_chunk(row) for row in rows]
            begin = end
        return []

    async def fill(
        self,
        tx: Transaction,
        space: Space,
        chunks: Sequence[BareChunk],
        embeddings: Embeddings,
        tokens: Sequence[Embeddings] | None = None,
    ) -> None:
        path = vector_path(space.name, space.dimension)
        of_tokens: Sequence[Embeddings | None] = tokens or [None] * len(chunks)
        for chunk, embedding, states in zip(chunks, embeddings, of_tokens, strict=True):
            where = {"_id": chunk.key, "tenant": chunk.tenant, path: {"$exists": False}}
            filled = {"$set": {path: vector(embedding, self._options.vectors)}}
            if await self._chunks.update_one(where, filled, tx=mongo(tx)) and states is not None:
                await self._fill_tokens(mongo(tx), space, chunk, states)

    async def _fill_tokens(self, tx: MongoTransaction, space: Space, chunk: BareChunk, states: Embeddings) -> None:
        of_chunk = {"_id": chunk.key, "tenant": chunk.tenant, "document_id": chunk.document_id}
        row = token_row({**of_chunk, "build": build_of(str(chunk.key))}, space.name, states)
        where = {"_id": row["_id"], "tenant": chunk.tenant}
        with raced():
            await self._database.collection(TOKENS).replace_one(where, row, tx=tx, upsert=True)

    async def prepare(self, space: Space) -> None:
        """
        Raises:
            SearchIndexNotReady: It is still being built.
        """
        if (await find_capabilities(self._database)).vector_search:
            await ensure(self._database, [self._index(space)], wait=self._options.wait)

    async def head(self) -> int:
        return await self._database.events.horizon()

    async def switch(self, tx: Transaction, since: int) -> bool:
        await self._enter(mongo(tx))
        living = [_space(row) for row in await self._spaces.find(LIVING, tx=mongo(tx))]
        if await self._is_lately_bare(mongo(tx), living, since):
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
            await drop_tokens(self._database, space=space.name)
            await self._spaces.delete_one({"_id": space.name, "state": "retired"})
        return [space.name for space in retired]

    async def _is_lately_bare(self, tx: MongoTransaction, spaces: Sequence[Space], since: int) -> bool:
        """Where too much was changed to be looked at in one transaction, some of it may be bare."""
        changes = await self._database.collection("index_change").find(
            {"sequence": {"$gt": since}}, tx=tx, projection=DOCUMENT, limit=self._most_changes
        )
        documents: dict[str, list[str]] = {}
        for row in changes:
            documents.setdefault(row["tenant"], []).append(row["document_id"])
        for tenant, names in documents.items():
            where = {"tenant": tenant, "document_id": {"$in": names}}
            publications = self._database.collection("publication")
            builds = [row["build"] for row in await publications.find(where, tx=tx, projection={"build": 1})]
            for space in spaces:
                where = {"tenant": tenant, "build": {"$in": builds}, **_bare(space)}
                if await self._chunks.find_one(where, tx=tx, projection={"_id": 1}):
                    return True
        return len(changes) == self._most_changes

    async def _end_of_window(self, begin: str) -> str | None:
        """The key of the last chunk of a window after `begin`; None if there are not that many."""
        where = {"_id": {"$gt": begin}}
        rows = await self._chunks.find(where, projection={"_id": 1}, sort=[("_id", 1)], skip=self._window, limit=1)
        return str(rows[0]["_id"]) if rows else None

    async def _enter(self, tx: MongoTransaction) -> None:
        """Of two who change what is active or filled, one has to begin again: neither sees what the other does."""
        with raced():
            await self._counters.update_one({"_id": "space"}, {"$inc": {"value": 1}}, tx=tx, upsert=True)

    async def _unset(self, path: str) -> None:
        begin: str | None = ""
        while begin is not None:
            end = await self._end_of_window(begin)
            window = {"$gt": begin} | ({"$lte": end} if end else {})
            await self._chunks.update_many({"_id": window, path: {"$exists": True}}, {"$unset": {path: ""}})
            begin = end

    def _index(self, space: Space) -> VectorIndex:
        return VectorIndex(
            embedding=space.name,
            dimension=space.dimension,
            quantization=self._options.quantization,
            metadata=self._options.metadata,
        )


def _bare(space: Space) -> Row:
    """Chunks that were never published have no owner."""
    path = vector_path(space.name, space.dimension)
    return {"owner": {"$exists": True}, "kind": {"$ne": PARENT_KIND}, path: {"$exists": False}}


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
