"""What the two stages find, at one moment of the index."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from footnote.modules.retrieval.filters import And
from footnote.modules.retrieval.lexical.phrases import phrases
from footnote.modules.retrieval.repository import Probe
from footnote.modules.retrieval.repository.hits import Both, Hits, Keys, Listed
from footnote.modules.retrieval.repository.matching import Matching
from footnote.modules.retrieval.repository.memory.dense import Question
from footnote.modules.retrieval.repository.memory.loading import Space, stored_embeddings
from footnote.modules.retrieval.repository.memory.searching import DECIMALS, NOTHING, Found, Searched, apart
from footnote.modules.retrieval.repository.memory.sparse import Bm25, Floats, Integers
from footnote.modules.retrieval.repository.memory.tenants import Tenant
from footnote.modules.retrieval.repository.memory.words import word_scores
from footnote.modules.retrieval.repository.quoting import holding
from footnote.modules.retrieval.repository.sqlite_tokens import stored_tokens
from footnote.modules.retrieval.repository.ties import best_first
from footnote.modules.retrieval.repository.wording import wording
from footnote.modules.retrieval.stages import Stages
from footnote.platform.inference import Embeddings
from footnote.platform.principal import Principal
from footnote.platform.turns import waiting

Key = int | str


class Listing:
    """What both stages find of one question."""

    def __init__(
        self, connection: sqlite3.Connection, space: Space, probe: Probe, question: Question | None, stages: Stages
    ) -> None:
        """`question` is the embedding of `probe`."""
        self._connection = connection
        self._space = space
        self._probe = probe
        self._question = question
        self._stages = stages
        self._last: tuple[Searched, Integers, Keys] | None = None  # rows and numbers of what was found

    def vectors(self, keys: Sequence[Key]) -> Embeddings:
        """Those of hits, float32 [len(keys), dimension]; zero for those without one."""
        if self._last is None or not keys:
            return np.zeros((0, self._space.dimension), np.float32)
        searched, rows, numbers = self._last
        order = numbers.argsort()
        return searched.embeddings(rows[order[numbers.searchsorted(keys, sorter=order)]], self._stored)

    def tokens(self, keys: Sequence[Key]) -> list[bytes | None]:
        """The codes of the tokens of hits, in the space of the question."""
        with waiting():
            return stored_tokens(self._connection, self._space.name, [int(key) for key in keys])

    def both(self, tenant: Tenant, principal: Principal, names: Sequence[str], bm25: Bm25) -> Both:
        """Where both stages run, what one has found has its score in the other, too."""
        depth, question = self._probe.depth, self._question
        with self._stages.stage("filter"):
            searched = self._quoted(self._searched(tenant, principal), names)
        if self._probe.text is None:
            return self._dense(searched, question)
        near = NOTHING
        if question is not None:
            with self._stages.stage("dense"):
                near = self._near(searched, question, depth)
                self._stages.count("dense", min(len(near.rows), depth))
        with self._stages.stage("lexical"):
            asked = wording(self._connection, principal.tenant, searched, self._probe.text, names, self._stages)
            scores = word_scores(searched.tenant, searched.admitted, names, asked, bm25)
            if question is None:
                hits, listed = self._only("lexical", searched, partial(searched.worded, scores))
                return Both(hits, Listed.none(len(hits)), listed)
            worded = searched.worded(scores, depth)
            self._stages.count("lexical", min(len(worded.rows), depth))
        with self._stages.stage("complete"):
            return self._complete(searched, question, near, worded, scores)

    def _dense(self, searched: Searched, question: Question | None) -> Both:
        if question is None:
            return Both.of([], [])
        with self._stages.stage("dense"):
            hits, listed = self._only("dense", searched, partial(self._near, searched, question))
        return Both(hits, listed, Listed.none(len(hits)))

    def _only(self, stage: str, searched: Searched, find: Callable[[int], Found]) -> tuple[Hits, Listed]:
        """The only list, as far as it is needed: `find` gives the best so many, and more where some are equal."""
        depth, few = self._probe.depth, self._probe.enough
        hits, listed = self._best(searched, find(few), few)
        if len(hits) == few < depth and len(np.unique(hits.read_as)) < (self._probe.wanted or 0):
            hits, listed = self._best(searched, find(depth), depth)
        self._stages.count(stage, len(hits))
        return hits, listed

    def _best(self, searched: Searched, found: Found, count: int) -> tuple[Hits, Listed]:
        hits, scores = self._hits(searched, found.rows), np.round(found.scores, DECIMALS)
        order = best_first(hits, scores)[:count]
        return hits.taken(order), Listed(scores[order], np.ones(len(order), np.bool_))

    def _hits(self, searched: Searched, rows: Integers) -> Hits:
        hits = searched.hits(rows)
        self._last = (searched, rows, hits.keys)
        return hits

    def _complete(
        self, searched: Searched, question: Question, near: Found, worded: Found, scores: Sequence[Floats]
    ) -> Both:
        """What one stage has found has a score in the other, too, if there is anything to compare."""
        others = worded.rows[apart(near.rows, worded.rows)]
        rows = np.concatenate([near.rows, others])
        places, cosines = searched.compared(others, question.embedding, self._stored)
        dense = Listed.none(len(rows))
        for at, found in ((slice(len(near.rows)), near.scores), (places + len(near.rows), cosines)):
            dense.scores[at] = np.round(found, DECIMALS)
            dense.is_there[at] = True
        words = searched.words_of(rows, scores)
        return Both(self._hits(searched, rows), dense, Listed(np.round(words, DECIMALS), words > 0))

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
