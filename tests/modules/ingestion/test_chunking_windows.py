"""Fixed windows, tables apart, and breaks by meaning."""

from itertools import pairwise

import numpy as np
from support.chunked import TOKENIZER, LetterSentences, composed, markdown, sentences, table

from footnote.modules.ingestion.chunking import FixedChunker, SemanticChunker, TableChunker
from footnote.modules.ingestion.chunking.semantic import differences

FIXED = FixedChunker(TOKENIZER)
TABLES = TableChunker(TOKENIZER)
SEMANTIC = SemanticChunker(TOKENIZER, LetterSentences())
ABBA = "An abba had a baba and a cab. "
DEED = "He fed the egg here, the feed he held. "


def test_fixed_windows_are_full_whatever_the_structure() -> None:
    chunks = FIXED.chunk(markdown("# A", sentences(30), "# B", sentences(30)), "T")
    assert all(chunk.tokens > 245 for chunk in chunks[:-1])
    assert any("\n\nB\n\n" in chunk.text for chunk in chunks)


def test_fixed_windows_begin_and_end_with_words() -> None:
    text = sentences(60)
    for chunk in FIXED.chunk(markdown(text), "T"):
        assert text[chunk.start - 1 : chunk.start].strip() == text[chunk.end : chunk.end + 1].strip() == ""


def test_fixed_windows_repeat_the_end_of_the_one_before() -> None:
    for left, right in pairwise(FIXED.chunk(markdown(sentences(60)), "T")):
        assert 0.12 < (left.end - right.start) / (left.end - left.start) < 0.18


def test_fixed_windows_without_overlap_repeat_nothing() -> None:
    chunks = FixedChunker(TOKENIZER, overlap=0).chunk(markdown(sentences(60)), "T")
    assert all(left.end < right.start for left, right in pairwise(chunks))


def test_fixed_windows_are_filed_under_the_heading_that_they_begin_in() -> None:
    chunks = FIXED.chunk(markdown("# A", sentences(30), "# B", sentences(30)), "T")
    assert [chunk.heading_path for chunk in chunks] == sorted(chunk.heading_path for chunk in chunks)
    assert {chunk.heading_path for chunk in chunks} == {("A",), ("B",)}


def test_a_text_without_blanks_is_cut_anywhere_and_filled() -> None:
    chunks = FIXED.chunk(markdown("a " + "語" * 2000), "T")
    assert all(chunk.tokens > 245 for chunk in chunks[:-1])


def test_a_table_has_chunks_of_its_own() -> None:
    extraction = composed([("paragraph", "Before."), *table(60), ("paragraph", "After.")])
    first, *tables, last = TABLES.chunk(extraction, "T")
    assert (first.text, first.kind, last.text, last.kind) == ("Before.", "child", "After.", "child")
    assert {chunk.kind for chunk in tables} == {"table"}
    assert {chunk.context for chunk in tables[1:]} == {"Region | Revenue | Profit"}


def test_rows_of_a_table_apart_are_not_repeated() -> None:
    chunks = TABLES.chunk(composed(table(200)), "T")
    assert all(left.end < right.start for left, right in pairwise(chunks))


def test_two_tables_share_no_chunk() -> None:
    chunks = TABLES.chunk(composed([*table(2), *table(2)]), "T")
    assert [chunk.text.count("Revenue") for chunk in chunks] == [1, 1]


def test_headings_right_before_a_table_go_with_it() -> None:
    extraction = composed([("heading", "#A"), ("paragraph", "Text."), ("heading", "#B"), *table(2)])
    text, numbers = TABLES.chunk(extraction, "T")
    assert (text.text, text.kind) == ("A\n\nText.", "child")
    assert (numbers.text[:12], numbers.kind, numbers.heading_path) == ("B\n\n| Region ", "table", ("B",))


def test_chunks_end_where_the_subject_changes() -> None:
    chunks = SEMANTIC.chunk(markdown(ABBA * 9 + DEED * 9 + ABBA * 9), "T")
    assert [chunk.text for chunk in chunks] == [(ABBA * 9).strip(), (DEED * 9).strip(), (ABBA * 9).strip()]


def test_a_subject_too_large_for_a_chunk_is_cut() -> None:
    chunks = SEMANTIC.chunk(markdown(ABBA * 60), "T")
    assert len(chunks) > 2
    assert all(chunk.text.endswith(".") for chunk in chunks)


def test_a_heading_is_never_parted_from_what_follows() -> None:
    parts = [part for number in range(12) for part in (f"# {ABBA}", f"## {DEED}", DEED * 2)]
    assert all(chunk.text.endswith(DEED.strip()) for chunk in SEMANTIC.chunk(markdown(*parts), "T"))


def test_a_tiny_subject_goes_with_a_neighbour() -> None:
    chunks = SEMANTIC.chunk(markdown(ABBA * 12 + DEED + ABBA * 12), "T")
    assert min(chunk.tokens for chunk in chunks) > 50


def test_what_differs_most_is_the_mean_of_three_before_and_after() -> None:
    east, north = (1.0, 0.0), (0.0, 1.0)
    found = differences(np.array([east, east, east, north, north, north], np.float32))
    assert found == [0.105573, 0.552786, 1.0, 0.552786, 0.105573]  # cosines 2/√5, 1/√5, 0


def test_equal_neighbours_do_not_differ() -> None:
    assert differences(np.array([(1.0, 0.0)] * 4, np.float32)) == [0.0, 0.0, 0.0]
