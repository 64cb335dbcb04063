"""What people think of answers: the shape of it, and where it is kept (`sqlite` and `mongo` implement the port)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """One person's of one answer; giving it again changes it."""

    answer_id: str
    rating: float  # in [-1, 1]: bad to good
    comment: str = ""
    created_at: datetime
    updated_at: datetime


class FeedbackRepository(Protocol):
    async def put(self, tx: Transaction, principal: Principal, feedback: Feedback) -> None:
        """Keep it in place of what `principal` said of the answer before."""
        ...

    async def get(self, principal: Principal, answer_id: str) -> Feedback | None: ...

    async def get_all(self, principal: Principal, answer_ids: Sequence[str]) -> list[Feedback]:
        """What `principal` said of those answers, in no order."""
        ...

    async def remove(self, tx: Transaction, tenant: str, answer_ids: Sequence[str]) -> int:
        """Delete what anybody of the tenant said of the answers; how much that was."""
        ...

    async def listed(self, tenant: str, *, after: str = "", limit: int = 100) -> list[Feedback]:
        """What the tenant's people said of answers whose id is greater than `after`, in the order of those ids.

        All of an answer's comes together, so that there may be more than `limit`.
        """
        ...
