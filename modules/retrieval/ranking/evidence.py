"""A document of which many chunks were found is more likely the one that was meant."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, repeat

import numpy as np

from footnote.modules.retrieval.ranking.candidates import ScoreArray
from footnote.modules.retrieval.repository import Hit, Stored

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

    def __call__(self, hits: Sequence[Hit], scores: ScoreArray, stored: Stored | None) -> ScoreArray:
        if not len(scores):
            return scores
        above = (scores[: self.depth] - scores[: self.depth][-1]).tolist()
        names = [hit.document_id for hit in hits]
        of_document: dict[str, list[float]] = defaultdict(list)
        for name, height in zip(names, above, strict=False):
            of_document[name].append(height)
        many = {name: heights for name, heights in of_document.items() if len(heights) > FIRST}
        evidence = {name: sum(islice(heights, FIRST, LAST)) / (LAST - FIRST) for name, heights in many.items()}
        weight = self.weight * (1 - len(of_document) / len(above))
        return scores + weight * np.fromiter(map(evidence.get, names, repeat(0.0)), np.float64, len(names))
