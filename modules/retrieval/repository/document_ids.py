"""Ids of documents by number, and in a form that sorts quickly."""

from collections.abc import Iterable, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

LONGEST = 32  # bytes: those that are made here have 26
ROOM = 64  # ids


class DocumentIds(Sequence[str]):
    """Grows only: others may read meanwhile."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._ids = [*ids]
        encoded = [*map(_encoded, self._ids)]
        self.are_short = all(map(_is_short, encoded))
        self.encoded: NDArray[np.bytes_] = np.array(encoded, f"S{LONGEST}")  # orders those that are short as they do

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        return self._ids[number]

    def __len__(self) -> int:
        return len(self._ids)

    def append(self, document_id: str) -> None:
        encoded, number = _encoded(document_id), len(self._ids)
        if number == len(self.encoded):
            more = np.zeros(max(number, ROOM), self.encoded.dtype)
            self.encoded = np.concatenate([self.encoded, more])
        self.encoded[number] = encoded
        self.are_short = self.are_short and _is_short(encoded)
        self._ids.append(document_id)


def _encoded(document_id: str) -> bytes:
    return document_id.encode(errors="surrogatepass")


def _is_short(encoded: bytes) -> bool:
    return len(encoded) <= LONGEST and not encoded.endswith(b"\0")
