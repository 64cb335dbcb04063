"""Tokens and money, for people to read."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import ClassVar, Literal

import msgspec

from footnote.platform.errors import Invalid
from footnote.platform.inference.gateway.budgets import Budgets
from footnote.platform.inference.gateway.spending import BILLIONTHS, Entry, SpendingRepository
from footnote.platform.principal import Principal

LONGEST = 366  # days
USUAL = 30


class InvalidPeriod(Invalid):
    type: ClassVar[str] = "/problems/invalid-period"
    title: ClassVar[str] = "Invalid period"

    def __init__(self) -> None:
        super().__init__(f"A period ends no earlier than it begins and has at most {LONGEST} days.", limit=LONGEST)


class Used(msgspec.Struct, frozen=True, kw_only=True):
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    unpriced_calls: int = 0  # some of the calls, whose cost nobody knows


class UsedOn(Used, frozen=True, kw_only=True):
    day: date  # UTC
    model: str
    person: str


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """Of today (UTC)."""

    scope: Literal["tenant", "person"]
    limit_usd: float
    committed_usd: float  # spent, and reserved for what is under way
    left_usd: float


class UsageReport(msgspec.Struct, frozen=True, kw_only=True):
    items: Sequence[UsedOn]  # newest day first
    total: Used
    budgets: Sequence[Budget]
    next_cursor: None = None


class UsageReader:
    def __init__(self, spending: SpendingRepository, budgets: Budgets) -> None:
        self._spending = spending
        self._budgets = budgets

    async def read(self, principal: Principal, since: date | None = None, until: date | None = None) -> UsageReport:
        """Of the last 30 days, unless told otherwise; all of the tenant's for an admin, else the person's own.

        Raises:
            InvalidPeriod: It is turned round or too long.
        """
        until = until or self._budgets.account(principal).day
        since = since or until - timedelta(days=USUAL - 1)
        if not 0 <= (until - since).days < LONGEST:
            raise InvalidPeriod
        person = None if principal.is_admin else principal.subject
        entries = await self._spending.entries(principal.tenant, since, until, person)
        return UsageReport(
            items=[_used_on(entry) for entry in entries],
            total=_total(entries),
            budgets=await self._limits(principal),
        )

    async def _limits(self, principal: Principal) -> list[Budget]:
        allowance = self._budgets.allowance
        committed = await self._spending.left(self._budgets.account(principal))
        found = []
        if allowance.tenant is not None and principal.is_admin:
            found.append(_budget("tenant", allowance.tenant, committed.tenant))
        if allowance.person is not None:
            found.append(_budget("person", allowance.person, committed.person))
        return found


def _used_on(entry: Entry) -> UsedOn:
    return UsedOn(
        day=entry.account.day,
        model=entry.model,
        person=entry.account.person,
        calls=entry.calls,
        input_tokens=entry.input_tokens,
        output_tokens=entry.output_tokens,
        cost_usd=entry.cost / BILLIONTHS,
        unpriced_calls=entry.unpriced,
    )


def _total(entries: Sequence[Entry]) -> Used:
    return Used(
        calls=sum(entry.calls for entry in entries),
        input_tokens=sum(entry.input_tokens for entry in entries),
        output_tokens=sum(entry.output_tokens for entry in entries),
        cost_usd=sum(entry.cost for entry in entries) / BILLIONTHS,
        unpriced_calls=sum(entry.unpriced for entry in entries),
    )


def _budget(scope: Literal["tenant", "person"], limit: float, committed: int) -> Budget:
    spent = committed / BILLIONTHS
    return Budget(scope=scope, limit_usd=limit, committed_usd=spent, left_usd=max(0.0, limit - spent))
