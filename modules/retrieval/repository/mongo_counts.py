"""How many chunks a tenant has, and how many have a term: what BM25 must know and no list of hits says."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from time import monotonic

from footnote.platform.storage.mongo import MongoDatabase

MOST = 20_000  # chunks that are counted for a term: whatever more have is common
CHUNKS_KEPT = 60.0  # seconds
TERMS_KEPT = 600.0
TERMS = 100_000


class WordCounts:
    """Of one process; what was counted is taken for true for a while."""

    def __init__(self, database: MongoDatabase, now: Callable[[], float] = monotonic) -> None:
        self._chunks = database.collection("chunk")
        self._now = now
        self._known: dict[tuple[str, str], tuple[float, int]] = {}  # by tenant and code: until when, and how many

    async def chunks(self, tenant: str) -> int:
        """Parents included."""
        return await self._kept(tenant, "", CHUNKS_KEPT, lambda: self._chunks.count({"tenant": tenant}))

    async def having(self, tenant: str, codes: Collection[str]) -> dict[str, int]:
        """Chunks of the tenant that have each of the terms, whoever may read them, up to `MOST`."""
        counts = await asyncio.gather(
            *(self._kept(tenant, code, TERMS_KEPT, self._counting(tenant, code)) for code in codes)
        )
        return dict(zip(codes, counts, strict=True))

    def _counting(self, tenant: str, code: str) -> Callable[[], Awaitable[int]]:
        where = {"$text": {"$search": code, "$language": "none"}, "tenant": tenant}
        return lambda: self._chunks.count(where, limit=MOST)

    async def _kept(self, tenant: str, code: str, seconds: float, count: Callable[[], Awaitable[int]]) -> int:
        until, known = self._known.get((tenant, code), (0.0, 0))
        if until > self._now():
            return known
        counted = await count()
        if len(self._known) >= TERMS:
            self._known.clear()
        self._known[tenant, code] = (self._now() + seconds, counted)
        return counted
