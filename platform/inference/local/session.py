"""The loaded model: one text in, its embedding and those of its tokens out."""

from typing import NamedTuple

import numpy as np
from onnxruntime import InferenceSession, SessionOptions

from footnote.platform.inference import Embeddings
from footnote.platform.inference.local.tokenizer import ModelInput

OUTPUTS = ["embedding", "tokens"]
SLOWER_FUSIONS = ["SkipLayerNormFusion", "BiasGeluFusion"]  # a passage would take 1.4 times as long
LAST_SPECIAL = 103  # up to it token ids are padding, unused, [UNK], [CLS], [SEP] and [MASK]


class Embedded(NamedTuple):
    embedding: Embeddings  # [dimension]
    token_embeddings: Embeddings  # [tokens, token dimension], without special and unknown tokens
    tokens: int


class MiniLmSession:
    """Safe to call from several threads at once; one call computes in the thread that makes it."""

    def __init__(self, model: bytes) -> None:
        options = SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = InferenceSession(
            model, options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOWER_FUSIONS
        )
        self._input = ModelInput()

    def embed(self, text: str) -> Embedded:
        token_ids = np.array([self._input.token_ids(text)], np.int32)
        embeddings, tokens = self._session.run(OUTPUTS, {"input_ids": token_ids, "mask": np.ones_like(token_ids)})
        return Embedded(embeddings[0], tokens[0][token_ids[0] > LAST_SPECIAL], token_ids.size)
