"""Results of searches, as long as nothing that they could see has changed."""

from collections import OrderedDict

import msgspec

from footnote.modules.retrieval.models import SearchQuery, SearchResults
from footnote.platform.principal import Principal

PASSAGES = 20_000  # kept in all; of 1,200 characters they take about 30 MB
PASSAGE = 1200  # bytes of a query that count as one more


class Key(msgspec.Struct, frozen=True):
    """Whoever asks again must be the same with the same rights, and see the same index."""

    principal: Principal
    query: bytes
    model: str
    generation: int


def key_of(principal: Principal, query: SearchQuery, model: str, generation: int) -> Key:
    asked = msgspec.structs.replace(query, explain=False)  # whoever did not ask for it is not shown it
    return Key(principal, msgspec.json.encode(asked, order="deterministic"), model, generation)


class ResultCache:
    def __init__(self, *, passages: int = PASSAGES) -> None:
        self._passages = self._room = passages
        self._results: OrderedDict[Key, SearchResults] = OrderedDict()

    def get(self, key: Key) -> SearchResults | None:
        results = self._results.get(key)
        if results is not None:
            self._results.move_to_end(key)
        return results

    def put(self, key: Key, results: SearchResults) -> None:
        """Keeps `results`, and lets go of those that nobody asked for the longest."""
        if key in self._results or _size(key, results) > self._passages:
            return
        self._results[key] = results
        self._room -= _size(key, results)
        while self._room < 0:
            self._room += _size(*self._results.popitem(last=False))


def _size(key: Key, results: SearchResults) -> int:
    return len(results.results) + 1 + len(key.query) // PASSAGE
