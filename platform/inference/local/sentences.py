"""The local model for work in a child process: no loop, no threads, and nothing but settings to pickle."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from footnote.platform.inference import Embeddings
from footnote.platform.inference.local.build import build_model
from footnote.platform.inference.local.errors import ModelNotBuilt
from footnote.platform.inference.local.session import MiniLmSession
from footnote.platform.inference.local.store import ModelFile
from footnote.platform.inference.local.weights import DIMENSION, MODEL, Precision


class LocalSentences:
    """The embeddings of `LocalEmbedder`, bit for bit, computed where it is called; the model stays loaded there."""

    def __init__(self, models: Path, *, precision: Precision = "int8") -> None:
        self.name = f"local:{MODEL}/{precision}"
        self._models = models
        self._precision: Precision = precision

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """
        Raises:
            WeightsMissing, WeightsChanged, ModelNotBuilt: All are `Unavailable`.
        """
        embeddings = np.empty((len(texts), DIMENSION), np.float32)
        for row, text in enumerate(texts):
            embeddings[row] = _session(self._models, self._precision).embed(text).embedding
        return embeddings


@cache
def _session(models: Path, precision: Precision) -> MiniLmSession:
    file = ModelFile(models, precision)
    try:
        if file.read() is None:
            build_model(models, precision)
        model = file.read()
    except OSError as error:
        raise ModelNotBuilt(str(models), str(error)) from error
    if model is None:
        raise ModelNotBuilt(str(models), "what was written is not what is read")
    return MiniLmSession(model)
