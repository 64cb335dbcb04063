"""Neighbouring sentences that rest on exactly the same: readers see their footnotes once, behind the last of them."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from footnote.modules.generation.models import Sentence


class Run(NamedTuple):
    """Code points [start, end) of the answer's text, with the indexes of what they cite, if they cite anything."""

    citations: tuple[int, ...]
    start: int
    end: int


def runs(sentences: Iterable[Sentence]) -> Iterator[Run]:
    """In their order. A sentence that is withheld parts its neighbours."""
    for citations, group in groupby(sentences, key=lambda sentence: sentence.citations):
        neighbours = list(group)
        yield Run(citations, neighbours[0].start, neighbours[-1].end)
