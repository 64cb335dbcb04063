"""The terms of a chunk as numbers, as they are stored and searched."""

from collections import Counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.lexical.analysis import terms_of
from footnote.modules.retrieval.lexical.hashing import hash_of
from footnote.modules.retrieval.lexical.languages import analysis_language
from footnote.modules.retrieval.lexical.tokens import folded, runs

__all__ = ["ChunkTerms", "count_terms", "frequencies", "hash_of", "pack", "unpack"]

HASH_TYPE = np.dtype("<u8")
BYTES_A_TERM = HASH_TYPE.itemsize + 2
MOST = 255
_LONGEST_KNOWN = 40  # characters
_KNOWN = 200_000  # runs of a language; some 40 MB

_hashes: dict[str, dict[str, tuple[int, ...]]] = {}  # by language and run


class ChunkTerms(NamedTuple):
    """How often each term stands in what heads a chunk and in its text, up to 255."""

    hashes: NDArray[np.uint64]  # ascending
    header: NDArray[np.uint8]
    text: NDArray[np.uint8]


def count_terms(header: str, text: str, language: str | None) -> ChunkTerms:
    """Of what `analyse` gives for both."""
    language = analysis_language(language)
    in_header, in_text = frequencies(header, language), frequencies(text, language)
    hashes = sorted(in_header.keys() | in_text.keys())
    return ChunkTerms(np.array(hashes, HASH_TYPE), _column(hashes, in_header), _column(hashes, in_text))


def _column(hashes: list[int], counts: dict[int, int]) -> NDArray[np.uint8]:
    return np.minimum([counts.get(each, 0) for each in hashes], MOST).astype(np.uint8)


def frequencies(text: str, language: str) -> dict[int, int]:
    """How often each term stands in a text, by its hash. `language` is one of `analysis_language`."""
    counts: dict[int, int] = {}
    known = _hashes.setdefault(language, {})
    for run, times in Counter(runs(folded(text))).items():
        for each in known.get(run) or _hashed(run, language, known):
            counts[each] = counts.get(each, 0) + times
    return counts


def _hashed(run: str, language: str, known: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    hashes = tuple(map(hash_of, terms_of(run, language)))
    if len(run) <= _LONGEST_KNOWN:
        if len(known) >= _KNOWN:
            known.clear()
        known[run] = hashes
    return hashes


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
