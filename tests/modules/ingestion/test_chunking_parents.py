"""Small chunks to find and large ones to read: by parents, and by windows around sentences."""

from support.chunked import SENTENCE, TOKENIZER, assert_sound, composed, found, markdown, sentences, table

from footnote.modules.ingestion.chunking import ParentChunker, SentenceChunker
from footnote.modules.ingestion.models import Extraction
from footnote.modules.retrieval import Chunk

PARENTS = ParentChunker(TOKENIZER, child_tokens=64, parent_tokens=400)
WINDOWS = SentenceChunker(TOKENIZER)
OTHER = "A second committee then looked into the accounts of the year before."


def read_as(extraction: Extraction, chunk: Chunk) -> str:
    return extraction.text[slice(*chunk.parent)] if chunk.parent else chunk.text


def test_children_are_small_and_parents_large() -> None:
    chunks = PARENTS.chunk(markdown(sentences(100)), "T")
    assert all(chunk.tokens <= 64 for chunk in found(chunks))
    assert all(200 < chunk.tokens <= 400 for chunk in chunks if chunk.kind == "parent")
    assert all(chunk.parent for chunk in found(chunks))


def test_a_section_that_fits_is_one_parent() -> None:
    extraction = markdown("# A", sentences(16), "# B", sentences(16))
    parents = [chunk for chunk in PARENTS.chunk(extraction, "T") if chunk.kind == "parent"]
    assert [parent.heading_path for parent in parents] == [("A",), ("B",)]


def test_children_are_filed_under_their_own_headings() -> None:
    chunks = PARENTS.chunk(markdown("# A", sentences(3), "# B", sentences(3)), "T")
    assert [(chunk.kind, chunk.heading_path) for chunk in chunks] == [
        ("parent", ("A",)), ("child", ("A",)), ("child", ("B",)),
    ]  # fmt: skip


def test_a_text_as_small_as_a_child_has_no_parent() -> None:
    [chunk] = PARENTS.chunk(markdown(SENTENCE), "T")
    assert (chunk.kind, chunk.parent) == ("child", None)


def test_children_of_a_table_say_what_heads_it_and_keep_rows_whole() -> None:
    chunks = found(PARENTS.chunk(composed(table(60)), "T"))
    assert {chunk.context for chunk in chunks[1:]} == {"Region | Revenue | Profit"}
    assert all(line.count("|") == 4 for chunk in chunks for line in chunk.text.splitlines())


def test_parents_are_never_smaller_than_children() -> None:
    assert ParentChunker(TOKENIZER, child_tokens=256, parent_tokens=100).signature.endswith("/256/256")


def test_every_sentence_is_found_alone_and_read_with_its_neighbours() -> None:
    extraction = markdown(sentences(40))
    children = found(WINDOWS.chunk(extraction, "T"))
    assert [chunk.text for chunk in children] == [f"{SENTENCE[:-1]} in session {number}." for number in range(40)]
    for number, chunk in enumerate(children[2:-2], start=2):
        assert f"session {number - 2}." in read_as(extraction, chunk)
        assert f"session {number + 2}." in read_as(extraction, chunk)


def test_some_sentences_share_a_window() -> None:
    chunks = WINDOWS.chunk(markdown(sentences(40)), "T")
    windows = [chunk for chunk in chunks if chunk.kind == "parent"]
    assert len(windows) == 10
    assert sum(len(window.text) for window in windows) < 2.1 * len(sentences(40))


def test_windows_do_not_reach_into_another_section() -> None:
    extraction = markdown("# A", sentences(6), "# B", sentences(6))
    windows = [read_as(extraction, chunk) for chunk in found(WINDOWS.chunk(extraction, "T"))]
    assert {window.partition("\n")[0] for window in windows} == {"A", "B"}


def test_a_heading_goes_with_the_sentence_after_it() -> None:
    chunks = found(WINDOWS.chunk(markdown("# A", "## B", f"{SENTENCE} {OTHER}"), "T"))
    assert [chunk.text.replace("\n\n", " / ") for chunk in chunks] == [f"A / B / {SENTENCE}", OTHER]


def test_a_few_words_are_no_sentence() -> None:
    chunks = found(WINDOWS.chunk(markdown(f"{OTHER} Well then. {SENTENCE}"), "T"))
    assert [chunk.text for chunk in chunks] == [OTHER, f"Well then. {SENTENCE}"]


def test_rows_are_found_alone_and_read_with_those_around_them() -> None:
    extraction = composed(table(30))
    row = next(chunk for chunk in WINDOWS.chunk(extraction, "T") if chunk.text.startswith("| Region 12 "))
    assert row.context == "Region | Revenue | Profit"
    assert "| Region 10 |" in read_as(extraction, row)
    assert "| Region 14 |" in read_as(extraction, row)


def test_windows_stay_within_their_tokens() -> None:
    extraction = markdown(sentences(40))
    chunks = SentenceChunker(TOKENIZER, max_tokens=32, window_tokens=60).chunk(extraction, "T")
    assert_sound(extraction, chunks, "T", 32, 60)
    assert all(chunk.parent for chunk in found(chunks))
