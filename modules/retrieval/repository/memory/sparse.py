"""An inverted index of hashed terms, scored by BM25."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Rows = NDArray[np.int32]  # of a segment, from 0
Keys = NDArray[np.uint64]
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Lists = list[slice]  # where the postings of each of some keys stand in one segment

POSTINGS_AT_ONCE = 1 << 21  # while merging: what bounds the memory that it takes


class Bm25(NamedTuple):
    """Robertson's BM25 over two fields, whose weighted frequencies are added before they saturate (BM25F)."""

    k1: float = 0.6
    b: float = 0.75
    header_weight: float = 1.5
    text_weight: float = 1.0


class Entries(NamedTuple):
    """How often terms stand in chunks; columns of equal length, one entry for each term of a chunk."""

    keys: Keys
    rows: Rows  # ascending
    header: Bytes  # times in the header, 255 at most
    text: Bytes


class Saturation(NamedTuple):
    """What BM25 adds to the frequency under the fraction: `base + slope * length`."""

    base: float
    slope: float

    @classmethod
    def of(cls, bm25: Bm25, mean: float) -> "Saturation":
        return cls(bm25.k1 * (1 - bm25.b), bm25.k1 * bm25.b / max(mean, 1e-9))


@dataclass(frozen=True, kw_only=True)
class Postings:
    """For each key, in ascending order, the rows that have it, ascending, with their frequencies."""

    keys: Keys  # [keys]
    offsets: Integers  # [keys + 1]
    rows: Rows  # [postings]
    header: Bytes
    text: Bytes

    @classmethod
    def of(cls, entries: Entries) -> "Postings":
        order = np.argsort(entries.keys, kind="stable")
        ordered = entries.keys[order]
        first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if ordered.size else _NONE
        return cls(
            keys=ordered[first],
            offsets=np.append(first, ordered.size).astype(np.int64),
            rows=entries.rows[order],
            header=entries.header[order],
            text=entries.text[order],
        )

    def lists(self, keys: Keys) -> Lists:
        """Where the postings of each of `keys` stand; empty for those that no row has."""
        if not self.keys.size:
            return [slice(0, 0)] * len(keys)
        places = np.minimum(np.searchsorted(self.keys, keys), self.keys.size - 1)
        found = self.keys[places] == keys
        ends = zip(self.offsets[places].tolist(), self.offsets[places + 1].tolist(), found.tolist(), strict=True)
        return [slice(first, end) if there else slice(0, 0) for first, end, there in ends]

    def having(self, place: slice, living: Flags | None) -> int:
        """How many living rows a list has; `living` None: all are."""
        return place.stop - place.start if living is None else int(np.count_nonzero(living.take(self.rows[place])))

    def add_scores(
        self,
        scores: Floats,
        terms: Sequence[tuple[slice | Integers, float]],
        lengths: Floats,
        saturation: Saturation,
        bm25: Bm25,
    ) -> None:
        """Add to `scores` [rows] what each term, of a place and a weight, gives to the rows of its place.

        `lengths` [rows] are those of the rows in words. All in few calls: each hands on the interpreter's lock.
        """
        if not terms:
            return
        found = [self.rows[place] for place, _ in terms]
        rows = np.concatenate(found, dtype=np.intp)
        frequencies = np.concatenate([self.text[place] for place, _ in terms], dtype=np.float32)
        frequencies *= np.float32(bm25.text_weight)
        headers = np.concatenate([self.header[place] for place, _ in terms], dtype=np.float32)
        headers *= np.float32(bm25.header_weight)
        frequencies += headers
        below = lengths.take(rows)
        below *= np.float32(saturation.slope)
        below += np.float32(saturation.base)
        below += frequencies
        factors = np.array([weight * (bm25.k1 + 1) for _, weight in terms], np.float32)
        frequencies *= np.repeat(factors, [len(each) for each in found])
        frequencies /= below
        np.add.at(scores, rows, frequencies)

    def having_all(self, keys: Keys) -> Rows:
        """The rows that have each of `keys`, ascending."""
        lists = sorted(self.lists(keys), key=lambda place: place.stop - place.start)
        if not lists:
            return np.zeros(0, np.int32)
        rows = self.rows[lists[0]]
        for place in lists[1:]:
            rows = self.rows[self.among(place, rows)]
        return rows

    def among(self, place: slice, rows: Rows) -> Integers:
        """Positions of those postings of a list that are of `rows`, ascending."""
        listed = self.rows[place]
        found = np.minimum(np.searchsorted(listed, rows), max(listed.size - 1, 0))
        return found[listed[found] == rows] + place.start if listed.size else _NONE


def merged(parts: Sequence[tuple[Postings, Rows]]) -> Postings:
    """One of several: each comes with the new row of each of its rows, -1 for those that are dropped.

    New rows ascend with the old ones, and from part to part.
    """
    living = [_renumbered(postings, rows) for postings, rows in parts]
    keys = np.unique(np.concatenate([part.keys for part in living]))
    places = [np.searchsorted(keys, part.keys) for part in living]
    counts = np.zeros(keys.size, np.int64)
    for part, place in zip(living, places, strict=True):
        counts[place] += np.diff(part.offsets)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    size = int(offsets[-1])
    joined = Postings(
        keys=keys,
        offsets=offsets,
        rows=np.empty(size, np.int32),
        header=np.empty(size, np.uint8),
        text=np.empty(size, np.uint8),
    )
    filled = offsets[:-1].copy()
    for part, place in zip(living, places, strict=True):
        _copy(part, filled[place], joined)
        filled[place] += np.diff(part.offsets)
    return joined


def language_salt(language: str | None) -> np.uint64:
    """Mixed into the hash of a term, so that each language has lists of its own.

    It is no hash that a term may have: else "en" in Spanish would be "es" in English.
    """
    digest = blake2b((language or "").encode(), digest_size=8, person=b"language").digest()
    return np.uint64(int.from_bytes(digest, "little"))


_NONE: Integers = np.zeros(0, np.int64)


def _renumbered(postings: Postings, new: Rows) -> Postings:
    if not new.size or (new[0] >= 0 and int(new[-1]) - int(new[0]) == new.size - 1):  # none is dropped
        rows = postings.rows + (new[0] if new.size else 0)
        return Postings(
            keys=postings.keys, offsets=postings.offsets, rows=rows, header=postings.header, text=postings.text
        )
    rows = new[postings.rows]
    kept = rows >= 0
    ends = np.concatenate([[0], np.cumsum(kept, dtype=np.int64)])[postings.offsets]
    had = np.diff(ends) > 0
    return Postings(
        keys=postings.keys[had],
        offsets=np.append(ends[:-1][had], ends[-1]),
        rows=rows[kept],
        header=postings.header[kept],
        text=postings.text[kept],
    )


def _copy(part: Postings, targets: Integers, into: Postings) -> None:
    """Each list of `part` to where `targets` says, some lists at a time."""
    shifts, lengths = targets - part.offsets[:-1], np.diff(part.offsets)
    first = 0
    while first < part.keys.size:
        begin = part.offsets[first]
        last = max(int(np.searchsorted(part.offsets, begin + POSTINGS_AT_ONCE, "right")) - 1, first + 1)
        end = part.offsets[last]
        goals = np.repeat(shifts[first:last], lengths[first:last]) + np.arange(begin, end)
        into.rows[goals] = part.rows[begin:end]
        into.header[goals] = part.header[begin:end]
        into.text[goals] = part.text[begin:end]
        first = last
