"""Bodies that a host compressed though it was asked not to, unpacked in bounded pieces."""

import zlib
from collections.abc import Iterator
from typing import Protocol

PIECE = 1 << 18  # bytes
AUTOMATIC = zlib.MAX_WBITS | 32  # gzip or zlib, by the header


class Undecodable(Exception):
    """The body is not what its Content-Encoding says; the message completes the sentence "The host ..."."""


class Decoder(Protocol):
    def decode(self, piece: bytes) -> Iterator[bytes]:
        """
        Raises:
            Undecodable: The bytes are not in this encoding.
        """
        ...

    def finish(self) -> Iterator[bytes]:
        """
        Raises:
            Undecodable: Something is missing at the end.
        """
        ...


def decoder_of(encoding: str) -> Decoder:
    """
    Raises:
        Undecodable: It is an encoding that is not read here.
    """
    match encoding.strip().lower():
        case "" | "identity":
            return Plain()
        case "gzip" | "x-gzip" | "deflate":
            return Inflating()
        case other:
            raise Undecodable(f"compressed the file in a way that is not read here ({other[:40]!r})")


class Plain:
    def decode(self, piece: bytes) -> Iterator[bytes]:
        yield piece

    def finish(self) -> Iterator[bytes]:
        return iter(())


class Inflating:
    """gzip, also of several members, or zlib."""

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(AUTOMATIC)

    def decode(self, piece: bytes) -> Iterator[bytes]:
        try:
            while piece:
                if self._inflater.eof:
                    self._inflater = zlib.decompressobj(AUTOMATIC)
                yield self._inflater.decompress(piece, PIECE)
                piece = self._inflater.unconsumed_tail or self._inflater.unused_data
        except zlib.error:
            raise Undecodable("sent a broken compressed file") from None

    def finish(self) -> Iterator[bytes]:
        yield self._inflater.flush()
        if not self._inflater.eof:
            raise Undecodable("sent only a part of the compressed file")
