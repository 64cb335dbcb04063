"""Rates answers."""

from typing import Protocol

from opentelemetry import trace

from footnote.modules.generation.errors import FeedbackNotFound
from footnote.modules.generation.feedback import Feedback, FeedbackRepository
from footnote.platform.clock import Clock, utc_now
from footnote.platform.events import AnswersDeleted
from footnote.platform.principal import Principal
from footnote.platform.storage import Storage, Transaction
from footnote.platform.storage.again import again_on_conflict

tracer = trace.get_tracer(__name__)


class Answers(Protocol):
    """What feedback needs of the answers' repository."""

    async def hold(self, tx: Transaction, principal: Principal, answer_id: str) -> None: ...


class FeedbackService:
    def __init__(
        self, repository: FeedbackRepository, answers: Answers, storage: Storage, *, clock: Clock = utc_now
    ) -> None:
        self._repository = repository
        self._answers = answers
        self._storage = storage
        self._clock = clock

    @tracer.start_as_current_span("generation.rate")
    async def rate(self, principal: Principal, answer_id: str, rating: float, comment: str) -> Feedback:
        """What is kept: the first time it was given, and the last.

        Raises:
            AnswerNotFound: There is no such answer that `principal` asked for.
        """
        before, now = await self._repository.get(principal, answer_id), self._clock()
        feedback = Feedback(
            answer_id=answer_id,
            rating=rating,
            comment=comment,
            created_at=before.created_at if before else now,
            updated_at=now,
        )
        await self._put(principal, feedback)
        return feedback

    async def read(self, principal: Principal, answer_id: str) -> Feedback:
        """
        Raises:
            FeedbackNotFound: `principal` has said nothing of it.
        """
        feedback = await self._repository.get(principal, answer_id)
        if feedback is None:
            raise FeedbackNotFound(answer_id)
        return feedback

    async def withdraw(self, principal: Principal, answer_id: str) -> None:
        """
        Raises:
            FeedbackNotFound: `principal` has said nothing of it.
        """
        await self.read(principal, answer_id)
        await self._remove(principal.tenant, answer_id)  # nobody else may read the answer, and so rate it

    async def forget(self, tx: Transaction, event: AnswersDeleted) -> dict[str, int]:
        """Subscribes to `AnswersDeleted`."""
        return {"feedback": await self._repository.remove(tx, event.tenant, event.answer_ids)}

    @again_on_conflict
    async def _put(self, principal: Principal, feedback: Feedback) -> None:
        async with self._storage.transaction() as tx:
            await self._answers.hold(tx, principal, feedback.answer_id)  # or its deletion might miss this
            await self._repository.put(tx, principal, feedback)

    @again_on_conflict
    async def _remove(self, tenant: str, answer_id: str) -> None:
        async with self._storage.transaction() as tx:
            await self._repository.remove(tx, tenant, [answer_id])
