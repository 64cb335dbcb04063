"""Inverted lists over many embeddings (FAISS): a question is compared with those of the nearest clusters only."""

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference import Embeddings

if TYPE_CHECKING:
    import faiss

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

LISTS = 4.0  # times the square root of how many embeddings there are
PROBED = 8  # one list in so many is looked at
SAMPLE = 32  # embeddings for each list, that the clusters are made from
SPARE = 1.3  # times as many as are wanted, for the lists hold other codes than those that rank
AT_ONCE = 16_384  # embeddings that are added


class InvertedLists:
    """Embeddings as int8 by clusters, at about 400 bytes each of 384 dimensions. FAISS is loaded when it is needed."""

    def __init__(self, index: "faiss.IndexIVF") -> None:
        self._index = index

    @classmethod
    def of(cls, floats: Callable[[Integers], Embeddings], count: int) -> "InvertedLists":
        """Of `count` embeddings, which `floats` gives by rows, some at a time; about 50 µs of one core for each."""
        faiss = _faiss()
        lists = max(1, int(LISTS * count**0.5))
        sample = floats(np.sort(np.random.default_rng(0).choice(count, min(count, SAMPLE * lists), replace=False)))
        dimension = sample.shape[1]
        metric, eight_bits = faiss.METRIC_INNER_PRODUCT, faiss.ScalarQuantizer.QT_8bit
        index = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(dimension), dimension, lists, eight_bits, metric)
        index.cp.min_points_per_centroid = 1
        index.train(sample)
        for first in range(0, count, AT_ONCE):
            index.add(floats(np.arange(first, min(first + AT_ONCE, count))))
        return cls(index)

    @classmethod
    def from_array(cls, array: Bytes) -> "InvertedLists":
        return cls(_faiss().deserialize_index(np.ascontiguousarray(array)))

    def array(self) -> Bytes:
        """To be saved."""
        array: Bytes = _faiss().serialize_index(self._index)
        return array

    def nearest(self, embedding: Embeddings, admitted: Flags | None, count: int) -> Integers:
        """About the best `count` of the admitted rows (None: all), and some more, in no order."""
        faiss = _faiss()
        # Both have names, for what FAISS takes it does not keep alive.
        bits = None if admitted is None else np.packbits(admitted, bitorder="little")
        selector = None if bits is None else faiss.IDSelectorBitmap(bits)
        parameters = faiss.SearchParametersIVF(nprobe=max(1, self._index.nlist // PROBED), sel=selector)
        wanted = min(int(count * SPARE) + 1, self._index.ntotal)
        _, [rows] = self._index.search(embedding[None], wanted, params=parameters)
        found: Integers = rows[rows >= 0]
        return found


def _faiss() -> ModuleType:
    """The library, which here never takes more than the thread that calls it."""
    import faiss

    faiss.omp_set_num_threads(1)
    return faiss
