"""Keeps answers, and keeps them free of what their readers may not see."""

import asyncio
from collections.abc import Collection
from contextlib import suppress

from footnote.modules.generation.conversations import Conversations, Turn
from footnote.modules.generation.errors import AnswerNotFound
from footnote.modules.generation.models import Answer
from footnote.modules.generation.redaction import redact
from footnote.modules.generation.repository import AnswerRepository
from footnote.modules.ingestion import Documents
from footnote.platform.principal import Principal
from footnote.platform.storage import Storage, Transaction
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.cancellation import to_its_end


class AnswerStore:
    def __init__(
        self,
        repository: AnswerRepository,
        documents: Documents,
        storage: Storage,
        conversations: Conversations | None = None,
    ) -> None:
        self._repository = repository
        self._documents = documents
        self._storage = storage
        self._conversations = conversations

    async def keep(self, principal: Principal, answer: Answer, turn: Turn | None = None) -> Answer:
        """Store the answer whole, save what was deleted while it was made, and as the `turn` that it answers.

        Gives it as it is stored.

        Raises:
            ConversationNotFound: Its conversation was deleted meanwhile; nothing was stored.
        """
        try:
            await self._add(principal, answer, turn)
        except asyncio.CancelledError:  # the commit may have gone through all the same
            await to_its_end(self._without_gone(principal, answer))
            raise
        return await to_its_end(self._without_gone(principal, answer))

    async def read(self, principal: Principal, answer_id: str) -> Answer:
        """The answer as far as `principal` may read what it draws from now.

        Raises:
            AnswerNotFound: There is none that `principal` asked for.
        """
        answer = await self._repository.get(principal, answer_id)
        return redact(answer, await self._hidden(principal, answer))

    async def forget(self, tx: Transaction, tenant: str, document_id: str) -> int:
        """Redact what stored answers hold of the document; how many did."""
        answer_ids = await self._repository.drawn_from(tx, tenant, document_id)
        for answer_id in answer_ids:
            await self._redact(tx, tenant, answer_id, {document_id})
        return len(answer_ids)

    async def hidden(self, principal: Principal, document_ids: Collection[str]) -> set[str]:
        return set(document_ids) - await self._documents.readable(principal, document_ids)

    async def _without_gone(self, principal: Principal, answer: Answer) -> Answer:
        """A deletion that ended between the look of `_add` and its commit did not find the answer: that is seen now.

        One that ends later looks for answers once more after its own commit.
        """
        gone = await self._hidden(principal, answer)
        if gone:
            with suppress(AnswerNotFound):  # it was not stored, or is deleted already
                await self._redact_stored(principal.tenant, answer.id, gone)
        return redact(answer, gone)

    async def _hidden(self, principal: Principal, answer: Answer) -> set[str]:
        return await self.hidden(principal, answer.document_ids)

    @again_on_conflict
    async def _add(self, principal: Principal, answer: Answer, turn: Turn | None) -> None:
        """Without what is gone: whoever is killed after the commit looks at nothing any more."""
        async with self._storage.transaction() as tx:
            shown = redact(answer, await self._hidden(principal, answer))
            await self._repository.add(tx, principal, shown)
            if turn is not None and self._conversations is not None:
                await self._conversations.kept(tx, principal, turn, shown)

    @again_on_conflict
    async def _redact_stored(self, tenant: str, answer_id: str, hidden: Collection[str]) -> None:
        async with self._storage.transaction() as tx:
            await self._redact(tx, tenant, answer_id, hidden)

    async def _redact(self, tx: Transaction, tenant: str, answer_id: str, hidden: Collection[str]) -> None:
        answer = await self._repository.load(tx, tenant, answer_id)
        await self._repository.replace(tx, tenant, redact(answer, hidden))
