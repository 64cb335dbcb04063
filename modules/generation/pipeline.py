"""The way from a question to a checked answer."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass

from opentelemetry import trace

from footnote.modules.generation.chatting import Draft, numbered
from footnote.modules.generation.checking import Checked, SentenceChecker
from footnote.modules.generation.composing import ABSTENTION
from footnote.modules.generation.errors import UnknownModel
from footnote.modules.generation.guard import check
from footnote.modules.generation.judging import Judge
from footnote.modules.generation.models import Answer, Done, Passages, PromptRef, Question, TokenUsage, asked
from footnote.modules.generation.releasing import Release
from footnote.modules.generation.stages import Emit, Stages
from footnote.modules.generation.storing import AnswerStore
from footnote.modules.retrieval import Context, ContextBuilder, Passage, Retriever, SearchQuery
from footnote.platform.clock import Clock, utc_now
from footnote.platform.context import current_trace_id
from footnote.platform.ids import new_id
from footnote.platform.inference import ChatModel, ChatRequest, Quoting
from footnote.platform.principal import Principal
from footnote.platform.telemetry import content_attributes
from footnote.platform.telemetry.metrics import answered

tracer = trace.get_tracer(__name__)

NO_PROMPT = PromptRef(name="none", version=0)  # no model here takes instructions


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    top_k: int = 20  # passages
    max_sentences: int = 3
    max_words: int = 80
    abstain_below: float = 0.12  # confidence


class AnswerPipeline:
    def __init__(
        self,
        retriever: Retriever,
        judge: Judge,
        checker: SentenceChecker,
        store: AnswerStore,
        models: Mapping[str, ChatModel],
        *,
        limits: Limits,
        contexts: Mapping[str, ContextBuilder] | None = None,
        clock: Clock = utc_now,
    ) -> None:
        """The first of `models` answers when the question names none; `contexts` pack passages for some of them."""
        self._retriever = retriever
        self._judge = judge
        self._checker = checker
        self._store = store
        self._models = models
        self._limits = limits
        self._contexts = contexts or {}
        self._clock = clock

    @tracer.start_as_current_span("generation.answer")
    async def run(
        self, principal: Principal, question: Question, emit: Emit, *, answer_id: str | None = None
    ) -> Answer:
        """The answer, stored under `answer_id` or a new id."""
        check(question)
        model = self._model(question.model)
        stages, release, usage = Stages(emit), Release(emit), TokenUsage()
        context = await self._context(model, question, await self._retrieve(principal, question, stages), stages)
        passages = context.passages
        await emit(Passages(passages))
        confidence = await self._confidence(question, passages, stages)
        if confidence >= self._limits.abstain_below:
            usage = await self._draft(model, principal, question, context, stages, release)
            confidence *= release.shown_share
        is_abstained = not release.composer.text
        if is_abstained:
            await release.release(Checked(text=ABSTENTION, verdict="uncited"))
        answer = Answer(
            id=answer_id or new_id(),
            conversation_id=None,
            question=question.text,
            text=release.composer.text,
            abstained=is_abstained,
            confidence=round(confidence, 4),
            grounding=question.options.grounding,
            sentences=tuple(release.composer.sentences),
            citations=tuple(release.composer.citations),
            passages=passages,
            model=model.name,
            prompt=NO_PROMPT,
            usage=usage,
            timings_ms=stages.timings_ms,
            trace_id=current_trace_id() or "",
            created_at=self._clock(),
            left_out=context.left_out,
            asked=asked(question),
            replay_of=question.replay_of,
        )
        async with stages.announced("store"):
            await self._store.keep(principal, answer)
        content_attributes(trace.get_current_span(), question=answer.question, answer=answer.text)
        answered(answer.timings_ms["total"] / 1000, abstained=is_abstained)
        await emit(Done(answer))
        return answer

    async def _retrieve(self, principal: Principal, question: Question, stages: Stages) -> tuple[Passage, ...]:
        query = SearchQuery(
            text=question.text, top_k=question.options.top_k or self._limits.top_k, filters=question.filters
        )
        async with stages.announced("retrieve"):
            return (await self._retriever.search(principal, query)).results

    async def _context(
        self, model: ChatModel, question: Question, passages: tuple[Passage, ...], stages: Stages
    ) -> Context:
        builder = self._contexts.get(model.name) or ContextBuilder()
        with stages.quiet("pack"):
            return await asyncio.to_thread(builder.build, question.text, passages)

    async def _confidence(self, question: Question, passages: tuple[Passage, ...], stages: Stages) -> float:
        async with stages.announced("judge"):
            return await self._judge.confidence(question.text, passages)

    async def _draft(
        self,
        model: ChatModel,
        principal: Principal,
        question: Question,
        context: Context,
        stages: Stages,
        release: Release,
    ) -> TokenUsage:
        grounding, passages = question.options.grounding, context.passages
        draft = Draft(model, self._request(question, context))
        async with stages.announced("draft"), aclosing(draft.sentences()) as sentences:
            async for sentence in sentences:
                await release.release(await self._checker.check(principal, sentence, passages, grounding, stages))
        return draft.usage

    def _request(self, question: Question, context: Context) -> ChatRequest:
        sources = numbered(context.passages)
        quoting = Quoting(
            question=question.text,
            sources=tuple(sources[place] for place in context.order),
            max_sentences=question.options.max_sentences or self._limits.max_sentences,
            max_words=self._limits.max_words,
        )
        return ChatRequest(quoting=quoting)

    def _model(self, name: str | None) -> ChatModel:
        if name is None:
            return next(iter(self._models.values()))
        if name not in self._models:
            raise UnknownModel(name, self._models)
        return self._models[name]
