"""HTTP of generation."""

from typing import Any

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from footnote.modules.generation.models import Answer, AnswerEvent, CitationFound, Options, Question
from footnote.modules.generation.service import GenerationService
from footnote.platform.http.event_stream import ServerEvent
from footnote.platform.http.sse import ServerSentEvents
from footnote.platform.principal import Principal


class NewAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    question: str
    filters: dict[str, Any] | None = None
    model: str | None = None
    options: Options = Options()
    stream: bool = False


@post("/answers", status_code=200)
async def ask(
    data: JSONBody[NewAnswer], principal: NamedDependency[Principal], generation: NamedDependency[GenerationService]
) -> Answer | ServerSentEvents[AnswerEvent]:
    """The answer as JSON, or with `stream` the events of its making as `text/event-stream`."""
    question = Question(text=data.question, filters=data.filters, model=data.model, options=data.options)
    if data.stream:
        return ServerSentEvents(generation.stream(principal, question), as_event)
    return await generation.answer(principal, question)


@get("/answers/{answer_id:str}")
async def read_answer(
    answer_id: FromPath[str], principal: NamedDependency[Principal], generation: NamedDependency[GenerationService]
) -> Answer:
    """A stored answer of the asker's own, without what the asker may not read any more."""
    return await generation.read(principal, answer_id)


def as_event(event: AnswerEvent) -> ServerEvent:
    name = str(event.__struct_config__.tag)
    if isinstance(event, CitationFound):
        return None, name, event.citation
    return None, name, msgspec.structs.asdict(event)


router = Router("/api/v1", route_handlers=[ask, read_answer], tags=["answers"])
