"""A sequence whose numbers appear in order although transactions commit in any.

A counter raised inside the transactions would make every two of them conflict. So numbers are taken outside; those of
transactions that are still open are noted beside the counter, and readers see only what lies before the first of them.

Whoever takes numbers can be killed before it settles them. So before it commits, a transaction vouches for them: it
inserts a document of its own name. A reader that has waited for long inserts that document itself. One of the two comes
second: either the transaction has been committed, or it cannot be any more. No clocks are compared.
"""

from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

import pymongo
from pymongo.errors import DuplicateKeyError

from footnote.platform.clock import utc_now
from footnote.platform.storage.errors import StoreUnavailable
from footnote.platform.storage.mongo_collection import Collection, Row

if TYPE_CHECKING:
    from footnote.platform.storage.mongo import MongoTransaction

PATIENCE = 15.0  # seconds for which a reader waits for a transaction that has taken numbers
DECISION = 0.5  # seconds for which it then waits for one that has vouched


class Sequence:
    """`owner` is the name of a transaction, different from all others."""

    def __init__(self, counters: Collection, settlements: Collection, name: str) -> None:
        self._counters = counters
        self._settlements = settlements
        self._name = name
        self._settled: set[str] = set()  # owners of which the store has not been told
        self._waited_since: dict[str, float] = {}

    async def take(self, owner: str, nth: int) -> int:
        """The next number, the same when asked again; no reader passes it until its owner has settled."""
        place = f"{owner}/{nth}"
        taking = _taking(owner, place)
        row = await self._counters.change_one({"_id": self._name}, taking)
        if row is None:
            # An upsert would do in MongoDB; DocumentDB gives the same first number to several who ask at once.
            with suppress(DuplicateKeyError):
                await self._counters.insert_one({"_id": self._name, "value": 0, "open": []})
            row = await self._counters.change_one({"_id": self._name}, taking)
        assert row is not None  # noqa: S101 - nobody deletes it
        return next(int(entry["number"]) for entry in row["open"] if entry["place"] == place)

    async def vouch(self, owner: str, tx: "MongoTransaction") -> None:
        """The last word of a transaction before its commit.

        Raises:
            DuplicateKeyError: Somebody has given up on it.
            TransactionConflict: Somebody is giving up on it.
        """
        await self._settlements.insert_one(self._settlement(owner), tx=tx)

    async def settle(self, *owners: str) -> None:
        """What the store cannot be told now, it is told with the next ones."""
        self._settled.update(owners)
        told = list(self._settled)
        await self._counters.update_one({"_id": self._name}, {"$pull": {"open": {"owner": {"$in": told}}}})
        self._settled.difference_update(told)

    def doubt(self, owner: str) -> None:
        """It has gone on without knowing what became of its transaction, which need not be waited for."""
        self._waited_since[owner] = 0.0

    async def horizon(self) -> int:
        """The greatest number up to which everything that will ever be committed can be read; 0 at first."""
        row = await self._counters.find_one({"_id": self._name})
        if row is None:
            return 0
        pending = {int(entry["number"]): str(entry["owner"]) for entry in row["open"]}
        ended = {owner for owner in self._overdue(set(pending.values())) if await self._has_ended(owner)}
        if ended:
            await self.settle(*ended)
        return min((number - 1 for number, owner in pending.items() if owner not in ended), default=int(row["value"]))

    async def settled(self) -> int | None:
        """The greatest number, if no transaction is open that has taken one: the same number, the same content."""
        row = await self._counters.find_one({"_id": self._name})
        if row is None:
            return 0
        return None if row["open"] else int(row["value"])

    def _overdue(self, owners: set[str]) -> list[str]:
        now = monotonic()
        self._waited_since = {owner: self._waited_since.get(owner, now) for owner in owners}
        overdue = [owner for owner, since in self._waited_since.items() if now - since > PATIENCE]
        self._waited_since |= dict.fromkeys(overdue, now)
        return overdue

    async def _has_ended(self, owner: str) -> bool:
        settlement = self._settlement(owner)
        try:
            with pymongo.timeout(DECISION):
                await self._settlements.insert_one(settlement)
        except DuplicateKeyError:
            # Only what a majority has is seen by readers, and this was committed together with the events.
            return await self._settlements.find_one({"_id": settlement["_id"]}) is not None
        except StoreUnavailable:
            return False  # vouched for, and not committed yet: the server ends it, if nobody does
        return True

    def _settlement(self, owner: str) -> Row:
        return {"_id": f"{self._name}/{owner}", "at": utc_now()}


def _taking(owner: str, place: str) -> list[Row]:
    is_taken = {"$in": [place, {"$ifNull": ["$open.place", []]}]}
    number = {"$add": [{"$ifNull": ["$value", 0]}, 1]}
    longer = {"$concatArrays": [{"$ifNull": ["$open", []]}, [{"number": number, "owner": owner, "place": place}]]}
    return [
        {
            "$set": {
                "value": {"$cond": [is_taken, "$value", number]},
                "open": {"$cond": [is_taken, "$open", longer]},
            }
        }
    ]
