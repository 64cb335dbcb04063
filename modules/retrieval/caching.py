"""Results of searches, as long as nothing that they could see has changed."""

from collections import OrderedDict
from typing import NamedTuple

import msgspec

from footnote.modules.retrieval.models import SearchQuery, SearchResults
from footnote.platform.principal import Principal

PASSAGES = 20_000  # kept in all; of 1,200 characters they take about 30 MB
PASSAGE = 1200  # bytes of a query that count as one more


class Key(msgspec.Struct, frozen=True):
    """Whoever asks again must be the same with the same rights."""

    principal: Principal
    query: bytes
    model: str


class Kept(NamedTuple):
    generation: int  # of the index: what was found in another may not be given
    results: SearchResults


def key_of(principal: Principal, query: SearchQuery, model: str) -> Key:
    asked = msgspec.structs.replace(query, explain=False)  # whoever did not ask for it is not shown it
    return Key(principal, msgspec.json.encode(asked, order="deterministic"), model)


class ResultCache:
    def __init__(self, *, passages: int = PASSAGES) -> None:
        self._passages = self._room = passages
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        """Of any generation: if not, there is no need to ask for that of the index."""
        return key in self._kept

    def get(self, key: Key, generation: int | None) -> SearchResults | None:
        kept = self._kept.get(key)
        if kept is None or kept.generation != generation:
            return None
        self._kept.move_to_end(key)
        return kept.results

    def put(self, key: Key, generation: int, results: SearchResults) -> None:
        """Keeps `results` in place of older ones, and lets go of those that nobody asked for the longest."""
        known = self._kept.get(key)
        if _size(key, results) > self._passages or (known is not None and known.generation >= generation):
            return
        if known is not None:
            self._drop(key)
        self._kept[key] = Kept(generation, results)
        self._room -= _size(key, results)
        while self._room < 0:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Key) -> None:
        self._room += _size(key, self._kept.pop(key).results)


def _size(key: Key, results: SearchResults) -> int:
    return len(results.results) + 1 + len(key.query) // PASSAGE
