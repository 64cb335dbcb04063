"""Which job is to be claimed next, found without reading all that wait."""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator

from footnote.platform.storage.mongo_collection import Collection as Rows
from footnote.platform.storage.mongo_collection import Row

TOGETHER = 200  # tenants asked for at once; of more than this the server sorts what waits instead of merging it
WIDTH = 8  # equal jobs that several claims at once spread over
SEEN = ["tenant", "kind", "priority", "status", "fence", "lease_until"]

Rank = tuple[int, bool, int]


class DueJobs:
    """The index of waiting jobs is asked for the tenants in it, then for the first jobs of equally busy ones."""

    def __init__(self, jobs: Rows, pauses: Rows) -> None:
        self._jobs = jobs
        self._pauses = pauses

    async def choose(self, kinds: Collection[str], now: int, *, is_crowded: bool) -> Row | None:
        """The job that `claim` of the port describes, or in a crowd any of those that are as urgent."""
        running = await self._jobs.find({"status": "running"}, projection=SEEN)
        waiting = await self._jobs.distinct("tenant", {"status": "queued"})
        expired = [row for row in running if row["lease_until"] < now and row["kind"] in kinds]
        paused = await self._paused({*waiting, *(row["tenant"] for row in expired)})
        busy = Counter(row["tenant"] for row in running if row["lease_until"] >= now)
        due = [row for row in expired if row["tenant"] not in paused]
        for tenants in _equally_busy([tenant for tenant in waiting if tenant not in paused], busy):
            due += await self._first(tenants, kinds, now)
        return _most_urgent(due, busy, is_crowded=is_crowded)

    async def _paused(self, tenants: set[str]) -> set[str]:
        if not tenants:
            return set()
        return {row["_id"] for row in await self._pauses.find({"_id": {"$in": sorted(tenants)}})}

    async def _first(self, tenants: list[str], kinds: Collection[str], now: int) -> list[Row]:
        where = {
            "status": "queued",
            "tenant": tenants[0] if len(tenants) == 1 else {"$in": tenants},
            "due_at": {"$lte": now},
            "kind": {"$in": sorted(kinds)},
        }
        return await self._jobs.find(where, sort=[("priority", -1), ("_id", 1)], limit=WIDTH, projection=SEEN)


def _equally_busy(tenants: list[str], busy: Counter[str]) -> Iterator[list[str]]:
    groups = defaultdict(list)
    for tenant in tenants:
        groups[busy[tenant]].append(tenant)
    for group in groups.values():
        for start in range(0, len(group), TOGETHER):
            yield group[start : start + TOGETHER]


def _most_urgent(due: list[Row], busy: Counter[str], *, is_crowded: bool) -> Row | None:
    def rank(row: Row) -> Rank:
        return -row["priority"], row["status"] == "queued", busy[row["tenant"]]

    if not due:
        return None
    highest = min(map(rank, due))
    equals = sorted((row for row in due if rank(row) == highest), key=lambda row: str(row["_id"]))
    return random.choice(equals) if is_crowded else equals[0]  # noqa: S311 - no secret
