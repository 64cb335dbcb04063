"""Token-level late interaction: how well each word of a question is met somewhere in a chunk.

Embeddings of tokens come from the run of the model that embeds the chunk. Of those of a chunk one bit a dimension is
kept, the question has its floats.

Source: Khattab and Zaharia, ColBERT, 2020 (MaxSim); Santhanam et al., ColBERTv2, 2022 (a few bits are enough);
Charikar, Similarity estimation techniques from rounding algorithms, 2002 (signs keep angles).
"""

from collections.abc import Sequence

import numkong
import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference import Embeddings, Relevance

LENGTH = 0.02  # what a chunk loses for each e-fold of its tokens: the more there are, the better the best of them fits


def encoded(tokens: Embeddings) -> bytes:
    """The signs of the embeddings of a chunk's tokens, [tokens, dimension]: dimension / 8 bytes a token."""
    return np.packbits(tokens > 0, axis=1).tobytes()


def relevance(question: Embeddings, chunks: Sequence[bytes | None]) -> Relevance:
    """How well the question's tokens, [tokens, dimension], are met in each chunk: float32 [len(chunks)].

    The mean over the question's tokens of the cosine of the most similar one of the chunk, less what long chunks gain
    by their length. NaN where a chunk has no codes, or none of that dimension, and everywhere if the question has none.
    """
    found = np.full(len(chunks), np.nan, np.float32)
    width = question.shape[1] // 8
    known = [at for at, chunk in enumerate(chunks) if chunk and len(chunk) % width == 0]
    if not known or not len(question):
        return found
    codes = np.frombuffer(b"".join(chunks[at] or b"" for at in known), np.uint8).reshape(-1, width)
    lengths = np.array([len(chunks[at] or b"") // width for at in known])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    best = np.maximum.reduceat(_cosines(question, codes), starts, axis=1)
    found[known] = best.mean(axis=0) - LENGTH * np.log(lengths)
    return found


def _cosines(question: Embeddings, codes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """[question's tokens, codes]; the bits count as 1 and -1."""
    unit = question / np.maximum(np.linalg.norm(question, axis=1, keepdims=True), 1e-12)
    scales = np.maximum(np.abs(unit).max(axis=1, keepdims=True), 1e-12) / 127
    levels = np.rint(unit / scales).astype(np.int8)
    products = np.empty((len(levels), len(codes)), np.int32)
    numkong.cdist(levels, np.unpackbits(codes, axis=1).view(np.int8), "dot", out=products)
    signed = 2 * products - levels.sum(axis=1, dtype=np.int32)[:, None]
    return (signed * (scales / np.sqrt(question.shape[1]))).astype(np.float32)
