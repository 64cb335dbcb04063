"""One part of an extraction as bytes."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TypeVar

import msgspec

from footnote.modules.ingestion.models import Block, Extraction, Word

WORD_BYTES = 270  # of a word in memory, its numbers included; of what else has a span, at most
PART = 1024  # words or blocks decoded in one go: it holds the lock of the interpreter, and citations need few of them

T = TypeVar("T")


class _Packed(msgspec.Struct, frozen=True, array_like=True):
    """A stored part; each field is compressed."""

    frame: bytes  # the extraction without words and blocks
    words: list[bytes]
    blocks: list[bytes]


class PackedPart:
    """A part whose words are decoded as they are asked for; they take most of its memory and of the time to read it."""

    def __init__(self, blob: bytes) -> None:
        packed = msgspec.msgpack.decode(blob, type=_Packed)
        frame = decompressed(packed.frame, Extraction)
        blocks = chain.from_iterable(decompressed(piece, list[Block]) for piece in packed.blocks)
        layout = msgspec.structs.replace(frame.layout, blocks=tuple(blocks))
        self._frame = msgspec.structs.replace(frame, layout=layout)
        spans = sum(map(len, (layout.blocks, layout.moments, *(table.cells for table in layout.tables))))
        self._weight = 2 * len(frame.text) + WORD_BYTES * spans + sum(map(len, packed.words))
        self._words = packed.words
        self._decoded: dict[int, list[Word]] = {}

    @property
    def pieces(self) -> int:
        return len(self._words)

    @property
    def weight(self) -> int:
        """About how many bytes it takes in memory now."""
        return self._weight + WORD_BYTES * sum(map(len, list(self._decoded.values())))

    def piece(self, number: int) -> list[Word]:
        return decompressed(self._words[number], list[Word])

    def around(self, start: int, end: int) -> Extraction:
        """The part with the words that [start, end) of its text touches, and perhaps others."""
        first = last = self._first(start)
        while last < self.pieces - 1 and self._at_hand(last)[-1].end < end:
            last += 1
        return self.extraction(chain.from_iterable(map(self._at_hand, range(self.pieces)[first : last + 1])))

    def extraction(self, words: Iterable[Word]) -> Extraction:
        layout = msgspec.structs.replace(self._frame.layout, words=tuple(words))
        return msgspec.structs.replace(self._frame, layout=layout)

    def _first(self, start: int) -> int:
        """The piece of the first word that ends after `start`, looked for where it would be if all were alike."""
        number = max(0, min(self.pieces * start // max(1, len(self._frame.text)), self.pieces - 1))
        while number > 0 and self._at_hand(number)[0].start > start:
            number -= 1
        while number < self.pieces - 1 and self._at_hand(number)[-1].end <= start:
            number += 1
        return number

    def _at_hand(self, number: int) -> list[Word]:
        if number not in self._decoded:
            self._decoded[number] = self.piece(number)
        return self._decoded[number]


def pack(extraction: Extraction) -> bytes:
    layout = extraction.layout
    frame = msgspec.structs.replace(extraction, layout=msgspec.structs.replace(layout, words=(), blocks=()))
    return msgspec.msgpack.encode(_Packed(compressed(frame), list(_cut(layout.words)), list(_cut(layout.blocks))))


def unpack(blob: bytes) -> Extraction:
    part = PackedPart(blob)
    return part.extraction(chain.from_iterable(map(part.piece, range(part.pieces))))


def read_frame(blob: bytes) -> Extraction:
    return decompressed(msgspec.msgpack.decode(blob, type=_Packed).frame, Extraction)


def _cut(things: Sequence[object]) -> Iterator[bytes]:
    for start in range(0, len(things), PART):
        yield compressed(things[start : start + PART])


def compressed(thing: object) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(thing), 6)


def decompressed(part: bytes, kind: type[T]) -> T:
    return msgspec.msgpack.decode(zlib.decompress(part), type=kind)
