"""Answers in SQLite: each whole as JSON, and the documents that it draws from."""

import sqlite3
from collections.abc import Collection

import msgspec

from footnote.modules.generation.errors import AnswerNotFound
from footnote.modules.generation.models import Answer
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite

INSERT = """
INSERT INTO answer (id, tenant, owner, question, body, trace_id, created_at)
VALUES (:id, :tenant, :owner, :question, :body, :trace_id, :created_at)
"""
INSERT_SOURCE = "INSERT INTO answer_source (tenant, document_id, answer_id) VALUES (?, ?, ?)"
SELECT_OWN = "SELECT body FROM answer WHERE tenant = ? AND owner = ? AND id = ?"
SELECT_HELD = "SELECT 1 FROM answer WHERE tenant = ? AND owner = ? AND id = ?"
SELECT_ANY = "SELECT body FROM answer WHERE tenant = ? AND id = ?"
SELECT_DRAWN = "SELECT answer_id FROM answer_source WHERE tenant = ? AND document_id = ? ORDER BY answer_id"
UPDATE = "UPDATE answer SET body = ? WHERE tenant = ? AND id = ?"
# The ids are one JSON array: a statement takes only so many values.
SELECT_OWN_ALL = """
SELECT body FROM answer WHERE tenant = ? AND owner = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY id
"""
DELETE = "DELETE FROM answer WHERE tenant = ? AND id IN (SELECT value FROM json_each(?))"
DELETE_SOURCES = "DELETE FROM answer_source WHERE answer_id = ?"


class SqliteAnswerRepository:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def add(self, tx: Transaction, principal: Principal, answer: Answer) -> None:
        row = {
            "id": answer.id,
            "tenant": principal.tenant,
            "owner": principal.subject,
            "question": answer.question,
            "body": _encode(answer),
            "trace_id": answer.trace_id,
            "created_at": answer.created_at.isoformat(),
        }

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(INSERT, row)
            _add_sources(connection, principal.tenant, answer)

        await sqlite(tx).run(work)

    async def get(self, principal: Principal, answer_id: str) -> Answer:
        bound = (principal.tenant, principal.subject, answer_id)
        return await self._database.read(lambda connection: _one(connection, SELECT_OWN, bound))

    async def hold(self, tx: Transaction, principal: Principal, answer_id: str) -> None:
        bound = (principal.tenant, principal.subject, answer_id)  # one transaction at a time writes
        if await sqlite(tx).run(lambda connection: connection.execute(SELECT_HELD, bound).fetchone()) is None:
            raise AnswerNotFound(answer_id)

    async def get_all(self, principal: Principal, answer_ids: Collection[str]) -> list[Answer]:
        bound = (principal.tenant, principal.subject, _listed(answer_ids))
        rows = await self._database.read(lambda connection: connection.execute(SELECT_OWN_ALL, bound).fetchall())
        return [msgspec.json.decode(row["body"], type=Answer) for row in rows]

    async def drawn_from(self, tx: Transaction, tenant: str, document_id: str) -> list[str]:
        def work(connection: sqlite3.Connection) -> list[str]:
            return [row["answer_id"] for row in connection.execute(SELECT_DRAWN, (tenant, document_id))]

        return await sqlite(tx).run(work)

    async def load(self, tx: Transaction, tenant: str, answer_id: str) -> Answer:
        return await sqlite(tx).run(lambda connection: _one(connection, SELECT_ANY, (tenant, answer_id)))

    async def replace(self, tx: Transaction, tenant: str, answer: Answer) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute(UPDATE, (_encode(answer), tenant, answer.id))
            connection.execute(DELETE_SOURCES, (answer.id,))
            _add_sources(connection, tenant, answer)

        await sqlite(tx).run(work)

    async def delete(self, tx: Transaction, tenant: str, answer_ids: Collection[str]) -> int:
        bound = (tenant, _listed(answer_ids))
        return await sqlite(tx).run(lambda connection: connection.execute(DELETE, bound).rowcount)


def _one(connection: sqlite3.Connection, statement: str, bound: tuple[str, ...]) -> Answer:
    row = connection.execute(statement, bound).fetchone()
    if row is None:
        raise AnswerNotFound(bound[-1])
    return msgspec.json.decode(row["body"], type=Answer)


def _add_sources(connection: sqlite3.Connection, tenant: str, answer: Answer) -> None:
    rows = [(tenant, document_id, answer.id) for document_id in sorted(answer.document_ids)]
    connection.executemany(INSERT_SOURCE, rows)


def _encode(answer: Answer) -> str:
    return msgspec.json.encode(answer).decode()


def _listed(answer_ids: Collection[str]) -> str:
    return msgspec.json.encode(sorted(answer_ids)).decode()
