"""Token-level late interaction: how well each word of a question is met somewhere in a chunk.

Embeddings of tokens come from the run of the model that embeds the chunk. Of those of a chunk one bit a dimension is
kept, the question has its floats.

Source: Khattab and Zaharia, ColBERT, 2020 (MaxSim); Santhanam et al., ColBERTv2, 2022 (a few bits are enough);
Charikar, Similarity estimation techniques from rounding algorithms, 2002 (signs keep angles).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numkong
import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference import Embeddings, Relevance

BLOCK = 64  # chunks compared at once: what they take stays in the cache of a core
LENGTH = 0.02  # what a chunk loses for each e-fold of its tokens: the more there are, the better the best of them fits


def encoded(tokens: Embeddings) -> bytes:
    """The signs of the embeddings of a chunk's tokens, [tokens, dimension]: dimension / 8 bytes a token."""
    return np.packbits(tokens > 0, axis=1).tobytes()


def decoded(codes: bytes) -> Embeddings:
    """What `encoded` makes `codes` of: the signs of some tokens as 1 and 0, in rows of 8, whatever the dimension."""
    return np.unpackbits(np.frombuffer(codes, np.uint8)).reshape(-1, 8).astype(np.float32)


def relevance(question: Embeddings, chunks: Sequence[bytes | None]) -> Relevance:
    """How well the question's tokens, [tokens, dimension], are met in each chunk: float32 [len(chunks)].

    The mean over the question's tokens of the cosine of the most similar one of the chunk, less what long chunks gain
    by their length. NaN where a chunk has no codes, or none of that dimension, and everywhere if the question has none.
    """
    found = np.full(len(chunks), np.nan, np.float32)
    width = question.shape[1] // 8
    known = [(at, codes) for at, codes in enumerate(chunks) if codes and len(codes) % width == 0]
    if len(question):
        asked = _Asked.of(question)
        for block in (known[start : start + BLOCK] for start in range(0, len(known), BLOCK)):
            found[[at for at, _ in block]] = asked.met_in([codes for _, codes in block])
    return found


class _Asked(NamedTuple):
    """The tokens of a question as int8: level times scale is about a part of a vector of unit length."""

    levels: NDArray[np.int8]  # [tokens, dimension]
    scales: NDArray[np.float32]  # [tokens]
    packed: numkong.PackedMatrix  # the levels as the processor multiplies them

    @classmethod
    def of(cls, question: Embeddings) -> "_Asked":
        unit = question / np.maximum(np.linalg.norm(question, axis=1, keepdims=True), 1e-12)
        scales = np.maximum(np.abs(unit).max(axis=1, keepdims=True), 1e-12).astype(np.float32) / np.float32(127)
        levels = np.rint(unit / scales).astype(np.int8)
        return cls(levels, scales[:, 0], numkong.dots_pack(levels))

    def met_in(self, chunks: Sequence[bytes]) -> Relevance:
        """The relevance of chunks that have codes."""
        dimension = self.levels.shape[1]
        codes = np.frombuffer(b"".join(chunks), np.uint8).reshape(-1, dimension // 8)
        lengths = np.array([len(chunk) * 8 // dimension for chunk in chunks])
        products = np.asarray(numkong.dots_packed(np.unpackbits(codes, axis=1).view(np.int8), self.packed))
        greatest = np.maximum.reduceat(products, np.cumsum(lengths) - lengths, axis=0)  # [chunks, tokens]
        # The bits stand for 1 and -1, so that all codes have the length of the root of the dimension.
        signed = 2 * greatest - self.levels.sum(axis=1, dtype=np.int32)
        cosines = signed * (self.scales / dimension**0.5)
        relevance: Relevance = (cosines.mean(axis=1) - LENGTH * np.log(lengths)).astype(np.float32)
        return relevance
