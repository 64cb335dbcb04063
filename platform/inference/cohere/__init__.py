"""Cohere: reranking, over its HTTP API."""

from footnote.platform.inference.cohere.reranking import CohereReranking

__all__ = ["CohereReranking"]
