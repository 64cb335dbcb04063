"""HTTP of chat completions."""

import time
from typing import Any

import msgspec
from litestar import Request, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from footnote.modules.generation.openai_api.chunks import DONE, chunks
from footnote.modules.generation.openai_api.completions import Body, completion
from footnote.modules.generation.openai_api.errors import error_chunk
from footnote.modules.generation.openai_api.requests import ChatCompletionRequest
from footnote.modules.generation.service import GenerationService
from footnote.modules.generation.streams import AnswerStreams
from footnote.platform.http.departure import unless_left
from footnote.platform.http.event_stream import ServerEvent
from footnote.platform.http.sse import ServerSentEvents
from footnote.platform.inference import ChatModels
from footnote.platform.inference.errors import UnknownModel
from footnote.platform.principal import Principal


class Model(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    owned_by: str
    object: str = "model"
    created: int = 0


class ModelPage(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[Model, ...]
    object: str = "list"


class ModelList:
    """The chat models that a person can ask."""

    def __init__(self, models: ChatModels) -> None:
        self._models = models

    async def of(self, principal: Principal) -> tuple[Model, ...]:
        """The default one first."""
        states = await self._models.states(principal)
        return tuple(Model(id=each.name, owned_by=each.provider) for each in states if each.state != "no_key")


@get("/models")
async def list_models(principal: NamedDependency[Principal], model_list: NamedDependency[ModelList]) -> ModelPage:
    """The chat models, the default one first."""
    return ModelPage(data=await model_list.of(principal))


@get("/models/{model:path}")
async def read_model(
    model: FromPath[str], principal: NamedDependency[Principal], model_list: NamedDependency[ModelList]
) -> Model:
    there = {each.id: each for each in await model_list.of(principal)}
    name = model.removeprefix("/")
    if name not in there:
        raise UnknownModel(name, there)
    return there[name]


@post("/chat/completions", status_code=200)
async def complete_chat(
    data: JSONBody[ChatCompletionRequest],
    request: Request[Any, Any, Any],
    principal: NamedDependency[Principal],
    generation: NamedDependency[GenerationService],
    streams: NamedDependency[AnswerStreams],
) -> dict[str, Any] | ServerSentEvents[Body]:
    """The answer to the last message, as clients of OpenAI expect it; its citations are annotations.

    Messages before it are the conversation, those of the system wishes for tone and form, which never weaken the
    grounding. `footnote` takes what POST /api/v1/answers has beyond: filters, prompt, options, conversation_id.
    """
    question, base_url = data.question(), str(request.base_url)
    if not data.stream:
        return completion(await unless_left(request, generation.answer(principal, question)), base_url)
    told = streams.ask(principal, question)
    bodies = chunks(told, model=data.model, created=int(time.time()), base_url=base_url, has_usage=data.has_usage)
    return ServerSentEvents(bodies, _as_event, encode=_encoded, encode_error=error_chunk)


def _as_event(body: Body) -> ServerEvent:
    return None, "", body


def _encoded(_event_id: str | None, _name: str, body: Body) -> bytes:
    line = b"[DONE]" if body is DONE else msgspec.json.encode(body, enc_hook=str)
    return b"data: " + line + b"\n\n"


router = Router("/v1", route_handlers=[list_models, read_model, complete_chat], tags=["openai"])
