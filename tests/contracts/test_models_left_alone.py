"""Rerankers and embedders over a network that keep failing: searches go on without them, and at once."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta

import numpy as np
import pytest
from support.breakers import Clock, breaker_by
from support.found import found
from support.model_server import ModelServer
from support.models import remote_embedder, remote_reranker, remote_text
from support.wire import Reply

from footnote.modules.retrieval import Passage
from footnote.modules.retrieval.ranking.reranking import Reranking
from footnote.platform.errors import Unavailable
from footnote.platform.inference.calls import ModelBusy, ModelFailed, ModelRefused, RemoteEmbedder, RequestDeclined
from footnote.platform.inference.calls.errors import ModelLeftAlone
from footnote.platform.inference.gateway.breaker import Breaker
from footnote.platform.inference.gateway.guard import Guard, GuardedEmbedder, GuardedReranker, OpenReranker
from footnote.platform.inference.listwise import ListwiseReranker

QUERY = "which city is the capital of france"
TEXTS = ("the moon", "the capital of france is paris", "berlin is a city")
REFUSED = Reply({"detail": "No.", "message": "No.", "error": {"message": "No."}}, 403)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return breaker_by(clock)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer().serving() as server:
        yield server


@pytest.fixture(params=["voyage", "cohere"])
async def reranker(
    request: pytest.FixtureRequest, server: ModelServer, breaker: Breaker
) -> AsyncIterator[GuardedReranker]:
    opened = guarded(remote_reranker(request.param, server), breaker)
    yield opened
    await opened.close()


def guarded(
    reranker: OpenReranker, breaker: Breaker, *, seconds: float = 60, only_time: bool = False
) -> GuardedReranker:
    return GuardedReranker(reranker, Guard(reranker.name, breaker, seconds=seconds, only_time=only_time))


@pytest.fixture(params=["voyage", "openai", "google"])
async def embedder(request: pytest.FixtureRequest, server: ModelServer) -> AsyncIterator[RemoteEmbedder]:
    opened = remote_embedder(request.param, server)
    yield opened
    await opened.close()


def passages() -> list[Passage]:
    return [found(text, id=str(at), score=1 / (1 + at)) for at, text in enumerate(TEXTS)]


async def ordered(reranker: GuardedReranker, seconds: float = 60) -> tuple[str, str | None]:
    reranking = Reranking(model=reranker, deadline=timedelta(seconds=seconds))
    order, note = await reranking.order(QUERY, passages())
    return "".join(each.id for each in order), note


async def test_a_reranker_that_keeps_failing_is_not_asked_for_a_while(
    reranker: GuardedReranker, server: ModelServer, clock: Clock
) -> None:
    server.replies = [REFUSED, REFUSED]
    problem = (await ordered(reranker))[1], (await ordered(reranker))[1]
    assert problem == (f"{reranker.name} could not rank: The model's service refuses",) * 2
    note = f"{reranker.name} could not rank: The model has failed repeatedly and is left alone for now"
    assert await ordered(reranker) == ("012", note)
    assert len(server.requests) == 2
    clock.now = 10
    assert await ordered(reranker) == ("120", None)
    assert await ordered(reranker) == ("120", None)


async def test_a_reranker_that_hangs_is_waited_for_no_more(server: ModelServer, breaker: Breaker) -> None:
    reranker = guarded(remote_reranker("voyage", server), breaker, seconds=0.05)
    server.replies = [Reply(hangs=True)] * 2
    for _ in range(2):
        assert (await ordered(reranker, 0.05))[1] is not None
    with pytest.raises(ModelLeftAlone, match="did not answer in time"):
        await reranker.rerank(QUERY, TEXTS)
    await reranker.close()


async def test_a_query_model_that_hangs_is_waited_for_no_more(server: ModelServer, breaker: Breaker) -> None:
    server.replies = [Reply(hangs=True)] * 2
    async with AsyncExitStack() as stack:
        model = ListwiseReranker(await stack.enter_async_context(remote_text(server)))
        reranker = guarded(model, breaker, seconds=0.05, only_time=True)
        for _ in range(2):
            assert (await ordered(reranker, 0.05))[0] == "012"
        with pytest.raises(ModelLeftAlone):
            await reranker.rerank(QUERY, TEXTS)


async def test_what_a_query_model_refuses_to_one_tenant_is_refused_to_no_other(breaker: Breaker) -> None:
    async def refused() -> None:
        raise ModelRefused("No.")

    guard = Guard("llm", breaker, seconds=60, only_time=True)
    for _ in range(3):
        with pytest.raises(ModelRefused):
            await guard.of(refused)
    assert breaker.state == "ready"


async def test_a_listener_who_leaves_says_nothing_about_the_model(server: ModelServer, breaker: Breaker) -> None:
    reranker = guarded(remote_reranker("cohere", server), breaker)
    server.replies = [Reply(hangs=True)] * 2
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reranker.rerank(QUERY, TEXTS), 0.01)
    server.replies.clear()  # a request may not even have been sent
    assert (await ordered(reranker))[1] is None
    await reranker.close()


async def test_questions_are_not_embedded_for_a_while_and_documents_are(
    embedder: RemoteEmbedder, server: ModelServer, breaker: Breaker, clock: Clock
) -> None:
    asked = GuardedEmbedder(embedder, Guard(embedder.name, breaker, seconds=60))
    server.replies = [Reply({}, 503) for _ in range(10)]
    for _ in range(2):
        with pytest.raises(ModelFailed, match="status 503"):
            await asked.embed([QUERY], kind="query")
    sent = len(server.requests)
    with pytest.raises(ModelLeftAlone) as caught:
        await asked.embed([QUERY], kind="query")
    assert (len(server.requests), caught.value.extensions["retry_after"]) == (sent, 10)
    assert len(await embedder.embed(TEXTS, kind="document")) == 3
    clock.now = 10
    assert len(await asked.embed([QUERY], kind="query")) == 1


async def test_documents_that_fail_close_no_door_for_questions(server: ModelServer, breaker: Breaker) -> None:
    embedder = remote_embedder("openai", server)
    server.replies = [REFUSED] * 3
    for _ in range(3):
        with pytest.raises(ModelRefused):
            await embedder.embed(TEXTS, kind="document")
    asked = GuardedEmbedder(embedder, Guard(embedder.name, breaker, seconds=60))
    assert np.isfinite(await asked.embed([QUERY], kind="query")).all()
    await embedder.close()


async def test_a_question_that_is_not_taken_closes_no_door_for_others(server: ModelServer, breaker: Breaker) -> None:
    embedder = remote_embedder("openai", server)
    asked = GuardedEmbedder(embedder, Guard(embedder.name, breaker, seconds=60))
    server.replies = [Reply({}, 400)] * 3
    for _ in range(3):
        with pytest.raises(RequestDeclined):
            await asked.embed([QUERY], kind="query")
    assert len(await asked.embed([QUERY], kind="query")) == 1
    await embedder.close()


async def test_a_busy_service_is_left_alone_for_as_long_as_it_asks(server: ModelServer, breaker: Breaker) -> None:
    embedder = remote_embedder("openai", server)
    asked = GuardedEmbedder(embedder, Guard(embedder.name, breaker, seconds=60))
    server.replies = [Reply({}, 429, {"Retry-After": "3600"})] * 2
    for _ in range(2):
        with pytest.raises(ModelBusy):
            await asked.embed([QUERY], kind="query")
    assert breaker.wait == 3600
    await embedder.close()


async def test_a_supposed_answer_is_given_up_as_soon_as_a_question(server: ModelServer, breaker: Breaker) -> None:
    embedder = remote_embedder("openai", server)
    asked = GuardedEmbedder(embedder, Guard(embedder.name, breaker, seconds=0.05))
    server.replies = [Reply(hangs=True)]
    with pytest.raises(Unavailable, match="did not answer in time"):
        await asked.embed(TEXTS, kind="document")
    await embedder.close()
