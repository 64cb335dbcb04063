"""Questions are embedded once, and together where they come together."""

import asyncio
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pytest

from footnote.modules.retrieval.questions import QuestionEmbeddings
from footnote.platform.errors import Unavailable
from footnote.platform.inference import EmbeddedTokens, Embeddings
from footnote.platform.inference.calls import RequestDeclined


class GatedEmbedder:
    """Answers when it is let, and tells what it was asked."""

    name = "test:gated"
    dimension = 1
    max_tokens = 256

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.gate = asyncio.Event()
        self.error: Exception | None = None

    async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
        self.calls.append(list(texts))
        await self.gate.wait()
        if self.error:
            raise self.error
        return np.array([[float(text)] for text in texts], np.float32)


@pytest.fixture
def embedder() -> GatedEmbedder:
    return GatedEmbedder()


async def test_questions_that_come_meanwhile_go_together(embedder: GatedEmbedder) -> None:
    questions = QuestionEmbeddings()
    asked = []
    for number in range(6):
        asked.append(asyncio.create_task(questions.of(embedder, str(number))))
        for _ in range(5):
            await asyncio.sleep(0)
    embedder.gate.set()
    assert [question.embedding.tolist() for question in await asyncio.gather(*asked)] == [[float(n)] for n in range(6)]
    assert embedder.calls == [["0"], ["1"], ["2", "3", "4", "5"]]


async def test_a_question_that_comes_as_all_calls_end_is_embedded_too(embedder: GatedEmbedder) -> None:
    questions = QuestionEmbeddings()
    asked = []
    for text in ("1", "2"):
        asked.append(asyncio.create_task(questions.of(embedder, text)))
        while [text] not in embedder.calls:
            await asyncio.sleep(0)
    embedder.gate.set()
    asked.append(asyncio.create_task(questions.of(embedder, "3")))  # runs after both calls, before what they lead to
    async with asyncio.timeout(60):
        assert [question.embedding.tolist() for question in await asyncio.gather(*asked)] == [[1.0], [2.0], [3.0]]


async def test_a_question_asked_again_is_not_embedded_again(embedder: GatedEmbedder) -> None:
    questions = QuestionEmbeddings()
    embedder.gate.set()
    await asyncio.gather(questions.of(embedder, "1"), questions.of(embedder, "1"))
    await questions.of(embedder, "1")
    assert embedder.calls == [["1"]]


async def test_the_question_asked_longest_ago_is_let_go_first(embedder: GatedEmbedder) -> None:
    questions = QuestionEmbeddings(kept=2)
    embedder.gate.set()
    for text in ("1", "2", "1", "3", "1", "2"):
        await questions.of(embedder, text)
    assert embedder.calls == [["1"], ["2"], ["3"], ["2"]]


async def test_who_gives_up_does_not_end_it_for_others(embedder: GatedEmbedder) -> None:
    questions = QuestionEmbeddings()
    hasty, patient = (asyncio.create_task(questions.of(embedder, "1")) for _ in range(2))
    while not embedder.calls:
        await asyncio.sleep(0)
    hasty.cancel()
    embedder.gate.set()
    assert (await patient).embedding.tolist() == [1.0]
    assert embedder.calls == [["1"]]


async def test_a_failure_reaches_all_who_asked_and_is_not_kept(embedder: GatedEmbedder) -> None:
    questions = QuestionEmbeddings()
    embedder.error = Unavailable("The model is away.")
    embedder.gate.set()
    failed = await asyncio.gather(*(questions.of(embedder, text) for text in "123"), return_exceptions=True)
    assert failed == [embedder.error] * 3
    embedder.error = None
    assert (await questions.of(embedder, "1")).embedding.tolist() == [1.0]


class WithTokens(GatedEmbedder):
    async def embed_tokens(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> list[EmbeddedTokens]:
        embeddings = await self.embed(texts, kind=kind)
        return [EmbeddedTokens(row, np.full((100, 2), row[0])) for row in embeddings]


async def test_the_tokens_of_a_question_come_with_it() -> None:
    embedder = WithTokens()
    embedder.gate.set()
    question = await QuestionEmbeddings().of(embedder, "3")
    assert question.embedding.tolist() == [3.0]
    assert question.tokens is not None
    assert (question.tokens.shape, embedder.calls) == ((64, 2), [["3"]])


class Fussy(GatedEmbedder):
    """Declines whatever comes together with a text that it does not take."""

    async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
        await self.gate.wait()
        if "bad" in texts:
            raise RequestDeclined("The service did not take the request.")
        return await super().embed(texts, kind=kind)


async def test_a_question_that_the_service_declines_fails_alone() -> None:
    embedder, questions = Fussy(), QuestionEmbeddings()
    asked = [asyncio.create_task(questions.of(embedder, text)) for text in ("0", "1", "bad", "2")]
    embedder.gate.set()
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert [isinstance(each, RequestDeclined) for each in found] == [False, False, True, False]
