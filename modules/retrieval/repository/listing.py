"""The lists of the two stages, each from one moment of the index."""

import sqlite3
from collections.abc import Sequence
from functools import partial

import numpy as np

from footnote.modules.retrieval.filters import And
from footnote.modules.retrieval.lexical.phrases import phrases
from footnote.modules.retrieval.repository import Hit, Probe
from footnote.modules.retrieval.repository.matching import Matching
from footnote.modules.retrieval.repository.memory.dense import Question
from footnote.modules.retrieval.repository.memory.loading import Space, stored_embeddings
from footnote.modules.retrieval.repository.memory.searching import NOTHING, Found, Searched
from footnote.modules.retrieval.repository.memory.sparse import Bm25, Floats, Integers
from footnote.modules.retrieval.repository.memory.tenants import Tenant
from footnote.modules.retrieval.repository.memory.turns import waiting
from footnote.modules.retrieval.repository.memory.words import word_scores
from footnote.modules.retrieval.repository.quoting import holding
from footnote.modules.retrieval.repository.sqlite_tokens import stored_tokens
from footnote.modules.retrieval.repository.wording import wording
from footnote.modules.retrieval.stages import Stages
from footnote.platform.inference import Embeddings
from footnote.platform.principal import Principal

Key = int | str
Lists = tuple[list[Hit], list[Hit]]


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
        self._last: Searched | None = None
        self._rows = NOTHING.rows

    def vectors(self, keys: Sequence[Key]) -> Embeddings:
        """Those of hits, float32 [len(keys), dimension]; zero for those without one."""
        if self._last is None or not keys:
            return np.zeros((0, self._space.dimension), np.float32)
        return self._last.embeddings(self._rows, [int(key) for key in keys], self._stored)

    def tokens(self, keys: Sequence[Key]) -> list[bytes | None]:
        """The codes of the tokens of hits, in the space of the question."""
        with waiting():
            return stored_tokens(self._connection, self._space.name, [int(key) for key in keys])

    def lists(self, tenant: Tenant, principal: Principal, names: Sequence[str], bm25: Bm25) -> Lists:
        """The dense list and the lexical one; where both stages run, each has what the other has found, too."""
        depth, question = self._probe.depth, self._question
        with self._stages.stage("filter"):
            self._last = searched = self._quoted(self._searched(tenant, principal), names)
        near = NOTHING if question is None else self._near(searched, question, depth)
        self._rows = near.rows
        if self._probe.text is None:
            return searched.hits(near)[:depth], []
        scores, worded = self._worded(searched, names, principal.tenant, bm25)
        self._rows = np.concatenate([near.rows, _others(worded, near)])
        if question is None:
            return [], searched.hits(worded)[:depth]
        with self._stages.stage("complete"):
            others = self._rows[len(near.rows) :]
            found_near = near.beside(searched.cosines(others, question.embedding, self._stored))
            found_worded = worded.beside(searched.words_of(_others(near, worded), scores))
            return searched.hits(found_near), searched.hits(found_worded)

    def _near(self, searched: Searched, question: Question, depth: int) -> Found:
        with self._stages.stage("dense"):
            near = searched.near(question, depth, self._stored)
            self._stages.count("dense", min(len(near.rows), depth))
            return near

    def _worded(
        self, searched: Searched, names: Sequence[str], tenant: str, bm25: Bm25
    ) -> tuple[Sequence[Floats], Found]:
        with self._stages.stage("lexical"):
            asked = wording(self._connection, tenant, searched, self._probe.text or "", names, self._stages)
            scores = word_scores(searched.tenant, searched.admitted, names, asked, bm25)
            worded = searched.worded(scores, self._probe.depth)
            self._stages.count("lexical", min(len(worded.rows), self._probe.depth))
            return scores, worded

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


def _others(found: Found, known: Found) -> Integers:
    """A set of numbers is quicker here than sorting both."""
    rows = set(known.rows.tolist())
    return np.array([row for row in found.rows.tolist() if row not in rows], np.int64)
