"""What is left of builds that were too large to be changed or dropped in one transaction.

Every step is harmless if it is done twice, or by two processes at once: chunks are never given what an older card said.
"""

from collections.abc import AsyncIterator

from footnote.modules.retrieval.repository.mongo_filters import Row
from footnote.modules.retrieval.repository.mongo_rows import PARENT_KIND, language_of, stamp
from footnote.modules.retrieval.repository.mongo_tokens import drop_tokens
from footnote.platform.storage.mongo import MongoDatabase

BATCH = 1000  # chunks


class IndexSweep:
    def __init__(self, database: MongoDatabase) -> None:
        self._database = database
        self._builds = database.collection("build")
        self._chunks = database.collection("chunk")
        self._publications = database.collection("publication")

    async def run(self) -> int:
        """Builds that were brought to their end."""
        ended = 0
        for build in await self._builds.find({"aside": {"$in": ["settling", "dropped"]}}):
            ended += await (self._drop(build) if build["aside"] == "dropped" else self._settle(build))
        return ended

    async def _drop(self, build: Row) -> int:
        async for batch in self._batches(build):
            await self._chunks.delete_many({"tenant": build["tenant"], "_id": {"$in": batch}})
        await drop_tokens(self._database, tenant=build["tenant"], build=build["_id"])
        return await self._builds.delete_one({"_id": build["_id"], "tenant": build["tenant"]})

    async def _settle(self, build: Row) -> int:
        """Give its chunks what its document's card says by now; the next sweep does it if that changes meanwhile."""
        document = {"tenant": build["tenant"], "document_id": build["document_id"]}
        publication = await self._publications.find_one(document)
        if publication is None or publication["build"] != build["_id"]:
            return 0
        sequence = publication["sequence"]
        async for batch in self._batches(build):
            where = {
                "tenant": build["tenant"],
                "_id": {"$in": batch},
                "kind": {"$ne": PARENT_KIND},
                "sequence": {"$lt": sequence},
            }
            await self._chunks.update_many(where, stamp(publication, sequence, language_of(build)))
        of_build = {"_id": build["_id"], "tenant": build["tenant"], "aside": "settling", "sequence": sequence}
        return await self._builds.update_one(of_build, {"$unset": {"aside": ""}})

    async def _batches(self, build: Row) -> AsyncIterator[list[str]]:
        batch: list[str] = []
        where = {"tenant": build["tenant"], "build": build["_id"]}
        async for row in self._chunks.each(where, projection={"_id": 1}):
            batch.append(row["_id"])
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch
