"""Where the chunk index is kept: the port of its adapters."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import msgspec

from footnote.modules.retrieval import ChunkIndex
from footnote.modules.retrieval.filters import Filter
from footnote.modules.retrieval.models import Passage, Ranks, Scores
from footnote.modules.retrieval.repository.hits import Both
from footnote.modules.retrieval.stages import Stages
from footnote.platform.inference import Embeddings
from footnote.platform.principal import Principal


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """A chunk in the final order."""

    key: int | str  # what the found chunk is read as
    score: float
    scores: Scores
    ranks: Ranks


Vectors = Callable[[Sequence[int | str]], Embeddings]
"""The embeddings of some hits by their keys, float32 [len(keys), dimension]; zero for one that has none."""

Tokens = Callable[[Sequence[int | str]], Sequence[bytes | None]]
"""Those of the tokens of hits by their keys, as `ranking/late.py` codes them; None for one that has none."""


class Stored(NamedTuple):
    """What ranking may look at beside scores."""

    vectors: Vectors
    tokens: Tokens | None = None


class Rank(Protocol):
    """Makes one order of what both stages have found."""

    def __call__(self, both: Both, stored: Stored | None = None, /) -> Sequence[Ranked]:
        """`stored` where the adapter has it at hand."""
        ...


HITS_OF_PASSAGE = 4


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for; a stage whose part is missing finds nothing."""

    embedding: Embeddings | None  # [dimension], unit length
    text: str | None
    filter: Filter | None
    depth: int  # length of each stage's list
    wanted: int | None = None  # passages: a list that is the only one may end where it has as many; None: all of it
    space: str | None = None  # name of the model that embedded; None: the one that the index was opened for

    @property
    def enough(self) -> int:
        """Hits of each list that should do: where it is the only one, few are read as the same passage."""
        is_only = self.embedding is None or self.text is None
        return self.depth if self.wanted is None or not is_only else min(self.depth, HITS_OF_PASSAGE * self.wanted)


class IndexRepository(ChunkIndex, Protocol):
    async def refresh(self) -> None:
        """Load what searches need, so that the first one does not wait for it."""
        ...

    async def generation(self) -> int | None:
        """Grows with every change that a search may see: the same number, the same results.

        None where nothing can say so, as when a search index lags behind the store. Either is what `search` tells the
        stages that it saw.
        """
        ...

    async def removed_since(self, change: int) -> tuple[int, bool]:
        """The number of the latest change, and whether a document has left the index after the one numbered `change`.

        What could not be found is not told of, and a document that was published again has not left.
        """
        ...

    async def search(self, principal: Principal, probe: Probe, rank: Rank, stages: Stages) -> tuple[Passage, ...]:
        """What `rank` makes of what both stages have found, confirmed to be published and readable.

        They find only what `principal` may read and the filter admits, of equal hits those that come first by document
        id and start. A search that begins after a commit sees it, whichever process made it; only what is new may come
        later, where the store has a search index that lags. Each document is seen as it was published at one moment,
        never half.
        """
        ...

    async def passages(self, principal: Principal, document_id: str) -> tuple[Passage, ...]:
        """The published chunks of one document in reading order, parents aside, scores zero.

        Empty if there are none to be seen.
        """
        ...
