"""OpenAI, or any server that answers as it does: embeddings, and short texts; and OpenAI's chat models.

Its client is slow to import.
"""

from footnote.platform.inference.openai_models.chat import OpenAIChat
from footnote.platform.inference.openai_models.embedding import OpenAIEmbedding
from footnote.platform.inference.openai_models.text import OpenAIText

__all__ = ["OpenAIChat", "OpenAIEmbedding", "OpenAIText"]
