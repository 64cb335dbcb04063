"""MongoDB's wire protocol: messages in and out, their documents still encoded."""

import struct
from asyncio import StreamReader
from dataclasses import dataclass
from typing import Any

import bson
from bson.raw_bson import RawBSONDocument

Command = RawBSONDocument | dict[str, Any]

OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
CHECKSUM_PRESENT, MORE_TO_COME = 1, 2
SHALLOW: bson.CodecOptions[RawBSONDocument] = bson.CodecOptions(document_class=RawBSONDocument)
HEADER = struct.Struct("<iiii")  # length, request id, what it answers, opcode


class UnknownMessageError(Exception):
    """An opcode that no current driver sends."""


@dataclass(frozen=True)
class Message:
    request: int
    opcode: int
    body: bytes  # the command
    sequences: dict[str, bytes]  # document sequences by name, each still concatenated BSON
    wants_reply: bool = True

    def reply(self, body: bytes) -> bytes:
        if self.opcode == OP_QUERY:
            return _framed(struct.pack("<iqii", 8, 0, 0, 1) + body, self.request, OP_REPLY)
        return _framed(b"\0" * 5 + body, self.request, OP_MSG)


def _framed(payload: bytes, request: int, opcode: int) -> bytes:
    return HEADER.pack(len(payload) + HEADER.size, 0, request, opcode) + payload


async def read_message(reader: StreamReader) -> Message:
    """The next message.

    Raises:
        IncompleteReadError: the client is gone.
        UnknownMessageError: it speaks another protocol.
    """
    size, request, _, opcode = HEADER.unpack(await reader.readexactly(HEADER.size))
    payload = await reader.readexactly(size - HEADER.size)
    if opcode == OP_QUERY:  # the hello of a driver that does not know yet whom it talks to
        return Message(request, opcode, bson.encode({"hello": 1, "$db": "admin"}), {})
    if opcode != OP_MSG:
        raise UnknownMessageError(opcode)
    (flags,) = struct.unpack_from("<I", payload)
    body, sequences = _sections(payload[4 : len(payload) - (4 if flags & CHECKSUM_PRESENT else 0)])
    return Message(request, opcode, body, sequences, wants_reply=not flags & MORE_TO_COME)


def _sections(payload: bytes) -> tuple[bytes, dict[str, bytes]]:
    at, body, sequences = 0, b"", dict[str, bytes]()
    while at < len(payload):
        kind, size = struct.unpack_from("<Bi", payload, at)
        section = payload[at + 1 : at + 1 + size]
        if kind == 0:
            body = section
        else:
            name, _, documents = section[4:].partition(b"\0")
            sequences[name.decode()] = documents
        at += 1 + size
    return body, sequences
