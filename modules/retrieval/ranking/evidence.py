"""A document of which many chunks were found is more likely the one that was meant."""

from dataclasses import dataclass

import numpy as np

from footnote.modules.retrieval.ranking.candidates import Looked, ScoreArray
from footnote.modules.retrieval.repository.hits import Hits, Integers

FIRST = 2  # of a document's chunks these say nothing more of it: neighbours overlap, and a short text has no others
LAST = 10


@dataclass(frozen=True, kw_only=True)
class DocumentEvidence:
    """Adds to each chunk what its document's third to tenth best chunk stand above the last hit that counts.

    A step of ranking. Documents of which one or two chunks were found keep their scores. Where hardly two hits are of
    one document, that one happens to be long, which says little: the evidence counts by the share of hits whose
    document has a better one.
    """

    weight: float = 0.6  # of the mean over those places
    counted: int = 300  # hits
    depth: None = None

    def __call__(self, hits: Hits, scores: ScoreArray, looked: Looked) -> ScoreArray:
        if not len(scores):
            return scores
        above = scores[: self.counted] - scores[: self.counted][-1]
        documents, places = _in_documents(hits.documents)
        counted = places[: len(above)]
        says = ((counted >= FIRST) & (counted < LAST)).nonzero()[0]
        if not len(says):
            return scores
        evidence = np.bincount(documents[says], above[says], len(documents)) / (LAST - FIRST)
        share = 1 - np.count_nonzero(counted == 0) / len(above)
        return scores + self.weight * share * evidence[documents]


def _in_documents(documents: Integers) -> tuple[Integers, Integers]:
    """Of each hit, the document, by a number from 0 on, and how many hits of it come before."""
    order = documents.argsort(kind="stable")
    ordered = documents[order]
    is_first = np.ones(len(documents), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    numbers, places = np.empty((2, len(documents)), np.int64)
    numbers[order] = of_ordered = is_first.cumsum() - 1
    places[order] = np.arange(len(documents)) - is_first.nonzero()[0][of_ordered]
    return numbers, places
