"""Embeddings of questions: each text once, and those that come together in one call of the model."""

import asyncio
from collections import OrderedDict, deque

from footnote.platform.inference import Embedder, Embeddings

KEPT = 4096  # embeddings; of 384 numbers they take 6 MB
CALLS = 2  # of one model under way at once; what comes meanwhile goes together into the next
BATCH = 64  # texts of one call

Waiting = deque[tuple[str, "asyncio.Future[Embeddings]"]]


class QuestionEmbeddings:
    def __init__(self, *, kept: int = KEPT) -> None:
        self._kept = kept
        self._known: OrderedDict[tuple[str, str], Embeddings] = OrderedDict()
        self._asked: dict[tuple[str, str], asyncio.Future[Embeddings]] = {}
        self._waiting: dict[str, Waiting] = {}
        self._calls: dict[str, set[asyncio.Task[None]]] = {}

    async def of(self, embedder: Embedder, text: str) -> Embeddings:
        """Float32 [dimension] of the question `text`, shared with others and not to be changed.

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

    def _ask(self, embedder: Embedder, text: str) -> "asyncio.Future[Embeddings]":
        key = (embedder.name, text)
        answer: asyncio.Future[Embeddings] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(lambda done: self._settle(key, done))
        self._asked[key] = answer
        self._waiting.setdefault(embedder.name, deque()).append((text, answer))
        calls = self._calls.setdefault(embedder.name, set())
        if len(calls) < CALLS:
            call = asyncio.create_task(self._call(embedder))
            calls.add(call)
            call.add_done_callback(calls.discard)
        return answer

    async def _call(self, embedder: Embedder) -> None:
        waiting = self._waiting[embedder.name]
        while waiting:
            batch = [waiting.popleft() for _ in range(min(BATCH, len(waiting)))]
            try:
                embeddings = await embedder.embed([text for text, _ in batch], kind="query")
            except BaseException as error:
                _fail(batch, error)
                if not isinstance(error, Exception):
                    _fail(waiting, error)
                    waiting.clear()
                    raise
            else:
                for (_, answer), embedding in zip(batch, embeddings, strict=True):
                    answer.set_result(embedding)

    def _settle(self, key: tuple[str, str], answer: "asyncio.Future[Embeddings]") -> None:
        del self._asked[key]
        if answer.cancelled() or answer.exception() is not None:
            return
        self._known[key] = answer.result()
        if len(self._known) > self._kept:
            self._known.popitem(last=False)


def _fail(batch: "Waiting | list[tuple[str, asyncio.Future[Embeddings]]]", error: BaseException) -> None:
    for _, answer in batch:
        if isinstance(error, asyncio.CancelledError):
            answer.cancel()
        else:
            answer.set_exception(error)
