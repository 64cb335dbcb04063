"""What ranking looks at of hits beside their scores, read from MongoDB when it asks."""

import asyncio
from collections.abc import Sequence

import numpy as np

from footnote.modules.retrieval.repository import Rank, Ranked, Stored
from footnote.modules.retrieval.repository.hits import Both, Hit
from footnote.modules.retrieval.repository.mongo_rows import floats
from footnote.modules.retrieval.repository.mongo_tokens import stored_tokens
from footnote.modules.retrieval.repository.search_indexes import VectorIndex
from footnote.platform.inference import Embeddings
from footnote.platform.storage.mongo import MongoDatabase

Key = int | str


class _Missing(Exception):
    """Ranking cannot wait: it is begun again once what it asked for has been read."""

    def __init__(self, keys: Sequence[Key], *, has_tokens: bool) -> None:
        self.keys = keys
        self.has_tokens = has_tokens


class StoredHits:
    """Those of one search; each is read once."""

    def __init__(self, database: MongoDatabase, tenant: str, index: VectorIndex) -> None:
        self._database = database
        self._tenant = tenant
        self._index = index
        self._vectors: dict[Key, Embeddings] = {}
        self._tokens: dict[Key, bytes | None] = {}

    async def ranked(self, rank: Rank, dense: Sequence[Hit], lexical: Sequence[Hit]) -> Sequence[Ranked]:
        both, stored = Both.of(dense, lexical), Stored(self._vectors_of, self._tokens_of)
        while True:
            try:
                return await asyncio.to_thread(rank, both, stored)
            except _Missing as missing:
                await self._read(missing)

    async def read_vectors(self, keys: Sequence[Key]) -> Embeddings:
        """Float32 [len(keys), dimension], of unit length; zero where a chunk has none."""
        if missing := [key for key in keys if key not in self._vectors]:
            path = self._index.path
            where = {"tenant": self._tenant, "_id": {"$in": missing}}
            rows = await self._database.collection("chunk").find(where, projection={path: 1}, batch_size=len(missing))
            self._vectors |= dict.fromkeys(missing, np.zeros(self._index.dimension, np.float32))
            self._vectors |= {row["_id"]: floats(row[path]) for row in rows if path in row}
        return self._vectors_of(keys)

    async def _read(self, missing: _Missing) -> None:
        if not missing.has_tokens:
            await self.read_vectors(missing.keys)
            return
        found, _ = await asyncio.gather(
            stored_tokens(self._database, self._tenant, self._index.embedding, missing.keys),
            self.read_vectors(missing.keys),  # which the next step asks for
        )
        self._tokens |= dict(zip(missing.keys, found, strict=True))

    def _vectors_of(self, keys: Sequence[Key]) -> Embeddings:
        if any(key not in self._vectors for key in keys):
            raise _Missing(keys, has_tokens=False)
        rows = [self._vectors[key] for key in keys]
        return np.array(rows, np.float32).reshape(len(rows), self._index.dimension)

    def _tokens_of(self, keys: Sequence[Key]) -> list[bytes | None]:
        if any(key not in self._tokens for key in keys):
            raise _Missing(keys, has_tokens=True)
        return [self._tokens[key] for key in keys]
