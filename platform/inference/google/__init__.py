"""Google's Gemini API: embeddings, through its own client, which takes about a second to import."""

from footnote.platform.inference.google.embedding import GoogleEmbedding

__all__ = ["GoogleEmbedding"]
