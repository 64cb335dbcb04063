"""The chunk index in MongoDB: `$vectorSearch` for embeddings, `$search` or `$text` for words."""

import asyncio
from collections.abc import Sequence

import msgspec
from opentelemetry import trace

from footnote.modules.retrieval.models import Build, Card, Chunk, Passage, Ranks, Removed, Scores
from footnote.modules.retrieval.repository import Probe, Rank, Ranked
from footnote.modules.retrieval.repository.mongo_coded import IndexedWords
from footnote.modules.retrieval.repository.mongo_counts import WordCounts
from footnote.modules.retrieval.repository.mongo_filters import Row, readable
from footnote.modules.retrieval.repository.mongo_fusion import FusedChunks
from footnote.modules.retrieval.repository.mongo_queries import (
    IndexOptions,
    NearChunks,
    SearchedWords,
)
from footnote.modules.retrieval.repository.mongo_rows import PARENT_KIND, SHOWN, passage
from footnote.modules.retrieval.repository.mongo_search import Publications, Queries, Search
from footnote.modules.retrieval.repository.mongo_spaces import MongoSpaces
from footnote.modules.retrieval.repository.mongo_stored import StoredHits
from footnote.modules.retrieval.repository.mongo_sweeping import IndexSweep
from footnote.modules.retrieval.repository.mongo_writing import IndexWriting
from footnote.modules.retrieval.repository.search_indexes import SearchIndex, TextIndex, VectorIndex, ensure
from footnote.modules.retrieval.stages import Stages
from footnote.platform.inference import Embeddings
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.mongo import MongoDatabase, mongo
from footnote.platform.storage.mongo_capabilities import Capabilities, find_capabilities

__all__ = ["IndexOptions", "MongoIndex"]

tracer = trace.get_tracer(__name__)

ATTEMPTS = 5
DEFAULTS = IndexOptions()
READING_ORDER = [("start", 1), ("end", 1), ("kind", 1)]
UNRANKED = Ranked(key="", score=0.0, scores=Scores(), ranks=Ranks())


