"""What a question comes with from its conversation, and what the conversation keeps of its answer."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import msgspec
from loguru import logger
from opentelemetry import trace

from footnote.modules.generation.conversations.clients import told
from footnote.modules.generation.conversations.errors import MemoryFull
from footnote.modules.generation.conversations.followups import FollowUps
from footnote.modules.generation.conversations.memories import Memories
from footnote.modules.generation.conversations.models import NEW, ROOT, Conversation, Node, Turn
from footnote.modules.generation.conversations.recalling import Recall, Recollection
from footnote.modules.generation.conversations.remembering import ACKNOWLEDGEMENTS, heard
from footnote.modules.generation.conversations.repository import ConversationRepository
from footnote.modules.generation.conversations.settling import Settling
from footnote.modules.generation.conversations.titling import title_of
from footnote.modules.generation.conversations.tree import Tree
from footnote.modules.generation.models import Answer, Question
from footnote.platform.errors import FootnoteError
from footnote.platform.events import DocumentDeleted
from footnote.platform.ids import new_id
from footnote.platform.inference import ChatModels, TextModel
from footnote.platform.language import language_of
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction

tracer = trace.get_tracer(__name__)


class Conversations:
    def __init__(
        self,
        repository: ConversationRepository,
        memories: Memories,
        recall: Recall,
        settling: Settling,
        models: ChatModels | None = None,
        *,
        followups: FollowUps | None = None,
    ) -> None:
        """`models` say who writes; without them, or if they have no writer, rules do what one would."""
        self._repository = repository
        self._memories = memories
        self._recall = recall
        self._settling = settling
        self._models = models
        self._followups = followups or FollowUps()
        self._errands: set[asyncio.Task[None]] = set()

    @tracer.start_as_current_span("generation.conversation")
    async def opened(self, principal: Principal, question: Question) -> Turn:
        """What `question` comes with; nothing is stored yet.

        Raises:
            ConversationNotFound: `principal` has none such.
            TurnNotFound: It has no such turn to ask after.
        """
        turn = await self._placed(principal, question)
        if question.options.memories:
            turn = msgspec.structs.replace(turn, memories=await self._memories.used(principal))
        if turn.acknowledgement:
            return turn
        recollection = await self._recollected(principal, turn, question)
        standalone = question.standalone
        if standalone is None and recollection.exchanges and turn.question:
            writer = await self._writer(principal)
            standalone = await self._followups.standalone(turn.question, recollection.exchanges, writer)
        return msgspec.structs.replace(
            turn,
            standalone=standalone,
            summary=recollection.summary,
            history=recollection.messages,
            document_ids=tuple(sorted({*recollection.document_ids, *question.context_documents})),
        )

    async def kept(self, tx: Transaction, principal: Principal, turn: Turn, answer: Answer) -> None:
        """Keep `answer`, which is stored in the same transaction, as `turn`, and what was asked to be remembered.

        Raises:
            ConversationNotFound: It was deleted meanwhile.
        """
        if turn.remembered:
            await self._remember(tx, principal, turn.remembered)
        if turn.conversation_id is None:
            return
        if turn.is_new:
            await self._repository.add(tx, principal, untitled(turn.conversation_id, answer))
        node = Node(id=answer.id, parent_id=turn.parent_id)
        title = title_of(answer.question)
        await self._repository.add_turn(tx, principal, turn.conversation_id, node, at=answer.created_at, title=title)

    def settle(self, principal: Principal, turn: Turn) -> None:
        """Once its answer was given: title and summary, in the background."""
        if turn.conversation_id is not None:
            self._begin(self._settle(principal, turn, turn.conversation_id))

    async def redact(self, tx: Transaction, event: DocumentDeleted) -> dict[str, int]:
        """Subscribes to `DocumentDeleted`: no summary keeps words of the document."""
        return {"summaries_dropped": await self._repository.forget(tx, event.tenant, event.document_id)}

    async def settled(self) -> None:
        """Wait for what is done in the background."""
        await asyncio.gather(*self._errands)

    async def close(self) -> None:
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)

    async def _placed(self, principal: Principal, question: Question) -> Turn:
        """Where in which conversation, and what is asked."""
        found = heard(question.text) if question.options.memories else None
        turn = Turn(question=question.text)
        if found and found.remembered:
            language = language_of(question.text) or "en"
            said = "" if found.question else ACKNOWLEDGEMENTS.get(language, ACKNOWLEDGEMENTS["en"])
            turn = Turn(question=found.question, remembered=found.remembered, acknowledgement=said)
        if question.conversation_id is None:
            return turn
        if question.conversation_id == NEW:
            return msgspec.structs.replace(turn, conversation_id=new_id(), is_new=True)
        conversation = await self._repository.get(principal, question.conversation_id)
        parent_id = question.parent_id or conversation.active_id
        return msgspec.structs.replace(
            turn, conversation_id=conversation.id, parent_id=None if parent_id == ROOT else parent_id
        )

    async def _recollected(self, principal: Principal, turn: Turn, question: Question) -> Recollection:
        if turn.conversation_id is None:
            return told(question.history, self._recall.room)
        if turn.is_new or turn.parent_id is None:
            return Recollection()
        branch = Tree(await self._repository.nodes(principal, turn.conversation_id)).branch(turn.parent_id)
        return await self._recall.recollect(principal, turn.conversation_id, branch)

    async def _remember(self, tx: Transaction, principal: Principal, text: str) -> None:
        try:
            await self._memories.keep(tx, principal, text)
        except MemoryFull:
            logger.warning("a memory was not kept: there are too many")

    async def _settle(self, principal: Principal, turn: Turn, conversation_id: str) -> None:
        try:
            await self._settling.settle(principal, conversation_id, await self._writer(principal))
        except FootnoteError as error:
            logger.bind(title=error.title).warning("a conversation was left without its new summary")

    async def _writer(self, principal: Principal) -> TextModel | None:
        return await self._models.writer(principal) if self._models else None

    def _begin(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)


def untitled(conversation_id: str, answer: Answer) -> Conversation:
    return Conversation(
        id=conversation_id,
        title="",
        titled_by="nobody",
        active_id=None,
        turns=0,
        created_at=answer.created_at,
        updated_at=answer.created_at,
    )
