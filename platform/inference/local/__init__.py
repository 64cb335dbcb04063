"""all-MiniLM-L6-v2 on this machine: an embedder and its tokenizer, without torch and without a download."""

from footnote.platform.inference.local.embedder import LocalEmbedder
from footnote.platform.inference.local.errors import ModelNotBuilt, WeightsChanged, WeightsMissing
from footnote.platform.inference.local.sentences import LocalSentences
from footnote.platform.inference.local.tokenizer import LocalTokenizer
from footnote.platform.inference.local.weights import Precision

__all__ = [
    "LocalEmbedder",
    "LocalSentences",
    "LocalTokenizer",
    "ModelNotBuilt",
    "Precision",
    "WeightsChanged",
    "WeightsMissing",
]
