"""Conversations as their owner looks at them, changes them and deletes them."""

from collections.abc import Sequence

import msgspec
from opentelemetry import trace

from footnote.modules.generation.conversations.errors import TurnNotFound
from footnote.modules.generation.conversations.models import (
    Conversation,
    ConversationPage,
    ConversationView,
    DeletedConversation,
    PlacedTurn,
)
from footnote.modules.generation.conversations.reading import AnswerReader
from footnote.modules.generation.conversations.repository import ConversationRepository
from footnote.modules.generation.conversations.tree import Tree
from footnote.modules.generation.feedback import FeedbackRepository
from footnote.modules.generation.repository import AnswerRepository
from footnote.platform.clock import Clock, utc_now
from footnote.platform.events import AnswersDeleted, EventBus
from footnote.platform.ids import new_id
from footnote.platform.principal import Principal
from footnote.platform.storage import Storage
from footnote.platform.storage.again import again_on_conflict

tracer = trace.get_tracer(__name__)


class Browsing:
    def __init__(
        self,
        repository: ConversationRepository,
        answers: AnswerRepository,
        feedback: FeedbackRepository,
        reader: AnswerReader,
        storage: Storage,
        events: EventBus,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self._repository = repository
        self._answers = answers
        self._feedback = feedback
        self._reader = reader
        self._storage = storage
        self._events = events
        self._clock = clock

    async def page(self, principal: Principal, *, cursor: str | None = None, limit: int = 50) -> ConversationPage:
        return await self._repository.page(principal, cursor=cursor, limit=limit)

    @again_on_conflict
    async def begin(self, principal: Principal, title: str | None = None) -> Conversation:
        """One without turns; without `title` its first question gives it one."""
        now = self._clock()
        conversation = Conversation(
            id=new_id(),
            title=title or "",
            titled_by="person" if title else "nobody",
            active_id=None,
            turns=0,
            created_at=now,
            updated_at=now,
        )
        async with self._storage.transaction() as tx:
            await self._repository.add(tx, principal, conversation)
        return conversation

    @tracer.start_as_current_span("generation.conversation.read")
    async def view(
        self,
        principal: Principal,
        conversation_id: str,
        *,
        turn_id: str | None = None,
        before: str | None = None,
        limit: int = 50,
    ) -> ConversationView:
        """The last `limit` turns of the branch that goes on, or of that of `turn_id`; with `before` those before it.

        Every answer as far as `principal` may read now what it draws from.

        Raises:
            ConversationNotFound: `principal` has none such.
            TurnNotFound: It has no such turn, or `before` is of another branch.
        """
        conversation = await self._repository.get(principal, conversation_id)
        tree = Tree(await self._repository.nodes(principal, conversation_id))
        leaf_id = conversation.active_id if turn_id is None else tree.leaf(turn_id)
        branch = _up_to(tree.branch(leaf_id), before)
        shown = branch[-limit:]
        return ConversationView(
            **msgspec.structs.asdict(conversation),
            branch=await self._placed(principal, tree, shown),
            leaf_id=leaf_id,
            before=shown[0] if len(branch) > len(shown) else None,
        )

    @again_on_conflict
    async def rename(self, principal: Principal, conversation_id: str, title: str) -> None:
        """
        Raises:
            ConversationNotFound: `principal` has none such.
        """
        async with self._storage.transaction() as tx:
            await self._repository.rename(tx, principal, conversation_id, title, "person")

    async def go_on_after(self, principal: Principal, conversation_id: str, turn_id: str) -> None:
        """At the end of the branch that was last gone on with after `turn_id`.

        Raises:
            ConversationNotFound: `principal` has none such.
            TurnNotFound: It has no such turn.
        """
        await self._repository.get(principal, conversation_id)
        leaf = Tree(await self._repository.nodes(principal, conversation_id)).leaf(turn_id)
        await self._activate(principal, conversation_id, leaf)

    @tracer.start_as_current_span("generation.conversation.delete")
    @again_on_conflict
    async def delete(self, principal: Principal, conversation_id: str) -> DeletedConversation:
        """Remove it with its turns, their answers and all that is kept beside these.

        Raises:
            ConversationNotFound: `principal` has none such.
        """
        async with self._storage.transaction() as tx:
            turns, summaries = await self._repository.delete(tx, principal, conversation_id)
            report = await self._events.publish(tx, AnswersDeleted(tenant=principal.tenant, answer_ids=tuple(turns)))
            answers = await self._answers.delete(tx, principal.tenant, turns)
        return DeletedConversation(
            id=conversation_id, turns=len(turns), answers=answers, summaries=summaries, report=report
        )

    @again_on_conflict
    async def _activate(self, principal: Principal, conversation_id: str, turn_id: str) -> None:
        async with self._storage.transaction() as tx:
            await self._repository.activate(tx, principal, conversation_id, turn_id)

    async def _placed(self, principal: Principal, tree: Tree, turns: Sequence[str]) -> tuple[PlacedTurn, ...]:
        said = {each.answer_id: each for each in await self._feedback.get_all(principal, turns)}
        return tuple(
            PlacedTurn(
                id=answer.id,
                parent_id=tree.parent(answer.id),
                alternatives=tree.alternatives(answer.id),
                answer=answer,
                feedback=said.get(answer.id),
            )
            for answer in await self._reader.read(principal, turns)
        )


def _up_to(branch: list[str], before: str | None) -> list[str]:
    if before is None:
        return branch
    if before not in branch:
        raise TurnNotFound(before)
    return branch[: branch.index(before)]
