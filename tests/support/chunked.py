"""Texts to cut, and what holds of their chunks whoever cuts them."""

from collections.abc import Sequence

import numpy as np

from footnote.modules.ingestion.chunking import build_chunkers
from footnote.modules.ingestion.models import Block, BlockKind, Extraction, Heading, Layout, Table
from footnote.modules.ingestion.offloaded import Chunker
from footnote.modules.retrieval import Chunk
from footnote.platform.inference import Embeddings
from footnote.platform.inference.local.tokenizer import LocalTokenizer

TOKENIZER = LocalTokenizer()
SENTENCE = "The committee met again on Tuesday and heard what the auditors had found."  # 14 tokens
ROWS = ("table_header", "table_row")

Piece = tuple[BlockKind, str]  # a heading has as many # before it as its level


class LetterSentences:
    """An embedding counts the letters a to h."""

    name = "test:letters"

    def embed(self, texts: Sequence[str]) -> Embeddings:
        counts = np.array([[text.count(letter) + 1e-3 for letter in "abcdefgh"] for text in texts], np.float32)
        embeddings: Embeddings = counts / np.linalg.norm(counts, axis=1, keepdims=True)
        return embeddings


def chunkers(max_tokens: int = 256, overlap: float = 0.15, parents: int | None = None) -> dict[str, Chunker]:
    made = build_chunkers(
        TOKENIZER,
        LetterSentences(),
        max_tokens=max_tokens,
        overlap=overlap,
        child_tokens=min(max_tokens, 128),
        parent_tokens=parents or 3 * max_tokens,
        semantic_percentile=90.0,
    )
    return dict(made)


def sentences(count: int) -> str:
    return " ".join(f"{SENTENCE[:-1]} in session {number}." for number in range(count))


def composed(pieces: Sequence[Piece], sheet: str | None = None) -> Extraction:
    """Blocks a blank line apart, rows of one table on neighbouring lines; with `sheet`, a table of all.

    A row that begins with a newline begins another table.
    """
    text, blocks, headings, last = "", list[Block](), list[Heading](), ""
    for kind, words in pieces:
        level = len(words) - len(words.lstrip("#")) if kind == "heading" else 0
        is_near = kind in ROWS and last in ROWS and not words.startswith("\n")
        gap = "" if not text else "\n" if is_near else "\n\n"
        start = len(text) + len(gap)
        text += gap + words[level:].strip()
        blocks.append(Block(start, len(text), kind))
        if level:
            headings.append(Heading(start, len(text), level))
        last = kind
    tables = (Table(0, len(text), (), sheet),) if sheet else ()
    layout = Layout(blocks=tuple(blocks), headings=tuple(headings), tables=tables)
    return Extraction(text=text, layout=layout, media_type="text/plain")


def markdown(*parts: str) -> Extraction:
    return composed([("heading" if part.startswith("#") else "paragraph", part) for part in parts])


def table(rows: int) -> list[Piece]:
    return [
        ("table_header", "| Region | Revenue | Profit |"),
        *[("table_row", f"| Region {row} | {1000 + row} | {row} |") for row in range(rows)],
    ]


def found(chunks: Sequence[Chunk]) -> list[Chunk]:
    return [chunk for chunk in chunks if chunk.kind != "parent"]


def assert_sound(extraction: Extraction, chunks: Sequence[Chunk], title: str, limit: int, parents: int = 0) -> None:
    """Spans of the text in order, none twice, within their limits, and together all of it but furniture and blanks."""
    children = found(chunks)
    covered = {index for chunk in children for index in range(chunk.start, chunk.end)}
    furniture = _furniture(extraction)
    letters = {index for index, letter in enumerate(extraction.text) if not letter.isspace()}
    assert covered & letters == letters - furniture
    assert [(chunk.start, chunk.end) for chunk in children] == sorted({(chunk.start, chunk.end) for chunk in children})
    for chunk in chunks:
        assert chunk.text == extraction.text[chunk.start : chunk.end] == chunk.text.strip() != ""
        assert chunk.tokens == TOKENIZER.count([chunk.embedded_text(title)])[0] + 2
        assert chunk.tokens <= (parents if chunk.kind == "parent" else limit)
        assert furniture.isdisjoint(range(chunk.start, chunk.end))
    assert_families(chunks)


def assert_families(chunks: Sequence[Chunk]) -> None:
    """Every parent comes once, before its children, which stand in it."""
    parents: set[tuple[int, int]] = set()
    for chunk in chunks:
        if chunk.kind == "parent":
            assert (chunk.start, chunk.end) not in parents
            parents.add((chunk.start, chunk.end))
        elif chunk.parent:
            assert chunk.parent in parents
            assert chunk.parent[0] <= chunk.start < chunk.end <= chunk.parent[1]
    assert parents == {chunk.parent for chunk in chunks if chunk.parent}


def _furniture(extraction: Extraction) -> set[int]:
    blocks = [block for block in extraction.layout.blocks if block.kind == "furniture"]
    return {index for block in blocks for index in range(block.start, block.end)}
