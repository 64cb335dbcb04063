"""BM25 of chunks at hand, beside that of FTS5."""

import sqlite3

import pytest

from footnote.modules.retrieval.lexical.analysis import query_terms
from footnote.modules.retrieval.repository.bm25 import Coded, bm25, statistics
from footnote.modules.retrieval.repository.mongo_terms import codes, question_codes

TEXTS = [
    ("zoo", "the fox sleeps in the den"),
    ("zoo", "foxes and hens, hens and foxes"),
    ("farm", "hens lay eggs"),
    ("farm", "a very long tale of one fox that went through the woods and over the hills to find some hens"),
    ("farm", "cows give milk"),
    ("sea", "whales sing"),
    ("sea", "dolphins jump"),
    ("sea", "gulls cry"),
]


def coded(header: str, text: str, language: str = "en") -> Coded:
    return Coded(codes(header, language), codes(text, language), language)


def scored(question: str, chunks: list[Coded], of: list[Coded] | None = None) -> list[float]:
    """With the statistics of `of`, or of the chunks themselves."""
    asked = {each: question_codes(query_terms(question, each), each) for each in {chunk.language for chunk in chunks}}
    return bm25(asked, chunks, statistics(asked, of or chunks))


def by_fts(words: str) -> list[int]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (header, text, tokenize = 'porter unicode61')")
    connection.executemany("INSERT INTO t VALUES (?, ?)", TEXTS)
    expression = " OR ".join(words.split())
    ranked = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t, 3.0, 2.0), rowid"
    return [row[0] - 1 for row in connection.execute(ranked, (expression,))]


@pytest.mark.parametrize("words", ["fox", "fox hens", "foxes eggs", "farm hens", "whale sing zoo"])
def test_chunks_come_in_the_order_of_fts(words: str) -> None:
    scores = scored(words, [coded(*chunk) for chunk in TEXTS])
    found = [index for index in range(len(TEXTS)) if scores[index]]
    assert sorted(found, key=lambda index: (-scores[index], index)) == by_fts(words)


def test_what_everybody_says_still_counts_for_something() -> None:
    one, two, three = scored("fox", [coded("", "fox"), coded("", "fox fox"), coded("", "fox fox fox")])
    assert 0 < one < two < three


def test_a_language_without_stems_compares_words_as_they_are() -> None:
    assert scored("hen", [coded("", "hens", "xx"), coded("", "hen", "xx")])[0] == 0


def test_nothing_found_gives_no_scores() -> None:
    assert scored("fox", []) == []


def test_each_chunk_is_compared_in_its_own_language() -> None:
    chunks = [coded("", "die Häuser", "de"), coded("", "关于深度学习", "zh"), coded("", "Form 10-Q", "en")]
    assert [score > 0 for score in scored("Haus 学习 10Q", chunks)] == [True, True, True]


def test_a_chunk_scores_the_same_whatever_else_is_compared() -> None:
    chunks = [coded(*chunk) for chunk in TEXTS]
    assert scored("fox hens", chunks)[:2] == scored("fox hens", chunks[:2], of=chunks)
