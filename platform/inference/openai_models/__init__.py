"""Embeddings of OpenAI or of any server that answers as it does, and OpenAI's chat models.

Its client is slow to import.
"""

from footnote.platform.inference.openai_models.chat import OpenAIChat
from footnote.platform.inference.openai_models.embedding import OpenAIEmbedding

__all__ = ["OpenAIChat", "OpenAIEmbedding"]
