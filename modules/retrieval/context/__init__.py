"""Context building: what of the found passages a model is offered, and in which order."""

from footnote.modules.retrieval.context.builder import ContextBuilder
from footnote.modules.retrieval.context.models import Context, LeftOut, Packing
from footnote.modules.retrieval.context.tokens import estimated_tokens

__all__ = ["Context", "ContextBuilder", "LeftOut", "Packing", "estimated_tokens"]
