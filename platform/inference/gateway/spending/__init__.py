"""What chat models cost whom, kept: the port that `sqlite` and `mongo` implement.

Money is counted in whole billionths of a US dollar, so that sums are exact.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

import msgspec

from footnote.platform.storage import Transaction

BILLIONTHS = 1_000_000_000  # of a dollar
LONGEST = timedelta(days=1)  # that a request takes


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Whose money of which day (UTC) it is."""

    tenant: str
    person: str
    day: date


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """Money that a request may cost, until it is known what it did cost."""

    id: str
    account: Account
    cost: int


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What one person's calls of one model took on one day."""

    account: Account
    model: str  # `provider:model`
    calls: int = 1
    input_tokens: int = 0
    output_tokens: int = 0
    cost: int = 0
    unpriced: int = 0  # of the calls, those whose price nobody knows


class Committed(msgspec.Struct, frozen=True, kw_only=True):
    """Spent and reserved on one day."""

    tenant: int
    person: int


class SpendingRepository(Protocol):
    async def committed(self, tx: Transaction, account: Account) -> Committed:
        """To be trusted until the end of the transaction, if that reserves: others come before or after it."""
        ...

    async def reserve(self, tx: Transaction, reservation: Reservation) -> None:
        """Commit its cost. One that is never settled, as after a crash, stays committed: nobody knows what it cost."""
        ...

    async def settle(self, tx: Transaction, entry: Entry | None, reservation: Reservation | None) -> None:
        """Count `entry`, whose cost is committed in the place of the reservation's; without one the latter is free.

        A reservation that was settled before changes nothing, its entry included. Those of days long before are
        forgotten.
        """
        ...

    async def left(self, account: Account) -> Committed:
        """As `committed`, outside of a transaction: for people to read."""
        ...

    async def entries(self, tenant: str, since: date, until: date, person: str | None = None) -> Sequence[Entry]:
        """Of the days from `since` to `until`, both included, newest day first, then by model and person."""
        ...
