"""A document of which many chunks were found is more likely the one that was meant."""

from dataclasses import dataclass

import numpy as np

from footnote.modules.retrieval.ranking.candidates import ScoreArray
from footnote.modules.retrieval.repository import Stored
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
    depth: int = 300  # hits that count

    def __call__(self, hits: Hits, scores: ScoreArray, stored: Stored | None) -> ScoreArray:
        if not len(scores):
            return scores
        above = scores[: self.depth] - scores[: self.depth][-1]
        documents, places = _in_documents(hits.documents)
        counted = places[: len(above)]
        says = np.flatnonzero((counted >= FIRST) & (counted < LAST))
        evidence = np.bincount(documents[says], above[says], len(documents)) / (LAST - FIRST)
        share = 1 - np.count_nonzero(counted == 0) / len(above)
        return scores + self.weight * share * evidence[documents]


def _in_documents(documents: Integers) -> tuple[Integers, Integers]:
    """Of each hit, the document, by a number from 0 on, and how many hits of it come before."""
    order = np.argsort(documents, kind="stable")
    ordered = documents[order]
    begins = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    lengths = np.diff(begins, append=len(documents))
    numbers, places = np.empty((2, len(documents)), np.int64)
    numbers[order] = np.repeat(np.arange(len(begins)), lengths)
    places[order] = np.arange(len(documents)) - np.repeat(begins, lengths)
    return numbers, places
