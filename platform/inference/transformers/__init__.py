"""Chat models of Hugging Face on this machine, through the extra `transformers`, which is imported with the first."""

from footnote.platform.inference.transformers.chat import TransformersChat
from footnote.platform.inference.transformers.errors import ModelNotLoaded, TransformersMissing

__all__ = ["ModelNotLoaded", "TransformersChat", "TransformersMissing"]
