"""A sequence whose numbers appear in order although transactions commit in any.

A counter raised inside the transactions would make every two of them conflict. So numbers are taken outside; those of
transactions that are still open are noted beside the counter, and readers see only what lies before the first of them.
"""

from datetime import datetime, timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from footnote.platform.clock import Clock, utc_now
from footnote.platform.storage.mongo_collection import Collection

# A transaction that has neither committed nor aborted by then has been ended by the server (its limit is 60 s).
ABANDONED = timedelta(seconds=70)


class Sequence:
    def __init__(self, counters: Collection, name: str, clock: Clock = utc_now) -> None:
        self._counters = counters
        self._name = name
        self._clock = clock
        self._settled: set[int] = set()  # of which the store has not been told

    async def take(self) -> int:
        """The next number; no reader passes it until it is settled."""
        taking = _taking(self._clock())
        try:
            row = await self._counters.change_one({"_id": self._name}, taking, upsert=True)
        except DuplicateKeyError:  # two took the first numbers at once
            row = await self._counters.change_one({"_id": self._name}, taking)
        assert row is not None  # noqa: S101 - an upsert always gives a row
        return int(row["value"])

    async def settle(self, numbers: list[int]) -> None:
        """What the store cannot be told now, it is told with the next ones."""
        self._settled.update(numbers)
        told = list(self._settled)
        await self._counters.update_one({"_id": self._name}, {"$pull": {"open": {"number": {"$in": told}}}})
        self._settled.difference_update(told)

    async def horizon(self) -> int:
        """The greatest number up to which everything that will ever be committed can be read; 0 at first."""
        row = await self._counters.find_one({"_id": self._name})
        if row is None:
            return 0
        begun = self._clock() - ABANDONED
        pending = [entry["number"] for entry in row["open"] if entry["at"] > begun]
        return min(pending) - 1 if pending else int(row["value"])


def _taking(now: datetime) -> list[dict[str, Any]]:
    living = {"$filter": {"input": {"$ifNull": ["$open", []]}, "cond": {"$gt": ["$$this.at", now - ABANDONED]}}}
    number = {"$add": [{"$ifNull": ["$value", 0]}, 1]}
    return [
        {"$set": {"value": number, "open": living}},
        {"$set": {"open": {"$concatArrays": ["$open", [{"number": "$value", "at": now}]]}}},
    ]
