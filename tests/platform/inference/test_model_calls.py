"""Calls of models over a network when something goes wrong, through the providers' own clients."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import numpy as np
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from support.model_server import DIMENSION, ModelServer
from support.models import KEY, NAMES, RERANKERS, Pauses, remote_embedder, remote_reranker
from support.wire import Answer, Changed, Reply

from footnote.platform.inference.calls import (
    KeyMissing,
    ModelBusy,
    ModelFailed,
    ModelRefused,
    Patience,
    RemoteEmbedder,
    RemoteReranker,
    WrongDimension,
)
from footnote.platform.telemetry import model_calls

TEXTS = ["red apples", "green pears", "blue plums"]
SPENT = {"error": {"message": "You exceeded your quota", "type": "insufficient_quota", "code": "insufficient_quota"}}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer().serving() as server:
        yield server


class Called:
    """One adapter, by what it has in common with the others."""

    def __init__(self, kind: str, server: ModelServer) -> None:
        self.server = server
        self.pauses = Pauses()
        self.kind = kind
        self._open: list[RemoteEmbedder | RemoteReranker] = []

    async def __call__(self, *, seconds: float = 30) -> Any:
        if self.kind.startswith("rerank-"):
            reranker = remote_reranker(
                self.kind.removeprefix("rerank-"), self.server, seconds=seconds, pauses=self.pauses
            )
            self._open.append(reranker)
            return await reranker.rerank("green pears", TEXTS)
        embedder = remote_embedder(self.kind, self.server, seconds=seconds, pauses=self.pauses)
        self._open.append(embedder)
        return await embedder.embed(TEXTS, kind="document")

    @property
    def entries(self) -> str:
        """Where an answer has its list."""
        return {"google": "embeddings", "google-2": "embeddings", "rerank-cohere": "results"}.get(self.kind, "data")

    async def close(self) -> None:
        for each in self._open:
            await each.close()


@pytest.fixture(params=[*NAMES, *(f"rerank-{kind}" for kind in RERANKERS)])
async def call(request: pytest.FixtureRequest, server: ModelServer) -> AsyncIterator[Called]:
    called = Called(request.param, server)
    yield called
    await called.close()


def fault(message: str = "No.") -> Answer:
    """In the form of each provider at once."""
    return {"detail": message, "message": message, "error": {"message": message, "code": 0, "status": "X"}}


async def test_a_wrong_key_is_told_and_not_tried_again(call: Called) -> None:
    call.server.replies = [Reply(fault(f"Incorrect key: {KEY}"), 401)]
    with pytest.raises(ModelRefused, match="FOOTNOTE_SOME_API_KEY") as caught:
        await call()
    assert KEY not in str(caught.value.to_problem())
    assert len(call.server.requests) == 1


async def test_an_unknown_model_is_told_and_not_tried_again(call: Called) -> None:
    call.server.replies = [Reply(fault(), 404)]
    with pytest.raises(ModelRefused, match="does not know"):
        await call()
    assert len(call.server.requests) == 1


async def test_what_a_service_does_not_take_is_told_in_its_words_without_the_key(call: Called) -> None:
    call.server.replies = [Reply(fault(f"Too many tokens, {KEY}."), 400)]
    with pytest.raises(ModelFailed, match=r"Too many tokens, \*\*\*") as caught:
        await call()
    assert KEY not in str(caught.value.to_problem())
    assert len(call.server.requests) == 1


async def test_a_busy_service_is_asked_again_when_it_says(call: Called) -> None:
    call.server.replies = [Reply(fault(), 429, {"Retry-After": "7"})]
    assert len(await call()) == 3
    [pause] = call.pauses
    assert 7 <= pause < 8
    assert len(call.server.requests) == 2


async def test_a_busy_service_that_says_nothing_is_asked_again_after_growing_pauses(call: Called) -> None:
    call.server.replies = [Reply(fault(), 429) for _ in range(4)]
    assert len(await call()) == 3
    assert [longest / 2 <= pause <= longest for pause, longest in zip(call.pauses, (0.5, 1, 2, 4), strict=True)]
    assert len(call.server.requests) == 5


async def test_a_service_that_stays_busy_is_given_up_after_five_attempts(call: Called) -> None:
    call.server.replies = [Reply(fault(), 429) for _ in range(9)]
    with pytest.raises(ModelBusy):
        await call()
    assert len(call.server.requests) == 5


async def test_a_wait_beyond_the_deadline_is_handed_on_at_once(call: Called) -> None:
    call.server.replies = [Reply(fault(), 429, {"Retry-After": "3600"})]
    with pytest.raises(ModelBusy) as caught:
        await call()
    assert caught.value.extensions["retry_after"] == 3600
    assert (len(call.server.requests), call.pauses) == (1, [])


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_failure_of_the_service_is_tried_again(call: Called, status: int) -> None:
    call.server.replies = [Reply(fault(), status), Reply(b"<html>oops</html>", status, {"Content-Type": "text/html"})]
    assert len(await call()) == 3
    assert len(call.server.requests) == 3


async def test_silence_is_given_up_and_asked_again(call: Called) -> None:
    await call()  # so that all is imported, and the time is all the service's
    call.server.replies = [Reply(hangs=True)]
    assert len(await call(seconds=2)) == 3
    assert len(call.server.requests) >= 3


@pytest.mark.parametrize("body", [b"{'no': json", b"\xff\xfe", b"[]", b"{}", b'{"data": [{"index": "x"}]}', b"null"])
async def test_an_answer_of_another_form_is_asked_for_again_and_then_told(call: Called, body: bytes) -> None:
    call.server.replies = [Reply(body) for _ in range(5)]
    with pytest.raises(ModelFailed):
        await call()
    assert len(call.server.requests) == 5


def without(entries: str, *gone: int) -> Changed:
    """The usual answer without some of its entries."""

    def changed(answer: Answer) -> Answer:
        return {**answer, entries: [entry for at, entry in enumerate(answer[entries]) if at not in gone]}

    return changed


async def test_only_what_was_left_out_is_asked_for_again(call: Called) -> None:
    expected = await call()
    call.server.replies = [without(call.entries, 0, 2)]
    assert np.allclose(await call(), expected)
    tells_which = not call.kind.startswith("google")
    assert [len(asked(request.content)) for request in call.server.requests] == [3, 3, 2 if tells_which else 3]


def asked(content: Answer) -> list[Any]:
    """The texts of a request."""
    return next(content[name] for name in ("input", "documents", "requests") if name in content)


async def test_what_is_always_left_out_is_told(call: Called) -> None:
    call.server.replies = [without(call.entries, 0, 1, 2)] * 5
    with pytest.raises(ModelFailed, match=r"left out 3 of 3 texts|gave 0 embeddings for 3 texts"):
        await call()


def reordered(entries: str) -> Changed:
    return lambda answer: {**answer, entries: answer[entries][::-1]}


async def test_the_order_of_an_answer_counts_only_where_it_does_not_tell_of_which_text(call: Called) -> None:
    expected = await call()
    call.server.replies = [reordered(call.entries)]
    is_in_order = call.kind.startswith("google")
    assert np.allclose(await call(), expected[::-1] if is_in_order else expected)


@pytest.mark.parametrize("kind", NAMES)
async def test_another_dimension_is_told_with_both_numbers_and_not_tried_again(kind: str, server: ModelServer) -> None:
    embedder = remote_embedder(kind, server, dimension=DIMENSION)
    other = remote_embedder(kind if kind != "compatible" else "openai", server, dimension=64)
    await other.embed(TEXTS, kind="query")
    answer = server.answer(server.requests[0])
    server.replies = [answer]
    with pytest.raises(WrongDimension, match=r"of 64 numbers where 256 are expected") as caught:
        await embedder.embed(TEXTS, kind="query")
    assert (caught.value.extensions["expected"], caught.value.extensions["got"]) == (DIMENSION, 64)
    assert len(server.requests) == 2
    await embedder.close()
    await other.close()


@pytest.mark.parametrize(("kind", "build"), [("voyage", remote_embedder), ("cohere", remote_reranker)])
async def test_a_missing_key_is_told_before_anything_is_sent(
    kind: str, build: Callable[..., Any], server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("support.models.KEY", "")
    monkeypatch.setattr("support.models.endpoint.__defaults__", ("",))
    with pytest.raises(KeyMissing, match="FOOTNOTE_SOME_API_KEY"):
        build(kind, server)


async def test_a_question_is_given_up_sooner_than_a_document(server: ModelServer) -> None:
    embedder = remote_embedder("openai", server, hurry=Patience(attempts=2, total=1000))
    server.replies = [Reply(fault(), 503) for _ in range(6)]
    with pytest.raises(ModelFailed):
        await embedder.embed(TEXTS, kind="query")
    assert len(server.requests) == 2
    assert len(await embedder.embed(TEXTS, kind="document")) == 3
    await embedder.close()


@pytest.mark.parametrize(("kind", "status"), [("openai", 429), ("voyage", 402)])
async def test_an_empty_purse_is_not_asked_again(kind: str, status: int, server: ModelServer) -> None:
    embedder = remote_embedder(kind, server)
    server.replies = [Reply(SPENT, status)]
    with pytest.raises(ModelRefused, match="Nothing is left"):
        await embedder.embed(TEXTS, kind="query")
    assert len(server.requests) == 1
    await embedder.close()


async def test_google_says_in_the_body_how_long_to_wait(server: ModelServer) -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}]
    error = {"code": 429, "message": "Quota", "status": "RESOURCE_EXHAUSTED", "details": details}
    server.replies = [Reply({"error": error}, 429)]
    pauses = Pauses()
    embedder = remote_embedder("google", server, pauses=pauses)
    await embedder.embed(TEXTS, kind="query")
    assert 34 <= pauses[0] < 35
    await embedder.close()


async def test_a_service_that_is_away_is_told(server: ModelServer) -> None:
    server.url = "http://127.0.0.1:9"
    for kind in NAMES:
        embedder = remote_embedder(kind, server)
        with pytest.raises(ModelFailed, match="cannot be reached"):
            await embedder.embed(TEXTS, kind="query")
        await embedder.close()


async def test_tokens_and_cost_of_all_requests_stand_in_one_span(call: Called, monkeypatch: pytest.MonkeyPatch) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(model_calls, "tracer", provider.get_tracer("test"))
    call.server.replies = [Reply(fault(), 500)]
    await call()
    (span,) = exporter.get_finished_spans()
    assert span.attributes is not None
    tokens = {"rerank-cohere": 0, "rerank-voyage": 6 + 6, "google-2": 6 + 12}.get(call.kind, 6)
    assert span.attributes["gen_ai.usage.input_tokens"] == tokens
    cost = 5 / 1000 if call.kind == "rerank-cohere" else 2 * tokens / 1_000_000
    assert span.attributes["footnote.cost_usd"] == pytest.approx(cost)
