"""The lists of the two stages in MongoDB, as the searches propose them and as the publications confirm them.

Searches see no one moment of the index, and a search index may lag. So what they propose counts only if it belongs to
the build that is published; and of documents that were published while the search ran, everything is asked for again,
until nothing has changed meanwhile: who reads sees the old build or the new one, never half.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from footnote.modules.retrieval.repository import Probe
from footnote.modules.retrieval.repository.cosine import cosines
from footnote.modules.retrieval.repository.hits import Hit
from footnote.modules.retrieval.repository.mongo_filters import Row, findable
from footnote.modules.retrieval.repository.mongo_fusion import FusedChunks
from footnote.modules.retrieval.repository.mongo_queries import (
    NearChunks,
    Proposed,
    Scope,
    Words,
    findable_scope,
    scope_of_builds,
)
from footnote.modules.retrieval.repository.mongo_stored import StoredHits
from footnote.modules.retrieval.stages import Stages
from footnote.platform.principal import Principal
from footnote.platform.storage.mongo import MongoDatabase

MARGIN = 20  # more than was asked for: some may not be confirmed, and of equal ones the first by document are taken
GROWTH = 4
MOST = 10_000  # what `$vectorSearch` gives at most
ROUNDS = 20  # each as long as a search; whoever publishes one document without end is waited for no longer
READ = 100  # chunks of either list that are read for words instead of misspelt ones
ASIDE = ("settling", "dropped")
SHOWN = {"document_id": 1, "build": 1, "version": 1, "title": 1, "sequence": 1, "analysed_in": 1}

Publications = Mapping[str, Row]  # by document id
Confirm = Callable[[set[str]], Awaitable[Publications]]


class Lists(NamedTuple):
    """Both in their order."""

    dense: list[Proposed]
    lexical: list[Proposed]

    def only(self, admits: Callable[[Proposed], bool]) -> "Lists":
        return Lists(*([each for each in found if admits(each)] for found in self))

    def of(self, documents: Publications) -> "Lists":
        return self.only(lambda each: each.hit.document_id in documents)

    def published(self, publications: Publications) -> "Lists":
        return self.only(lambda each: _is_published(each, publications))

    def beside(self, others: "Lists") -> "Lists":
        return Lists(*(_ordered([*mine, *more]) for mine, more in zip(self, others, strict=True)))

    def quoted(self) -> "Lists":
        """Only what holds the phrases of the question, if anything does."""
        held = {each.hit.key for each in self.lexical if each.holds}
        return self.only(lambda each: each.hit.key in held) if held else self

    def documents(self) -> set[str]:
        return {each.hit.document_id for found in self for each in found}


class Moment(NamedTuple):
    """What has to be known before the searches begin."""

    head: int  # of what was published later, the searches may have seen a part
    settling: Mapping[str, str]  # by document: builds whose chunks do not all say yet what its card says
    dropped: Sequence[str]  # builds that are being deleted
    languages: Sequence[str]  # that the tenant's documents are analysed in


class Queries(NamedTuple):
    """How the server is asked."""

    near: NearChunks
    words: Words
    fused: FusedChunks | None  # both lists by one question


class Search:
    """One search of one principal."""

    def __init__(
        self,
        database: MongoDatabase,
        queries: Queries,
        stored: StoredHits,
        principal: Principal,
        probe: Probe,
        stages: Stages,
    ) -> None:
        self._database = database
        self._queries = queries
        self._stored = stored
        self._principal = principal
        self._probe = probe
        self._stages = stages

    async def lists(self) -> tuple[list[Hit], list[Hit], Publications]:
        """Both lists, confirmed, and the publications of their documents."""
        with self._stages.stage("filter"):
            moment = await self._moment()
            scope = findable_scope(self._principal, self._probe.filter, moment.languages)
        if scope is None:
            return [], [], {}

        async def confirm(documents: set[str]) -> Publications:
            with self._stages.stage("confirm"):
                return await self._confirmed(documents | moment.settling.keys())

        scope = scope.without([*moment.dropped, *moment.settling.values()])
        lists, known = await self._steady(scope, confirm, moment)
        if await self._respelled(scope, lists):
            lists, known = await self._steady(scope, confirm, moment)
        dense, lexical = ([each.hit for each in found[: self._probe.depth]] for found in lists.quoted())
        self._stages.found.update(dense=len(dense), lexical=len(lexical))
        near, worded = await asyncio.gather(self._with_near(dense, lexical), self._with_words(scope, dense, lexical))
        return near, worded, known

    async def _respelled(self, scope: Scope, lists: Lists) -> bool:
        if self._probe.text is None:
            return False
        keys = dict.fromkeys(str(each.hit.key) for found in lists for each in found[:READ])
        with self._stages.stage("respell"):
            return await self._queries.words.respell(scope, self._probe.text, [*keys], self._stages)

    async def _steady(self, scope: Scope, confirm: Confirm, moment: Moment) -> tuple[Lists, Publications]:
        """What was published before the head, and what is to be found in all that was published since."""
        lists, known = await self._asked(scope, confirm)
        unsteady = {
            name: row for name, row in known.items() if row["sequence"] > moment.head or name in moment.settling
        }
        return await self._with_unsteady(lists, known, unsteady)

    async def _with_near(self, dense: list[Hit], lexical: list[Hit]) -> list[Hit]:
        """The dense list with what only words have found, where both stages run."""
        embedding, others = self._probe.embedding, _others(lexical, dense)
        if embedding is None or not others:
            return dense
        with self._stages.stage("complete"):
            vectors = await self._stored.read_vectors([hit.key for hit in others])
            scored = zip(others, vectors, cosines(embedding, vectors).tolist(), strict=True)
            found = [msgspec.structs.replace(hit, score=score) for hit, vector, score in scored if vector.any()]
            return _in_order([*dense, *found])

    async def _with_words(self, scope: Scope, dense: list[Hit], lexical: list[Hit]) -> list[Hit]:
        """The lexical list with what only meaning has found, where both stages run."""
        text, others = self._probe.text, _others(dense, lexical)
        if text is None or not others:
            return lexical
        with self._stages.stage("complete"):
            scores = await self._queries.words.scores(scope, text, [hit.key for hit in others])
            found = [msgspec.structs.replace(hit, score=scores[hit.key]) for hit in others if hit.key in scores]
            return _in_order([*lexical, *found])

    async def _with_unsteady(
        self, lists: Lists, known: Publications, unsteady: Publications
    ) -> tuple[Lists, Publications]:
        """The lists with all that is to be found in documents that changed while the lists were made.

        Those that change again and again are left out in the end.
        """
        steady = {name: row for name, row in known.items() if name not in unsteady}
        lists = lists.of(steady)
        for _ in range(ROUNDS):
            if not unsteady:
                break
            found, now = await self._asked_again(unsteady)
            calm = {name: row for name, row in now.items() if row["sequence"] == unsteady[name]["sequence"]}
            lists, steady = lists.beside(found.of(calm)), steady | calm
            unsteady = {name: row for name, row in now.items() if name not in calm}
        return lists, steady

    async def _asked_again(self, unsteady: Publications) -> tuple[Lists, Publications]:
        """What is to be found in these documents, and their publications afterwards."""

        async def confirm(documents: set[str]) -> Publications:
            return unsteady

        builds = sorted(row["build"] for row in unsteady.values())
        languages = sorted({row["analysed_in"] for row in unsteady.values() if "analysed_in" in row})
        found, _ = await self._asked(scope_of_builds(self._principal.tenant, builds, languages), confirm)
        return found, await self._confirmed(set(unsteady))

    async def _asked(self, scope: Scope, confirm: Confirm) -> tuple[Lists, Publications]:
        """As many as were asked for, unless there are no more, and the publications that confirm them."""
        limit = self._probe.depth + MARGIN
        while True:
            proposed = await self._proposed(scope, limit)
            publications = await confirm(proposed.documents())
            kept = proposed.published(publications)
            if limit >= MOST or self._is_enough(proposed, kept, limit):
                return kept, publications
            limit = min(limit * GROWTH, MOST)

    def _is_enough(self, proposed: Lists, kept: Lists, limit: int) -> bool:
        """Whether longer lists would begin with the same; of equal words, what the server put first is enough."""
        depth = self._probe.depth
        if any(len(found) >= limit and len(left) < depth for found, left in zip(proposed, kept, strict=True)):
            return False
        return len(proposed.dense) < limit or kept.dense[depth - 1].hit.score > proposed.dense[-1].hit.score

    async def _proposed(self, scope: Scope, limit: int) -> Lists:
        embedding, text = self._probe.embedding, self._probe.text
        fused = self._queries.fused
        if fused is not None and embedding is not None and text is not None:
            with self._stages.stage("fused"):
                dense, lexical = await fused(scope, embedding, text, limit)
        else:
            dense, lexical = await asyncio.gather(self._dense(scope, limit), self._lexical(scope, limit))
        return Lists(_ordered(dense)[:limit], _ordered(lexical)[:limit])

    async def _dense(self, scope: Scope, limit: int) -> list[Proposed]:
        if self._probe.embedding is None:
            return []
        with self._stages.stage("dense"):
            return await self._queries.near(scope, self._probe.embedding, limit)

    async def _lexical(self, scope: Scope, limit: int) -> list[Proposed]:
        if self._probe.text is None:
            return []
        with self._stages.stage("lexical"):
            return await self._queries.words(scope, self._probe.text, limit)

    async def _moment(self) -> Moment:
        aside = {"tenant": self._principal.tenant, "aside": {"$in": [*ASIDE]}}
        head = await self._database.events.horizon()  # before the rest: what they miss was published after it
        builds, languages = await asyncio.gather(
            self._database.collection("build").find(aside, projection={"aside": 1, "document_id": 1}),
            self._languages(),
        )
        settling = {row["document_id"]: row["_id"] for row in builds if row["aside"] == "settling"}
        return Moment(head, settling, [row["_id"] for row in builds if row["aside"] == "dropped"], languages)

    async def _languages(self) -> list[str]:
        """Those of the tenant's documents, if words are looked for."""
        if self._probe.text is None:
            return []
        return await self._database.collection("publication").distinct(
            "analysed_in", {"tenant": self._principal.tenant}
        )

    async def _confirmed(self, documents: set[str]) -> Publications:
        """The publications of those of the documents that may be found."""
        admitted = findable(self._principal, self._probe.filter)
        if admitted is None or not documents:
            return {}
        where = {"$and": [*admitted["$and"], {"document_id": {"$in": sorted(documents)}}]}
        publications = self._database.collection("publication")
        rows = await publications.find(where, projection=SHOWN, batch_size=len(documents))
        return {row["document_id"]: row for row in rows}


def _others(hits: Sequence[Hit], known: Sequence[Hit]) -> list[Hit]:
    keys = {hit.key for hit in known}
    return [hit for hit in hits if hit.key not in keys]


def _in_order(hits: Sequence[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.document_id, hit.start))


def _is_published(proposed: Proposed, publications: Publications) -> bool:
    publication = publications.get(proposed.hit.document_id)
    return publication is not None and publication["build"] == proposed.build


def _ordered(proposed: Sequence[Proposed]) -> list[Proposed]:
    return sorted(proposed, key=lambda each: (not each.holds, -each.hit.score, each.hit.document_id, each.hit.start))
