"""Chunks by the codes of their terms, where MongoDB has no search of its own: `$text` finds them, BM25 ranks them."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate

from footnote.modules.retrieval.lexical.analysis import QueryTerm, phrase_terms, query_terms
from footnote.modules.retrieval.lexical.phrases import all_held, phrases
from footnote.modules.retrieval.lexical.spelling import correctable
from footnote.modules.retrieval.repository.atlas_pipelines import DECIMALS, projected
from footnote.modules.retrieval.repository.bm25 import Asked, Coded, Statistics, bm25, statistics
from footnote.modules.retrieval.repository.mongo_counts import WordCounts
from footnote.modules.retrieval.repository.mongo_filters import Row
from footnote.modules.retrieval.repository.mongo_queries import Proposed, Scope, proposed
from footnote.modules.retrieval.repository.mongo_spelling import Read, alike, instead
from footnote.modules.retrieval.repository.mongo_terms import code, question_codes
from footnote.modules.retrieval.stages import Stages
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.together import together

QUOTED = 2000  # chunks that are read to see whether they hold a phrase
ALIKE = 100  # chunks that are read for a word like a misspelt one
ENOUGH = 2  # times as many chunks are ranked as are asked for
CODES = {"analysed_in": 1, "title_codes": 1, "under_codes": 1, "text_codes": 1}
TEXTS = {"header": 1, "text": 1}


class IndexedWords:
    """By BM25 of what the text index of the database finds. Of one search, whose lists are compared with each other."""

    def __init__(self, database: MongoDatabase, counts: WordCounts) -> None:
        self._chunks = database.collection("chunk")
        self._counts = counts
        self._known: dict[str, Statistics] = {}
        self._having: dict[str, int] = {}  # by code, chunks of the tenant
        self._sought: set[str] = set()  # codes of which all was asked for that may be found
        self._seen: set[str] = set()
        self._instead: dict[str, list[QueryTerm]] = {}

    async def __call__(self, scope: Scope, text: str, limit: int) -> list[Proposed]:
        """Each language by itself: a question has terms of its own in each."""
        quoted = phrases(text)
        asked = {language: self._asked(text, language) for language in scope.languages}
        found = await together(
            [
                *(self._found(scope, codes, limit) for codes in asked.values() if codes),
                *(self._perhaps_holding(scope, language, quoted) for language in asked if quoted),
            ]
        )
        rows = [*{row["_id"]: row for part in found for row in part}.values()]
        chunks, lengths = await self._counts.chunks(scope.tenant), await self._counts.lengths(scope.tenant)
        self._known = self._statistics(asked, rows, chunks, lengths) | self._known
        scores, held = await asyncio.to_thread(self._compared, asked, quoted, rows)
        ranked = zip(rows, scores, held, strict=True)
        return [proposed(row, score)._replace(holds=is_held) for row, score, is_held in ranked if score]

    async def scores(self, scope: Scope, text: str, keys: Sequence[int | str]) -> Mapping[int | str, float]:
        """Compared as those that were found by words, which has to come before."""
        where = {"tenant": scope.tenant, "_id": {"$in": [*keys]}, "text_codes": {"$exists": True}}
        rows = await self._chunks.find(where, projection=CODES, batch_size=len(keys))
        asked = {language: self._asked(text, language) for language in scope.languages}
        found = await asyncio.to_thread(bm25, asked, [_coded(row) for row in rows], self._known)
        return {row["_id"]: round(score, DECIMALS) for row, score in zip(rows, found, strict=True) if score}

    async def respell(self, scope: Scope, text: str, found: Sequence[str], stages: Stages) -> bool:
        """Whether other words stand for those that nothing has; from now on they are asked for, too.

        They are taken from the chunks `found`, which the other words or the meaning of the question have led to, and
        from those that have a word much alike.
        """
        doubtful = self._doubtful(scope, text)
        if not any(doubtful.values()) or self._instead:
            return False
        keys = [*dict.fromkeys((*found, *await self._alike(scope, doubtful)))]
        where = {"tenant": scope.tenant, "_id": {"$in": keys}}
        rows = await self._chunks.find(where, projection={**TEXTS, "analysed_in": 1}, batch_size=len(keys) or 1)
        read = [Read(f"{row['header']}\n{row['text']}", row["analysed_in"]) for row in rows]
        corrections = await asyncio.to_thread(instead, doubtful, read)
        for language, found_instead in corrections.items():
            self._instead[language] = [term for correction in found_instead for term in correction.terms]
            for correction in found_instead:
                stages.correct(correction.word, correction.instead)
        self._known = {} if self._instead else self._known
        return bool(self._instead)

    async def _alike(self, scope: Scope, doubtful: Mapping[str, Sequence[QueryTerm]]) -> list[str]:
        """The keys of chunks that have a word which differs from a misspelt one in one place, in any order.

        Some hundred terms are asked for: DocumentDB takes seconds to score them, and some 50 ms to find them.
        """
        codes = await asyncio.to_thread(alike, doubtful)
        where = {**_words(codes), "tenant": scope.tenant, **scope.where}
        rows = await self._chunks.find(where, projection={"_id": 1}, limit=ALIKE) if codes else []
        return [row["_id"] for row in rows]

    def _asked(self, text: str, language: str) -> dict[str, float]:
        return question_codes([*query_terms(text, language), *self._instead.get(language, ())], language)

    def _doubtful(self, scope: Scope, text: str) -> dict[str, list[QueryTerm]]:
        """By language, terms of words that no chunk has which may be found, in whatever language."""
        absent = {language: self._absent(text, language) for language in scope.languages}
        words = [{term.word for term in terms} for terms in absent.values()]
        nowhere = set.intersection(*words) if words else set()
        corrected = correctable(text, scope.languages)
        return {
            language: [term for term in terms if term.word in nowhere]
            for language, terms in absent.items()
            if language in corrected
        }

    def _absent(self, text: str, language: str) -> list[QueryTerm]:
        absent = self._sought - self._seen
        return [term for term in query_terms(text, language) if term.word and code(term.text, language) in absent]

    def _statistics(
        self, asked: Asked, rows: Sequence[Row], chunks: Mapping[str, int], lengths: Mapping[str, float]
    ) -> dict[str, Statistics]:
        """Of all chunks of the tenant: how many there are and how long they are in the mean, by language."""
        found = statistics(asked, [_coded(row) for row in rows])
        return {
            language: Statistics(
                chunks=max(chunks.get(language, 0), each.chunks),
                mean=lengths.get(language) or each.mean,
                having=self._raised(each, asked[language]),
            )
            for language, each in found.items()
        }

    def _raised(self, found: Statistics, codes: Collection[str]) -> dict[str, int]:
        return {code: max(found.having.get(code, 0), self._having.get(code, 0)) for code in codes}

    async def _perhaps_holding(self, scope: Scope, language: str, quoted: Sequence[str]) -> list[Row]:
        """With texts, what has the rarest of all words of the phrases."""
        ways = [{code(term, language) for term in way} for way in phrase_terms(quoted, language)]
        having = await self._counts.having(scope.tenant, set[str]().union(*ways))
        rarest = {term for way in ways for term in _rarest({each: having[each] for each in way}, 0)}
        return await self._rows(scope, rarest, QUOTED, {**CODES, **TEXTS}) if rarest else []

    async def _found(self, scope: Scope, codes: Mapping[str, float], limit: int) -> list[Row]:
        """What has any of the terms; of more than `limit`, what has the rarest, among which the best are.

        `$text` would score all that has a common term, and not know that it is common.
        """
        having = await self._counts.having(scope.tenant, [*codes])
        self._having |= having
        rarest = _rarest(having, ENOUGH * limit)
        rows = self._noted(codes, rarest, await self._rows(scope, rarest, ENOUGH * limit, CODES))
        if len(rows) >= limit or len(rarest) == len(codes):
            return rows
        others = await self._rows(scope, codes, limit, CODES)  # few of the tenant's chunks may be found
        return [*{row["_id"]: row for row in (*rows, *others)}.values()]

    def _noted(self, codes: Mapping[str, float], sought: Collection[str], rows: list[Row]) -> list[Row]:
        self._sought |= {*sought}
        self._seen |= {code for row in rows for code in codes.keys() & _codes_of(row)}
        return rows

    async def _rows(self, scope: Scope, codes: Collection[str], limit: int, shown: Mapping[str, int]) -> list[Row]:
        pipeline = [
            {"$match": {**_words(codes), "tenant": scope.tenant, **scope.where}},
            projected("textScore", **shown),
            {"$sort": {"score": -1, "document_id": 1, "start": 1}},
            {"$limit": limit},
        ]
        return await self._chunks.aggregate(pipeline, batchSize=limit)

    def _compared(self, asked: Asked, quoted: Sequence[str], rows: Sequence[Row]) -> tuple[list[float], list[bool]]:
        """The score of each row, and whether it holds all that is quoted, if anything is."""
        chunks = [_coded(row) for row in rows]
        scores = bm25(asked, chunks, self._known)
        return scores, [bool(quoted) and "text" in row and _all_held(quoted, row) for row in rows]


def _words(codes: Collection[str]) -> Row:
    return {"$text": {"$search": " ".join(codes), "$language": "none"}}


def _coded(row: Row) -> Coded:
    title = row.get("title_codes", "")  # which a large build gets with its first sweep
    return Coded(f"{title} {row['under_codes']}".strip(), row["text_codes"], row["analysed_in"])


def _codes_of(row: Row) -> set[str]:
    coded = _coded(row)
    return {*coded.header.split(), *coded.text.split()}


def _rarest(having: Mapping[str, int], chunks: int) -> list[str]:
    """The rarest of the terms, so many that no more than `chunks` have any of them; one at least."""
    order = sorted(having, key=lambda code: having[code])
    upto = list(accumulate(having[code] for code in order))
    return [code for code, all_of_them in zip(order, upto, strict=True) if all_of_them <= chunks] or order[:1]


def _all_held(phrases: Sequence[str], row: Row) -> bool:
    return all_held(phrases, (row["text"], row["header"]))
