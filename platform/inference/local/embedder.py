"""The embedder that needs no network: all-MiniLM-L6-v2 in ONNX Runtime."""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from loguru import logger

from footnote.platform.inference import EmbeddedTokens, Embeddings
from footnote.platform.inference.local.build import build_model
from footnote.platform.inference.local.errors import ModelNotBuilt
from footnote.platform.inference.local.session import Embedded, MiniLmSession
from footnote.platform.inference.local.store import ModelFile
from footnote.platform.inference.local.weights import DIMENSION, MAX_TOKENS, MODEL, Precision
from footnote.platform.processes import ProcessCrashed, ProcessPool, ProcessTimeout
from footnote.platform.telemetry.model_calls import model_call

Keep = Callable[[int, Embedded], None]

BUILD_SECONDS = 300  # takes about 4 on two idle cores


class LocalEmbedder:
    """Implements `Embedder` and `TokenEmbedder` with a model built into the folder `models` at first use.

    An embedding depends on its text alone, bit for bit: not on the texts beside it, on `threads`, on `kind` or on what
    else is under way. int8 takes one scale for all activations of a tensor, so texts that shared a tensor would change
    each other's numbers; therefore every text has its own, and `threads` texts are computed at once (None: one for each
    core). Questions have threads apart, so that they never queue behind documents.
    """

    dimension = DIMENSION
    max_tokens = MAX_TOKENS
    languages = frozenset({"en"})  # ISO 639-1, that the model was made for

    def __init__(self, models: Path, *, precision: Precision = "int8", threads: int | None = None) -> None:
        self.name = f"local:{MODEL}/{precision}"
        self.models = models
        self._precision: Precision = precision
        self._threads = threads or os.cpu_count() or 1
        self._pools = {
            kind: ThreadPoolExecutor(self._threads, thread_name_prefix=f"embed-{kind}")
            for kind in ("document", "query")
        }
        self._session: MiniLmSession | None = None
        self._opening: asyncio.Task[MiniLmSession] | None = None

    def others(self) -> "tuple[LocalEmbedder, ...]":
        """The same model in every other precision, not loaded: their embeddings are other numbers."""
        precisions = [each for each in get_args(Precision) if each != self._precision]
        return tuple(LocalEmbedder(self.models, precision=each, threads=self._threads) for each in precisions)

    async def warm(self) -> None:
        """Build the model if it must be, and load it; `embed` does so too, and waits.

        Raises:
            WeightsMissing, WeightsChanged, ModelNotBuilt: All are `Unavailable`; the next call tries again.
        """
        await self._ready()

    async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
        embeddings = np.empty((len(texts), DIMENSION), np.float32)

        def keep(row: int, embedded: Embedded) -> None:
            embeddings[row] = embedded.embedding

        await self._run(texts, kind, keep)
        return embeddings

    async def embed_tokens(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> list[EmbeddedTokens]:
        by_row: dict[int, EmbeddedTokens] = {}

        def keep(row: int, embedded: Embedded) -> None:
            by_row[row] = EmbeddedTokens(embedded.embedding, embedded.token_embeddings)

        await self._run(texts, kind, keep)
        return [by_row[row] for row in range(len(texts))]

    async def close(self) -> None:
        """Stop what is being built or queued; embeddings being computed are finished first."""
        if self._opening and not self._opening.done():
            self._opening.cancel()
            await asyncio.gather(self._opening, return_exceptions=True)
        for pool in self._pools.values():
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    async def _run(self, texts: Sequence[str], kind: Literal["document", "query"], keep: Keep) -> None:
        if not texts:
            return
        with model_call("embeddings", self.name) as call:
            session = await self._ready()
            call.used(input_tokens=await self._fill(keep, session, texts, self._pools[kind]))

    async def _fill(self, keep: Keep, session: MiniLmSession, texts: Sequence[str], pool: ThreadPoolExecutor) -> int:
        """Have what text i gives kept as row i; how many tokens they had.

        No more texts are handed over than there are threads: calls under way at once take turns, and a cancelled one
        stops. The longest goes first, so that the threads end together.
        """
        longest_first = iter(sorted(range(len(texts)), key=lambda row: -len(texts[row])))
        lanes = [
            asyncio.create_task(_lane(longest_first, keep, session, texts, pool))
            for _ in range(min(self._threads, len(texts)))
        ]
        try:
            return sum(await asyncio.gather(*lanes))
        finally:
            for lane in lanes:
                lane.cancel()

    async def _ready(self) -> MiniLmSession:
        if self._session is None:
            if self._opening is None or self._opening.done():
                self._opening = asyncio.create_task(self._open())
            # The task is shared: a caller that gives up must not end it for the others.
            self._session = await asyncio.shield(self._opening)
        return self._session

    async def _open(self) -> MiniLmSession:
        file = ModelFile(self.models, self._precision)
        try:
            model = await asyncio.to_thread(file.read) or await self._build(file)
        except (OSError, ProcessTimeout, ProcessCrashed) as error:
            raise ModelNotBuilt(str(self.models), str(error)) from error
        return await asyncio.to_thread(MiniLmSession, model)

    async def _build(self, file: ModelFile) -> bytes:
        log = logger.bind(model=self.name, folder=str(self.models))
        log.info("Building the embedding model, once for this folder")
        builder = ProcessPool(max_workers=1)
        try:
            await builder.run(build_model, self.models, self._precision, timeout=BUILD_SECONDS)
        finally:
            await builder.close()
        log.info("Built the embedding model")
        model = await asyncio.to_thread(file.read)
        if model is None:
            raise ModelNotBuilt(str(self.models), "what was written is not what is read")
        return model


async def _lane(
    rows: Iterator[int],
    keep: Keep,
    session: MiniLmSession,
    texts: Sequence[str],
    pool: ThreadPoolExecutor,
) -> int:
    tokens = 0
    for row in rows:
        embedded = await asyncio.get_running_loop().run_in_executor(pool, session.embed, texts[row])
        keep(row, embedded)
        tokens += embedded.tokens
    return tokens
