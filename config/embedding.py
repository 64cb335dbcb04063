"""Composes what embeds: the model that the settings name, and those that older embeddings of the store are of."""

import re
from collections.abc import Container, Iterable, Sequence
from pathlib import Path
from typing import Protocol, get_args

import msgspec

from footnote.config.model_access import endpoint_of, guard_of, hurry_of, patience_of, price_of
from footnote.config.model_settings import missing_for
from footnote.config.settings import Settings
from footnote.modules.retrieval.repository.spaces import Space
from footnote.platform.inference import Embedder
from footnote.platform.inference.calls.embedding import EmbeddingService, RemoteEmbedder
from footnote.platform.inference.dimensions import dimension_of
from footnote.platform.inference.gateway.guard import GuardedEmbedder
from footnote.platform.inference.local import LocalEmbedder, Precision

# As the adapters name themselves; a model's own name may have slashes in it.
LOCAL = re.compile(rf"(?P<model>local:all-MiniLM-L6-v2)/(?P<precision>{'|'.join(get_args(Precision))})")
REMOTE = re.compile(r"(?P<model>(?:voyage|openai|google|compatible):.+)/(?P<dimension>[1-9]\d*)(?P<int8>/int8)?")

QUESTION_SECONDS = 5.0  # then a question is searched by its words alone


class OpenEmbedder(Embedder, Protocol):
    async def warm(self) -> None:
        """Load what has to be loaded.

        Raises:
            Unavailable: The next call tries again.
        """
        ...

    async def close(self) -> None: ...


def build_embedder(settings: Settings, models: Path) -> OpenEmbedder:
    """The one that the settings name; `models` is the folder of models built here.

    Raises:
        Unavailable: There is no key for it, or its files are not what they should be.
    """
    provider, _, model = settings.embedding_model.partition(":")
    match provider:
        case "local":
            return local_embedder(settings, models)
        case "onnx":
            return _in_folder(settings, Path(model))
        case _:
            return _remote(settings)


def local_embedder(settings: Settings, models: Path) -> LocalEmbedder:
    return LocalEmbedder(models, precision=settings.embedding_precision, threads=settings.embedding_threads or None)


class OtherModels(Container[str]):
    """The names of models beside `own` that can be opened with these settings."""

    def __init__(self, settings: Settings, own: str) -> None:
        self._settings = settings
        self._own = own

    def __contains__(self, name: object) -> bool:
        return name != self._own and isinstance(name, str) and named(self._settings, name) is not None


def embedders_of(spaces: Sequence[Space], settings: Settings, models: Path, own: Embedder) -> dict[str, OpenEmbedder]:
    """By name, those of the spaces that are of another model than `own` and can be opened here."""
    others = {space.name: named(settings, space.name) for space in spaces if space.name != own.name}
    return {name: build_embedder(other, models) for name, other in others.items() if other is not None}


def for_questions(settings: Settings, embedders: Iterable[Embedder]) -> dict[str, Embedder]:
    """By name, as searches use them; those of this machine as they are."""
    return {
        each.name: GuardedEmbedder(each, guard_of(settings, each.name, seconds=QUESTION_SECONDS))
        if isinstance(each, RemoteEmbedder)
        else each
        for each in embedders
    }


def named(settings: Settings, name: str) -> Settings | None:
    """The settings that give the embedder of that name, if there is what it needs; a folder's name tells no path."""
    if match := LOCAL.fullmatch(name):
        return msgspec.structs.replace(
            settings, embedding_model=match["model"], embedding_dimension=0, embedding_precision=match["precision"]
        )
    match = REMOTE.fullmatch(name)
    if match is None or missing_for(settings, match["model"]) is not None:
        return None
    return msgspec.structs.replace(
        settings,
        embedding_model=match["model"],
        embedding_dimension=int(match["dimension"]),
        embedding_form="int8" if match["int8"] else "float",
    )


def _in_folder(settings: Settings, folder: Path) -> OpenEmbedder:
    from footnote.platform.inference.onnx_folder import ModelFolder, OnnxEmbedder

    return OnnxEmbedder(ModelFolder(folder), settings.embedding_dimension, threads=settings.embedding_threads or None)


def _remote(settings: Settings) -> RemoteEmbedder:
    model = settings.embedding_model
    dimension = dimension_of(model, settings.embedding_dimension)
    if dimension is None:
        raise ValueError(f"nobody knows the dimension of {model}")  # which the settings are refused for
    return RemoteEmbedder(
        _service(settings, dimension),
        dimension,
        variant="int8" if model.startswith("voyage:") and settings.embedding_form == "int8" else "",
        price=price_of(settings, model),
        patience=patience_of(settings),
        hurry=hurry_of(settings, QUESTION_SECONDS),
        concurrency=settings.model_concurrency,
    )


def _service(settings: Settings, dimension: int) -> EmbeddingService:
    # The providers' clients take up to seconds to import; those who do not use them need not wait.
    model, timeout = settings.embedding_model, settings.model_timeout_seconds
    endpoint = endpoint_of(settings, model)
    match model.partition(":")[0]:
        case "voyage":
            from footnote.platform.inference.voyage import VoyageEmbedding

            return VoyageEmbedding(endpoint, dimension, form=settings.embedding_form, timeout=timeout)
        case "google":
            from footnote.platform.inference.google import GoogleEmbedding

            return GoogleEmbedding(endpoint, dimension, timeout=timeout)
        case _:
            from footnote.platform.inference.openai_models import OpenAIEmbedding

            is_compatible = model.startswith("compatible:")
            return OpenAIEmbedding(endpoint, dimension, is_compatible=is_compatible, timeout=timeout)
