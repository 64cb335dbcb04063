"""What stands in the frames of an export, in this order.

    Head
    for each document, by id:
      Begin
      for each of its blobs, by hash: BlobHead, then Piece after Piece
      if chunks of it are published: IndexHead, then ChunkBatch after ChunkBatch
      DocumentRecord
    for each answer, by id: AnswerRecord
    for each conversation, by id: ConversationRecord
    for each memory, by id: MemoryRecord
    for each version of a prompt, by id: PromptRecord
    for what each person spent on each model on each day: Entry
    for each key of a tenant for a provider: StoredKey, sealed
    End

Every record is an array: its kind, then its fields. Objects inside are maps, times are MessagePack's timestamps.
"""

from typing import Any

import msgspec

from footnote.modules.access.models import StoredKey
from footnote.modules.generation.conversations.repository.moving import ConversationRecord, MemoryRecord
from footnote.modules.generation.repository.moving import AnswerRecord, PromptRecord
from footnote.modules.ingestion.repository.moving import DocumentRecord
from footnote.modules.retrieval import Build, Chunk
from footnote.platform.inference.gateway.spending import Entry

FORMAT = 3  # 1 had neither conversations nor memories nor prompts, 2 neither spending nor keys for providers


class Head(msgspec.Struct, frozen=True, array_like=True, tag="head"):
    format: int


class Begin(msgspec.Struct, frozen=True, array_like=True, tag="begin"):
    tenant: str
    document_id: str


class BlobHead(msgspec.Struct, frozen=True, array_like=True, tag="blob"):
    sha256: str
    size: int  # bytes


class Piece(msgspec.Struct, frozen=True, array_like=True, tag="piece"):
    content: bytes


class IndexHead(msgspec.Struct, frozen=True, array_like=True, tag="index"):
    build: Build
    title: str  # of the document


class ChunkBatch(msgspec.Struct, frozen=True, array_like=True, tag="chunks"):
    chunks: tuple[Chunk, ...]
    embeddings: bytes  # of those that are no parents: float32, little endian, one after the other
    tokens: tuple[bytes, ...] = ()  # of the same, the codes of their tokens, if any of them has some


class DocumentEnd(msgspec.Struct, frozen=True, array_like=True, tag="document"):
    record: DocumentRecord


class AnswerEnd(msgspec.Struct, frozen=True, array_like=True, tag="answer"):
    record: AnswerRecord


class ConversationEnd(msgspec.Struct, frozen=True, array_like=True, tag="conversation"):
    record: ConversationRecord


class MemoryEnd(msgspec.Struct, frozen=True, array_like=True, tag="memory"):
    record: MemoryRecord


class PromptEnd(msgspec.Struct, frozen=True, array_like=True, tag="prompt"):
    record: PromptRecord


class SpendingEnd(msgspec.Struct, frozen=True, array_like=True, tag="spending"):
    record: Entry


class ProviderKeyEnd(msgspec.Struct, frozen=True, array_like=True, tag="provider key"):
    record: StoredKey


class End(msgspec.Struct, frozen=True, array_like=True, tag="end"):
    documents: int
    answers: int
    conversations: int = 0
    memories: int = 0
    prompts: int = 0
    spending: int = 0
    provider_keys: int = 0


Record = (
    Head
    | Begin
    | BlobHead
    | Piece
    | IndexHead
    | ChunkBatch
    | DocumentEnd
    | AnswerEnd
    | ConversationEnd
    | MemoryEnd
    | PromptEnd
    | SpendingEnd
    | ProviderKeyEnd
    | End
)

_decoder = msgspec.msgpack.Decoder(Record)
_encoder = msgspec.msgpack.Encoder()


def encoded(record: Record) -> bytes:
    return _encoder.encode(record)


def decoded(payload: bytes) -> Any:
    """A `Record`.

    Raises:
        msgspec.MsgspecError: It is none.
    """
    return _decoder.decode(payload)


def format_of(payload: bytes) -> int | None:
    """What the first frame says of the format, also if it says more than this version knows; None if it says none."""
    try:
        found = msgspec.msgpack.decode(payload)
    except msgspec.MsgspecError:
        return None
    is_head = isinstance(found, list) and len(found) > 1 and found[0] == "head" and isinstance(found[1], int)
    return found[1] if is_head else None
