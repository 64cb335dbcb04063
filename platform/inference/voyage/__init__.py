"""Voyage AI: embeddings and reranking, through its own client, which takes a second and more to import."""

from footnote.platform.inference.voyage.embedding import VoyageEmbedding
from footnote.platform.inference.voyage.reranking import VoyageReranking

__all__ = ["VoyageEmbedding", "VoyageReranking"]
