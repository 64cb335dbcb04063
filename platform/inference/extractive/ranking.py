"""Ranks the sentences of the sources by how likely they hold the answer."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import NamedTuple

import msgspec
import numpy as np

from footnote.platform.inference import Embeddings, Source, Tokenizer
from footnote.platform.inference.extractive.candidates import Candidate, candidates
from footnote.platform.inference.extractive.features import Features, lexical_features
from footnote.platform.inference.extractive.meeting import ASKING, Meeting, meeting
from footnote.platform.inference.extractive.passage_tokens import PassageTokens, ReadingModel, Tokens, Window
from footnote.platform.inference.extractive.subjects import Scope, scope

MAX_WINDOWS = 8  # parts of passages that are read; of them all sentences are ranked
KEPT_RANKINGS = 32


class RankedSentence(msgspec.Struct, frozen=True, kw_only=True):
    candidate: Candidate
    features: Features

    @property
    def score(self) -> float:
        return self.features.score


class Part(NamedTuple):
    source: Source
    window: Window

    @property
    def text(self) -> str:
        return self.source.text[self.window.start : self.window.end]

    def places(self, candidate: Candidate) -> list[tuple[int, int]]:
        """[start, end) in the part's text of the candidate, and of the question above it if that is here, too."""
        begins = self.window.start
        above = [candidate.under] if candidate.under and candidate.under[0] >= begins else []
        return [(start - begins, end - begins) for start, end in ((candidate.start, candidate.end), *above)]


class Ranking(msgspec.Struct, frozen=True, kw_only=True):
    question: str
    sources: tuple[Source, ...]
    settled: frozenset[str]  # names of the question that say which documents it is about
    sentences: tuple[RankedSentence, ...]  # best first


class SentenceRanker:
    """Remembers its last rankings: who judges the evidence and who drafts from it ask for the same one."""

    def __init__(self, model: ReadingModel, tokenizer: Tokenizer, *, max_windows: int = MAX_WINDOWS) -> None:
        self._tokenizer = tokenizer
        self._tokens = PassageTokens(model, tokenizer)
        self._max_windows = max_windows
        self._kept: OrderedDict[tuple[str, tuple[Source, ...]], Ranking] = OrderedDict()

    async def rank(self, question: str, sources: Sequence[Source]) -> Ranking:
        """Sentences of the passages, or parts of long ones, in which words promise most.

        Raises:
            Unavailable: The embedding model cannot be reached or loaded.
        """
        key = (question, tuple(sources))
        if key not in self._kept:
            self._keep(key, await self._rank(question, tuple(sources)))
        return self._kept[key]

    def forget(self) -> None:
        """Nothing of any source stays in memory."""
        self._kept.clear()
        self._tokens.forget()

    async def _rank(self, question: str, sources: tuple[Source, ...]) -> Ranking:
        looked_in, found = await asyncio.to_thread(_lexically_ranked, question, sources)
        parts = await asyncio.to_thread(self._parts, found)
        ranked = await self._met(question, parts) if parts else []
        return Ranking(
            question=question,
            sources=sources,
            settled=looked_in.settled,
            sentences=tuple(sorted(ranked, key=lambda sentence: -sentence.score)),
        )

    def _parts(self, found: Sequence[RankedSentence]) -> dict[Part, list[RankedSentence]]:
        """The sentences of the first parts that the order of `found` leads to."""
        windows: dict[str, list[Window]] = {}
        parts: dict[Part, list[RankedSentence]] = {}
        for sentence in found:
            candidate = sentence.candidate
            text = candidate.source.text
            if text not in windows:
                windows[text] = self._tokens.windows(text)
            window = next(each for each in windows[text] if candidate.start < each.end)
            part = Part(candidate.source, window)
            if part in parts or len(parts) < self._max_windows:
                parts.setdefault(part, []).append(sentence)
        return parts

    async def _met(self, question: str, parts: Mapping[Part, Sequence[RankedSentence]]) -> list[RankedSentence]:
        asked, read = await asyncio.gather(
            self._tokens.question(question), self._tokens.of([part.text for part in parts])
        )
        return await asyncio.to_thread(self._scored, question, asked, parts, read)

    def _scored(
        self,
        question: str,
        asked: Embeddings,
        parts: Mapping[Part, Sequence[RankedSentence]],
        read: Sequence[Tokens],
    ) -> list[RankedSentence]:
        spans = self._tokenizer.spans(question)[: len(asked)]
        asking = np.array([bool(ASKING.fullmatch(question[start:end])) for start, end in spans], bool)

        def met(part: Part, tokens: Tokens, candidate: Candidate) -> Meeting:
            here = (tokens.within(*place) for place in part.places(candidate))
            return reduce(Meeting.or_better, (meeting(asked[: len(asking)], asking, each) for each in here))

        return [
            RankedSentence(
                candidate=sentence.candidate,
                features=msgspec.structs.replace(sentence.features, meeting=met(part, tokens, sentence.candidate)),
            )
            for (part, sentences), tokens in zip(parts.items(), read, strict=True)
            for sentence in sentences
        ]

    def _keep(self, key: tuple[str, tuple[Source, ...]], ranking: Ranking) -> None:
        self._kept[key] = ranking
        if len(self._kept) > KEPT_RANKINGS:
            self._kept.popitem(last=False)


def _lexically_ranked(question: str, sources: Sequence[Source]) -> tuple[Scope, list[RankedSentence]]:
    """Where was looked, and what was found there: best first, as far as words tell. What asks answers nothing."""
    looked_in = scope(question, sources)
    found = [candidate for candidate in candidates(looked_in.sources) if not candidate.is_question]
    ranked = [
        RankedSentence(candidate=candidate, features=features)
        for candidate, features in zip(found, lexical_features(question, found, looked_in.settled), strict=True)
    ]
    return looked_in, sorted(ranked, key=lambda sentence: -sentence.features.lexical_score)
