"""Adapters of models over a server on this machine; pauses between attempts are noted, not waited for."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from support.model_server import ModelServer

from footnote.platform.inference.calls import Endpoint, Patience, Price, RemoteEmbedder, RemoteReranker
from footnote.platform.inference.calls.chat import ChatService
from footnote.platform.inference.cohere import CohereReranking
from footnote.platform.inference.compatible import CompatibleChat
from footnote.platform.inference.gateway.model import ShortTexts
from footnote.platform.inference.google import GoogleEmbedding
from footnote.platform.inference.openai_models import OpenAIEmbedding
from footnote.platform.inference.voyage import VoyageEmbedding, VoyageReranking
from footnote.platform.secrets import Secret

KEY = "key-that-no-message-may-hold"
PRICE = Price(input=2.0, output=8.0, search=5.0)
NAMES = {
    "voyage": "voyage:voyage-4",
    "voyage-int8": "voyage:voyage-4",
    "openai": "openai:text-embedding-3-small",
    "compatible": "compatible:any-model",
    "google": "google:gemini-embedding-001",
    "google-2": "google:gemini-embedding-2",
}
RERANKERS = {"voyage": "voyage:rerank-2.5", "cohere": "cohere:rerank-v3.5"}


class Pauses(list[float]):
    """The seconds that would have been waited."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


def endpoint(name: str, url: str, key: str = KEY) -> Endpoint:
    return Endpoint(
        name=name,
        key=Secret(key),
        key_setting="FOOTNOTE_SOME_API_KEY",
        url=url,
        url_setting="FOOTNOTE_SOME_BASE_URL",
    )


def remote_embedder(
    kind: str,
    server: ModelServer,
    *,
    dimension: int = 256,
    seconds: float = 30,
    pauses: Pauses | None = None,
    hurry: Patience | None = None,
) -> RemoteEmbedder:
    name = NAMES[kind]
    provider = name.partition(":")[0]
    base = {"google": server.url, "voyage": f"{server.url}/voyage"}.get(provider, f"{server.url}/openai")
    at = endpoint(name, base)
    services: dict[str, Callable[[], Any]] = {
        "voyage": lambda: VoyageEmbedding(at, dimension, timeout=seconds),
        "voyage-int8": lambda: VoyageEmbedding(at, dimension, form="int8", timeout=seconds),
        "openai": lambda: OpenAIEmbedding(at, dimension, timeout=seconds),
        "compatible": lambda: OpenAIEmbedding(at, dimension, is_compatible=True, timeout=seconds),
        "google": lambda: GoogleEmbedding(at, dimension, timeout=seconds),
        "google-2": lambda: GoogleEmbedding(at, dimension, timeout=seconds),
    }
    return RemoteEmbedder(
        services[kind](),
        dimension,
        price=PRICE,
        patience=Patience(request=seconds, total=1000),
        hurry=hurry,
        sleep=pauses if pauses is not None else Pauses(),
    )


def remote_reranker(
    kind: str, server: ModelServer, *, seconds: float = 30, pauses: Pauses | None = None
) -> RemoteReranker:
    at = endpoint(RERANKERS[kind], f"{server.url}/voyage" if kind == "voyage" else server.url)
    service = VoyageReranking(at, timeout=seconds) if kind == "voyage" else CohereReranking(at, timeout=seconds)
    return RemoteReranker(
        service,
        price=PRICE,
        patience=Patience(request=seconds, total=1000),
        sleep=pauses if pauses is not None else Pauses(),
    )


class OneService:
    """A `ChatModel` that asks one service, and nothing around it."""

    def __init__(self, service: ChatService) -> None:
        self.name = service.endpoint.name
        self.context_tokens = service.context_tokens
        self.stream = service.stream


@asynccontextmanager
async def remote_text(server: ModelServer) -> AsyncIterator[ShortTexts]:
    service = CompatibleChat(endpoint("compatible:llama", f"{server.url}/openai"), context_tokens=8192)
    try:
        yield ShortTexts(OneService(service))
    finally:
        await service.close()
