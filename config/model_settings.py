"""How settings name models, `provider:model`, and what of them cannot be together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta

from footnote.config.providers import LOCAL, PROVIDERS
from footnote.platform.inference.dimensions import dimension_of

if TYPE_CHECKING:
    from footnote.config.settings import Settings

OPENAI = "https://api.openai.com/v1"
OF_ALL = {"embedding_model", "reranker"}  # settings of models that no tenant's own key is used for

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
VerifierName = Annotated[
    str,
    Meta(
        pattern=r"^(local|model|onnx:\S.*)\Z",
        extra={"allowed": "local, model for the query model, or onnx:FOLDER of an entailment model"},
    ),
]
_CHAT = "|".join(PROVIDERS)
_ALLOWED = f"PROVIDER:NAME, the provider one of {', '.join(PROVIDERS)}"
ChatModelName = Annotated[
    str, Meta(pattern=rf"^(local:extractive|({_CHAT}):\S.*)\Z", extra={"allowed": f"local:extractive, or {_ALLOWED}"})
]
WritingModel = Annotated[str, Meta(pattern=rf"^(({_CHAT}):\S.*)?\Z", extra={"allowed": f"{_ALLOWED}; or empty"})]
ModelPrice = Annotated[
    str,
    Meta(
        pattern=r"^[a-z]+:\S.*=\d+(\.\d+)?(/\d+(\.\d+)?){1,3}\Z",
        extra={
            "allowed": "PROVIDER:NAME=INPUT/OUTPUT or INPUT/OUTPUT/CACHED/WRITTEN in US dollars for a million tokens: "
            "read, written, of those read the ones from the provider's cache and those put into it"
        },
    ),
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
    name = model.partition(":")[0]
    match name:
        case "voyage" | "cohere" if not getattr(settings, f"{name}_api_key"):
            return f"{name}_api_key"
        case "openai" if not settings.openai_api_key and settings.openai_base_url.reveal().rstrip("/") == OPENAI:
            return "openai_api_key"
        case "openai" | "transformers":
            return None
    provider = PROVIDERS.get(name)
    if provider is None:
        return None
    if provider.needs_url and not getattr(settings, f"{name}_base_url"):
        return f"{name}_base_url"
    return f"{name}_api_key" if provider.needs_key and not getattr(settings, f"{name}_api_key") else None


def chat_models_of(settings: Settings) -> list[str]:
    """All that the settings name, the default one first."""
    return list(dict.fromkeys((settings.chat_model, *settings.chat_models, *settings.chat_fallbacks, LOCAL)))


def contradictions(settings: Settings) -> list[str]:
    """A line each."""
    chosen = {
        "embedding_model": settings.embedding_model,
        "reranker": settings.reranker,
        "query_model": settings.query_model,
        "verifier": settings.verifier,
    }
    chosen |= {f"chat model {model}": model for model in chat_models_of(settings)}
    found = [
        f"{name}: {model} needs {missing}"
        for name, model in chosen.items()
        if (missing := missing_for(settings, model)) is not None
        and (name in OF_ALL or not _may_come_from_tenants(settings, missing))
    ]
    found += [
        f"{name}: there is no folder {model.partition(':')[2]}"
        for name, model in chosen.items()
        if model.startswith("onnx:") and not Path(model.partition(":")[2]).is_dir()
    ]
    if settings.reranker == "llm" and not settings.query_model:
        found.append("reranker: llm needs query_model")
    if settings.verifier == "model" and not settings.query_model:
        found.append("verifier: model needs query_model")
    return found + _wrong_dimension(settings) + _unpriced(settings)


def _may_come_from_tenants(settings: Settings, missing: str) -> bool:
    return bool(settings.encryption_keys) and missing.endswith("_api_key")


def _unpriced(settings: Settings) -> list[str]:
    """Models that a budget would refuse every time."""
    if settings.budget_allows_unpriced or not (settings.budget_tenant_usd or settings.budget_person_usd):
        return []
    from footnote.config.model_access import price_of

    names = [name for name in (*chat_models_of(settings), settings.query_model) if name and name != LOCAL]
    return [
        f"there is a budget, and nobody knows the price of {name}: name it in model_prices, or set "
        "budget_allows_unpriced"
        for name in dict.fromkeys(names)
        if price_of(settings, name) is None
    ]


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
