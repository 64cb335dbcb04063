"""How many chunks a tenant has, how long they are and how many have a term: what no list of hits says to BM25."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from time import monotonic
from typing import Any, TypeVar

from footnote.modules.retrieval.repository.mongo_terms import LENGTH
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.together import together

MOST = 20_000  # chunks that are counted for a term: whatever more have is common
SOME = 2000  # chunks whose lengths are looked at; those of hits alone would not do, for long ones have more words
CHUNKS_KEPT = 60.0  # seconds
TERMS_KEPT = 600.0
TERMS = 100_000
AT_ONCE = 8  # that are counted by one process: a question may have 128 in each language, and a process 50 connections

Key = TypeVar("Key")
Counted = TypeVar("Counted")


class WordCounts:
    """Of one process; what was counted is taken for true for a while."""

    def __init__(self, database: MongoDatabase, now: Callable[[], float] = monotonic) -> None:
        self._builds = database.collection("build")
        self._chunks = database.collection("chunk")
        self._now = now
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._languages: dict[str, tuple[float, Mapping[str, int]]] = {}  # by tenant: until when, and how many
        self._lengths: dict[str, tuple[float, Mapping[str, float]]] = {}  # by tenant
        self._terms: dict[tuple[str, str], tuple[float, int]] = {}  # by tenant and code

    async def chunks(self, tenant: str) -> Mapping[str, int]:
        """By the language that they are analysed in, parents included."""
        return await self._kept(self._languages, tenant, CHUNKS_KEPT, lambda: self._in_languages(tenant))

    async def lengths(self, tenant: str) -> Mapping[str, float]:
        """How many terms a chunk has in the mean, by language; as far as `SOME` of the tenant's tell."""
        return await self._kept(self._lengths, tenant, TERMS_KEPT, lambda: self._mean_lengths(tenant))

    async def having(self, tenant: str, codes: Collection[str]) -> dict[str, int]:
        """Chunks of the tenant that have each of the terms, whoever may read them, up to `MOST`."""
        counts = await together(
            self._kept(self._terms, (tenant, code), TERMS_KEPT, self._counting(tenant, code)) for code in codes
        )
        return dict(zip(codes, counts, strict=True))

    async def _in_languages(self, tenant: str) -> Mapping[str, int]:
        """By what builds say of themselves: there are far fewer than chunks."""
        counted = {"$group": {"_id": "$analysed_in", "chunks": {"$sum": "$chunks"}}}
        living = {"tenant": tenant, "living": True}
        rows = await self._builds.aggregate([{"$match": living}, counted])
        return {str(row["_id"]): int(row["chunks"]) for row in rows}

    async def _mean_lengths(self, tenant: str) -> Mapping[str, float]:
        where = {"tenant": tenant, "text_codes": {"$exists": True}}
        terms = {"$add": [_terms(field) for field in ("title_codes", "under_codes", "text_codes")]}
        mean = {"$group": {"_id": "$analysed_in", "mean": {"$avg": terms}}}
        rows = await self._chunks.aggregate([{"$match": where}, {"$limit": SOME}, mean])
        return {str(row["_id"]): float(row["mean"]) for row in rows}

    def _counting(self, tenant: str, code: str) -> Callable[[], Awaitable[int]]:
        where = {"$text": {"$search": code, "$language": "none"}, "tenant": tenant}

        async def count() -> int:
            async with self._turns:
                return await self._chunks.count(where, limit=MOST)

        return count

    async def _kept(
        self,
        known: dict[Key, tuple[float, Counted]],
        key: Key,
        seconds: float,
        count: Callable[[], Awaitable[Counted]],
    ) -> Counted:
        if key in known and known[key][0] > self._now():
            return known[key][1]
        counted = await count()
        if len(known) >= TERMS:
            known.clear()
        known[key] = (self._now() + seconds, counted)
        return counted


def _terms(field: str) -> dict[str, Any]:
    """`mongo_terms.length_of` by the server."""
    letters = {"$strLenBytes": {"$ifNull": [f"${field}", ""]}}
    return {"$floor": {"$divide": [{"$add": [letters, 1]}, LENGTH + 1]}}
