"""Documents that are found and located as they are given, and a model that says what it is told."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from support.chat_models import OneModel
from support.talking import talks_over

from footnote.config.conversations import Talks
from footnote.modules.generation import Answer, AnswerEvent, Options, Question
from footnote.modules.generation.checking import SentenceChecker
from footnote.modules.generation.citing import Citer
from footnote.modules.generation.grounding.local import LocalVerifier
from footnote.modules.generation.manners import quoting, writing
from footnote.modules.generation.pipeline import AnswerPipeline, Limits
from footnote.modules.generation.prompting import Abstentions, FixedPrompts
from footnote.modules.generation.prompting.files import read_abstentions, read_prompts
from footnote.modules.generation.repository.schema import MIGRATIONS
from footnote.modules.generation.repository.sqlite import SqliteAnswerRepository
from footnote.modules.generation.safeguards import Safeguards
from footnote.modules.generation.service import GenerationService
from footnote.modules.generation.storing import AnswerStore
from footnote.modules.generation.turn_taking import TurnTaking
from footnote.modules.ingestion import Located, Place
from footnote.modules.retrieval import Box, Passage, Ranks, Scores, SearchQuery, SearchResults
from footnote.modules.retrieval.filters import parse_filter
from footnote.platform.errors import FootnoteError, NotFound
from footnote.platform.inference import ChatEvent, ChatRequest, Quoting, Started, Stop, TextDelta, TextModel, Usage
from footnote.platform.principal import Principal
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase

CONFIG = Path(__file__).parents[3] / "config"
PROMPTS, ABSTENTIONS = CONFIG / "prompts", CONFIG / "abstentions.toml"
ANN = Principal(tenant="acme", subject="ann")
BOX = Box(page=1, x0=0, y0=0, x1=1, y1=1)
FIRST_PAGE = Place(pages=(1,), boxes=(BOX,), heading_path=())
LEAD = "Planets 🪐\n\n"  # stands in every document before its passage

MARS = "Mars has two moons.\nPhobos is the larger\nof the two."
VENUS = "Venus 🌋 has no moons. A day there lasts 243 days."


def passage(document_id: str, text: str, score: float = 1.0) -> Passage:
    return Passage(
        id=f"chunk of {document_id}",
        document_id=document_id,
        version=1,
        title=document_id.capitalize(),
        text=text,
        start=len(LEAD),
        end=len(LEAD) + len(text),
        pages=(1,),
        boxes=(BOX,),
        heading_path=(),
        score=score,
        scores=Scores(),
        ranks=Ranks(),
    )


@dataclass
class Library:
    """`Retriever`, `SpanLocator` and the `readable` of `Documents` over texts by document id."""

    texts: dict[str, str] = field(default_factory=lambda: {"mars": MARS, "venus": VENUS})
    hidden: set[str] = field(default_factory=set)
    queries: list[SearchQuery] = field(default_factory=list)
    place: Place = FIRST_PAGE

    def check(self, query: SearchQuery) -> None:
        parse_filter(query.filters or {}, {})

    async def search(self, _principal: Principal, query: SearchQuery) -> SearchResults:
        self.check(query)
        self.queries.append(query)
        found = tuple(passage(document_id, text) for document_id, text in self.texts.items())
        return SearchResults(results=found[: query.top_k], trace_id="", timings_ms={})

    async def locate(
        self, _principal: Principal, document_id: str, _version: int, spans: Sequence[tuple[int, int]]
    ) -> list[Located]:
        if document_id in self.hidden:
            raise NotFound("gone")
        canonical = self.canonical(document_id)
        return [Located(quote=canonical[start:end], title=document_id, place=self.place) for start, end in spans]

    async def heads(
        self, _principal: Principal, document_id: str, _version: int, position: int
    ) -> list[tuple[int, int]]:
        """The line before a row."""
        text = self.canonical(document_id)
        end = text.rfind("\n", 0, position)
        start = text.rfind("\n", 0, end) + 1
        return [(start, end)] if end > 0 and text[start] == "|" else []

    async def readable(self, _principal: Principal, document_ids: Collection[str]) -> set[str]:
        return set(document_ids) - self.hidden

    def canonical(self, document_id: str) -> str:
        return LEAD + self.texts[document_id]


class SureJudge:
    def __init__(self, confidence: float = 0.9) -> None:
        self._confidence = confidence

    async def confidence(self, _question: str, _passages: Sequence[Passage]) -> float:
        return self._confidence


class ScriptedModel:
    """Streams `draft` in small pieces; an error in it is raised there."""

    name = "test:scripted"
    context_tokens = 8192

    def __init__(self, *draft: str | FootnoteError | ChatEvent, pause: float = 0.0) -> None:
        self._draft = draft
        self._pause = pause
        self.requests: list[ChatRequest] = []
        self.is_closed = False

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        self.requests.append(request)
        try:
            yield Started(model=self.name)
            for part in self._draft:
                if isinstance(part, FootnoteError):
                    raise part
                if not isinstance(part, str):
                    yield part
                    continue
                for start in range(0, len(part), 3):
                    yield TextDelta(part[start : start + 3])
                    await asyncio.sleep(self._pause)
            if not any(isinstance(part, Usage) for part in self._draft):
                yield Usage(input_tokens=7, output_tokens=5)
            yield Stop()
        finally:
            self.is_closed = True

    @property
    def quoting(self) -> Quoting:
        """What the first request would have quoted."""
        task = self.requests[0].quoting
        assert task is not None
        return task


@dataclass
class Desk:
    """A generation service over a real store, the other slices faked."""

    service: GenerationService
    database: SqliteDatabase
    library: Library
    model: ScriptedModel
    talks: Talks

    def question(self, text: str, **fields: Any) -> Question:
        return Question(text=text, **fields)

    async def ask(self, text: str, principal: Principal = ANN, **fields: Any) -> Answer:
        """As part of a conversation, with what is done in the background afterwards."""
        answer = await self.service.answer(principal, self.question(text, **fields))
        await self.talks.conversations.settled()
        return answer

    async def answer(self, text: str = "How many moons?", model: str | None = None, **options: Any) -> Answer:
        return await self.service.answer(ANN, Question(text=text, model=model, options=Options(**options)))

    def stream(self, text: str = "How many moons?", **options: Any) -> AsyncIterator[AnswerEvent]:
        return self.service.stream(ANN, Question(text=text, options=Options(**options)))

    async def stored(self) -> str:
        rows = await self.database.read(lambda connection: connection.execute("SELECT body FROM answer").fetchall())
        return "\n".join(row["body"] for row in rows)


class MakeDesk:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self.desks: list[Desk] = []

    def __call__(
        self,
        *draft: str | FootnoteError | ChatEvent,
        pause: float = 0.0,
        confidence: float = 0.9,
        quotes: bool = True,
        safety: Any = None,
        writer: TextModel | None = None,
        turns: TurnTaking | None = None,
        **texts: str,
    ) -> Desk:
        """A desk whose model streams `draft`, over two documents or over those given by name."""
        library = Library(texts) if texts else Library()
        model = ScriptedModel(*draft, pause=pause)
        models = OneModel(model, writer)
        talks = talks_over(self._database, library, models)
        store = AnswerStore(SqliteAnswerRepository(self._database), library, self._database, talks.conversations)
        judge = SureJudge(confidence)
        pipeline = AnswerPipeline(
            retriever=library,
            checker=SentenceChecker(LocalVerifier(), Citer(library)),
            store=store,
            models=models,
            prompts=FixedPrompts(read_prompts(PROMPTS)),
            quoting=quoting(judge, abstain_below=Limits().abstain_below),
            writing=writing(judge),
            quoters={model.name} if quotes else (),
            conversations=talks.conversations,
            safeguards=Safeguards(safety),
            abstentions=Abstentions(read_abstentions(ABSTENTIONS)),
            turns=turns or TurnTaking(),
        )
        self.desks.append(Desk(GenerationService(pipeline, store), self._database, library, model, talks))
        return self.desks[-1]


@pytest.fixture
async def make_desk(database: SqliteDatabase) -> AsyncIterator[MakeDesk]:
    await migrate(database, {"generation": MIGRATIONS})
    make = MakeDesk(database)
    yield make
    for desk in make.desks:
        await desk.talks.conversations.close()
