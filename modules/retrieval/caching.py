"""Results of searches, as long as nothing that they could see has changed."""

from collections import OrderedDict

import msgspec

from footnote.modules.retrieval.models import SearchQuery, SearchResults
from footnote.platform.principal import Principal

PASSAGES = 20_000  # kept in all; of 1,200 characters they take about 30 MB
PASSAGE = 1200  # bytes of a query that count as one more


class Key(msgspec.Struct, frozen=True, gc=False):
    """Whoever asks again must be the same with the same rights."""

    principal: Principal
    query: bytes
    model: str


def key_of(principal: Principal, query: SearchQuery, model: str) -> Key:
    asked = msgspec.structs.replace(query, explain=False)  # whoever did not ask for it is not shown it
    return Key(principal, msgspec.json.encode(asked, order="deterministic"), model)


class ResultCache:
    """Of one generation of the index: once a later one is seen, nothing is kept of what was found before."""

    def __init__(self, *, passages: int = PASSAGES) -> None:
        self._passages = self._room = passages
        self._generation = 0
        self._kept: OrderedDict[Key, SearchResults] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        """Of whatever generation: if not, there is no need to ask for that of the index."""
        return key in self._kept

    def get(self, key: Key, generation: int | None) -> SearchResults | None:
        self.see(generation)
        if key not in self._kept or generation != self._generation:
            return None
        self._kept.move_to_end(key)
        return self._kept[key]

    def put(self, key: Key, generation: int, results: SearchResults) -> None:
        """Keeps `results`, and lets go of those that nobody asked for the longest."""
        self.see(generation)
        if key in self._kept or generation != self._generation or _size(key, results) > self._passages:
            return
        self._kept[key] = results
        self._room -= _size(key, results)
        while self._room < 0:
            self._room += _size(*self._kept.popitem(last=False))

    def see(self, generation: int | None) -> None:
        """What was found in an earlier one is given to nobody any more, and may be of documents that are deleted."""
        if generation is not None and generation > self._generation:
            self._generation = generation
            self.forget()

    def forget(self) -> None:
        self._kept.clear()
        self._room = self._passages


def _size(key: Key, results: SearchResults) -> int:
    return len(results.results) + 1 + len(key.query) // PASSAGE
