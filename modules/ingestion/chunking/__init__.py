"""Cuts a text into chunks: each way is a chunker, known by name."""

from collections.abc import Mapping

from footnote.modules.ingestion.chunking.fixed import FixedChunker
from footnote.modules.ingestion.chunking.parent import ParentChunker
from footnote.modules.ingestion.chunking.semantic import SemanticChunker, SentenceEmbedder
from footnote.modules.ingestion.chunking.sentence import SentenceChunker
from footnote.modules.ingestion.chunking.structure import StructureChunker
from footnote.modules.ingestion.chunking.table import TableChunker
from footnote.modules.ingestion.offloaded import Chunker
from footnote.platform.inference import Tokenizer

__all__ = [
    "FixedChunker",
    "ParentChunker",
    "SemanticChunker",
    "SentenceChunker",
    "SentenceEmbedder",
    "StructureChunker",
    "TableChunker",
    "build_chunkers",
]


def build_chunkers(
    tokenizer: Tokenizer,
    embedder: SentenceEmbedder,
    *,
    max_tokens: int,
    overlap: float,
    child_tokens: int,
    parent_tokens: int,
    semantic_percentile: float,
) -> Mapping[str, Chunker]:
    return {
        "structure": StructureChunker(tokenizer, max_tokens=max_tokens, overlap=overlap),
        "fixed": FixedChunker(tokenizer, max_tokens=max_tokens, overlap=overlap),
        "sentence": SentenceChunker(tokenizer, max_tokens=max_tokens, window_tokens=parent_tokens),
        "semantic": SemanticChunker(tokenizer, embedder, max_tokens=max_tokens, percentile=semantic_percentile),
        "parent": ParentChunker(tokenizer, child_tokens=child_tokens, parent_tokens=parent_tokens),
        "table": TableChunker(tokenizer, max_tokens=max_tokens, overlap=overlap),
    }
