"""Ranks the sentences of the sources by how likely they hold the answer."""

import asyncio
import math
from collections import Counter, OrderedDict
from collections.abc import Collection, Sequence

import msgspec
import numpy as np

from footnote.platform.inference import Embedder, Source
from footnote.platform.inference.extractive.candidates import Candidate, candidates
from footnote.platform.inference.extractive.expectation import agreement, expectation
from footnote.platform.inference.extractive.terms import terms

# Fitted by listwise softmax regression on half of QED and four of the eight articles of squad2-a (see README of
# generation), so that the sentence with the gold answer comes first.
COSINE = 9.1
COVERAGE = 0.9
COVERAGE_WITH_BEFORE = 2.4
RETRIEVAL = 7.7
AGREEMENT = 2.2
LENGTH = 1.4
FIRST = 0.7

FULL_LENGTH = 60  # words; longer sentences hold no more
MAX_EMBEDDED = 60  # sentences; the others cost more time than they are worth
KEPT_RANKINGS = 32


class Features(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks for a sentence, each in [0, 1], the cosine in [-1, 1]."""

    cosine: float  # of question and sentence, the latter under its title
    coverage: float  # weight of the question's terms that stand in it
    coverage_with_before: float
    retrieval: float  # score of its source as share of the greatest
    agreement: float
    length: float
    first: float

    @property
    def score(self) -> float:
        return COSINE * self.cosine + self.lexical_score

    @property
    def lexical_score(self) -> float:
        """All that is known without an embedding."""
        return (
            COVERAGE * self.coverage
            + COVERAGE_WITH_BEFORE * self.coverage_with_before
            + RETRIEVAL * self.retrieval
            + AGREEMENT * self.agreement
            + LENGTH * self.length
            + FIRST * self.first
        )


class RankedSentence(msgspec.Struct, frozen=True, kw_only=True):
    candidate: Candidate
    features: Features

    @property
    def score(self) -> float:
        return self.features.score


class Ranking(msgspec.Struct, frozen=True, kw_only=True):
    question: str
    sources: tuple[Source, ...]
    sentences: tuple[RankedSentence, ...]  # best first


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
        found = await asyncio.to_thread(_lexically_ranked, question, sources)
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
            sentences=tuple(sorted(ranked, key=lambda sentence: -sentence.score)),
        )

    async def _cosines(self, question: str, found: Sequence[Candidate]) -> list[float]:
        if not found:
            return []
        texts = [f"{candidate.source.title}: {candidate.text}" for candidate in found]
        asked, embeddings = await asyncio.gather(
            self._embedder.embed([question], kind="query"), self._embedder.embed(texts, kind="document")
        )
        cosines: list[float] = np.asarray(embeddings @ asked[0], np.float64).tolist()
        return cosines

    def _keep(self, key: tuple[str, tuple[Source, ...]], ranking: Ranking) -> None:
        self._kept[key] = ranking
        if len(self._kept) > KEPT_RANKINGS:
            self._kept.popitem(last=False)


def _lexically_ranked(question: str, sources: Sequence[Source]) -> list[RankedSentence]:
    """Best first, cosines still 0."""
    found = candidates(sources)
    asked = list(dict.fromkeys(terms(question)))
    present = [frozenset(terms(candidate.text)) for candidate in found]
    weights = _weights(asked, present)
    greatest = max((source.score for source in sources), default=0.0)
    kind = expectation(question)
    ranked = [
        RankedSentence(
            candidate=candidate,
            features=Features(
                cosine=0.0,
                coverage=coverage(weights, own),
                coverage_with_before=coverage(weights, own | set(terms(candidate.before))),
                retrieval=candidate.source.score / greatest if greatest > 0 else 0.0,
                agreement=agreement(kind, candidate.text, asked),
                length=min(len(candidate.text.split()) / FULL_LENGTH, 1.0),
                first=float(candidate.is_first),
            ),
        )
        for candidate, own in zip(found, present, strict=True)
    ]
    return sorted(ranked, key=lambda sentence: -sentence.features.lexical_score)


def _weights(asked: Sequence[str], sentences: Sequence[Collection[str]]) -> dict[str, float]:
    """Inverse document frequency of each term of the question among the sentences, as BM25 has it."""
    counts = Counter(term for sentence in sentences for term in sentence)
    return {term: math.log(1 + (len(sentences) - counts[term] + 0.5) / (counts[term] + 0.5)) for term in asked}


def coverage(weights: dict[str, float], present: Collection[str]) -> float:
    """Share in [0, 1] of the weight of the terms that are present."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in present) / total if total else 0.0
