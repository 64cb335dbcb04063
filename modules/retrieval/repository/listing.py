"""The lists of the two stages, each from one moment of the index."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from footnote.modules.retrieval.filters import And
from footnote.modules.retrieval.lexical.phrases import phrases
from footnote.modules.retrieval.repository import Probe
from footnote.modules.retrieval.repository.hits import NO_HITS, Hits
from footnote.modules.retrieval.repository.matching import Matching
from footnote.modules.retrieval.repository.memory.dense import Question
from footnote.modules.retrieval.repository.memory.loading import Space, stored_embeddings
from footnote.modules.retrieval.repository.memory.searching import (
    NOTHING,
    Described,
    Found,
    Searched,
    apart,
)
from footnote.modules.retrieval.repository.memory.sparse import Bm25, Floats, Integers
from footnote.modules.retrieval.repository.memory.tenants import Tenant
from footnote.modules.retrieval.repository.memory.words import word_scores
from footnote.modules.retrieval.repository.quoting import holding
from footnote.modules.retrieval.repository.sqlite_tokens import stored_tokens
from footnote.modules.retrieval.repository.wording import wording
from footnote.modules.retrieval.stages import Stages
from footnote.platform.inference import Embeddings
from footnote.platform.principal import Principal
from footnote.platform.turns import waiting

Key = int | str
Lists = tuple[Hits, Hits]


class Listing:
    """Both lists of one question."""

    def __init__(
        self, connection: sqlite3.Connection, space: Space, probe: Probe, question: Question | None, stages: Stages
    ) -> None:
        """`question` is the embedding of `probe`."""
        self._connection = connection
        self._space = space
        self._probe = probe
        self._question = question
        self._stages = stages
        self._last: tuple[Searched, Described] | None = None

    def vectors(self, keys: Sequence[Key]) -> Embeddings:
        """Those of hits, float32 [len(keys), dimension]; zero for those without one."""
        if self._last is None or not keys:
            return np.zeros((0, self._space.dimension), np.float32)
        searched, described = self._last
        return searched.embeddings(described.rows_of([int(key) for key in keys]), self._stored)

    def tokens(self, keys: Sequence[Key]) -> list[bytes | None]:
        """The codes of the tokens of hits, in the space of the question."""
        with waiting():
            return stored_tokens(self._connection, self._space.name, [int(key) for key in keys])

    def lists(self, tenant: Tenant, principal: Principal, names: Sequence[str], bm25: Bm25) -> Lists:
        """The dense list and the lexical one; where both stages run, each has what the other has found, too."""
        depth, question = self._probe.depth, self._question
        with self._stages.stage("filter"):
            searched = self._quoted(self._searched(tenant, principal), names)
        if self._probe.text is None:
            return NO_HITS if question is None else self._dense(searched, question), NO_HITS
        near = NOTHING
        if question is not None:
            with self._stages.stage("dense"):
                near = self._near(searched, question, depth)
                self._stages.count("dense", min(len(near.rows), depth))
        with self._stages.stage("lexical"):
            asked = wording(self._connection, principal.tenant, searched, self._probe.text, names, self._stages)
            scores = word_scores(searched.tenant, searched.admitted, names, asked, bm25)
            if question is None:
                return NO_HITS, self._only("lexical", searched, partial(searched.worded, scores))
            worded = searched.worded(scores, depth)
            self._stages.count("lexical", min(len(worded.rows), depth))
        with self._stages.stage("complete"):
            return self._both(searched, question, near, worded, scores)

    def _dense(self, searched: Searched, question: Question) -> Hits:
        with self._stages.stage("dense"):
            return self._only("dense", searched, partial(self._near, searched, question))

    def _only(self, stage: str, searched: Searched, find: Callable[[int], Found]) -> Hits:
        """The only list, as far as it is needed: `find` gives the best so many, and more where some are equal."""
        depth, few = self._probe.depth, self._probe.enough
        hits = self._hits(searched, find(few)).taken(slice(few))
        if len(hits) == few < depth and len(np.unique(hits.read_as)) < (self._probe.wanted or 0):
            hits = self._hits(searched, find(depth)).taken(slice(depth))
        self._stages.count(stage, len(hits))
        return hits

    def _hits(self, searched: Searched, found: Found) -> Hits:
        described = searched.described(found.rows)
        self._last = (searched, described)
        return described.hits(np.arange(len(found.rows)), found.scores)

    def _both(
        self, searched: Searched, question: Question, near: Found, worded: Found, scores: Sequence[Floats]
    ) -> Lists:
        """What one stage has found has a score in the other, too, if there is anything to compare."""
        others = worded.rows[apart(near.rows, worded.rows)]
        described = searched.described(np.concatenate([near.rows, others]))
        self._last = (searched, described)
        places, cosines = searched.compared(others, question.embedding, self._stored)
        known = np.arange(len(near.rows))
        words = searched.words_of(described.rows, scores)
        having = np.flatnonzero(words > 0)
        return (
            described.hits(np.concatenate([known, places + len(known)]), np.concatenate([near.scores, cosines])),
            described.hits(having, words[having]),
        )

    def _near(self, searched: Searched, question: Question, depth: int) -> Found:
        return searched.near(question, depth, self._stored)

    def _quoted(self, searched: Searched, names: Sequence[str]) -> Searched:
        """What holds the phrases in quotes; if nothing does, the quotes do not count."""
        quoted = phrases(self._probe.text or "")
        held = holding(self._connection, searched.tenant, searched.admitted, names, quoted) if quoted else None
        return searched if held is None else searched.only(held)

    def _searched(self, tenant: Tenant, principal: Principal) -> Searched:
        wanted = self._probe.filter
        matching = Matching(self._connection, principal.tenant, tenant)
        return Searched(tenant, tenant.admitted(principal, wanted, partial(matching.admitted, wanted or And(()))))

    def _stored(self, numbers: Integers) -> Embeddings:
        with waiting():
            return stored_embeddings(self._connection, self._space, numbers)
