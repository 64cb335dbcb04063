"""Chunks follow the structure, stay within the model's limit and lose nothing."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footnote.modules.ingestion.chunking import StructureChunker
from footnote.modules.ingestion.extraction import extract
from footnote.modules.ingestion.extraction.composer import Composer
from footnote.modules.ingestion.extraction.sniff import MARKDOWN, PDF
from footnote.modules.ingestion.models import Extraction
from footnote.modules.retrieval import Chunk
from footnote.platform.inference.local.tokenizer import LocalTokenizer

TOKENIZER = LocalTokenizer()
CHUNKER = StructureChunker(TOKENIZER)
SENTENCE = "The committee met again on Tuesday and heard what the auditors had found."  # 14 tokens


def markdown(*parts: str) -> Extraction:
    composer = Composer()
    for part in parts:
        marks = len(part) - len(part.lstrip("#"))
        if marks:
            composer.heading(part.lstrip("# "), marks)
        else:
            composer.block(part)
    return composer.build(MARKDOWN)


def sentences(count: int) -> str:
    return " ".join(f"{SENTENCE[:-1]} in session {number}." for number in range(count))


def assert_sound(extraction: Extraction, chunks: list[Chunk], title: str, limit: int) -> None:
    covered: set[int] = set()
    for chunk in chunks:
        assert chunk.text == extraction.text[chunk.start : chunk.end]
        assert chunk.tokens == TOKENIZER.count([chunk.embedded_text(title)])[0] + 2
        assert chunk.tokens <= limit
        covered.update(range(chunk.start, chunk.end))
    assert all(index in covered or letter.isspace() for index, letter in enumerate(extraction.text))


def test_a_short_text_is_one_chunk() -> None:
    (chunk,) = CHUNKER.chunk(markdown("# Rules", "Be kind."), "Handbook")
    assert chunk.text == "Rules\n\nBe kind."
    assert chunk.heading_path == ("Rules",)
    assert chunk.embedded_text("Handbook") == "Handbook\nRules\nRules\n\nBe kind."


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
    composer = Composer()
    for number in range(200):
        composer.row([f"Row {number}", "1,234", "5,678"])
    chunks = CHUNKER.chunk(composer.build(MARKDOWN), "T")
    assert all(line.count("|") == 2 for chunk in chunks for line in chunk.text.splitlines())


@pytest.mark.parametrize("text", ["word " * 2000, "語" * 2000, "x" * 5000, "." * 3000, "각" * 900])
def test_text_without_sentences_is_bounded(text: str) -> None:
    extraction = markdown(text)
    assert_sound(extraction, CHUNKER.chunk(extraction, "T"), "T", 256)


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


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(alphabet="ab cdé. 語각#1,\n", min_size=1, max_size=80), min_size=1, max_size=12),
    st.sampled_from([24, 40, 256]),
    st.sampled_from([0.0, 0.15, 0.5]),
)
def test_any_text_is_covered_within_the_limit(parts: list[str], limit: int, overlap: float) -> None:
    extraction = markdown(*parts)
    chunks = StructureChunker(TOKENIZER, max_tokens=limit, overlap=overlap).chunk(extraction, "T")
    assert_sound(extraction, chunks, "T", limit)


def test_a_real_report_is_cut_soundly(shared_data: Path) -> None:
    extraction = extract(shared_data / "retrieval/sec10q/files/2023 Q3 NVDA.pdf", PDF)
    chunks = CHUNKER.chunk(extraction, "2023 Q3 NVDA")
    assert_sound(extraction, chunks, "2023 Q3 NVDA", 256)
    assert all(chunk.pages and len(chunk.boxes) <= chunk.text.count("\n") + 1 for chunk in chunks)
