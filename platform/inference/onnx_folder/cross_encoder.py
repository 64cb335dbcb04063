"""The reranker of a folder: any cross-encoder in ONNX."""

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference import Relevance
from footnote.platform.inference.onnx_folder.errors import ModelFolderWrong
from footnote.platform.inference.onnx_folder.folder import ModelFolder
from footnote.platform.inference.onnx_folder.lanes import in_lanes
from footnote.platform.inference.onnx_folder.loaded import LoadedOnce
from footnote.platform.inference.onnx_folder.session import OnnxSession
from footnote.platform.telemetry.model_calls import model_call


class OnnxReranker:
    """Implements `Reranker`; a pair of texts a run, as many at once as there are threads. Loaded at first use."""

    def __init__(self, folder: ModelFolder, *, threads: int | None = None) -> None:
        """
        Raises:
            ModelFolderWrong: A file is missing.
        """
        self.name = f"onnx:{folder.name}"
        self._folder = folder
        self._threads = threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="onnx-rerank")
        self._loaded = LoadedOnce(folder)

    async def warm(self) -> None:
        await self._loaded.get()

    async def close(self) -> None:
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def rerank(self, query: str, texts: Sequence[str]) -> Relevance:
        scores = np.empty(len(texts), np.float32)
        if not texts:
            return scores
        asked = _utf8(query)
        tokens = np.zeros(len(texts), np.int64)
        with model_call("rerank", self.name) as call:
            session = await self._loaded.get()

            def compute(row: int) -> None:
                scores[row], tokens[row] = self._score(session, asked, _utf8(texts[row]))

            longest_first = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
            await in_lanes(self._pool, self._threads, longest_first, compute)
            call.used(input_tokens=int(tokens.sum()))
        return scores

    def _score(self, session: OnnxSession, query: str, text: str) -> tuple[float, int]:
        outputs, tokens = session.run(query, text)
        return self._relevance(outputs[0]), tokens

    def _relevance(self, logits: NDArray[Any]) -> float:
        """Of one number, that; of two, by how much "relevant" is above "not"."""
        values = logits.astype(np.float64).ravel()
        if values.size not in (1, 2):
            raise ModelFolderWrong(self._folder.path, f"it gives {values.size} numbers a pair, and is no cross-encoder")
        score = float(values[-1] - values[0]) if values.size == 2 else float(values[0])
        if not np.isfinite(score):
            raise ModelFolderWrong(self._folder.path, "it gave a score that is no number")
        return score


def _utf8(text: str) -> str:
    return text.encode(errors="replace").decode()
