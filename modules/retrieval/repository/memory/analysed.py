"""The terms of chunks and of questions as keys of the index: hashes, each mixed with its language."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from footnote.modules.retrieval.lexical.counting import BYTES_A_TERM, HASH_TYPE
from footnote.modules.retrieval.repository.memory.sparse import Bytes, Entries, Floats, Lists, language_salt

MOST = 256  # languages


class Languages:
    """Codes of the languages of chunks, at most `MOST`: grows only. What comes later counts as the first."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.names = [*names]
        self._codes = {name: code for code, name in enumerate(names)}

    def code(self, name: str) -> int:
        code = self._codes.setdefault(name, len(self.names) if len(self.names) < MOST else 0)
        if code == len(self.names):
            self.names.append(name)
        return code


class Analysed(NamedTuple):
    """The terms of some chunks, one row each."""

    entries: Entries
    languages: Bytes
    lengths: Floats  # in terms, header included


class QueryTerms(NamedTuple):
    weights: Floats  # how many times each counts
    lists: Sequence[Lists]  # of each segment, for each term


def analysed(packed: Sequence[bytes], names: Sequence[str], languages: Languages) -> Analysed:
    """Of chunks whose terms are `packed`, each in the language that `names` says."""
    sizes = np.array([len(each) // BYTES_A_TERM for each in packed], np.int64)
    width = HASH_TYPE.itemsize
    pairs = list(zip(packed, sizes.tolist(), strict=True))
    hashes = np.frombuffer(b"".join(each[: size * width] for each, size in pairs), HASH_TYPE)
    header = np.frombuffer(b"".join(each[size * width : size * (width + 1)] for each, size in pairs), np.uint8)
    text = np.frombuffer(b"".join(each[size * (width + 1) :] for each, size in pairs), np.uint8)
    rows = np.repeat(np.arange(len(packed), dtype=np.int32), sizes)
    codes = np.array([languages.code(name) for name in names], np.uint8)
    salts = np.array([language_salt(name) for name in languages.names], np.uint64)
    counted = np.bincount(rows, weights=header.astype(np.float32) + text, minlength=len(packed))
    return Analysed(Entries(hashes ^ salts[codes][rows], rows, header, text), codes, counted.astype(np.float32))
