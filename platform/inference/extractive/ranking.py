"""Ranks the sentences of the sources by how likely they hold the answer."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

import msgspec
import numpy as np

from footnote.platform.inference import Embedder, Source
from footnote.platform.inference.extractive.candidates import Candidate, candidates
from footnote.platform.inference.extractive.features import Features, lexical_features
from footnote.platform.inference.extractive.subjects import Scope, scope

MAX_EMBEDDED = 24  # sentences; more found no more answers in squad2-a or QED, and cost time
KEPT_RANKINGS = 32
FALL = 2.0  # of the score: what is an eighth as likely as the best (scores are logarithms) is left unsaid


class RankedSentence(msgspec.Struct, frozen=True, kw_only=True):
    candidate: Candidate
    features: Features

    @property
    def score(self) -> float:
        return self.features.score


class Ranking(msgspec.Struct, frozen=True, kw_only=True):
    question: str
    sources: tuple[Source, ...]
    settled: frozenset[str]  # names of the question that say which documents it is about
    sentences: tuple[RankedSentence, ...]  # best first

    @property
    def likely(self) -> tuple[RankedSentence, ...]:
        """Those that are nearly as likely as the best."""
        return tuple(each for each in self.sentences if each.score > self.sentences[0].score - FALL)


class SentenceRanker:
    """Remembers its last rankings: who judges the evidence and who drafts from it ask for the same one."""

    def __init__(self, embedder: Embedder, *, max_embedded: int = MAX_EMBEDDED) -> None:
        self._embedder = embedder
        self._max_embedded = max_embedded
        self._kept: OrderedDict[tuple[str, tuple[Source, ...]], Ranking] = OrderedDict()

    async def rank(self, question: str, sources: Sequence[Source]) -> Ranking:
        """
        Raises:
            Unavailable: The embedding model cannot be reached or loaded.
        """
        key = (question, tuple(sources))
        if key not in self._kept:
            self._keep(key, await self._rank(question, tuple(sources)))
        return self._kept[key]

    async def _rank(self, question: str, sources: tuple[Source, ...]) -> Ranking:
        looked_in, found = await asyncio.to_thread(_lexically_ranked, question, sources)
        best = found[: self._max_embedded]
        cosines = await self._cosines(question, [sentence.candidate for sentence in best])
        ranked = [
            RankedSentence(
                candidate=sentence.candidate, features=msgspec.structs.replace(sentence.features, cosine=cosine)
            )
            for sentence, cosine in zip(best, cosines, strict=True)
        ]
        return Ranking(
            question=question,
            sources=sources,
            settled=looked_in.settled,
            sentences=tuple(sorted(ranked, key=lambda sentence: -sentence.score)),
        )

    async def _cosines(self, question: str, found: Sequence[Candidate]) -> list[float]:
        if not found:
            return []
        texts = [candidate.text_in_context for candidate in found]
        asked, embeddings = await asyncio.gather(
            self._embedder.embed([question], kind="query"), self._embedder.embed(texts, kind="document")
        )
        cosines: list[float] = np.asarray(embeddings @ asked[0], np.float64).tolist()
        return cosines

    def _keep(self, key: tuple[str, tuple[Source, ...]], ranking: Ranking) -> None:
        self._kept[key] = ranking
        if len(self._kept) > KEPT_RANKINGS:
            self._kept.popitem(last=False)


def _lexically_ranked(question: str, sources: Sequence[Source]) -> tuple[Scope, list[RankedSentence]]:
    """Where was looked, and what was found there: best first, cosines still 0."""
    looked_in = scope(question, sources)
    found = candidates(looked_in.sources)
    ranked = [
        RankedSentence(candidate=candidate, features=features)
        for candidate, features in zip(found, lexical_features(question, found, looked_in.settled), strict=True)
    ]
    return looked_in, sorted(ranked, key=lambda sentence: -sentence.features.lexical_score)
