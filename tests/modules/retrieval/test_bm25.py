"""BM25 of chunks at hand, beside that of FTS5."""

import sqlite3

import pytest

from footnote.modules.retrieval.repository.bm25 import Worded, bm25

CHUNKS = [
    Worded(header, text, "en")
    for header, text in [
        ("zoo", "the fox sleeps in the den"),
        ("zoo", "foxes and hens, hens and foxes"),
        ("farm", "hens lay eggs"),
        ("farm", "a very long tale of one fox that went through the woods and over the hills to find some hens"),
        ("farm", "cows give milk"),
        ("sea", "whales sing"),
        ("sea", "dolphins jump"),
        ("sea", "gulls cry"),
    ]
]


def by_fts(words: str) -> list[int]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (header, text, tokenize = 'porter unicode61')")
    connection.executemany("INSERT INTO t VALUES (?, ?)", [chunk[:2] for chunk in CHUNKS])
    expression = " OR ".join(words.split())
    ranked = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t, 3.0, 2.0), rowid"
    return [row[0] - 1 for row in connection.execute(ranked, (expression,))]


@pytest.mark.parametrize("words", ["fox", "fox hens", "foxes eggs", "farm hens", "whale sing zoo"])
def test_chunks_come_in_the_order_of_fts(words: str) -> None:
    scores = bm25(words, CHUNKS)
    found = [index for index in range(len(CHUNKS)) if scores[index]]
    assert sorted(found, key=lambda index: (-scores[index], index)) == by_fts(words)


def test_what_everybody_says_still_counts_for_something() -> None:
    chunks = [Worded("", "fox", None), Worded("", "fox fox", None), Worded("", "fox fox fox", None)]
    one, two, three = bm25("fox", chunks)
    assert 0 < one < two < three


def test_a_language_without_stems_compares_words_as_they_are() -> None:
    assert bm25("hen", [Worded("", "hens", "xx"), Worded("", "hen", "xx")])[0] == 0


def test_nothing_found_gives_no_scores() -> None:
    assert bm25("fox", []) == []


def test_each_chunk_is_compared_in_its_own_language() -> None:
    chunks = [Worded("", "die Häuser", "de"), Worded("", "关于深度学习", "zh"), Worded("", "Form 10-Q", "en")]
    assert [score > 0 for score in bm25("Haus 学习 10Q", chunks)] == [True, True, True]
