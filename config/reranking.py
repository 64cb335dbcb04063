"""Composes what looks at passages again."""

from functools import partial
from pathlib import Path

from footnote.config.model_access import endpoint_of, guard_of, hurry_of, price_of
from footnote.config.settings import Settings
from footnote.platform.inference import TextModel
from footnote.platform.inference.calls.reranking import RemoteReranker, RerankingService
from footnote.platform.inference.gateway.guard import GuardedReranker, OpenReranker


def build_reranker(settings: Settings, writer: TextModel | None) -> OpenReranker | None:
    """The one that the settings name, if any; `writer` is the query model.

    Raises:
        Unavailable: There is no key for it, or its files are not what they should be.
    """
    provider, _, model = settings.reranker.partition(":")
    guard = partial(guard_of, settings, settings.reranker, seconds=settings.rerank_deadline_seconds)
    match provider:
        case "":
            return None
        case "llm":
            from footnote.platform.inference.listwise import ListwiseReranker

            return GuardedReranker(ListwiseReranker(writer), guard(only_time=True)) if writer else None
        case "onnx":
            from footnote.platform.inference.onnx_folder import ModelFolder, OnnxReranker

            return OnnxReranker(ModelFolder(Path(model)), threads=settings.embedding_threads or None)
        case _:
            reranker = RemoteReranker(
                _service(settings),
                price=price_of(settings, settings.reranker),
                patience=hurry_of(settings, settings.rerank_deadline_seconds),
                concurrency=settings.model_concurrency,
            )
            return GuardedReranker(reranker, guard())


def _service(settings: Settings) -> RerankingService:
    endpoint, timeout = endpoint_of(settings, settings.reranker), settings.rerank_deadline_seconds
    if settings.reranker.startswith("cohere:"):
        from footnote.platform.inference.cohere import CohereReranking

        return CohereReranking(endpoint, timeout=timeout)
    from footnote.platform.inference.voyage import VoyageReranking

    return VoyageReranking(endpoint, timeout=timeout)
