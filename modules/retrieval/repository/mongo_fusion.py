"""Both lists by one question, from a server that fuses them.

What the server makes of them is not used: its details tell each chunk's score in either list, and from those the lists
are put together again, so that the order is that of our own fusion whichever way they came.
"""

from collections.abc import Sequence

from footnote.modules.retrieval.lexical.analysis import telling_words
from footnote.modules.retrieval.repository.atlas_pipelines import DENSE, LEXICAL, placed, rank_fusion
from footnote.modules.retrieval.repository.mongo_filters import Row
from footnote.modules.retrieval.repository.mongo_queries import NearChunks, Proposed, Scope, SearchedWords, proposed
from footnote.platform.inference import Embeddings
from footnote.platform.storage.mongo import MongoDatabase


class FusedChunks:
    def __init__(self, database: MongoDatabase, near: NearChunks, words: SearchedWords) -> None:
        self._chunks = database.collection("chunk")
        self._near = near
        self._words = words

    async def __call__(
        self, scope: Scope, embedding: Embeddings, text: str, limit: int
    ) -> tuple[list[Proposed], list[Proposed]]:
        """The dense and the lexical list, up to `limit` each."""
        words = telling_words(text, None)
        if not words:
            return await self._near(scope, embedding, limit), []
        dense, lexical = self._near.pipeline(scope, embedding, limit), self._words.pipeline(scope, words, limit)
        rows = await self._chunks.aggregate(rank_fusion(dense, lexical, depth=2 * limit), batchSize=2 * limit)
        near = await self._near.proposed(scope, embedding, _scores(rows, DENSE))
        return near, [proposed(row, score) for row, score in _scores(rows, LEXICAL)]


def _scores(rows: Sequence[Row], name: str) -> list[tuple[Row, float]]:
    """The rows that this list has, with their scores in it."""
    found = [(row, placed(row["details"]).get(name)) for row in rows]
    return [(row, at.score) for row, at in found if at and isinstance(at.rank, int) and at.score is not None]
