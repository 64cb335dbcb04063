"""Gives the best of what was found a second, closer look."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import numpy as np
from loguru import logger

from footnote.modules.retrieval.models import Passage
from footnote.platform.errors import FootnoteError
from footnote.platform.inference import Relevance, Reranker

DECIMALS = 6


@dataclass(frozen=True, kw_only=True)
class Reranking:
    """How the passages of a search are ordered anew."""

    model: Reranker
    candidates: int = 50  # of the order so far that are looked at
    weight: float = 1.0  # of the model's word in the mix with the order so far, in [0, 1]
    deadline: timedelta = timedelta(seconds=2)

    async def order(self, query: str, passages: Sequence[Passage]) -> tuple[tuple[Passage, ...], str | None]:
        """The passages in their new order, or in the old one and why the model had no say."""
        head, rest = passages[: self.candidates], passages[self.candidates :]
        if not head:
            return tuple(passages), None
        try:
            async with asyncio.timeout(self.deadline.total_seconds()):
                relevance = await self.model.rerank(query, [_read(passage) for passage in head])
        except TimeoutError:
            return tuple(passages), f"{self.model.name} did not rank within {self.deadline.total_seconds():g} s"
        except FootnoteError as error:
            logger.bind(model=self.model.name, error=error.detail).warning("Passages were not reranked")
            return tuple(passages), f"{self.model.name} could not rank: {error.title}"
        if relevance.shape != (len(head),) or not np.isfinite(relevance).all():
            return tuple(passages), f"{self.model.name} gave no number for each passage"
        return (*self._mixed(head, relevance), *_below(rest, head, self.weight)), None

    def _mixed(self, head: Sequence[Passage], relevance: Relevance) -> list[Passage]:
        """In the order of the mix of both scores, each spread over [0, 1]; equal ones stay in their order."""
        so_far = np.array([passage.score for passage in head])
        mixed = np.round(self.weight * _spread(relevance) + (1 - self.weight) * _spread(so_far), DECIMALS)
        order = np.argsort(-mixed, kind="stable").tolist()
        return [_ranked(head[at], float(mixed[at]), float(relevance[at]), rank) for rank, at in enumerate(order, 1)]


def _read(passage: Passage) -> str:
    parts = (passage.title, " > ".join(passage.heading_path), passage.text)
    return "\n".join(part for part in parts if part)


def _spread(scores: np.ndarray) -> np.ndarray:
    low, high = float(scores.min()), float(scores.max())
    return (scores.astype(np.float64) - low) / (high - low) if high > low else np.ones(len(scores))


def _ranked(passage: Passage, score: float, relevance: float, rank: int) -> Passage:
    return msgspec.structs.replace(
        passage,
        score=score,
        scores=msgspec.structs.replace(passage.scores, rerank=round(relevance, DECIMALS)),
        ranks=msgspec.structs.replace(passage.ranks, rerank=rank),
    )


def _below(rest: Sequence[Passage], head: Sequence[Passage], weight: float) -> list[Passage]:
    """What was not looked at stays behind what was, with scores of at most 0."""
    least = min(passage.score for passage in head)
    scores = [round((1 - weight) * (passage.score - least), DECIMALS) for passage in rest]
    return [
        msgspec.structs.replace(passage, score=min(score, 0.0)) for passage, score in zip(rest, scores, strict=True)
    ]
