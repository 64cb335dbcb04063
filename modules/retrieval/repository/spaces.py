"""Where the spaces of embeddings are kept: the port of its adapters.

A space is what one model embeds. While a new one is filled, searches go on in the old one; then the new one takes its
place. What a chunk says does not depend on the model, so a chunk may have an embedding in each space.
"""

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

import msgspec

from footnote.modules.retrieval.models import EMBEDDED_TITLE, Chunk
from footnote.platform.inference import Embeddings
from footnote.platform.storage import Transaction

State = Literal["active", "filling", "retired"]
Key: TypeAlias = int | str


class Space(msgspec.Struct, frozen=True, kw_only=True):
    name: str  # of the model
    dimension: int
    state: State


class BareChunk(msgspec.Struct, frozen=True, kw_only=True):
    """A published chunk that has no embedding in some space."""

    key: Key  # the adapter's own; keys of later chunks are greater
    tenant: str
    document_id: str
    text: str  # that is embedded


class Spaces(Protocol):
    async def begin(self, name: str, dimension: int) -> Space:
        """The space of that model, made the active one if there is none, and otherwise one to be filled.

        A space that another model was filling is retired.
        """
        ...

    async def living(self) -> tuple[Space, ...]:
        """The active one first, then the one that is being filled."""
        ...

    async def is_changing(self) -> bool:
        """Whether there is a space beside the active one, to be filled or retired and not yet dropped."""
        ...

    async def bare(self, space: Space, after: Key | None, limit: int) -> list[BareChunk]:
        """Published chunks without an embedding in `space`, parents aside, in the order of their keys.

        At most `limit`, and maybe fewer; where none is given, there are no more.
        """
        ...

    async def fill(
        self,
        tx: Transaction,
        space: Space,
        chunks: Sequence[BareChunk],
        embeddings: Embeddings,
        tokens: Sequence[Embeddings] | None = None,
    ) -> None:
        """Give `chunks` their embeddings in `space`; those that are gone or have one are left alone.

        `tokens` as `ChunkIndex.write` has them.
        """
        ...

    async def prepare(self, space: Space) -> None:
        """See to it that searches in `space` are answered.

        Raises:
            Unavailable: A search index is still being built.
        """
        ...

    async def head(self) -> int:
        """The number of the latest change of the index."""
        ...

    async def switch(self, tx: Transaction, since: int) -> bool:
        """Make the space that is being filled the active one, unless a document lacks embeddings in a living space.

        Only documents that were changed after the number `since` are looked at: whoever asks has seen to the others.
        True if nothing is left to be filled.
        """
        ...

    async def drop_retired(self) -> list[str]:
        """Delete the embeddings of spaces that are no longer used; their names."""
        ...


def embedded_text(title: str, heading_path: Sequence[str], context: str, text: str) -> str:
    """As `Chunk.embedded_text` of the chunk that was stored."""
    chunk = Chunk(start=0, end=0, text=text, tokens=0, heading_path=tuple(heading_path), context=context)
    return chunk.embedded_text(title[:EMBEDDED_TITLE])
