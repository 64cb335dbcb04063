"""Writing the chunk index in MongoDB: each method is one step inside a transaction.

Whatever changes a build or what is published of a document writes to the build's or the publication's own row, so that
two transactions of which one must see the other conflict. Each writes such a row once: what two insert at once and then
change would make them wait for each other where uniqueness is checked by locks.

A change has a number, taken after the transaction began to read: whoever can change the same afterwards has read what
was committed, and takes a greater one.
"""

from collections.abc import Sequence
from typing import Literal

from footnote.modules.retrieval.errors import StaleFence
from footnote.modules.retrieval.models import Build, Card, Chunk, Removed
from footnote.modules.retrieval.repository.mongo_filters import Row
from footnote.modules.retrieval.repository.mongo_rows import (
    PARENT_KIND,
    Vectors,
    build_row,
    chunk_rows,
    described,
    language_of,
    stamp,
)
from footnote.modules.retrieval.repository.mongo_tokens import TOKENS, token_rows
from footnote.platform.ids import new_id
from footnote.platform.inference import Embeddings
from footnote.platform.storage.errors import TransactionConflict
from footnote.platform.storage.mongo import MongoDatabase, MongoTransaction, raced

Change = Literal["published", "described", "removed"]


class IndexWriting:
    def __init__(self, database: MongoDatabase, *, vectors: Vectors, transaction_rows: int) -> None:
        """Builds of more than `transaction_rows` chunks are stamped and deleted after the transaction, by a sweep."""
        self._builds = database.collection("build")
        self._chunks = database.collection("chunk")
        self._tokens = database.collection(TOKENS)
        self._publications = database.collection("publication")
        self._changes = database.collection("index_change")
        self._vectors = vectors
        self._transaction_rows = transaction_rows

    async def written(self, build: Build) -> set[tuple[str, int, int]]:
        row = await self._builds.find_one(_living(build))
        if row is None:
            return set()
        where = {"tenant": build.tenant, "build": row["_id"]}
        rows = await self._chunks.find(where, projection={"_id": 0, "kind": 1, "start": 1, "end": 1})
        return {(row["kind"], row["start"], row["end"]) for row in rows}

    async def write(
        self,
        tx: MongoTransaction,
        build: Build,
        title: str,
        chunks: Sequence[Chunk],
        embeddings: Embeddings,
        tokens: Sequence[Embeddings] | None,
        *,
        coded: bool,
    ) -> None:
        """`coded` says whether `$text` has to find words."""
        row = await self._builds.find_one(_living(build), tx=tx)
        kept = row or build_row(build)
        language = language_of(kept) if coded else None
        rows = chunk_rows(kept["_id"], build, title, chunks, embeddings, self._vectors, language)
        wanted = {row["_id"] for row in rows} | {row["parent"] for row in rows if "parent" in row}
        where = {"tenant": build.tenant, "_id": {"$in": sorted(wanted)}}
        known = {row["_id"] for row in await self._chunks.find(where, tx=tx, projection={"_id": 1})} if row else set()
        missing = [row for row in rows if row["_id"] not in known]
        _require_parents(missing, known)
        if missing:
            with raced():
                await self._chunks.insert_many(missing, tx=tx, ordered=False)
        if of_tokens := token_rows(rows, missing, build.embedding, tokens):
            with raced():
                await self._tokens.insert_many(of_tokens, tx=tx, ordered=False)
        update = {"$set": {"version": build.version}, "$inc": {"chunks": len(missing)}}
        if row is None:
            await self._insert_build(tx, {**kept, "chunks": len(missing)})
        elif missing or row["version"] != build.version:
            await self._builds.update_one(_row(kept), update, tx=tx)

    async def publish(self, tx: MongoTransaction, build: Build, card: Card, fence: int) -> None:
        row = await self._builds.find_one(_living(build), tx=tx)
        kept = row or build_row(build)
        sequence = await tx.next_event()
        fields = {**described(card), "build": kept["_id"], "version": build.version, "fence": fence}
        fields["analysed_in"] = language_of(kept)
        await self._set_publication(tx, card, {**fields, "sequence": sequence})
        if row is None:
            await self._insert_build(tx, {**kept, "sequence": sequence})
        else:
            await self._settle(tx, kept, card, sequence)
        await self._drop(tx, card.tenant, card.document_id, but=kept["_id"])
        await self._log(tx, _document(card), "published", sequence)

    async def describe(self, tx: MongoTransaction, card: Card) -> None:
        if await self._publications.find_one(_document(card), tx=tx, projection={"_id": 1}) is None:
            return
        sequence = await tx.next_event()
        update = {"$set": {**described(card), "sequence": sequence}}
        publication = await self._publications.change_one(_document(card), update, tx=tx)
        if publication is None:
            raise TransactionConflict("the document was removed meanwhile")
        kept = await self._builds.find_one({"_id": publication["build"], "tenant": card.tenant}, tx=tx)
        assert kept is not None  # noqa: S101 - a published build is never dropped
        await self._settle(tx, kept, card, sequence)
        await self._log(tx, _document(card), "described", sequence)

    async def remove(self, tx: MongoTransaction, tenant: str, document_id: str) -> Removed:
        where = {"tenant": tenant, "document_id": document_id}
        unpublished = await self._publications.take_one(where, tx=tx)
        removed = await self._drop(tx, tenant, document_id, but=None)
        if unpublished is not None:
            await self._log(tx, where, "removed", await tx.next_event())
        return removed

    async def _insert_build(self, tx: MongoTransaction, row: Row) -> None:
        with raced():
            await self._builds.insert_one(row, tx=tx)

    async def _set_publication(self, tx: MongoTransaction, card: Card, fields: Row) -> None:
        where = {**_document(card), "fence": {"$lte": fields["fence"]}}
        if await self._publications.update_one(where, {"$set": fields}, tx=tx):
            return
        if await self._publications.find_one(_document(card), tx=tx, projection={"_id": 1}):
            raise StaleFence(card.document_id, fields["fence"])
        with raced():
            await self._publications.insert_one({"_id": new_id(), **_document(card), **fields}, tx=tx)

    async def _settle(self, tx: MongoTransaction, build: Row, card: Card, sequence: int) -> None:
        """Give the chunks of a published build what its card says, or leave that to a sweep."""
        update: Row = {"$set": {"sequence": sequence, "aside": "settling"}}
        if build["chunks"] <= self._transaction_rows:
            where = {"tenant": card.tenant, "build": build["_id"], "kind": {"$ne": PARENT_KIND}}
            await self._chunks.update_many(where, stamp(card, sequence, language_of(build)), tx=tx)
            update = {"$set": {"sequence": sequence}, "$unset": {"aside": ""}}
        await self._builds.update_one(_row(build), update, tx=tx)

    async def _drop(self, tx: MongoTransaction, tenant: str, document_id: str, *, but: str | None) -> Removed:
        where = {"tenant": tenant, "document_id": document_id, "living": True}
        builds = [row for row in await self._builds.find(where, tx=tx) if row["_id"] != but]
        for row in builds:
            if row["chunks"] > self._transaction_rows:
                await self._builds.update_one(_row(row), {"$set": {"living": False, "aside": "dropped"}}, tx=tx)
                continue
            for collection in (self._chunks, self._tokens):
                await collection.delete_many({"tenant": tenant, "build": row["_id"]}, tx=tx)
            await self._builds.delete_one(_row(row), tx=tx)
        return Removed(builds=len(builds), chunks=sum(row["chunks"] for row in builds))

    async def _log(self, tx: MongoTransaction, where: Row, change: Change, sequence: int) -> None:
        update = {"$set": {"kind": change, "sequence": sequence}, "$setOnInsert": {"_id": new_id()}}
        with raced():
            await self._changes.update_one(where, update, tx=tx, upsert=True)


def _require_parents(rows: Sequence[Row], known: set[str]) -> None:
    there = known | {row["_id"] for row in rows}
    for row in rows:
        if "parent" in row and row["parent"] not in there:
            _, start, end, _ = row["parent"].split(".")
            raise ValueError(f"a chunk was written before its parent {(int(start), int(end))}")


def _row(build: Row) -> Row:
    return {"_id": build["_id"], "tenant": build["tenant"]}


def _document(card: Card) -> Row:
    return {"tenant": card.tenant, "document_id": card.document_id}


def _living(build: Build) -> Row:
    return {"tenant": build.tenant, "document_id": build.document_id, "id": build.id, "living": True}
