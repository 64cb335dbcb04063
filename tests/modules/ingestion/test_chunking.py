"""Chunks follow the structure, stay within the model's limit and lose nothing."""

from itertools import pairwise
from pathlib import Path

import msgspec
from support.chunked import TOKENIZER, assert_sound, composed, markdown, sentences, table
from support.reading import read_file

from footnote.modules.ingestion.chunking import StructureChunker
from footnote.modules.ingestion.extraction.kinds import PDF
from footnote.modules.ingestion.models import Outer

CHUNKER = StructureChunker(TOKENIZER)


def test_a_short_text_is_one_chunk() -> None:
    (chunk,) = CHUNKER.chunk(markdown("# Rules", "Be kind."), "Handbook")
    assert chunk.text == "Rules\n\nBe kind."
    assert chunk.heading_path == ("Rules",)
    assert chunk.embedded_text("Handbook") == "Handbook\nRules\nRules\n\nBe kind."


def test_a_later_part_stands_under_the_headings_of_those_before() -> None:
    part = markdown("Be kind.", "## Last", sentences(30))
    outer = (Outer("Rules", 1), Outer("First", 2))
    within = msgspec.structs.replace(part, layout=msgspec.structs.replace(part.layout, outer=outer))
    first, *_, last = CHUNKER.chunk(within, "Handbook")
    assert (first.heading_path, last.heading_path) == (("Rules", "First"), ("Rules", "Last"))


def test_small_neighbouring_sections_share_a_chunk() -> None:
    (chunk,) = CHUNKER.chunk(markdown("# A", "First.", "# B", "Second."), "T")
    assert chunk.heading_path == ("A",)


def test_headings_without_words_go_with_what_follows() -> None:
    first, *_ = CHUNKER.chunk(markdown("# Part", "## Chapter", sentences(30)), "T")
    assert first.heading_path == ("Part", "Chapter")
    assert first.text.startswith("Part\n\nChapter\n\n")


def test_a_large_section_begins_its_own_chunk() -> None:
    chunks = CHUNKER.chunk(markdown("# A", sentences(10), "# B", sentences(10)), "T")
    assert [chunk.heading_path for chunk in chunks] == [("A",), ("B",)]
    assert [chunk.text.split()[0] for chunk in chunks] == ["A", "B"]


def test_neighbours_in_a_section_share_whole_sentences() -> None:
    chunks = CHUNKER.chunk(markdown("# A", sentences(60)), "T")
    for left, right in pairwise(chunks):
        shared = left.text[right.start - left.start :]
        assert shared.startswith("The committee")
        assert shared.endswith(".")
        assert 0.05 < len(shared) / len(left.text) < 0.25


def test_nothing_is_repeated_across_headings() -> None:
    chunks = CHUNKER.chunk(markdown("# A", sentences(10), "# B", sentences(10)), "T")
    assert all(left.end <= right.start for left, right in pairwise(chunks))


def test_paragraphs_stay_whole_when_they_fit() -> None:
    paragraphs = [sentences(7) for _ in range(9)]
    chunks = CHUNKER.chunk(markdown("# A", *paragraphs), "T")
    assert all(chunk.end in {paragraph_end(index, paragraphs) for index in range(9)} for chunk in chunks)


def paragraph_end(index: int, paragraphs: list[str]) -> int:
    return len("A") + sum(2 + len(paragraph) for paragraph in paragraphs[: index + 1])


def test_no_chunk_is_a_tiny_rest() -> None:
    for count in range(14, 40):
        chunks = CHUNKER.chunk(markdown("# A", sentences(count)), "T")
        assert min(chunk.tokens for chunk in chunks) > 80


def test_table_rows_stay_whole() -> None:
    chunks = CHUNKER.chunk(composed(table(200)), "T")
    assert all(line.count("|") == 4 for chunk in chunks for line in chunk.text.splitlines())


def test_rows_are_not_repeated() -> None:
    chunks = CHUNKER.chunk(composed(table(200)), "T")
    assert all(left.end < right.start for left, right in pairwise(chunks))


def test_a_header_of_many_words_cuts_no_row() -> None:
    header = ("table_header", f"| {sentences(8)} | Revenue | Profit |")
    chunks = CHUNKER.chunk(composed([header, *table(200)[1:]]), "T")
    assert all(line.count("|") == 4 for chunk in chunks for line in chunk.text.splitlines())
    assert all(chunk.tokens > 245 for chunk in chunks[:-2])


