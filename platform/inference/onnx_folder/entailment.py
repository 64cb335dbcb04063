"""The entailment model of a folder: any cross-encoder in ONNX that tells entailment from the rest."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference.onnx_folder.errors import ModelFolderWrong
from footnote.platform.inference.onnx_folder.pairs import PairModel

ENTAILS = ("entailment", "entailed", "entail", "consistent", "supported", "yes")


class OnnxEntailment(PairModel):
    async def entails(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """For each pair (premise, hypothesis) the probability in [0, 1] that the one says the other.

        Raises:
            ModelFolderWrong: The files are not what they should be.
        """
        chances: list[float] = (await self._each("entailment", pairs, self._probability)).tolist()
        return chances

    def _probability(self, values: NDArray[np.float64]) -> float:
        """Of one number its sigmoid; of several the share of the label that says entailment."""
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
