"""The graph of fused operators against the same model in plain NumPy."""

from collections.abc import Mapping
from math import erf
from typing import Any, TypeAlias

import numpy as np
import pytest
import safetensors.numpy
from numpy.typing import NDArray

from footnote.platform.inference.local import LocalEmbedder
from footnote.platform.inference.local.tokenizer import ModelInput
from footnote.platform.inference.local.weights import read_weights

Array: TypeAlias = NDArray[np.float64]


class Reference:
    """BERT as published (Devlin et al., 2018), mean-pooled, in double precision."""

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        self._weights = {name: weight.astype(np.float64) for name, weight in weights.items()}

    def embed(self, token_ids: list[int]) -> Array:
        kinds = {"word": token_ids, "position": range(len(token_ids)), "token_type": [0] * len(token_ids)}
        tables = [self._weights[f"embeddings.{kind}_embeddings.weight"][list(rows)] for kind, rows in kinds.items()]
        hidden = self._norm("embeddings.LayerNorm", np.sum(tables, axis=0))
        for layer in range(6):
            hidden = self._encode(f"encoder.layer.{layer}.", hidden)
        mean: Array = hidden.mean(axis=0)
        embedding: Array = mean / np.linalg.norm(mean)
        return embedding

    def _encode(self, prefix: str, hidden: Array) -> Array:
        attention = self._dense(f"{prefix}attention.output.dense", self._attend(f"{prefix}attention.self.", hidden))
        attended = self._norm(f"{prefix}attention.output.LayerNorm", attention + hidden)
        wide = self._dense(f"{prefix}intermediate.dense", attended)
        gelu = wide * (1 + np.vectorize(erf)(wide / np.sqrt(2))) / 2
        return self._norm(f"{prefix}output.LayerNorm", self._dense(f"{prefix}output.dense", gelu) + attended)

    def _attend(self, prefix: str, hidden: Array) -> Array:
        heads = (self._dense(prefix + part, hidden).reshape(-1, 12, 32) for part in ("query", "key", "value"))
        query, key, value = (head.transpose(1, 0, 2) for head in heads)
        scores = np.exp(query @ key.transpose(0, 2, 1) / np.sqrt(32))
        weighed: Array = scores / scores.sum(axis=-1, keepdims=True) @ value
        return weighed.transpose(1, 0, 2).reshape(hidden.shape)

    def _dense(self, name: str, hidden: Array) -> Array:
        dense: Array = hidden @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return dense

    def _norm(self, name: str, hidden: Array) -> Array:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt(centred.var(axis=-1, keepdims=True) + 1e-12)
        norm: Array = scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return norm


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(safetensors.numpy.load(read_weights()))


@pytest.mark.parametrize("text", ["", "Who pays?", "The quick brown fox jumps over the lazy dog, unbelievably."])
async def test_the_graph_computes_the_published_model(fp32: LocalEmbedder, reference: Reference, text: str) -> None:
    (embedding,) = await fp32.embed([text], kind="query")
    assert embedding == pytest.approx(reference.embed(ModelInput().token_ids(text)), abs=1e-5)


async def test_int8_keeps_the_direction(embedder: LocalEmbedder, reference: Reference) -> None:
    text = "Shear flow past a flat plate in an incompressible fluid of small viscosity."
    (embedding,) = await embedder.embed([text], kind="document")
    assert embedding @ reference.embed(ModelInput().token_ids(text)) > 0.97
