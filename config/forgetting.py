"""What this process remembers of passages is forgotten once a document is deleted, by whichever process."""

from collections.abc import Callable, Sequence

from footnote.modules.retrieval.repository import IndexRepository
from footnote.platform.events import DocumentDeleted
from footnote.platform.storage import Transaction


class Forgetting:
    """It is remembered by its words, so nobody can say whose they are: all of it goes."""

    def __init__(self, index: IndexRepository, memories: Sequence[Callable[[], None]]) -> None:
        """Each of `memories` forgets what it holds when it is called."""
        self._index = index
        self._memories = memories
        self._seen = 0  # change of the index

    async def told(self, _tx: Transaction, _event: DocumentDeleted) -> dict[str, int]:
        """Subscribes to `DocumentDeleted`."""
        self._forget()
        return {}

    async def look(self) -> None:
        """Forget if something has been deleted since the last look."""
        self._seen, is_removed = await self._index.removed_since(self._seen)
        if is_removed:
            self._forget()

    def _forget(self) -> None:
        for forget in self._memories:
            forget()
