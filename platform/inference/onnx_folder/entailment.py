"""The entailment model of a folder: any cross-encoder in ONNX that tells entailment from the rest."""

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference.onnx_folder.errors import ModelFolderWrong
from footnote.platform.inference.onnx_folder.folder import ModelFolder
from footnote.platform.inference.onnx_folder.lanes import in_lanes
from footnote.platform.inference.onnx_folder.loaded import LoadedOnce
from footnote.platform.inference.onnx_folder.session import OnnxSession
from footnote.platform.telemetry.model_calls import model_call

ENTAILS = ("entailment", "entailed", "entail", "consistent", "supported", "yes")


class OnnxEntailment:
    """A pair of texts a run, as many at once as there are threads. Loaded at first use."""

    def __init__(self, folder: ModelFolder, *, threads: int | None = None) -> None:
        """
        Raises:
            ModelFolderWrong: A file is missing.
        """
        self.name = f"onnx:{folder.name}"
        self._folder = folder
        self._threads = threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="onnx-entail")
        self._loaded = LoadedOnce(folder)

    async def warm(self) -> None:
        await self._loaded.get()

    async def close(self) -> None:
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def entails(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """For each pair (premise, hypothesis) the probability in [0, 1] that the one says the other.

        Raises:
            ModelFolderWrong: The files are not what they should be.
        """
        chances = np.zeros(len(pairs))
        if not pairs:
            return []
        tokens = np.zeros(len(pairs), np.int64)
        with model_call("entailment", self.name) as call:
            session = await self._loaded.get()

            def compute(row: int) -> None:
                chances[row], tokens[row] = self._chance(session, *pairs[row])

            longest_first = sorted(range(len(pairs)), key=lambda row: -sum(map(len, pairs[row])))
            await in_lanes(self._pool, self._threads, longest_first, compute)
            call.used(input_tokens=int(tokens.sum()))
        return [float(chance) for chance in chances]

    def _chance(self, session: OnnxSession, premise: str, hypothesis: str) -> tuple[float, int]:
        outputs, tokens = session.run(*(text.encode(errors="replace").decode() for text in (premise, hypothesis)))
        return self._probability(outputs[0]), tokens

    def _probability(self, logits: NDArray[Any]) -> float:
        """Of one number its sigmoid; of several the share of the label that says entailment."""
        values = logits.astype(np.float64).ravel()
        if not np.isfinite(values).all():
            raise ModelFolderWrong(self._folder.path, "it gave a score that is no number")
        if values.size == 1:
            return float(1 / (1 + np.exp(-values[0])))
        shares = np.exp(values - values.max())
        return float(shares[self._place(values.size)] / shares.sum())

    def _place(self, size: int) -> int:
        labels = [label.lower().replace("-", "_") for label in self._folder.labels]
        place = next((place for place, label in enumerate(labels[:size]) if label in ENTAILS), None)
        if place is None and size == 2:
            return 1
        if place is None:
            raise ModelFolderWrong(self._folder.path, "config.json does not say which label is entailment (id2label)")
        return place
