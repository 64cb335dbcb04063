"""Spending in SQLite, where one transaction at a time writes."""

import sqlite3
from collections.abc import Sequence
from datetime import date

from footnote.platform.inference.gateway.spending import LONGEST, Account, Committed, Entry, Reservation
from footnote.platform.storage import Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite

SELECT_COMMITTED = """
SELECT coalesce(sum(cost), 0) AS tenant, coalesce(sum(cost) FILTER (WHERE person = :person), 0) AS person
FROM spending_committed WHERE tenant = :tenant AND day = :day
"""
COMMIT = """
INSERT INTO spending_committed (tenant, day, person, cost) VALUES (:tenant, :day, :person, :cost)
ON CONFLICT (tenant, day, person) DO UPDATE SET cost = cost + excluded.cost
"""
RESERVE = "INSERT INTO spending_reservation (id, day, cost) VALUES (?, ?, ?)"
SETTLE = "DELETE FROM spending_reservation WHERE id = ? RETURNING cost"
FORGET = "DELETE FROM spending_reservation WHERE day < ?"
COUNT = """
INSERT INTO spending (tenant, day, person, model, calls, input_tokens, output_tokens, cost, unpriced)
VALUES (:tenant, :day, :person, :model, :calls, :input_tokens, :output_tokens, :cost, :unpriced)
ON CONFLICT (tenant, day, person, model) DO UPDATE SET
  calls = calls + excluded.calls, input_tokens = input_tokens + excluded.input_tokens,
  output_tokens = output_tokens + excluded.output_tokens, cost = cost + excluded.cost,
  unpriced = unpriced + excluded.unpriced
"""
SELECT_ENTRIES = """
SELECT * FROM spending
WHERE tenant = :tenant AND day BETWEEN :since AND :until AND (:person IS NULL OR person = :person)
ORDER BY day DESC, model, person
"""


class SqliteSpending:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def committed(self, tx: Transaction, account: Account) -> Committed:
        return await sqlite(tx).run(lambda connection: _committed(connection, account))

    async def reserve(self, tx: Transaction, reservation: Reservation) -> None:
        def work(connection: sqlite3.Connection) -> None:
            row = _bound(reservation.account)
            connection.execute(RESERVE, (reservation.id, row["day"], reservation.cost))
            connection.execute(COMMIT, {**row, "cost": reservation.cost})

        await sqlite(tx).run(work)

    async def settle(self, tx: Transaction, entry: Entry | None, reservation: Reservation | None) -> None:
        def work(connection: sqlite3.Connection) -> None:
            if reservation is None or _freed(connection, reservation):
                _count(connection, entry)

        await sqlite(tx).run(work)

    async def left(self, account: Account) -> Committed:
        return await self._database.read(lambda connection: _committed(connection, account))

    async def entries(self, tenant: str, since: date, until: date, person: str | None = None) -> Sequence[Entry]:
        bound = {"tenant": tenant, "since": since.isoformat(), "until": until.isoformat(), "person": person}
        rows = await self._database.read(lambda connection: connection.execute(SELECT_ENTRIES, bound).fetchall())
        return [to_entry(row) for row in rows]


def _freed(connection: sqlite3.Connection, reservation: Reservation) -> bool:
    """Whether it was still there."""
    row = _bound(reservation.account)
    held = connection.execute(SETTLE, (reservation.id,)).fetchone()
    if held is not None:
        connection.execute(COMMIT, {**row, "cost": -held["cost"]})
    connection.execute(FORGET, ((reservation.account.day - LONGEST).isoformat(),))
    return held is not None


def _count(connection: sqlite3.Connection, entry: Entry | None) -> None:
    if entry is not None:
        row = _bound(entry.account)
        connection.execute(COMMIT, {**row, "cost": entry.cost})
        connection.execute(COUNT, {**row, **_counted(entry)})


def _committed(connection: sqlite3.Connection, account: Account) -> Committed:
    row = connection.execute(SELECT_COMMITTED, _bound(account)).fetchone()
    return Committed(tenant=row["tenant"], person=row["person"])


def _bound(account: Account) -> dict[str, str]:
    return {"tenant": account.tenant, "day": account.day.isoformat(), "person": account.person}


def _counted(entry: Entry) -> dict[str, str | int]:
    return {
        "model": entry.model,
        "calls": entry.calls,
        "input_tokens": entry.input_tokens,
        "output_tokens": entry.output_tokens,
        "cost": entry.cost,
        "unpriced": entry.unpriced,
    }


def to_entry(row: sqlite3.Row) -> Entry:
    account = Account(tenant=row["tenant"], person=row["person"], day=date.fromisoformat(row["day"]))
    counted = ("calls", "input_tokens", "output_tokens", "cost", "unpriced")
    return Entry(account=account, model=row["model"], **{name: row[name] for name in counted})
