"""The loaded model: one text in, one embedding out."""

from typing import NamedTuple

import numpy as np
from onnxruntime import InferenceSession, SessionOptions

from footnote.platform.inference import Embeddings
from footnote.platform.inference.local.tokenizer import ModelInput


class Embedded(NamedTuple):
    embedding: Embeddings  # [dimension]
    tokens: int


class MiniLmSession:
    """Safe to call from several threads at once; one call computes in the thread that makes it."""

    def __init__(self, model: bytes) -> None:
        options = SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._input = ModelInput()

    def embed(self, text: str) -> Embedded:
        token_ids = np.array([self._input.token_ids(text)], np.int32)
        (embeddings,) = self._session.run(None, {"input_ids": token_ids, "mask": np.ones_like(token_ids)})
        return Embedded(embeddings[0], token_ids.size)