def test_pieces_of_a_row_fill_what_its_header_leaves() -> None:
    header = ("table_header", f"| {sentences(4)} |")
    chunks = CHUNKER.chunk(composed([header, ("table_row", f"| {sentences(60)} |")]), "T")
    assert all(chunk.tokens > 245 for chunk in chunks[1:-1])


def test_a_row_that_is_too_long_says_in_every_piece_what_heads_it() -> None:
    extraction = composed([("table_header", "| Notes |"), ("table_row", f"| {sentences(40)} |")])
    first, *others = CHUNKER.chunk(extraction, "T")
    assert first.text.startswith("| Notes |")
    assert {chunk.context for chunk in others} == {"Notes"}


def test_what_heads_a_table_may_be_several_rows() -> None:
    extraction = composed([("table_header", "| 2023 |"), *table(100)])
    last = CHUNKER.chunk(extraction, "T")[-1]
    assert last.context == "2023\nRegion | Revenue | Profit"


def test_each_table_has_its_own_header() -> None:
    extraction = composed([*table(60), ("paragraph", "Then."), ("table_header", "| Other |"), *table(60)[1:]])
    contexts = [chunk.context for chunk in CHUNKER.chunk(extraction, "T") if chunk.context]
    assert set(contexts) == {"Region | Revenue | Profit", "Other"}


def test_rows_after_a_blank_line_are_another_table() -> None:
    extraction = composed([*table(2), ("table_row", f"\n| {sentences(20)} |")])
    assert CHUNKER.chunk(extraction, "T")[-1].context == ""


def test_a_long_header_is_shortened_in_the_context() -> None:
    extraction = composed(
        [("table_header", "| " + " | ".join(f"Column {number}" for number in range(200)) + " |"), *table(60)[1:]]
    )
    chunks = CHUNKER.chunk(extraction, "T")
    assert chunks[-1].context.count("Column") < 60
    assert_sound(extraction, chunks, "T", 256)


def test_a_cell_that_spans_columns_is_said_once_in_the_context() -> None:
    top = [("table_header", "|  | 2023 | 2023 | 2022 |"), ("table_header", "|  | May | June | May |")]
    last = CHUNKER.chunk(composed([*top, *table(60)[1:]]), "T")[-1]
    assert last.context == "2023 | 2022\nMay | June"


def test_the_sheet_of_a_table_is_said_unless_it_is_the_heading() -> None:
    plain = CHUNKER.chunk(composed(table(60), sheet="Sums"), "T")
    assert plain[0].context == "Sums"
    assert plain[-1].context == "Sums\nRegion | Revenue | Profit"
    headed = CHUNKER.chunk(composed([("heading", "#Sums"), *table(60)], sheet="Sums"), "T")
    assert headed[-1].context == "Region | Revenue | Profit"


def test_no_chunk_reaches_across_furniture() -> None:
    pieces = [("paragraph", "One."), ("furniture", "Page 7"), ("paragraph", "Two.")]
    assert [chunk.text for chunk in CHUNKER.chunk(composed(pieces), "T")] == ["One.", "Two."]


def test_context_is_embedded_and_not_quoted() -> None:
    chunk = CHUNKER.chunk(composed([("heading", "#Sums"), *table(60)]), "T")[-1]
    assert chunk.embedded_text("T").startswith("T\nSums\nRegion | Revenue | Profit\n| Region")
    assert "Revenue" not in chunk.text


def test_long_headings_leave_room_for_the_text() -> None:
    extraction = markdown("# " + "outer " * 150, "## " + "inner " * 50, sentences(40))
    chunks = CHUNKER.chunk(extraction, "T")
    assert chunks[-1].heading_path == (("inner " * 50).strip(),)
    assert_sound(extraction, chunks, "T", 256)


def test_the_same_text_gives_the_same_chunks() -> None:
    extraction = markdown("# A", sentences(50), "# B", sentences(3))
    assert CHUNKER.chunk(extraction, "T") == CHUNKER.chunk(extraction, "T")


def test_the_signature_tells_the_settings() -> None:
    assert StructureChunker(TOKENIZER, max_tokens=128, overlap=0.2).signature.endswith("/128/0.2")


def test_a_real_report_is_cut_soundly(shared_data: Path) -> None:
    extraction = read_file(shared_data / "retrieval/sec10q/files/2023 Q3 NVDA.pdf", PDF)
    chunks = CHUNKER.chunk(extraction, "2023 Q3 NVDA")
    assert_sound(extraction, chunks, "2023 Q3 NVDA", 256)
    assert all(chunk.pages and chunk.boxes for chunk in chunks)
