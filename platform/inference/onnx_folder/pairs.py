"""What models over pairs of texts share: a pair a run, as many at once as there are threads."""

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference.onnx_folder.folder import ModelFolder
from footnote.platform.inference.onnx_folder.lanes import in_lanes
from footnote.platform.inference.onnx_folder.loaded import LoadedOnce
from footnote.platform.telemetry.model_calls import model_call

Read = Callable[[NDArray[np.float64]], float]


class PairModel:
    """Loaded at first use."""

    def __init__(self, folder: ModelFolder, *, threads: int | None = None) -> None:
        """
        Raises:
            ModelFolderWrong: A file is missing.
        """
        self.name = f"onnx:{folder.name}"
        self._folder = folder
        self._threads = threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="onnx-pairs")
        self._loaded = LoadedOnce(folder)

    async def warm(self) -> None:
        await self._loaded.get()

    async def close(self) -> None:
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def _each(
        self, operation: Literal["rerank", "entailment"], pairs: Sequence[tuple[str, str]], read: Read
    ) -> NDArray[np.float64]:
        """What `read` makes of the model's numbers for each pair: [len(pairs)].

        Raises:
            ModelFolderWrong: The files are not what they should be.
        """
        values = np.zeros(len(pairs))
        if not pairs:
            return values
        tokens = np.zeros(len(pairs), np.int64)
        with model_call(operation, self.name) as call:
            session = await self._loaded.get()

            def compute(row: int) -> None:
                outputs, tokens[row] = session.run(*map(_utf8, pairs[row]))
                values[row] = read(_numbers(outputs[0]))

            longest_first = sorted(range(len(pairs)), key=lambda row: -sum(map(len, pairs[row])))
            await in_lanes(self._pool, self._threads, longest_first, compute)
            call.used(input_tokens=int(tokens.sum()))
        return values


def _numbers(logits: NDArray[Any]) -> NDArray[np.float64]:
    return logits.astype(np.float64).ravel()


def _utf8(text: str) -> str:
    return text.encode(errors="replace").decode()
