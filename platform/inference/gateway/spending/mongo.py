"""Spending in MongoDB.

Every transaction that commits money writes the row with the tenant's sum of the day: of two at once, one conflicts and
is done again, so no two of them take the same money.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from footnote.platform.inference.gateway.spending import LONGEST, Account, Committed, Entry, Reservation
from footnote.platform.storage import Transaction
from footnote.platform.storage.mongo import MongoDatabase, MongoTransaction, mongo, raced
from footnote.platform.storage.mongo_collection import Collection

COUNTS = ("calls", "input_tokens", "output_tokens", "cost", "unpriced")


class MongoSpending:
    def __init__(self, database: MongoDatabase) -> None:
        self._entries = database.collection("spending")
        self._committed = database.collection("spending_committed")
        self._reservations = database.collection("spending_reservation")

    async def committed(self, tx: Transaction, account: Account) -> Committed:
        return await self._sums(account, mongo(tx))

    async def reserve(self, tx: Transaction, reservation: Reservation) -> None:
        row = {"_id": reservation.id, "day": reservation.account.day.isoformat(), "cost": reservation.cost}
        await self._reservations.insert_one(row, tx=mongo(tx))
        await self._commit(reservation.account, reservation.cost, mongo(tx))

    async def settle(self, tx: Transaction, entry: Entry | None, reservation: Reservation | None) -> None:
        inside = mongo(tx)
        if reservation is not None and not await self._freed(reservation, inside):
            return
        if entry is not None:
            await self._commit(entry.account, entry.cost, inside)
            counts = {name: getattr(entry, name) for name in COUNTS}
            await _added(self._entries, {**_row(entry.account), "model": entry.model}, counts, inside)

    async def _freed(self, reservation: Reservation, tx: MongoTransaction) -> bool:
        """Whether it was still there."""
        held = await self._reservations.take_one({"_id": reservation.id}, tx=tx)
        if held is not None:
            await self._commit(reservation.account, -held["cost"], tx)
        forgotten = (reservation.account.day - LONGEST).isoformat()
        await self._reservations.delete_many({"day": {"$lt": forgotten}}, tx=tx)
        return held is not None

    async def left(self, account: Account) -> Committed:
        return await self._sums(account, None)

    async def entries(self, tenant: str, since: date, until: date, person: str | None = None) -> Sequence[Entry]:
        where: dict[str, Any] = {"tenant": tenant, "day": {"$gte": since.isoformat(), "$lte": until.isoformat()}}
        if person is not None:
            where["person"] = person
        rows = await self._entries.find(where, sort=[("day", -1), ("model", 1), ("person", 1)])
        return [to_entry(row) for row in rows]

    async def _sums(self, account: Account, tx: MongoTransaction | None) -> Committed:
        of_tenant = await self._committed.find_one(_of_tenant(account), tx=tx)
        of_person = await self._committed.find_one(_of_person(account), tx=tx)
        return Committed(
            tenant=int(of_tenant["cost"]) if of_tenant else 0, person=int(of_person["cost"]) if of_person else 0
        )

    async def _commit(self, account: Account, cost: int, tx: MongoTransaction) -> None:
        for row in (_of_tenant(account), _of_person(account)):
            await _added(self._committed, row, {"cost": cost}, tx)


async def _added(rows: Collection, row: dict[str, str], counts: dict[str, int], tx: MongoTransaction) -> None:
    """Not an upsert: two at once may both insert, where there is no unique index to tell them."""
    if not await rows.update_one(row, {"$inc": counts}, tx=tx):
        with raced():
            await rows.insert_one({**row, **counts}, tx=tx)


def _row(account: Account) -> dict[str, str]:
    return {"tenant": account.tenant, "day": account.day.isoformat(), "person": account.person}


def _of_tenant(account: Account) -> dict[str, str]:
    return {**_row(account), "of": "tenant", "person": ""}


def _of_person(account: Account) -> dict[str, str]:
    return {**_row(account), "of": "person"}


def to_entry(row: dict[str, Any]) -> Entry:
    account = Account(tenant=row["tenant"], person=row["person"], day=date.fromisoformat(row["day"]))
    return Entry(account=account, model=row["model"], **{name: int(row[name]) for name in COUNTS})
