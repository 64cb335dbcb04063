"""What is done about a conversation when nobody waits: its title and its summary."""

import asyncio
from collections.abc import Sequence

from footnote.modules.generation.conversations.models import Conversation, Summary
from footnote.modules.generation.conversations.reading import AnswerReader
from footnote.modules.generation.conversations.recalling import Recall, Recollection
from footnote.modules.generation.conversations.repository import ConversationRepository
from footnote.modules.generation.conversations.summarising import written
from footnote.modules.generation.conversations.titling import written_title
from footnote.modules.generation.conversations.tree import Tree
from footnote.platform.inference import TextModel
from footnote.platform.principal import Principal
from footnote.platform.storage import Storage
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.cancellation import to_its_end

DEADLINE = 30.0  # seconds of a text model
FRESH = 4  # turns without a summary that are worth a new one
BY_RULES = "rules"


class Settling:
    def __init__(
        self,
        repository: ConversationRepository,
        reader: AnswerReader,
        recall: Recall,
        storage: Storage,
        *,
        deadline: float = DEADLINE,
    ) -> None:
        self._repository = repository
        self._reader = reader
        self._recall = recall
        self._storage = storage
        self._deadline = deadline

    async def settle(self, principal: Principal, conversation_id: str, writer: TextModel | None) -> None:
        """
        Raises:
            ConversationNotFound: It was deleted meanwhile.
            Unavailable: The store cannot be reached.
        """
        conversation = await self._repository.get(principal, conversation_id)
        branch = Tree(await self._repository.nodes(principal, conversation_id)).branch(conversation.active_id)
        if writer and conversation.titled_by == "rules" and len(branch) == 1:
            await self._title(principal, conversation, branch[0], writer)
        recollection = await self._recall.recollect(principal, conversation_id, branch)
        if len(recollection.fresh) >= FRESH:
            await self._summarise(principal, conversation_id, recollection, writer)

    async def _title(self, principal: Principal, conversation: Conversation, turn_id: str, writer: TextModel) -> None:
        (first,) = await self._reader.exchanges(principal, [turn_id])
        if title := await written_title(writer, first.question, self._deadline):
            await self._rename(principal, conversation.id, title)

    @again_on_conflict
    async def _rename(self, principal: Principal, conversation_id: str, title: str) -> None:
        async with self._storage.transaction() as tx:
            await self._repository.rename(tx, principal, conversation_id, title, "model")

    async def _summarise(
        self, principal: Principal, conversation_id: str, found: Recollection, writer: TextModel | None
    ) -> None:
        before = found.stored.text if found.stored else ""
        text = await written(writer, before, found.fresh, self._deadline) if writer else ""
        summary = Summary(
            turn_id=found.older[-1],
            conversation_id=conversation_id,
            text=text or found.summary,
            written_by=writer.name if writer and text else BY_RULES,
            document_ids=tuple(sorted(found.older_document_ids)),
        )
        try:
            await self._keep(principal, summary)
        except asyncio.CancelledError:  # the commit may have gone through all the same
            await to_its_end(self._drop_if_gone(principal, summary))
            raise
        await to_its_end(self._drop_if_gone(principal, summary))

    async def _drop_if_gone(self, principal: Principal, summary: Summary) -> None:
        """A deletion that ended between `_keep`'s look and its commit did not find it; one that ends later does."""
        if await self._reader.hidden(principal, summary.document_ids):
            await self._drop(principal, [summary.turn_id])

    @again_on_conflict
    async def _keep(self, principal: Principal, summary: Summary) -> None:
        """Not without its documents: whoever is killed after the commit looks at nothing any more."""
        async with self._storage.transaction() as tx:
            if not await self._reader.hidden(principal, summary.document_ids):
                await self._repository.keep_summary(tx, principal, summary)

    @again_on_conflict
    async def _drop(self, principal: Principal, turn_ids: Sequence[str]) -> None:
        async with self._storage.transaction() as tx:
            await self._repository.drop_summaries(tx, principal.tenant, turn_ids)
