"""The terms of a chunk as numbers, as they are stored and searched."""

from collections import Counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.lexical.analysis import analyse
from footnote.modules.retrieval.lexical.hashing import hash_of

__all__ = ["ChunkTerms", "count_terms", "hash_of", "pack", "unpack"]

HASH_TYPE = np.dtype("<u8")
BYTES_A_TERM = HASH_TYPE.itemsize + 2
MOST = 255


class ChunkTerms(NamedTuple):
    """How often each term stands in what heads a chunk and in its text, up to 255."""

    hashes: NDArray[np.uint64]  # ascending
    header: NDArray[np.uint8]
    text: NDArray[np.uint8]


def count_terms(header: str, text: str, language: str | None) -> ChunkTerms:
    in_header, in_text = (Counter(map(hash_of, analyse(part, language))) for part in (header, text))
    hashes = sorted(in_header.keys() | in_text.keys())
    return ChunkTerms(
        np.array(hashes, HASH_TYPE),
        np.array([min(in_header[each], MOST) for each in hashes], np.uint8),
        np.array([min(in_text[each], MOST) for each in hashes], np.uint8),
    )


def pack(terms: ChunkTerms) -> bytes:
    """Hashes as little endian uint64, then a byte for each term in the header, then one for each in the text."""
    return terms.hashes.astype(HASH_TYPE).tobytes() + terms.header.tobytes() + terms.text.tobytes()


def unpack(packed: bytes) -> ChunkTerms:
    """Read-only views of `packed`."""
    size = len(packed) // BYTES_A_TERM
    return ChunkTerms(
        np.frombuffer(packed, HASH_TYPE, size),
        np.frombuffer(packed, np.uint8, size, size * HASH_TYPE.itemsize),
        np.frombuffer(packed, np.uint8, size, size * (HASH_TYPE.itemsize + 1)),
    )
