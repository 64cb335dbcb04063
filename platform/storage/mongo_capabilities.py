"""What the server behind a MongoDB URI can do, asked once at start: the URI says nothing of it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

import msgspec
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import ExecutionTimeout, OperationFailure

from footnote.platform.errors import Unavailable
from footnote.platform.storage.mongo import MongoDatabase, translated_errors
from footnote.platform.storage.mongo_collection import OF_SEARCHES

Server = Literal["atlas", "atlas-local", "community", "mongodb", "documentdb"]
Row = dict[str, Any]

PROBED = "migration"  # a collection that every store has, and a small one
TITLES: Mapping[Server, str] = {
    "atlas": "MongoDB Atlas",
    "atlas-local": "MongoDB Atlas, local",
    "community": "MongoDB with search (mongot)",
    "mongodb": "MongoDB without search",
    "documentdb": "a MongoDB-compatible server",
}
# Each needs no search index, so a server that knows the stage answers with documents of the small collection.
ORDERED = {"pipelines": {"all": [{"$sort": {"_id": 1}}]}}
SCORED = {"pipelines": {"all": [{"$score": {"score": 1, "normalization": "none"}}]}, "normalization": "none"}
NOTHING = {"$match": {"_id": "nothing has this id"}}  # so that no text leaves for the reranking service
RERANKED = {"query": {"text": "footnote"}, "path": "name", "numDocsToRerank": 1, "model": "rerank-2.5-lite"}
LOCAL = {"managedClusterType": "atlasCliLocalDevCluster"}  # what the Atlas tools leave in a local deployment


class VectorSearchMissing(Unavailable):
    type = "/problems/vector-search-missing"
    title = "The store cannot search by meaning"

    def __init__(self, server: str) -> None:
        super().__init__(
            f"The store is {server}, which has no vector search. Search with `mode: lexical`, or move to MongoDB "
            "Atlas, to MongoDB 8.2 or later with mongot, or to the embedded store.",
            retry_after=3600,
        )


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    server: Server
    version: str
    vector_search: bool
    text_search: bool  # `$search`; without it `$text` finds words
    rank_fusion: bool
    score_fusion: bool
    rerank: bool
    transactions: bool
    explain: bool
    refusals: dict[str, str] = {}  # by capability: what the server said instead

    @property
    def title(self) -> str:
        return f"{TITLES[self.server]} {self.version}"

    def describe(self) -> list[str]:
        """A line for the server, then one for each capability, saying why not."""
        names = ("vector_search", "text_search", "rank_fusion", "score_fusion", "rerank", "transactions", "explain")
        return [self.title, *(f"{name.replace('_', ' ')}: {self._answer(name)}" for name in names)]

    def abilities(self) -> Row:
        """The server and, by capability, whether it has it; for `/ready`."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if name != "refusals"}

    def require_vector_search(self) -> None:
        """
        Raises:
            VectorSearchMissing: The server has none.
        """
        if not self.vector_search:
            raise VectorSearchMissing(self.title)

    def _answer(self, name: str) -> str:
        reason = self.refusals.get(name)
        return "yes" if getattr(self, name) else f"no ({reason})" if reason else "no"


async def find_capabilities(database: MongoDatabase) -> Capabilities:
    """Ask the server that `database` is connected to.

    Raises:
        StoreUnavailable: It does not answer.
    """
    with translated_errors():
        return await _Probe(database).found()


class _Probe:
    def __init__(self, database: MongoDatabase) -> None:
        self._database = database
        self._client = database.client
        self._collection: AsyncCollection[Row] = database.database.get_collection(PROBED, read_concern=OF_SEARCHES)
        self._refusals: dict[str, str] = {}

    async def found(self) -> Capabilities:
        build = await self._client.admin.command("buildInfo")
        is_mongodb = "storageEngines" in build
        has_search = await self._can("vector_search", self._list_search_indexes)
        server = await self._server(is_mongodb=is_mongodb, has_search=has_search)
        return Capabilities(
            server=server,
            version=build["version"],
            vector_search=has_search,
            text_search=has_search and is_mongodb,
            rank_fusion=await self._stage("rank_fusion", {"$rankFusion": {"input": ORDERED}}),
            score_fusion=await self._stage("score_fusion", {"$scoreFusion": {"input": SCORED}}),
            rerank=server == "atlas" and await self._stage("rerank", NOTHING, {"$rerank": RERANKED}),
            transactions=await self._can("transactions", self._transact),
            explain=await self._can("explain", self._explain),
            refusals=self._refusals,
        )

    async def _server(self, *, is_mongodb: bool, has_search: bool) -> Server:
        if not is_mongodb:
            return "documentdb"
        if await self._can("atlas", lambda: self._client.admin.command("atlasVersion"), is_told=False):
            return "atlas"
        if await self._can("atlas", self._find_local_mark, is_told=False):
            return "atlas-local"
        return "community" if has_search else "mongodb"

    async def _stage(self, name: str, *stages: Row) -> bool:
        async def ask() -> None:
            await (await self._collection.aggregate([*stages, {"$limit": 1}])).to_list()

        return await self._can(name, ask)

    async def _can(self, name: str, ask: Callable[[], Awaitable[object]], *, is_told: bool = True) -> bool:
        """Whether the server carries out what `ask` asks; one that does not answer has not refused."""
        try:
            await ask()
        except ExecutionTimeout:
            raise
        except OperationFailure as error:
            if is_told:
                self._refusals[name] = str((error.details or {}).get("errmsg", error)).partition("\n")[0][:200]
            return False
        return True

    async def _list_search_indexes(self) -> None:
        await (await self._collection.aggregate([{"$listSearchIndexes": {}}])).to_list()

    async def _find_local_mark(self) -> None:
        if await self._client.admin["atlascli"].find_one(LOCAL) is None:
            raise OperationFailure("not made by the Atlas tools")

    async def _transact(self) -> None:
        async with self._client.start_session() as session:
            await session.start_transaction()
            await self._collection.find_one({}, session=session)
            await session.abort_transaction()

    async def _explain(self) -> None:
        find = {"find": PROBED, "filter": {"_id": ""}}
        await self._database.database.command("explain", find, verbosity="queryPlanner")
