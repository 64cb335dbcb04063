"""How settings name models, `provider:model`, and what of them cannot be together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta

from footnote.platform.inference.dimensions import dimension_of

if TYPE_CHECKING:
    from footnote.config.settings import Settings

OPENAI = "https://api.openai.com/v1"

EmbeddingModel = Annotated[
    str,
    Meta(
        pattern=r"^(local:all-MiniLM-L6-v2|(voyage|openai|google|compatible|onnx):\S.*)\Z",
        extra={
            "allowed": "local:all-MiniLM-L6-v2, voyage:NAME, openai:NAME, google:NAME, compatible:NAME or onnx:FOLDER"
        },
    ),
]
RerankingModel = Annotated[
    str,
    Meta(
        pattern=r"^((voyage|cohere|onnx):\S.*|llm)?\Z",
        extra={"allowed": "voyage:NAME, cohere:NAME, onnx:FOLDER, llm for the query model, or empty"},
    ),
]
WritingModel = Annotated[
    str,
    Meta(pattern=r"^((openai|compatible):\S.*)?\Z", extra={"allowed": "openai:NAME, compatible:NAME, or empty"}),
]
TranscriptionModel = Annotated[
    str,
    Meta(
        pattern=r"^((local|openai):\S.*)?\Z",
        extra={"allowed": "local:NAME or local:FILE of Whisper's, openai:NAME, or empty"},
    ),
]
EmbeddingForm = Literal["float", "int8"]


def missing_for(settings: Settings, model: str) -> str | None:
    """The setting without which the model `provider:model` cannot be called."""
    match model.partition(":")[0]:
        case "voyage" if not settings.voyage_api_key:
            return "voyage_api_key"
        case "google" if not settings.google_api_key:
            return "google_api_key"
        case "cohere" if not settings.cohere_api_key:
            return "cohere_api_key"
        case "openai" if not settings.openai_api_key and settings.openai_base_url.reveal().rstrip("/") == OPENAI:
            return "openai_api_key"
        case "compatible" if not settings.compatible_base_url:
            return "compatible_base_url"
        case _:
            return None


def contradictions(settings: Settings) -> list[str]:
    """A line each."""
    chosen = {
        "embedding_model": settings.embedding_model,
        "reranker": settings.reranker,
        "query_model": settings.query_model,
    }
    found = [
        f"{name}: {model} needs {missing}"
        for name, model in chosen.items()
        if (missing := missing_for(settings, model)) is not None
    ]
    found += [
        f"{name}: there is no folder {model.partition(':')[2]}"
        for name, model in chosen.items()
        if model.startswith("onnx:") and not Path(model.partition(":")[2]).is_dir()
    ]
    if settings.reranker == "llm" and not settings.query_model:
        found.append("reranker: llm needs query_model")
    return found + _wrong_dimension(settings)


def _wrong_dimension(settings: Settings) -> list[str]:
    model, asked = settings.embedding_model, settings.embedding_dimension
    if model.startswith("onnx:") or (model.startswith("local:") and not asked):
        return []  # the files tell
    try:
        dimension = dimension_of(model, asked)
    except ValueError as error:
        return [f"embedding_dimension: {error}"]
    if dimension is None:
        return [f"embedding_dimension: nobody knows that of {model}; say how many numbers it gives"]
    return []
