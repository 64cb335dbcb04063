"""Token-level late interaction: how well each word of a question is met in a chunk, and how well all in one place.

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

Lengths = NDArray[np.int64]

BLOCK = 64  # chunks compared at once: what they take stays in the cache of a core
LENGTH = 0.02  # what a chunk loses for each e-fold of its tokens: the more there are, the better the best of them fits
HALF = 24  # tokens; two that follow each other are a place, about two sentences


def encoded(tokens: Embeddings) -> bytes:
    """The signs of the embeddings of a chunk's tokens, [tokens, dimension]: dimension / 8 bytes a token."""
    return np.packbits(tokens > 0, axis=1).tobytes()


def decoded(codes: bytes) -> Embeddings:
    """What `encoded` makes `codes` of: the signs of some tokens as 1 and 0, in rows of 8, whatever the dimension."""
    return np.unpackbits(np.frombuffer(codes, np.uint8)).reshape(-1, 8).astype(np.float32)


def relevance(question: Embeddings, chunks: Sequence[bytes | None]) -> Relevance:
    """How well the question's tokens, [tokens, dimension], are met in each chunk: float32 [len(chunks)].

    The cosine of each of them and the most similar token of the chunk, in the mean: half of it is that of the whole
    chunk, less what long ones gain by their length, and half that of its best place. NaN where a chunk has no codes, or
    none of that dimension, and everywhere if the question has none.
    """
    found = np.full(len(chunks), np.nan, np.float32)
    width = question.shape[1] // 8
    known = [(at, codes) for at, codes in enumerate(chunks) if codes and len(codes) % width == 0]
    if len(question):
        asked = _Asked.of(question)
        for block in (known[start : start + BLOCK] for start in range(0, len(known), BLOCK)):
            found[[at for at, _ in block]] = asked.relevance([codes for _, codes in block])
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

    def relevance(self, chunks: Sequence[bytes]) -> Relevance:
        """Of chunks that have codes."""
        width = self.levels.shape[1] // 8
        codes = np.frombuffer(b"".join(chunks), np.uint8).reshape(-1, width)
        lengths = np.array([len(chunk) // width for chunk in chunks])
        products = np.asarray(numkong.dots_packed(np.unpackbits(codes, axis=1).view(np.int8), self.packed))
        halves = _Halves.of(lengths)
        met = self._cosines(np.maximum.reduceat(products, halves.starts, axis=0))
        anywhere = np.maximum.reduceat(met, halves.first, axis=0).mean(axis=1) - LENGTH * np.log(lengths)
        together = np.maximum.reduceat(halves.paired(met).mean(axis=1), halves.first)
        relevance: Relevance = ((anywhere + together) / 2).astype(np.float32)
        return relevance

    def _cosines(self, products: NDArray[np.int32]) -> Relevance:
        """Of the products of codes with the levels, [codes, tokens]: float32, of the same shape."""
        # The bits stand for 1 and -1, so that all codes have the length of the root of the dimension.
        units = self.scales / np.float32(self.levels.shape[1] ** 0.5)
        cosines: Relevance = (2 * products.astype(np.float32) - self.levels.sum(axis=1, dtype=np.float32)) * units
        return cosines


class _Halves(NamedTuple):
    """The tokens of some chunks, one after the other, cut into halves of places."""

    starts: Lengths  # [halves], among all tokens
    first: Lengths  # [chunks], of each chunk's halves
    is_followed: NDArray[np.bool_]  # [halves - 1], by another of its chunk

    @classmethod
    def of(cls, lengths: Lengths) -> "_Halves":
        counts = -(-lengths // HALF)
        first = np.cumsum(counts) - counts
        within = np.arange(counts.sum()) - np.repeat(first, counts)  # its chunk
        return cls(np.repeat(np.cumsum(lengths) - lengths, counts) + HALF * within, first, within[1:] > 0)

    def paired(self, greatest: Relevance) -> Relevance:
        """Of each half, [halves, n], and the one that follows it in its chunk."""
        paired = greatest.copy()
        np.maximum(greatest[:-1], greatest[1:], out=paired[:-1], where=self.is_followed[:, None])
        return paired
