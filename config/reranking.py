"""Composes what looks at passages again, and what writes other wordings of a question."""

from pathlib import Path
from typing import Protocol

from footnote.config.model_access import endpoint_of, hurry_of, price_of
from footnote.config.settings import Settings
from footnote.platform.inference import Reranker, TextModel
from footnote.platform.inference.calls.reranking import RemoteReranker, RerankingService

WRITING_SECONDS = 30.0  # for one short text; whoever waits may give up sooner


class OpenReranker(Reranker, Protocol):
    async def close(self) -> None: ...


class OpenTextModel(TextModel, Protocol):
    async def close(self) -> None: ...


def build_reranker(settings: Settings, writer: TextModel | None) -> OpenReranker | None:
    """The one that the settings name, if any; `writer` is the query model.

    Raises:
        Unavailable: There is no key for it, or its files are not what they should be.
    """
    provider, _, model = settings.reranker.partition(":")
    match provider:
        case "":
            return None
        case "llm":
            from footnote.platform.inference.listwise import ListwiseReranker

            return ListwiseReranker(writer) if writer else None
        case "onnx":
            from footnote.platform.inference.onnx_folder import ModelFolder, OnnxReranker

            return OnnxReranker(ModelFolder(Path(model)), threads=settings.embedding_threads or None)
        case _:
            return RemoteReranker(
                _service(settings),
                price=price_of(settings, settings.reranker),
                patience=hurry_of(settings, settings.rerank_deadline_seconds),
                concurrency=settings.model_concurrency,
            )


def build_writer(settings: Settings) -> OpenTextModel | None:
    """The query model, if the settings name one.

    Raises:
        Unavailable: There is no key for it.
    """
    model = settings.query_model
    if not model:
        return None
    from footnote.platform.inference.openai_models import OpenAIText

    return OpenAIText(
        endpoint_of(settings, model),
        is_compatible=model.startswith("compatible:"),
        price=price_of(settings, model),
        patience=hurry_of(settings, WRITING_SECONDS),
        concurrency=settings.model_concurrency,
    )


def _service(settings: Settings) -> RerankingService:
    endpoint, timeout = endpoint_of(settings, settings.reranker), settings.rerank_deadline_seconds
    if settings.reranker.startswith("cohere:"):
        from footnote.platform.inference.cohere import CohereReranking

        return CohereReranking(endpoint, timeout=timeout)
    from footnote.platform.inference.voyage import VoyageReranking

    return VoyageReranking(endpoint, timeout=timeout)
