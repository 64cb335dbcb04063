"""The embedder of a folder: any sentence model in ONNX."""

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference import Embeddings
from footnote.platform.inference.calls.errors import ModelFailed, WrongDimension
from footnote.platform.inference.onnx_folder.errors import ModelFolderWrong
from footnote.platform.inference.onnx_folder.folder import ModelFolder, Pooling
from footnote.platform.inference.onnx_folder.lanes import in_lanes
from footnote.platform.inference.onnx_folder.loaded import LoadedOnce
from footnote.platform.inference.onnx_folder.session import OnnxSession
from footnote.platform.telemetry.model_calls import model_call

POOLED = ("sentence_embedding", "text_embeds")  # outputs that are embeddings of texts already
TOKENS = ("token_embeddings", "last_hidden_state")


class OnnxEmbedder:
    """Implements `Embedder`. The files are looked at when it is made, and loaded at first use or by `warm`.

    An embedding depends on its text and its `kind` alone. Questions have threads apart, as with `LocalEmbedder`.
    """

    def __init__(self, folder: ModelFolder, dimension: int = 0, *, threads: int | None = None) -> None:
        """`dimension` keeps the first so many numbers, for models that are made for it; 0 keeps all.

        Raises:
            ModelFolderWrong: A file is missing or not what it should be.
            WrongDimension: The model gives fewer.
        """
        if dimension > folder.dimension:
            raise WrongDimension(f"onnx:{folder.name}", dimension, folder.dimension)
        self.dimension = dimension or folder.dimension
        self.name = f"onnx:{folder.name}/{self.dimension}"
        self.max_tokens = folder.max_tokens
        self._folder = folder
        self._pooling = folder.pooling
        self._prompts = {"document": folder.prompt("document"), "query": folder.prompt("query")}
        self._threads = threads or os.cpu_count() or 1
        self._pools = {
            kind: ThreadPoolExecutor(self._threads, thread_name_prefix=f"onnx-{kind}") for kind in ("document", "query")
        }
        self._loaded = LoadedOnce(folder)

    async def warm(self) -> None:
        await self._loaded.get()

    async def close(self) -> None:
        for pool in self._pools.values():
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
        embeddings = np.empty((len(texts), self.dimension), np.float32)
        if not texts:
            return embeddings
        tokens = np.zeros(len(texts), np.int64)
        with model_call("embeddings", self.name) as call:
            session = await self._loaded.get()

            def compute(row: int) -> None:
                text = self._prompts[kind] + texts[row].encode(errors="replace").decode()
                embeddings[row], tokens[row] = self._embedding(session, text)

            longest_first = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
            await in_lanes(self._pools[kind], self._threads, longest_first, compute)
            call.used(input_tokens=int(tokens.sum()))
        return embeddings

    def _embedding(self, session: OnnxSession, text: str) -> tuple[NDArray[Any], int]:
        outputs, tokens = session.run(text)
        whole = self._pooled(session, outputs).astype(np.float64)
        if whole.shape != (self._folder.dimension,):
            raise WrongDimension(self.name, self._folder.dimension, whole.size)
        kept = whole[: self.dimension]
        length = float(np.linalg.norm(kept))
        if not np.isfinite(length) or length == 0:
            raise ModelFailed(f"{self.name} gave an embedding without a direction.", model=self.name)
        return kept / length, tokens

    def _pooled(self, session: OnnxSession, outputs: Sequence[NDArray[Any]]) -> NDArray[Any]:
        by_name = dict(zip(session.outputs, outputs, strict=True))
        pooled = next((by_name[name] for name in POOLED if name in by_name), None)
        if pooled is None and all(rank == 2 for rank in session.ranks):
            pooled = outputs[0]
        if pooled is not None:
            return np.asarray(pooled[0])
        tokens = next((by_name[name] for name in TOKENS if name in by_name), outputs[0])
        if tokens.ndim != 3:
            raise ModelFolderWrong(self._folder.path, f"the output {session.outputs[0]} is no embedding")
        if self._folder.has_dense_layer:
            raise ModelFolderWrong(self._folder.path, "its dense layer is not part of the graph; export it with that")
        return pool(tokens[0], self._pooling)


def pool(tokens: NDArray[Any], pooling: Pooling) -> NDArray[Any]:
    """One embedding of those of the tokens, [tokens, dimension]; none of them is padding."""
    match pooling:
        case "mean":
            return np.asarray(tokens.mean(axis=0, dtype=np.float64))
        case "cls":
            return np.asarray(tokens[0])
        case "max":
            return np.asarray(tokens.max(axis=0))
        case "last":
            return np.asarray(tokens[-1])
