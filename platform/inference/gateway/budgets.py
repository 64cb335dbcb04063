"""What may be spent: money is reserved before a request is sent, and settled when it is known what it cost."""

import math
from datetime import datetime, time, timedelta

import msgspec
from loguru import logger

from footnote.platform.clock import Clock, utc_now
from footnote.platform.errors import FootnoteError
from footnote.platform.ids import new_id
from footnote.platform.inference import Usage
from footnote.platform.inference.calls.prices import Price
from footnote.platform.inference.errors import BudgetSpent, PriceUnknown
from footnote.platform.inference.gateway.grouping import Group
from footnote.platform.inference.gateway.spending import (
    BILLIONTHS,
    Account,
    Committed,
    Entry,
    Reservation,
    SpendingRepository,
)
from footnote.platform.principal import Principal
from footnote.platform.storage import Storage, Transaction
from footnote.platform.telemetry.metrics import budget_refused


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """US dollars a day (UTC); nothing: no limit."""

    tenant: float | None = None
    person: float | None = None
    unpriced: bool = False  # whether models may be asked whose price nobody knows, though there is a limit

    @property
    def is_limited(self) -> bool:
        return self.tenant is not None or self.person is not None


class Budgets:
    def __init__(
        self, storage: Storage, spending: SpendingRepository, allowance: Allowance, *, clock: Clock = utc_now
    ) -> None:
        self._spending = spending
        self.allowance = allowance
        self._clock = clock
        self._group = Group(storage)

    def planned(self, principal: Principal, model: str, price: Price | None, most: Usage) -> Reservation | None:
        """Of what a request may cost at `most`, to be taken before it is sent; nothing where nothing is limited.

        Raises:
            PriceUnknown: There is a limit, and no price.
        """
        if not self.allowance.is_limited:
            return None
        if price is None and not self.allowance.unpriced:
            raise PriceUnknown(model)
        # Where a provider writes its cache for less than it reads, it may not write it.
        uncached = msgspec.structs.replace(most, cache_written_tokens=0)
        cost = in_billionths(max(cost_of(price, most), cost_of(price, uncached))) if price else 0
        return Reservation(id=new_id(), account=self.account(principal), cost=cost) if cost else None

    async def take(self, reservation: Reservation) -> None:
        """Whoever is cancelled meanwhile settles it all the same.

        Raises:
            BudgetSpent: It is more than what is left.
            Unavailable: The store is away.
        """

        async def work(tx: Transaction) -> None:
            self._check(await self._spending.committed(tx, reservation.account), reservation.cost)
            await self._spending.reserve(tx, reservation)

        await self._group.do(work)

    async def settle(
        self, principal: Principal, model: str, price: Price | None, used: Usage | None, held: Reservation | None
    ) -> None:
        """Count what was used, nothing where `used` is None; if the store is away, what is `held` stays taken."""
        entry = self._entry(principal, model, price, used, held) if used else None
        if entry is None and held is None:
            return
        try:
            await self._group.do(lambda tx: self._spending.settle(tx, entry, held))
        except FootnoteError as error:
            logger.bind(model=model, problem=error.detail).error("What a model was used for could not be counted")

    async def close(self) -> None:
        await self._group.settled()

    def account(self, principal: Principal) -> Account:
        return Account(tenant=principal.tenant, person=principal.subject, day=self._clock().date())

    def _entry(
        self, principal: Principal, model: str, price: Price | None, used: Usage, held: Reservation | None
    ) -> Entry:
        return Entry(
            account=held.account if held else self.account(principal),
            model=model,
            input_tokens=used.input_tokens,
            output_tokens=used.output_tokens,
            cost=in_billionths(cost_of(price, used)) if price else 0,
            unpriced=0 if price else 1,
        )

    def _check(self, committed: Committed, cost: int) -> None:
        scopes = (
            ("tenant", self.allowance.tenant, committed.tenant),
            ("person", self.allowance.person, committed.person),
        )
        for name, limit, taken in scopes:
            if limit is not None and taken + cost > in_billionths(limit):
                budget_refused(name)
                left = limit - taken / BILLIONTHS
                raise BudgetSpent(f"of this {name} for today", limit, left, cost / BILLIONTHS, self._until_midnight())

    def _until_midnight(self) -> int:
        now = self._clock()
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
        return math.ceil((midnight - now).total_seconds())


def cost_of(price: Price, used: Usage) -> float:
    """In US dollars."""
    return price.of(
        input_tokens=used.input_tokens,
        output_tokens=used.output_tokens,
        cached_tokens=used.cached_tokens,
        cache_written_tokens=used.cache_written_tokens,
    )


def in_billionths(dollars: float) -> int:
    """Rounded up."""
    return math.ceil(round(dollars * BILLIONTHS, 3))