class MongoIndex:
    def __init__(
        self,
        database: MongoDatabase,
        *,
        embedding: str,
        dimension: int,
        options: IndexOptions = DEFAULTS,
        capabilities: Capabilities | None = None,
        changes_indexes: bool = True,
    ) -> None:
        """Queries come as embeddings of the model named `embedding`, of length `dimension`.

        `capabilities` are those of the server, if they have been asked for already. `changes_indexes` says whether
        search indexes that are defined otherwise are changed to what `options` say.
        """
        self._database = database
        self._options = options
        self._capabilities = capabilities
        self._changes_indexes = changes_indexes
        self._vectors = VectorIndex(
            embedding=embedding, dimension=dimension, quantization=options.quantization, metadata=options.metadata
        )
        self._texts = TextIndex(languages=options.languages, metadata=options.metadata)
        self._writing = IndexWriting(database, vectors=options.vectors, transaction_rows=options.transaction_rows)
        self._counts = WordCounts(database)
        self._preparing = asyncio.Lock()
        self._is_prepared = False

    async def written(self, build: Build) -> set[tuple[str, int, int]]:
        return await self._writing.written(build)

    @tracer.start_as_current_span("retrieval.write")
    async def write(
        self,
        tx: Transaction,
        build: Build,
        title: str,
        chunks: Sequence[Chunk],
        embeddings: Embeddings,
        tokens: Sequence[Embeddings] | None = None,
    ) -> None:
        coded = not (await self._found_capabilities()).text_search
        await self._writing.write(mongo(tx), build, title, chunks, embeddings, tokens, coded=coded)

    @tracer.start_as_current_span("retrieval.publish")
    async def publish(self, tx: Transaction, build: Build, card: Card, fence: int) -> None:
        await self._writing.publish(mongo(tx), build, card, fence)

    async def describe(self, tx: Transaction, card: Card) -> None:
        await self._writing.describe(mongo(tx), card)

    @tracer.start_as_current_span("retrieval.remove")
    async def remove(self, tx: Transaction, tenant: str, document_id: str) -> Removed:
        return await self._writing.remove(mongo(tx), tenant, document_id)

    async def sweep(self) -> int:
        """Go on with builds that were too large for one transaction; how many were brought to their end.

        Until then searches ask for what is in them separately, so nothing is seen half.
        """
        return await IndexSweep(self._database).run()

    async def search_indexes(self) -> list[SearchIndex]:
        """Those that this index needs, of the kinds that the server has."""
        capabilities = await self._found_capabilities()
        vectors: list[SearchIndex] = [self._vectors] if capabilities.vector_search else []
        return [*vectors, *([self._texts] if capabilities.text_search else [])]

    async def refresh(self) -> None:
        """Create the search indexes that are missing, and wait until they answer.

        Raises:
            SearchIndexNotReady: They are still being built.
        """
        async with self._preparing:
            if not self._is_prepared:
                indexes = await self.search_indexes()
                await ensure(self._database, indexes, wait=self._options.wait, changes=self._changes_indexes)
                self._is_prepared = True

    async def generation(self) -> int | None:
        """None where a search index may lag behind the changes, and while any change is under way.

        So is that of a large build until it is swept: by the words of its title it is not found before.
        """
        capabilities = await self._found_capabilities()
        lags = capabilities.text_search or (capabilities.vector_search and capabilities.server != "documentdb")
        if lags:
            return None
        settled = await self._database.events.settled()  # before the rest: what begins later has a later number
        is_changing, settling = await asyncio.gather(
            MongoSpaces(self._database).is_changing(),
            self._database.collection("build").find_one({"aside": "settling"}, projection={"_id": 1}),
        )
        return None if is_changing or settling else settled

    async def removed_since(self, change: int) -> tuple[int, bool]:
        head = await self._database.events.horizon()  # before the rest: what is removed later is told the next time
        where = {"sequence": {"$gt": change}, "kind": "removed"}
        found = await self._database.collection("index_change").find_one(where, projection={"_id": 1})
        return head, found is not None

    async def search(self, principal: Principal, probe: Probe, rank: Rank, stages: Stages) -> tuple[Passage, ...]:
        """
        Raises:
            VectorSearchMissing: The probe has an embedding, and the server no vector search.
        """
        capabilities = await self._found_capabilities()
        if probe.embedding is not None:
            capabilities.require_vector_search()
        await self.refresh()
        stages.saw(await self.generation())
        queries = self._queries(capabilities, probe)
        for _ in range(ATTEMPTS):
            stored = StoredHits(self._database, principal.tenant, self._vectors_of(probe))
            search = Search(self._database, queries, stored, principal, probe, stages)
            found, gone = await self._found(search, stored, principal, rank, stages)
            if not gone:
                break
        return found

    @again_on_conflict
    async def passages(self, principal: Principal, document_id: str) -> tuple[Passage, ...]:
        where = {"$and": [*readable(principal)["$and"], {"document_id": document_id}]}
        async with self._database.transaction() as tx:
            publication = await self._database.collection("publication").find_one(where, tx=tx)
            if publication is None:
                return ()
            of_build = {"tenant": principal.tenant, "build": publication["build"], "kind": {"$ne": PARENT_KIND}}
            chunks = self._database.collection("chunk")
            rows = await chunks.find(of_build, tx=tx, projection=SHOWN, sort=READING_ORDER)
        return tuple(passage(row, publication, UNRANKED) for row in rows)

    async def _found(
        self, search: Search, stored: StoredHits, principal: Principal, rank: Rank, stages: Stages
    ) -> tuple[tuple[Passage, ...], set[str]]:
        """The passages, and the documents that left the index meanwhile, of which there is none."""
        dense, lexical, publications = await search.lists()
        with stages.stage("fuse"):
            ranked = await stored.ranked(rank, dense, lexical)
        with stages.stage("read"):
            rows = await self._rows(principal, ranked)
        documents = {hit.read_as: hit.document_id for hit in (*dense, *lexical)}
        gone = {documents[each.key] for each in ranked if each.key not in rows}
        kept = [each for each in ranked if documents[each.key] not in gone]
        return tuple(_passage(rows[each.key], publications, each) for each in kept), gone

    async def _rows(self, principal: Principal, ranked: Sequence[Ranked]) -> dict[int | str, Row]:
        where = {"tenant": principal.tenant, "_id": {"$in": [each.key for each in ranked]}}
        chunks = self._database.collection("chunk")
        return {row["_id"]: row for row in await chunks.find(where, projection=SHOWN)} if ranked else {}

    def _queries(self, capabilities: Capabilities, probe: Probe) -> Queries:
        near = self._near(capabilities, probe)
        if not capabilities.text_search:
            return Queries(near, IndexedWords(self._database, self._counts), None)
        words = SearchedWords(self._database, self._texts)
        is_fused = capabilities.rank_fusion and self._options.fusion == "server"
        return Queries(near, words, FusedChunks(self._database, near, words) if is_fused else None)

    def _near(self, capabilities: Capabilities, probe: Probe) -> NearChunks:
        # The graph of DocumentDB holds what was deleted until it is vacuumed, and finds too few beside it.
        is_exact = self._options.exact or capabilities.server == "documentdb"
        return NearChunks(self._database, self._vectors_of(probe), self._options, is_exact=is_exact)

    def _vectors_of(self, probe: Probe) -> VectorIndex:
        """The index of the question's space, which is there once searches go over to it."""
        if probe.space is None or probe.embedding is None:
            return self._vectors
        return msgspec.structs.replace(self._vectors, embedding=probe.space, dimension=len(probe.embedding))

    async def _found_capabilities(self) -> Capabilities:
        if self._capabilities is None:
            self._capabilities = await find_capabilities(self._database)
        return self._capabilities


def _passage(row: Row, publications: Publications, ranked: Ranked) -> Passage:
    return passage(row, publications[row["document_id"]], ranked)
