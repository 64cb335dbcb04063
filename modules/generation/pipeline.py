"""The way from a question to a checked answer, from top to bottom."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import msgspec
from opentelemetry import trace

from footnote.modules.generation.chatting import Draft
from footnote.modules.generation.checking import Checked, SentenceChecker
from footnote.modules.generation.conversations import Turn
from footnote.modules.generation.correcting import Correction, merged
from footnote.modules.generation.drafting import Drafted
from footnote.modules.generation.guard import check
from footnote.modules.generation.judging import Evidence
from footnote.modules.generation.manners import Manner
from footnote.modules.generation.models import (
    NO_PROMPT,
    Answer,
    Done,
    Passages,
    Question,
    Status,
    Thought,
    TokenUsage,
    asked,
)
from footnote.modules.generation.planning import Limits, planned
from footnote.modules.generation.prompting import Abstentions, Prompt, Prompts
from footnote.modules.generation.quoting import Quotations
from footnote.modules.generation.releasing import Release
from footnote.modules.generation.requesting import Requests
from footnote.modules.generation.safeguards import Safeguards
from footnote.modules.generation.scoring import Calibration, score
from footnote.modules.generation.stages import Emit, Stages
from footnote.modules.generation.storing import AnswerStore
from footnote.modules.generation.turn_taking import TurnTaking
from footnote.modules.generation.turns import Conversations, NoConversations
from footnote.modules.retrieval import Context, ContextBuilder, Passage, Retriever, SearchQuery
from footnote.platform.clock import Clock, utc_now
from footnote.platform.context import current_trace_id
from footnote.platform.ids import new_id
from footnote.platform.inference import ChatModel, ChatModels, ChatRequest
from footnote.platform.inference.paying import paid_by
from footnote.platform.language import language_of
from footnote.platform.principal import Principal
from footnote.platform.telemetry import content_attributes
from footnote.platform.telemetry.metrics import answered

__all__ = ["AnswerPipeline", "Limits"]

tracer = trace.get_tracer(__name__)


class Way(NamedTuple):
    """What answers, and how."""

    model: ChatModel
    manner: Manner
    prompt: Prompt
    refusal: str | None  # in place of an answer


class Found(NamedTuple):
    passages: tuple[Passage, ...]
    prior: float  # probability that they hold the answer
    evidence: Evidence


class Made(NamedTuple):
    """What a question came to, beside what was released."""

    context: Context
    draft: Draft | None = None
    confidence: float = 0.0


NOTHING = Made(Context(passages=(), order=(), left_out=(), tokens=0))


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerPipeline:
    """`quoters` are the names of the models that quote; all others write."""

    retriever: Retriever
    checker: SentenceChecker
    store: AnswerStore
    models: ChatModels
    prompts: Prompts
    quoting: Manner
    writing: Manner
    quoters: Collection[str] = ()
    limits: Limits = field(default_factory=Limits)
    conversations: Conversations = field(default_factory=NoConversations)
    abstentions: Abstentions = field(default_factory=Abstentions)
    calibration: Calibration = field(default_factory=Calibration)
    safeguards: Safeguards = field(default_factory=Safeguards)
    turns: TurnTaking = field(default_factory=TurnTaking)
    clock: Clock = utc_now

    @tracer.start_as_current_span("generation.answer")
    async def run(
        self, principal: Principal, question: Question, emit: Emit, *, answer_id: str | None = None
    ) -> Answer:
        """The answer, stored under `answer_id` or a new id."""
        with paid_by(principal):
            return await Answering(self, principal, question, emit).answer(answer_id or new_id())


class Answering:
    """One question on its way; the steps stand in the order in which they are taken."""

    def __init__(self, parts: AnswerPipeline, principal: Principal, question: Question, emit: Emit) -> None:
        self._parts = parts
        self._principal = principal
        self._question = question
        self._stages = Stages(emit)
        self._release = Release(emit)
        self._quotations = Quotations(principal, parts.checker.citer, parts.safeguards)
        self._requests = Requests(parts.limits, parts.abstentions)
        self._notes: list[str] = []
        self._ticket = parts.turns.ticket()

    async def answer(self, answer_id: str) -> Answer:
        way = await self._guard()
        turn = await self._contextualise(way)
        reply = way.refusal or turn.acknowledgement
        made = NOTHING if reply else await self._made(way, turn)
        is_abstained = bool(way.refusal) or not (reply or self._release.composer.text)
        if not self._release.composer.text:
            await self._stages.open()
            await self._release.say(reply or self._parts.abstentions.phrase(language_of(turn.asked)))
        answer = self._whole(answer_id, way, turn, made, is_abstained=is_abstained)
        answer = await self._store(turn, answer)
        await self._stages.emit(Done(answer))
        self._parts.conversations.settle(self._principal, turn)
        return answer

    async def _made(self, way: Way, turn: Turn) -> Made:
        query = await self._plan(turn)
        await self._stages.open()
        passages = await self._retrieve(query)
        found = await self._judge(way, turn, passages)
        if found.evidence != "enough":
            found = await self._correct(way, turn, query, found)
        context = await self._pack(way, turn, found)
        await self._stages.emit(Passages(context.passages))
        if found.evidence == "none":
            return Made(context, None, self._parts.calibration.applied(way.manner.name, found.prior))
        offered = await self._screen(context)
        request = await self._prompt(way, turn, offered)
        heard = partial(self._think, request.system) if request.thoughts else None
        draft = Draft(way.model, request, self._parts.abstentions, heard)
        checked = await self._draft(turn, draft, request, offered)
        return Made(context, draft, await self._score(way, found, checked))

    async def _guard(self) -> Way:
        parts, question = self._parts, self._question
        async with self._stages.announced("guard"):
            check(question)
            model = await parts.models.chosen(self._principal, question.model)
            manner = parts.quoting if model.name in parts.quoters else parts.writing
            prompt = await parts.prompts.chosen(self._principal, question.prompt)
            return Way(model, manner, prompt, await parts.safeguards.refusal(question.text, self._principal.tenant))

    async def _contextualise(self, way: Way) -> Turn:
        async with self._stages.announced("contextualise"):
            turn = await self._parts.conversations.opened(self._principal, self._question)
        if turn.standalone:
            await self._stages.tell(Status("contextualise", turn.standalone, turn.document_ids))
        return msgspec.structs.replace(turn, remembered=None) if way.refusal else turn

    async def _plan(self, turn: Turn) -> SearchQuery:
        async with self._stages.announced("plan"):
            query = planned(self._question, turn.asked, self._parts.limits)
            self._parts.retriever.check(query)
            return query

    async def _retrieve(self, query: SearchQuery) -> tuple[Passage, ...]:
        async with self._stages.announced("retrieve"), self._turn():
            return (await self._parts.retriever.search(self._principal, query)).results

    async def _judge(self, way: Way, turn: Turn, passages: tuple[Passage, ...]) -> Found:
        async with self._stages.announced("judge"), self._turn():
            prior = await way.manner.judge.confidence(turn.asked, passages)
        return Found(passages, prior, way.manner.bars.evidence(prior, passages))

    async def _correct(self, way: Way, turn: Turn, query: SearchQuery, found: Found) -> Found:
        """Once more in other words; what was found before stays if that is no better."""
        async with self._stages.announced("correct"):
            others = await Correction(self._parts.models).queries(self._principal, query)
            if not others:
                return found
            async with self._turn():
                more = [(await self._parts.retriever.search(self._principal, other)).results for other in others]
            again = await self._judge(way, turn, merged(found.passages, more, query.top_k))
        return max(found, again, key=lambda each: each.prior)

    async def _pack(self, way: Way, turn: Turn, found: Found) -> Context:
        async with self._stages.announced("pack"), self._turn():
            budget = self._requests.budget(way.model, way.prompt, self._question, turn)
            builder = ContextBuilder(msgspec.structs.replace(way.manner.packing, budget=budget))
            return await asyncio.to_thread(builder.build, turn.asked, found.passages)

    async def _screen(self, context: Context) -> Context:
        """As whoever writes and verifies may read it; the reader sees the passages as they are."""
        async with self._stages.announced("screen"), self._turn():
            offered = await self._parts.safeguards.offered(context)
        self._notes.extend(offered.notes)
        return msgspec.structs.replace(context, passages=offered.passages)

    async def _prompt(self, way: Way, turn: Turn, offered: Context) -> ChatRequest:
        options = self._question.options
        async with self._stages.announced("prompt"):
            thinks = options.thoughts and options.grounding != "enforce"
            return self._requests.request(way.prompt, self._question, turn, offered, thinks=thinks)

    async def _draft(self, turn: Turn, draft: Draft, request: ChatRequest, offered: Context) -> list[Checked]:
        """Each sentence, or quotation, is verified, cited and released before the next, until there are enough."""
        checked: list[Checked] = []
        async with self._stages.announced("draft"), aclosing(draft.sentences()) as sentences:
            async for sentence in sentences:
                if sum(bool(each.text) for each in checked) >= self._requests.max_sentences(self._question):
                    break
                if self._release.composer.text:
                    await self._parts.turns.let_pass(self._ticket)
                checked.append(await self._check(turn, sentence, request, offered))
                quotes = draft.model in self._parts.quoters
                for each in await self._quotations.told(checked[-1], system=request.system, quotes=quotes):
                    await self._release.release(each)
            for each in await self._quotations.rest():
                await self._release.release(each)
        self._notes.extend(draft.notes)
        return checked

    async def _check(self, turn: Turn, sentence: Drafted, request: ChatRequest, offered: Context) -> Checked:
        principal, grounding = self._principal, self._question.options.grounding
        await self._stages.say("verify")
        found = await self._parts.checker.check(
            principal, sentence, offered.passages, grounding, self._stages, question=turn.asked
        )
        await self._stages.say("cite")
        checked, notes = await self._parts.safeguards.passed(found, tenant=principal.tenant, system=request.system)
        self._notes.extend(notes)
        return checked

    async def _score(self, way: Way, found: Found, checked: Sequence[Checked]) -> float:
        async with self._stages.announced("score"):
            return self._parts.calibration.applied(way.manner.name, score(way.manner.name, found.prior, checked))

    def _whole(self, answer_id: str, way: Way, turn: Turn, made: Made, *, is_abstained: bool) -> Answer:
        composer, draft, question = self._release.composer, made.draft, self._question
        model = draft.model if draft else way.model.name
        return Answer(
            id=answer_id,
            conversation_id=turn.conversation_id,
            question=question.text,
            text=composer.text,
            abstained=is_abstained,
            confidence=round(made.confidence, 4),
            grounding=question.options.grounding,
            sentences=tuple(composer.sentences),
            citations=tuple(composer.citations),
            passages=made.context.passages,
            model=model,
            prompt=NO_PROMPT if model in self._parts.quoters else way.prompt.reference,
            usage=draft.usage if draft else TokenUsage(),
            timings_ms=self._stages.timings_ms,
            trace_id=current_trace_id() or "",
            created_at=self._parts.clock(),
            left_out=made.context.left_out,
            standalone_question=turn.standalone,
            context_documents=turn.document_ids,
            asked=asked(question, turn.standalone),
            replay_of=question.replay_of,
            thoughts=draft.thoughts if draft else None,
            notes=tuple(dict.fromkeys(self._notes)),
        )

    async def _store(self, turn: Turn, answer: Answer) -> Answer:
        async with self._stages.announced("store"):
            answer = await self._parts.store.keep(self._principal, answer, turn)
        content_attributes(trace.get_current_span(), question=answer.question, answer=answer.text)
        answered(answer.timings_ms["total"] / 1000, abstained=answer.abstained)
        return answer

    def _turn(self) -> AbstractAsyncContextManager[None]:
        """For what takes the processor."""
        return self._parts.turns.turn(self._ticket)

    async def _think(self, system: str, thought: str) -> str:
        shown = await self._parts.safeguards.thought(thought, tenant=self._principal.tenant, system=system)
        if shown:
            await self._stages.emit(Thought(shown))
        return shown
