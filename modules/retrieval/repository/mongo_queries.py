"""What the searches of MongoDB propose: chunks by the nearness of embeddings, and by words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Literal, NamedTuple, Protocol

import msgspec
import numpy as np

from footnote.modules.retrieval.filters import FieldType, Filter
from footnote.modules.retrieval.lexical.analysis import telling_words
from footnote.modules.retrieval.repository import atlas_pipelines
from footnote.modules.retrieval.repository.atlas_pipelines import DECIMALS, Pipeline, cosine, most_words
from footnote.modules.retrieval.repository.cosine import cosines
from footnote.modules.retrieval.repository.hits import Hit
from footnote.modules.retrieval.repository.mongo_filters import Row, findable, findable_clauses
from footnote.modules.retrieval.repository.mongo_rows import Vectors, floats, vector
from footnote.modules.retrieval.repository.search_indexes import Quantization, TextIndex, VectorIndex
from footnote.modules.retrieval.stages import Stages
from footnote.platform.inference import Embeddings
from footnote.platform.principal import Principal
from footnote.platform.storage.mongo import MongoDatabase

NEAR = 2.5e-6  # between cosines; the server computes in single precision, and six decimals are kept


Fusion = Literal["client", "server"]


class IndexOptions(msgspec.Struct, frozen=True, kw_only=True):
    vectors: Vectors = "float32"  # how they are stored; queries come in the same form
    quantization: Quantization = "none"  # of the vectors in the search index
    exact: bool = False  # compare with every vector that the filter admits; DocumentDB always does
    candidates: int | None = None  # chunks that a search that is not exact looks at
    fusion: Fusion = "client"  # `server`: both lists by one `$rankFusion`, where there is one
    languages: tuple[str, ...] = ("en",)  # that Atlas Search stems
    metadata: Mapping[str, FieldType] = {}  # keys that may be filtered by
    transaction_rows: int = 1000  # chunks of one build that are changed in a transaction; more are left to a sweep
    wait: timedelta = timedelta(seconds=60)  # for search indexes that are being built


class Proposed(NamedTuple):
    hit: Hit
    build: str
    holds: bool = False  # the phrases in quotes, if there are any


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Among which chunks to look."""

    tenant: str
    where: Row  # in MQL
    clauses: Sequence[Row]  # the same for Atlas Search
    languages: Sequence[str]  # that their documents are analysed in

    def without(self, builds: Sequence[str]) -> "Scope":
        if not builds:
            return self
        excluded = {"compound": {"filter": [_exists("tenant")], "mustNot": [_among("build", builds)]}}
        return replace(
            self,
            where={"$and": [*self.where["$and"], {"build": {"$nin": [*builds]}}]},
            clauses=[*self.clauses, excluded],
        )


def findable_scope(principal: Principal, admits: Filter | None, languages: Sequence[str]) -> Scope | None:
    """None if the filter admits nothing."""
    where, clauses = findable(principal, admits), findable_clauses(principal, admits)
    if where is None or clauses is None:
        return None
    return Scope(tenant=principal.tenant, where=where, clauses=clauses, languages=languages)


def scope_of_builds(tenant: str, builds: Sequence[str], languages: Sequence[str]) -> Scope:
    where = {"$and": [{"tenant": {"$eq": tenant}}, {"build": {"$in": [*builds]}}]}
    clauses = [{"equals": {"path": "tenant", "value": tenant}}, _among("build", builds)]
    return Scope(tenant=tenant, where=where, clauses=clauses, languages=languages)


class Words(Protocol):
    """Chunks by words, as the server can."""

    async def __call__(self, scope: Scope, text: str, limit: int) -> list[Proposed]:
        """Best first, equal ones in any order."""
        ...

    async def respell(self, scope: Scope, text: str, found: Sequence[str], stages: Stages) -> bool:
        """Whether, after what was found, there is more to ask for: the same question may find more now."""
        ...

    async def scores(self, scope: Scope, text: str, keys: Sequence[int | str]) -> Mapping[int | str, float]:
        """Of chunks that were found otherwise, as far as their words can be told: those that have any."""
        ...


