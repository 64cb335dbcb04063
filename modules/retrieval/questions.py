"""Embeddings of questions: each text once, and those that come together in one call of the model."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from footnote.platform.inference import Embedder, Embeddings
from footnote.platform.inference.calls import RequestDeclined
from footnote.platform.inference.with_tokens import embed_with_tokens

KEPT = 1024  # questions; of a dozen tokens each they take 14 MB
TOKENS = 64  # of a question that are compared; further ones cost time and say little
CALLS = 2  # of one model under way at once; what comes meanwhile goes together into the next
BATCH = 64  # texts of one call


class Question(NamedTuple):
    """Shared with others and not to be changed."""

    embedding: Embeddings  # [dimension]
    tokens: Embeddings | None = None  # [tokens, another dimension]; None: the embedder has none


Waiter: TypeAlias = "tuple[str, asyncio.Future[Question]]"
Batch: TypeAlias = list[Waiter]
Waiting: TypeAlias = deque[Waiter]


class QuestionEmbeddings:
    def __init__(self, *, kept: int = KEPT) -> None:
        self._kept = kept
        self._known: OrderedDict[tuple[str, str], Question] = OrderedDict()
        self._asked: dict[tuple[str, str], asyncio.Future[Question]] = {}
        self._waiting: dict[str, Waiting] = {}
        self._calls: dict[str, set[asyncio.Task[None]]] = {}

    async def of(self, embedder: Embedder, text: str) -> Question:
        """
        Raises:
            Unavailable: The model cannot be reached or loaded.
        """
        key = (embedder.name, text)
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        # Shared: a caller that gives up must not end it for the others.
        return await asyncio.shield(self._asked.get(key) or self._ask(embedder, text))

    def _ask(self, embedder: Embedder, text: str) -> "asyncio.Future[Question]":
        key = (embedder.name, text)
        answer: asyncio.Future[Question] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(lambda done: self._settle(key, done))
        self._asked[key] = answer
        self._waiting.setdefault(embedder.name, deque()).append((text, answer))
        calls = self._calls.setdefault(embedder.name, set())
        if len(calls) < CALLS:
            self._begin(embedder)
        return answer

    def _begin(self, embedder: Embedder) -> None:
        call = asyncio.create_task(self._call(embedder))
        self._calls[embedder.name].add(call)
        call.add_done_callback(lambda ended: self._ended(embedder, ended))

    def _ended(self, embedder: Embedder, call: "asyncio.Task[None]") -> None:
        calls = self._calls[embedder.name]
        calls.discard(call)
        # What came after the call had looked for the last time, and before it was known to have ended.
        if self._waiting[embedder.name] and len(calls) < CALLS and not call.cancelled():
            self._begin(embedder)

    async def _call(self, embedder: Embedder) -> None:
        waiting = self._waiting[embedder.name]
        while waiting:
            batch = [waiting.popleft() for _ in range(min(BATCH, len(waiting)))]
            try:
                await _answer(embedder, batch)
            except BaseException as error:
                _fail(batch, error)
                _fail(waiting, error)
                waiting.clear()
                raise

    def _settle(self, key: tuple[str, str], answer: "asyncio.Future[Question]") -> None:
        del self._asked[key]
        if answer.cancelled() or answer.exception() is not None:
            return
        self._known[key] = answer.result()
        if len(self._known) > self._kept:
            self._known.popitem(last=False)


async def _answer(embedder: Embedder, batch: Batch) -> None:
    """Each question has its embedding or its error afterwards."""
    try:
        questions = await _asked(embedder, [text for text, _ in batch])
    except RequestDeclined as error:
        if len(batch) == 1:
            return _fail(batch, error)
        for alone in batch:  # one of them may be what the service does not take
            await _answer(embedder, [alone])
    except Exception as error:
        _fail(batch, error)
    else:
        for (_, answer), question in zip(batch, questions, strict=True):
            answer.set_result(question)


async def _asked(embedder: Embedder, texts: list[str]) -> list[Question]:
    embeddings, tokens = await embed_with_tokens(embedder, texts, kind="query")
    if tokens is None:
        return [Question(embedding) for embedding in embeddings]
    return [Question(embedding, each[:TOKENS].copy()) for embedding, each in zip(embeddings, tokens, strict=True)]


def _fail(batch: Iterable[Waiter], error: BaseException) -> None:
    for _, answer in batch:
        if answer.done():
            continue
        if isinstance(error, asyncio.CancelledError):
            answer.cancel()
        else:
            answer.set_exception(error)
