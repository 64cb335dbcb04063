"""The reranker of a folder: any cross-encoder in ONNX."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference import Relevance
from footnote.platform.inference.onnx_folder.errors import ModelFolderWrong
from footnote.platform.inference.onnx_folder.pairs import PairModel


class OnnxReranker(PairModel):
    """Implements `Reranker`."""

    async def rerank(self, query: str, texts: Sequence[str]) -> Relevance:
        scores = await self._each("rerank", [(query, text) for text in texts], self._relevance)
        return scores.astype(np.float32)

    def _relevance(self, values: NDArray[np.float64]) -> float:
        """Of one number, that; of two, by how much "relevant" is above "not"."""
        if values.size not in (1, 2):
            raise ModelFolderWrong(self._folder.path, f"it gives {values.size} numbers a pair, and is no cross-encoder")
        score = float(values[-1] - values[0]) if values.size == 2 else float(values[0])
        if not np.isfinite(score):
            raise ModelFolderWrong(self._folder.path, "it gave a score that is no number")
        return score