class NearChunks:
    """Chunks by the nearness of their embeddings."""

    def __init__(self, database: MongoDatabase, index: VectorIndex, options: IndexOptions, *, is_exact: bool) -> None:
        self._chunks = database.collection("chunk")
        self._index = index
        self._options = options
        self._is_exact = is_exact

    async def __call__(self, scope: Scope, embedding: Embeddings, limit: int) -> list[Proposed]:
        """Best first, equal ones in any order."""
        rows = await self._chunks.aggregate(self.pipeline(scope, embedding, limit), batchSize=limit)
        return await self.proposed(scope, embedding, [(row, row["score"]) for row in rows])

    def pipeline(self, scope: Scope, embedding: Embeddings, limit: int) -> Pipeline:
        return atlas_pipelines.dense(
            self._index.name,
            vector(embedding, self._options.vectors),
            scope.where,
            path=self._index.path,
            depth=limit,
            exact=self._is_exact,
            candidates=self._options.candidates,
        )

    async def proposed(self, scope: Scope, embedding: Embeddings, found: Sequence[tuple[Row, float]]) -> list[Proposed]:
        """Rows with the scores of the server as hits with their cosines."""
        scores = {row["_id"]: cosine(score) for row, score in found}
        scores |= await self._told_apart(scope.tenant, scores, embedding)
        return [proposed(row, scores[row["_id"]]) for row, _ in found]

    async def _told_apart(self, tenant: str, scores: Mapping[str, float], embedding: Embeddings) -> dict[str, float]:
        """Those scores again that lie so near to each other that the server's rounding would decide their order.

        They are computed as in the embedded store, so that both give the same order.
        """
        near = _near(scores)
        if not near or self._options.vectors == "int8":
            return {}
        path = self._index.path
        rows = await self._chunks.find({"tenant": tenant, "_id": {"$in": near}}, projection={path: 1})
        rows = [row for row in rows if path in row]  # others were deleted meanwhile
        stored = np.array([floats(row[path]) for row in rows]).reshape(len(rows), len(embedding))
        return dict(zip((row["_id"] for row in rows), cosines(embedding, stored).tolist(), strict=True))


class SearchedWords:
    """By BM25 of Atlas Search."""

    def __init__(self, database: MongoDatabase, index: TextIndex) -> None:
        self._chunks = database.collection("chunk")
        self._index = index

    async def __call__(self, scope: Scope, text: str, limit: int) -> list[Proposed]:
        words = telling_words(text, None)
        if not words:
            return []
        rows = await self._chunks.aggregate(self.pipeline(scope, words, limit), batchSize=limit)
        return [proposed(row, row["score"]) for row in rows]

    async def respell(self, scope: Scope, text: str, found: Sequence[str], stages: Stages) -> bool:
        return False

    async def scores(self, scope: Scope, text: str, keys: Sequence[int | str]) -> Mapping[int | str, float]:
        return {}

    def pipeline(self, scope: Scope, words: Sequence[str], limit: int) -> Pipeline:
        languages = self._index.languages
        text = " ".join(words[: most_words(len(languages))])
        return atlas_pipelines.lexical(self._index.name, text, scope.clauses, languages=languages, depth=limit)


def proposed(row: Row, score: float) -> Proposed:
    read_as = row.get("parent") or row["_id"]
    return Proposed(Hit(row["_id"], read_as, row["document_id"], row["start"], round(score, DECIMALS)), row["build"])


def _near(scores: Mapping[str, float]) -> list[str]:
    """The keys of scores that another one is near to."""
    order = sorted(scores, key=lambda key: scores[key])
    pairs = [pair for pair in pairwise(order) if scores[pair[1]] - scores[pair[0]] < NEAR]
    return sorted({key for pair in pairs for key in pair})


def _among(path: str, values: Sequence[str]) -> Row:
    return {"in": {"path": path, "value": [*values]}}


def _exists(path: str) -> Row:
    return {"exists": {"path": path}}
