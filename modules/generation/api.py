"""HTTP of generation."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody

from footnote.modules.generation.bodies import NewAnswer, NewReplay
from footnote.modules.generation.cursor import Told, parse_cursor
from footnote.modules.generation.models import Answer, CitationFound, Question, Status
from footnote.modules.generation.service import GenerationService
from footnote.modules.generation.streams import AnswerStreams
from footnote.platform.http.departure import unless_left
from footnote.platform.http.event_stream import ServerEvent
from footnote.platform.http.sse import ServerSentEvents
from footnote.platform.principal import Principal

LastEventId = Annotated[str | None, HeaderParameter(name="Last-Event-ID", max_length=64)]


@post("/answers", status_code=200)
async def ask(
    data: JSONBody[NewAnswer],
    request: Request[Any, Any, Any],
    principal: NamedDependency[Principal],
    generation: NamedDependency[GenerationService],
    streams: NamedDependency[AnswerStreams],
) -> Answer | ServerSentEvents[Told]:
    """The answer as JSON, or the events of its making as `text/event-stream`: with `stream`, else as `Accept` prefers.

    Whoever leaves cancels the answer at once, or after `resume_within` seconds if it is streamed.
    """
    if is_streamed(request, data.stream):
        return ServerSentEvents(streams.ask(principal, data.asked, stays=data.resume_within), as_event)
    return await unless_left(request, generation.answer(principal, data.asked))


@get("/answers/{answer_id:str}")
async def read_answer(
    answer_id: FromPath[str], principal: NamedDependency[Principal], generation: NamedDependency[GenerationService]
) -> Answer:
    """A stored answer of the asker's own, without what the asker may not read any more."""
    return await generation.read(principal, answer_id)


@get("/answers/{answer_id:str}/events", media_type="text/event-stream")
async def resume_answer(
    answer_id: FromPath[str],
    principal: NamedDependency[Principal],
    streams: NamedDependency[AnswerStreams],
    last_event_id: LastEventId = None,
) -> ServerSentEvents[Told]:
    """The events of an answer after `Last-Event-ID`, or all: as they come, or out of the store once it is whole.

    What the asker may not read any more is left out. An answer under way is known to the process that makes it.
    """
    return ServerSentEvents(streams.resume(principal, answer_id, parse_cursor(last_event_id)), as_event)


@post("/answers/{answer_id:str}/cancel", status_code=204)
async def cancel_answer(
    answer_id: FromPath[str], principal: NamedDependency[Principal], streams: NamedDependency[AnswerStreams]
) -> None:
    """Stop an answer that is under way; nothing of it is kept."""
    await streams.cancel(principal, answer_id)


@post("/answers/{answer_id:str}/replay", status_code=200)
async def replay_answer(
    answer_id: FromPath[str],
    data: JSONBody[NewReplay],
    request: Request[Any, Any, Any],
    principal: NamedDependency[Principal],
    generation: NamedDependency[GenerationService],
    streams: NamedDependency[AnswerStreams],
) -> Answer | ServerSentEvents[Told]:
    """Ask the same again, or with another model, prompt, filters or options: a new answer that names the old one."""
    question: Question = data.of(await generation.read(principal, answer_id))
    if is_streamed(request, data.stream):
        return ServerSentEvents(streams.ask(principal, question, stays=data.resume_within), as_event)
    return await unless_left(request, generation.answer(principal, question))


def is_streamed(request: Request[Any, Any, Any], stream: bool | msgspec.UnsetType) -> bool:
    if stream is not msgspec.UNSET:
        return stream
    return request.accept.best_match(["application/json", "text/event-stream"]) == "text/event-stream"


def as_event(told: Told) -> ServerEvent:
    event = told.event
    name = str(event.__struct_config__.tag)
    if isinstance(event, CitationFound):
        return str(told.cursor), name, event.citation
    content = {name: value for name, value in msgspec.structs.asdict(event).items() if value is not None}
    if isinstance(event, Status):
        content["answer_id"] = told.answer_id
        del content["document_ids"]
    return str(told.cursor), name, content


router = Router(
    "/api/v1", route_handlers=[ask, read_answer, resume_answer, cancel_answer, replay_answer], tags=["answers"]
)
