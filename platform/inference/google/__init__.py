"""Google's Gemini API: embeddings and chat models, through its own client, which takes about a second to import."""

from footnote.platform.inference.google.chat import GoogleChat
from footnote.platform.inference.google.embedding import GoogleEmbedding

__all__ = ["GoogleChat", "GoogleEmbedding"]
