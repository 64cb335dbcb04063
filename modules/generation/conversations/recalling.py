"""What of a branch a question comes with: the last turns as they were said, and a summary of those before."""

from collections.abc import Sequence

import msgspec

from footnote.modules.generation.conversations.models import Summary
from footnote.modules.generation.conversations.reading import AnswerReader, Exchange
from footnote.modules.generation.conversations.repository import ConversationRepository
from footnote.modules.generation.conversations.summarising import folded
from footnote.modules.retrieval import estimated_tokens
from footnote.platform.inference import Message
from footnote.platform.principal import Principal
from footnote.platform.storage import Storage
from footnote.platform.storage.again import again_on_conflict

RECENT = 20  # turns that are looked at for the history
UNSUMMARISED = 40  # turns before them that are, beside a summary
WITHHELD = "(withheld)"


class Room(msgspec.Struct, frozen=True, kw_only=True):
    history: int = 2000  # tokens
    summary: int = 500


class Recollection(msgspec.Struct, frozen=True, kw_only=True):
    exchanges: tuple[Exchange, ...] = ()  # oldest first, those that fit in
    summary: str = ""
    older: tuple[str, ...] = ()  # the turns before `exchanges`, oldest first
    fresh: tuple[Exchange, ...] = ()  # of `older`, those that no stored summary is of
    stored: Summary | None = None
    older_document_ids: frozenset[str] = frozenset()  # whose words may stand in the summary

    @property
    def document_ids(self) -> frozenset[str]:
        return self.older_document_ids.union(*(each.document_ids for each in self.exchanges))

    @property
    def messages(self) -> tuple[Message, ...]:
        return tuple(message for each in self.exchanges for message in messages_of(each))


class Recall:
    def __init__(
        self, conversations: ConversationRepository, reader: AnswerReader, storage: Storage, room: Room
    ) -> None:
        self._conversations = conversations
        self._reader = reader
        self._storage = storage
        self.room = room

    async def recollect(self, principal: Principal, conversation_id: str, branch: Sequence[str]) -> Recollection:
        """`branch` are the turns that were before, oldest first."""
        recent = await self._reader.exchanges(principal, branch[-RECENT:])
        fitting = fitting_in(recent, self.room.history)
        older = tuple(branch[: len(branch) - len(fitting)])
        stored = await self._summary(principal, conversation_id, older) if older else None
        begin = older.index(stored.turn_id) + 1 if stored else 0
        fresh = await self._reader.exchanges(principal, older[begin:][-UNSUMMARISED:])
        known = frozenset(stored.document_ids) if stored else frozenset()
        return Recollection(
            exchanges=tuple(fitting),
            summary=folded(stored.text if stored else "", fresh, self.room.summary),
            older=older,
            fresh=tuple(fresh),
            stored=stored,
            older_document_ids=known.union(*(each.document_ids for each in fresh)),
        )

    async def _summary(self, principal: Principal, conversation_id: str, turns: Sequence[str]) -> Summary | None:
        """The one of most of `turns`, once those are dropped that hold words of what may not be read any more."""
        found = await self._conversations.summaries(principal, conversation_id)
        sources = {document_id for each in found for document_id in each.document_ids}
        hidden = await self._reader.hidden(principal, sources)
        if dropped := [each.turn_id for each in found if not hidden.isdisjoint(each.document_ids)]:
            await self._drop(principal, dropped)
        places = {turn_id: place for place, turn_id in enumerate(turns)}
        kept = [each for each in found if hidden.isdisjoint(each.document_ids) and each.turn_id in places]
        return max(kept, key=lambda each: places[each.turn_id], default=None)

    @again_on_conflict
    async def _drop(self, principal: Principal, turn_ids: Sequence[str]) -> None:
        async with self._storage.transaction() as tx:
            await self._conversations.drop_summaries(tx, principal.tenant, turn_ids)


def fitting_in(exchanges: Sequence[Exchange], tokens: int) -> list[Exchange]:
    """The last of them that fit in; the very last one always, cut if it has to be."""
    found: list[Exchange] = []
    for exchange in reversed(exchanges):
        size = sum(estimated_tokens(message.text) for message in messages_of(exchange))
        if found and size > tokens:
            break
        found.append(exchange if size <= tokens else _cut(exchange, tokens))
        tokens -= size
    return found[::-1]


def messages_of(exchange: Exchange) -> tuple[Message, Message]:
    said = exchange.answer or WITHHELD
    return Message(role="user", text=exchange.question), Message(role="assistant", text=said)


def _cut(exchange: Exchange, tokens: int) -> Exchange:
    """Half of the room for each of the two."""
    texts = {"question": exchange.question, "answer": exchange.answer}
    return msgspec.structs.replace(exchange, **{name: _beginning(text, tokens // 2) for name, text in texts.items()})


def _beginning(text: str, tokens: int) -> str:
    if estimated_tokens(text) <= tokens:
        return text
    words, size = text.split(" "), 0
    for place, word in enumerate(words):
        size += estimated_tokens(f"{word} ")
        if size > tokens:
            return " ".join(words[:place]) + " …"
    return text
