"""The way from a question to a checked answer, from top to bottom."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec
from opentelemetry import trace

from footnote.modules.generation.chatting import Draft, Heard
from footnote.modules.generation.checking import Checked, SentenceChecker
from footnote.modules.generation.conversations import Turn
from footnote.modules.generation.correcting import loosened, merged
from footnote.modules.generation.guard import check
from footnote.modules.generation.judging import Evidence
from footnote.modules.generation.manners import Manner
from footnote.modules.generation.models import (
    Answer,
    Done,
    Passages,
    PromptRef,
    Question,
    Status,
    Thought,
    TokenUsage,
    asked,
)
from footnote.modules.generation.planning import Limits, planned
from footnote.modules.generation.prompting import Abstentions, Prompt, Prompts
from footnote.modules.generation.releasing import Release
from footnote.modules.generation.requesting import Requests
from footnote.modules.generation.scoring import Calibration, score
from footnote.modules.generation.stages import Emit, Stages
from footnote.modules.generation.storing import AnswerStore
from footnote.modules.generation.turns import Conversations, NoConversations
from footnote.modules.retrieval import Context, ContextBuilder, Passage, Retriever, SearchQuery
from footnote.platform.clock import Clock, utc_now
from footnote.platform.context import current_trace_id
from footnote.platform.ids import new_id
from footnote.platform.inference import ChatModel, ChatModels, ChatRequest
from footnote.platform.language import language_of
from footnote.platform.principal import Principal
from footnote.platform.telemetry import content_attributes
from footnote.platform.telemetry.metrics import answered

__all__ = ["AnswerPipeline", "Limits"]

tracer = trace.get_tracer(__name__)

NO_PROMPT = PromptRef(name="none", version=0)  # of a model that takes no instructions


class Way(NamedTuple):
    """What answers, and how."""

    model: ChatModel
    manner: Manner
    prompt: Prompt


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
    clock: Clock = utc_now

    @tracer.start_as_current_span("generation.answer")
    async def run(
        self, principal: Principal, question: Question, emit: Emit, *, answer_id: str | None = None
    ) -> Answer:
        """The answer, stored under `answer_id` or a new id."""
        stages, release = Stages(emit), Release(emit)
        way = await self._guard(principal, question, stages)
        turn = await self._contextualise(principal, question, stages)
        if turn.acknowledgement:
            made = NOTHING
            await stages.open()
            await release.release(Checked(text=turn.acknowledgement, verdict="uncited"))
        else:
            made = await self._made(principal, question, way, turn, release, stages)
        is_abstained = not release.composer.text
        if is_abstained:
            phrase = self.abstentions.phrase(language_of(turn.asked))
            await release.release(Checked(text=phrase, verdict="uncited"))
        model = made.draft.model if made.draft else way.model.name
        answer = Answer(
            id=answer_id or new_id(),
            conversation_id=turn.conversation_id,
            question=question.text,
            text=release.composer.text,
            abstained=is_abstained,
            confidence=round(made.confidence, 4),
            grounding=question.options.grounding,
            sentences=tuple(release.composer.sentences),
            citations=tuple(release.composer.citations),
            passages=made.context.passages,
            model=model,
            prompt=self._prompt_of(model, way.prompt),
            usage=made.draft.usage if made.draft else TokenUsage(),
            timings_ms=stages.timings_ms,
            trace_id=current_trace_id() or "",
            created_at=self.clock(),
            left_out=made.context.left_out,
            standalone_question=turn.standalone,
            context_documents=turn.document_ids,
            asked=asked(question, turn.standalone),
            replay_of=question.replay_of,
            thoughts=made.draft.thoughts if made.draft else None,
            notes=made.draft.notes if made.draft else (),
        )
        await self._keep(principal, answer, turn, stages)
        await stages.emit(Done(answer))
        self.conversations.settle(principal, turn)
        return answer

    async def _made(
        self, principal: Principal, question: Question, way: Way, turn: Turn, release: Release, stages: Stages
    ) -> Made:
        query = await self._plan(question, turn, stages)
        await stages.open()
        passages = await self._retrieve(principal, query, stages)
        found = await self._judge(way, turn, passages, stages)
        if found.evidence != "enough":
            found = await self._correct(principal, way, turn, query, found, stages)
        context = await self._pack(way, question, turn, found, stages)
        await stages.emit(Passages(context.passages))
        if found.evidence == "none":
            return Made(context, None, self.calibration.applied(way.manner.name, found.prior))
        request = await self._prompt(way, question, turn, context, stages)
        draft = Draft(way.model, request, self.abstentions, _heard(stages.emit) if request.thoughts else None)
        checked = await self._draft(principal, question, turn, draft, context, release, stages)
        return Made(context, draft, await self._score(way, found, checked, stages))

    async def _guard(self, principal: Principal, question: Question, stages: Stages) -> Way:
        async with stages.announced("guard"):
            check(question)
            model = await self.models.chosen(principal, question.model)
            prompt = await self.prompts.chosen(principal, question.prompt)
            return Way(model, self.quoting if model.name in self.quoters else self.writing, prompt)

    async def _contextualise(self, principal: Principal, question: Question, stages: Stages) -> Turn:
        async with stages.announced("contextualise"):
            turn = await self.conversations.opened(principal, question)
        if turn.standalone:
            await stages.tell(Status("contextualise", question=turn.standalone))
        return turn

    async def _plan(self, question: Question, turn: Turn, stages: Stages) -> SearchQuery:
        async with stages.announced("plan"):
            return planned(question, turn.asked, self.limits)

    async def _retrieve(self, principal: Principal, query: SearchQuery, stages: Stages) -> tuple[Passage, ...]:
        async with stages.announced("retrieve"):
            return (await self.retriever.search(principal, query)).results

    async def _judge(self, way: Way, turn: Turn, passages: tuple[Passage, ...], stages: Stages) -> Found:
        async with stages.announced("judge"):
            prior = await way.manner.judge.confidence(turn.asked, passages)
        return Found(passages, prior, way.manner.bars.evidence(prior, passages))

    async def _correct(
        self, principal: Principal, way: Way, turn: Turn, query: SearchQuery, found: Found, stages: Stages
    ) -> Found:
        """Once more in other words; what was found before stays if that is no better."""
        other = loosened(query)
        if other is None:
            return found
        async with stages.announced("correct"):
            more = (await self.retriever.search(principal, other)).results
            again = await self._judge(way, turn, merged(found.passages, [more], query.top_k), stages)
            return max(found, again, key=lambda each: each.prior)

    async def _pack(self, way: Way, question: Question, turn: Turn, found: Found, stages: Stages) -> Context:
        async with stages.announced("pack"):
            budget = self._requests.budget(way.model, way.prompt, question, turn)
            builder = ContextBuilder(msgspec.structs.replace(way.manner.packing, budget=budget))
            return await asyncio.to_thread(builder.build, turn.asked, found.passages)

    async def _prompt(self, way: Way, question: Question, turn: Turn, context: Context, stages: Stages) -> ChatRequest:
        thinks = question.options.thoughts and question.options.grounding != "enforce"
        async with stages.announced("prompt"):
            return self._requests.request(way.prompt, question, turn, context, thinks=thinks)

    async def _draft(
        self,
        principal: Principal,
        question: Question,
        turn: Turn,
        draft: Draft,
        context: Context,
        release: Release,
        stages: Stages,
    ) -> list[Checked]:
        """Verified, cited and released sentence by sentence, until there are as many as may be."""
        checked: list[Checked] = []
        grounding, most = question.options.grounding, self._requests.max_sentences(question)
        async with stages.announced("draft"), aclosing(draft.sentences()) as sentences:
            async for sentence in sentences:
                await stages.say("verify")
                checked.append(await self.checker.check(principal, sentence, context.passages, grounding, stages))
                await stages.say("cite")
                await release.release(checked[-1])
                if release.shown >= most:
                    break
        return checked

    async def _score(self, way: Way, found: Found, checked: Sequence[Checked], stages: Stages) -> float:
        async with stages.announced("score"):
            return self.calibration.applied(way.manner.name, score(found.prior, checked))

    async def _keep(self, principal: Principal, answer: Answer, turn: Turn, stages: Stages) -> None:
        async with stages.announced("store"):
            await self.store.keep(principal, answer, turn)
        content_attributes(trace.get_current_span(), question=answer.question, answer=answer.text)
        answered(answer.timings_ms["total"] / 1000, abstained=answer.abstained)

    def _prompt_of(self, model: str, prompt: Prompt) -> PromptRef:
        return NO_PROMPT if model in self.quoters else PromptRef(name=prompt.name, version=prompt.version)

    @property
    def _requests(self) -> Requests:
        return Requests(self.limits, self.abstentions)


def _heard(emit: Emit) -> Heard:
    async def heard(text: str) -> None:
        await emit(Thought(text))

    return heard
