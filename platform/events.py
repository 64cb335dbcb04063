"""Events that let one slice act on what happened in another that it may not import."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from footnote.platform.storage import Transaction


class DocumentDeleted(msgspec.Struct, frozen=True, kw_only=True):
    tenant: str
    document_id: str


class AnswersDeleted(msgspec.Struct, frozen=True, kw_only=True):
    """Told before they are gone, in the transaction that deletes them."""

    tenant: str
    answer_ids: tuple[str, ...]


Handler = Callable[[Transaction, Any], Awaitable[dict[str, int]]]


class EventBus:
    """Calls each subscriber inside the publisher's transaction, in the order in which `config` wired them.

    The same event may be told more than once: the transaction is repeated after a conflict, and a deletion is told
    again after its commit.
    """

    def __init__(self) -> None:
        self._handlers: defaultdict[type, list[Handler]] = defaultdict(list)

    def subscribe(self, kind: type, handler: Handler) -> None:
        self._handlers[kind].append(handler)

    async def publish(self, tx: Transaction, event: Any) -> dict[str, int]:
        """What the subscribers did, counted by name, merged."""
        report: dict[str, int] = {}
        for handler in self._handlers[type(event)]:
            report |= await handler(tx, event)
        return report
