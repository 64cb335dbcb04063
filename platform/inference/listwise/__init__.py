"""Reranking by any model that writes text: it is shown the passages together, and answers with their order."""

from footnote.platform.inference.listwise.reranker import ListwiseReranker

__all__ = ["ListwiseReranker"]
