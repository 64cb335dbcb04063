"""Answers questions, and reads answers again."""

from collections.abc import AsyncGenerator, Collection

from opentelemetry import trace

from footnote.modules.generation.models import Answer, AnswerEvent, Question
from footnote.modules.generation.pipeline import AnswerPipeline
from footnote.modules.generation.stages import Emit
from footnote.modules.generation.storing import AnswerStore
from footnote.modules.generation.streaming import emitted
from footnote.platform.events import DocumentDeleted
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction

tracer = trace.get_tracer(__name__)


class GenerationService:
    """The slice's `Answerer`."""

    def __init__(self, pipeline: AnswerPipeline, store: AnswerStore) -> None:
        self._pipeline = pipeline
        self._store = store

    async def answer(self, principal: Principal, question: Question) -> Answer:
        return await self._pipeline.run(principal, question, _unheard)

    def stream(
        self, principal: Principal, question: Question, *, answer_id: str | None = None
    ) -> AsyncGenerator[AnswerEvent]:
        async def work(emit: Emit) -> None:
            await self._pipeline.run(principal, question, emit, answer_id=answer_id)

        return emitted(work)

    @tracer.start_as_current_span("generation.read")
    async def read(self, principal: Principal, answer_id: str) -> Answer:
        return await self._store.read(principal, answer_id)

    async def hidden(self, principal: Principal, document_ids: Collection[str]) -> set[str]:
        """Those of the documents that `principal` may not read now, or that are gone."""
        return await self._store.hidden(principal, document_ids)

    @tracer.start_as_current_span("generation.redact")
    async def redact(self, tx: Transaction, event: DocumentDeleted) -> dict[str, int]:
        """Subscribes to `DocumentDeleted`: nothing of the document stays in stored answers."""
        return {"answers_redacted": await self._store.forget(tx, event.tenant, event.document_id)}


async def _unheard(_event: AnswerEvent) -> None:
    pass
