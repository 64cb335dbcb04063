"""Composes what decides whether passages say a sentence."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from footnote.config.settings import Settings
from footnote.modules.generation.grounding import Verifier, entailing, judging, weights
from footnote.modules.generation.grounding.entailing import EntailmentVerifier
from footnote.modules.generation.grounding.judging import ModelVerifier
from footnote.modules.generation.grounding.likeness import WordLikeness
from footnote.modules.generation.grounding.local import LocalVerifier
from footnote.platform.inference import TextModel
from footnote.platform.inference.local import LocalEmbedder, LocalTokenizer

THRESHOLDS = {"local": weights.THRESHOLD, "model": judging.THRESHOLD, "onnx": entailing.THRESHOLD}


def threshold_of(settings: Settings) -> float:
    """The probability from which on the verifier that the settings name may call a claim supported."""
    return THRESHOLDS[settings.verifier.partition(":")[0]]


@asynccontextmanager
async def open_verifier(settings: Settings, local: LocalEmbedder, writer: TextModel | None) -> AsyncIterator[Verifier]:
    """The one that the settings name; `writer` is the query model.

    Raises:
        Unavailable: The files of a folder are not what they should be.
    """
    rules = LocalVerifier(WordLikeness(local, LocalTokenizer()))
    provider, _, folder = settings.verifier.partition(":")
    if provider == "onnx":
        from footnote.platform.inference.onnx_folder import ModelFolder, OnnxEntailment

        entailment = OnnxEntailment(ModelFolder(Path(folder)), threads=settings.embedding_threads or None)
        try:
            yield EntailmentVerifier(entailment, rules)
        finally:
            await entailment.close()
    elif provider == "model" and writer:
        yield ModelVerifier(writer, rules)
    else:
        yield rules
