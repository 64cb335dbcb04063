"""`local:extractive`: answers with sentences of the passages themselves. Needs an embedder, and nothing else."""

from footnote.platform.inference.extractive.model import ExtractiveModel, quoted
from footnote.platform.inference.extractive.ranking import SentenceRanker
from footnote.platform.inference.extractive.signals import Signals, signals

__all__ = ["ExtractiveModel", "SentenceRanker", "Signals", "quoted", "signals"]
