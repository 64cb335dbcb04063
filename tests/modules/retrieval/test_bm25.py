"""BM25 of chunks at hand, beside that of FTS5."""

import sqlite3

import pytest

from footnote.modules.retrieval.repository.bm25 import bm25

CHUNKS = [
    ("zoo", "the fox sleeps in the den"),
    ("zoo", "foxes and hens, hens and foxes"),
    ("farm", "hens lay eggs"),
    ("farm", "a very long tale of one fox that went through the woods and over the hills to find some hens"),
    ("farm", "cows give milk"),
    ("sea", "whales sing"),
    ("sea", "dolphins jump"),
    ("sea", "gulls cry"),
]


def by_fts(words: str) -> list[int]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (header, text, tokenize = 'porter unicode61')")
    connection.executemany("INSERT INTO t VALUES (?, ?)", CHUNKS)
    expression = " OR ".join(words.split())
    ranked = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t, 3.0, 2.0), rowid"
    return [row[0] - 1 for row in connection.execute(ranked, (expression,))]


@pytest.mark.parametrize("words", ["fox", "fox hens", "foxes eggs", "farm hens", "whale sing zoo"])
def test_chunks_come_in_the_order_of_fts(words: str) -> None:
    scores = bm25(words, CHUNKS, "english", total=len(CHUNKS))
    found = [index for index in range(len(CHUNKS)) if scores[index]]
    assert sorted(found, key=lambda index: (-scores[index], index)) == by_fts(words)


def test_what_everybody_says_still_counts_for_something() -> None:
    chunks = [("", "fox"), ("", "fox fox"), ("", "fox fox fox")]
    one, two, three = bm25("fox", chunks, "english", total=3)
    assert 0 < one < two < three


def test_a_language_without_stems_compares_words_as_they_are() -> None:
    assert bm25("hen", [("", "hens"), ("", "hen")], "none", total=2)[0] == 0


def test_nothing_found_gives_no_scores() -> None:
    assert bm25("fox", [], "english", total=0) == []
