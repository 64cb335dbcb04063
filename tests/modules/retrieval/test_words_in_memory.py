"""BM25 of the index in memory, against the same computed word by word."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.modules.retrieval.lexical.counting import count_terms, hash_of, pack
from footnote.modules.retrieval.repository.memory.analysed import Languages, QueryTerms, analysed
from footnote.modules.retrieval.repository.memory.dense import Vectors
from footnote.modules.retrieval.repository.memory.segments import Segment, one_of
from footnote.modules.retrieval.repository.memory.sparse import Bm25, Postings, language_salt
from footnote.modules.retrieval.repository.memory.tenants import Admitted, Documents, Grants, Tenant
from footnote.modules.retrieval.repository.memory.words import word_scores

BM25 = Bm25(k1=1.2, b=0.5, header_weight=3, text_weight=2)
Chunk = tuple[str, str]  # header, text

words = st.lists(st.sampled_from(["fox", "hen", "owl", "bat", "elk"]), max_size=6).map(" ".join)
chunks = st.lists(st.tuples(words, words), min_size=1, max_size=8)


def segment(chunks: Sequence[Chunk], languages: Languages, first: int = 0) -> Segment:
    """One document a chunk, with codes from `first` + 1."""
    count = len(chunks)
    terms = analysed([pack(count_terms(*chunk, "en")) for chunk in chunks], ["en"] * count, languages)
    numbers = np.arange(first + 1, first + count + 1)
    embeddings = np.ones((count, 2), np.float32)
    return Segment(
        numbers=numbers,
        starts=numbers,
        read_as=numbers,
        documents=numbers.astype(np.int32),
        languages=terms.languages,
        lengths=terms.lengths,
        postings=Postings.of(terms.entries),
        vectors=Vectors.of(embeddings),
        floats=embeddings,
    )


def scores(segments: Sequence[Segment], question: str, admitted: Sequence[Admitted] | None = None) -> list[float]:
    """Of the living rows."""
    tenant = Tenant(
        segments=tuple(segments),
        documents=Documents(),
        grants=Grants(),
        granted=np.zeros(1, np.int64),
        shown=np.zeros((1, 3), np.int64),
    )
    asked = Counter(question.split())
    keys = np.array([hash_of(word) for word in asked], np.uint64) ^ language_salt("en")
    lists = [part.postings.lists(keys) for part in segments]
    terms = {"en": QueryTerms(np.array(list(asked.values()), np.float32), lists)}
    may = admitted or [Admitted(part.living, part.size - part.dead) for part in segments]
    found = word_scores(tenant, may, ["en"], terms, BM25)
    rows = zip(found, segments, strict=True)
    return [float(score) for each, part in rows for score, code in zip(each, part.documents, strict=True) if code]


def expected(chunks: Sequence[Chunk], question: str) -> list[float]:
    counts = [(Counter(header.split()), Counter(text.split())) for header, text in chunks]
    lengths = [header.total() + text.total() for header, text in counts]
    mean = max(sum(lengths) / len(chunks), 1e-9)

    def score(word: str, row: int) -> float:
        header, text = counts[row]
        having = sum(word in each or word in other for each, other in counts)
        frequency = 3 * header[word] + 2 * text[word]
        rarity = math.log1p((len(chunks) - having + 0.5) / (having + 0.5))
        return rarity * frequency * 2.2 / (frequency + 1.2 * (0.5 + 0.5 * lengths[row] / mean))

    return [sum(score(word, row) for word in question.split()) for row in range(len(chunks))]


@given(chunks, words)
def test_scores_are_those_of_bm25(found: list[Chunk], question: str) -> None:
    assert scores([segment(found, Languages())], question) == pytest.approx(expected(found, question), rel=1e-5)


@given(chunks, chunks, words)
def test_segments_score_as_if_they_were_one(first: list[Chunk], second: list[Chunk], question: str) -> None:
    languages = Languages()
    parts = [segment(first, languages), segment(second, languages, len(first))]
    wanted = pytest.approx(expected([*first, *second], question), rel=1e-5)
    assert scores(parts, question) == wanted
    assert scores([one_of(parts)], question) == wanted


@given(chunks, st.data(), words)
def test_what_is_gone_counts_no_more(found: list[Chunk], data: st.DataObject, question: str) -> None:
    gone = np.array([False, *(data.draw(st.booleans()) for _ in found)])
    left = [chunk for chunk, is_gone in zip(found, gone[1:], strict=True) if not is_gone]
    part = segment(found, Languages()).without(gone)
    wanted = pytest.approx(expected(left, question) if left else [], rel=1e-5)
    assert scores([part], question) == wanted
    assert scores([one_of([part])], question) == wanted


def test_few_rows_are_looked_up_one_by_one_and_score_the_same() -> None:
    found = [("", "fox " * (place % 5 + 1)) for place in range(900)]
    part = segment(found, Languages())
    flags = np.isin(np.arange(900), [3, 500])
    few = scores([part], "fox", [Admitted(flags, 2)])
    assert [few[3], few[500]] == pytest.approx([expected(found, "fox")[row] for row in (3, 500)], rel=1e-5)
    assert few[4] == 0


def test_a_word_that_is_the_name_of_a_language_is_that_word_alone() -> None:
    codes = ("de", "en", "es", "fr", "it", "no")
    keys = {int(np.uint64(hash_of(word)) ^ language_salt(language)) for word in codes for language in codes}
    assert len(keys) == len(codes) ** 2
