"""Published chunks out of MongoDB."""

import re
from collections.abc import AsyncIterator, Sequence

import msgspec
import numpy as np

from footnote.modules.retrieval.models import Build, Chunk
from footnote.modules.retrieval.repository.mongo_filters import Row
from footnote.modules.retrieval.repository.mongo_rows import floats
from footnote.modules.retrieval.repository.mongo_tokens import stored_tokens
from footnote.modules.retrieval.repository.moving import BATCH, FIRST, PARENT, ChunkBatch, Position, position
from footnote.modules.retrieval.repository.places import Place
from footnote.modules.retrieval.repository.search_indexes import vector_path
from footnote.modules.retrieval.repository.spaces import Space
from footnote.platform.inference import Embeddings
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.mongo import MongoDatabase

ORDER = [("start", 1), ("end", 1), ("kind", 1)]


class MongoIndexMoving:
    """Embeddings that the store keeps as int8 come out as what they stand for, and are not what they were."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database
        self._publications = database.collection("publication")
        self._builds = database.collection("build")
        self._chunks = database.collection("chunk")

    @again_on_conflict
    async def published(self, tenant: str, document_id: str, active: Space) -> Build | None:
        async with self._database.transaction() as tx:
            publication = await self._publications.find_one({"tenant": tenant, "document_id": document_id}, tx=tx)
            if publication is None:
                return None
            row = await self._builds.find_one({"_id": publication["build"], "tenant": tenant}, tx=tx)
            path = vector_path(active.name, active.dimension)
            bare = {"tenant": tenant, "build": publication["build"], "kind": {"$ne": PARENT}, path: {"$exists": False}}
            is_bare = await self._chunks.find_one(bare, tx=tx, projection={"_id": 1})
        build = msgspec.convert(row, Build)
        return build if is_bare else msgspec.structs.replace(build, embedding=active.name)

    async def chunks(self, build: Build) -> AsyncIterator[ChunkBatch]:
        living = {"tenant": build.tenant, "document_id": build.document_id, "id": build.id, "living": True}
        row = await self._builds.find_one(living)
        if row is None:
            return
        for kind in ({"kind": PARENT}, {"kind": {"$ne": PARENT}}):
            after: Position = FIRST
            while rows := await self._page({"tenant": build.tenant, "build": row["_id"], **kind}, after):
                chunks = [_chunk(each) for each in rows]
                children = [each["_id"] for each in rows if each["kind"] != PARENT]
                tokens = await stored_tokens(self._database, build.tenant, build.embedding, children)
                yield ChunkBatch(chunks, _embeddings(rows, build.embedding), [codes or b"" for codes in tokens])
                after = position(chunks[-1])

    async def _page(self, where: Row, after: Position) -> list[Row]:
        start, end, kind = after
        later = [
            {"start": {"$gt": start}},
            {"start": start, "end": {"$gt": end}},
            {"start": start, "end": end, "kind": {"$gt": kind}},
        ]
        asked = {"$and": [where, {"start": {"$gte": start}}, {"$or": later}]}
        return await self._chunks.find(asked, sort=ORDER, limit=BATCH)


def _chunk(row: Row) -> Chunk:
    place = msgspec.json.decode(row["place"], type=Place)
    return Chunk(
        start=int(row["start"]),
        end=int(row["end"]),
        text=row["whole"] if row["kind"] == PARENT else row["text"],
        tokens=int(row["tokens"]),
        kind=row["kind"],
        parent=_span(row["parent"]) if "parent" in row else None,
        **msgspec.structs.asdict(place),
    )


def _span(key: str) -> tuple[int, int]:
    _, start, end, _ = key.split(".")
    return int(start), int(end)


def _embeddings(rows: Sequence[Row], model: str) -> Embeddings:
    named = vector_path(model, 0)[:-1]  # the dimension, which follows, is all that is not known
    vectors = [floats(row[name]) for row in rows for name in row if re.fullmatch(rf"{named}\d+", name)]
    return np.array(vectors, np.float32) if vectors else np.zeros((0, 0), np.float32)
