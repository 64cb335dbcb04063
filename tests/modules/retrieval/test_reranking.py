"""A reranker has the last word on the best of what was found, if it speaks in time."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from footnote.modules.retrieval import Passage, Ranks, Scores
from footnote.modules.retrieval.ranking.reranking import Reranking
from footnote.platform.errors import Unavailable
from footnote.platform.inference import Relevance


def passage(name: str, score: float) -> Passage:
    return Passage(
        id=name,
        document_id=name,
        version=1,
        title="",
        text=name,
        start=0,
        end=len(name),
        pages=(),
        boxes=(),
        heading_path=(),
        score=score,
        scores=Scores(fused=score),
        ranks=Ranks(fused=1),
    )


FOUND = (passage("1", 0.9), passage("3", 0.5), passage("2", 0.4))


class ByNumber:
    """The number that a text is says how relevant it is."""

    name = "test:number"

    def __init__(self, answer: Any = None) -> None:
        self._answer = answer

    async def rerank(self, query: str, texts: Sequence[str]) -> Relevance:
        if isinstance(self._answer, Exception):
            raise self._answer
        if self._answer is not None:
            return np.array(self._answer, np.float32)
        return np.array([float(text) for text in texts], np.float32)


class Hanging(ByNumber):
    async def rerank(self, query: str, texts: Sequence[str]) -> Relevance:
        await asyncio.Event().wait()
        raise AssertionError


async def ordered(reranking: Reranking) -> tuple[list[str], str | None]:
    passages, note = await reranking.order("which?", FOUND)
    return [each.id for each in passages], note


async def test_the_order_is_the_rerankers() -> None:
    passages, note = await Reranking(model=ByNumber()).order("which?", FOUND)
    assert [(each.id, each.scores.rerank, each.ranks.rerank) for each in passages] == [
        ("3", 3.0, 1),
        ("2", 2.0, 2),
        ("1", 1.0, 3),
    ]
    assert note is None


async def test_the_order_so_far_may_have_its_share() -> None:
    assert await ordered(Reranking(model=ByNumber(), weight=0.4)) == (["1", "3", "2"], None)


async def test_what_was_not_looked_at_stays_behind() -> None:
    passages, _ = await Reranking(model=ByNumber(), candidates=2, weight=0.5).order("which?", FOUND)
    assert [each.id for each in passages] == ["1", "3", "2"]
    assert passages[-1].scores.rerank is None
    assert sorted((each.score for each in passages), reverse=True) == [each.score for each in passages]


async def test_after_the_deadline_the_order_so_far_is_given_and_marked() -> None:
    late = Reranking(model=Hanging(), deadline=timedelta(milliseconds=1))
    assert await ordered(late) == (["1", "3", "2"], "test:number did not rank within 0.001 s")


@pytest.mark.parametrize("answer", [Unavailable("away"), [1.0], [1.0, float("nan"), 2.0]])
async def test_a_reranker_that_fails_leaves_the_order_and_is_named(answer: Any) -> None:
    ids, note = await ordered(Reranking(model=ByNumber(answer)))
    assert ids == ["1", "3", "2"]
    assert note is not None
    assert note.startswith("test:number")


async def test_nothing_found_is_nothing_to_rerank() -> None:
    assert await Reranking(model=Hanging()).order("which?", ()) == ((), None)
