"""What one attempt is charged."""

from typing import Literal

import msgspec

from footnote.platform.errors import FootnoteError
from footnote.platform.inference import ChatRequest, Usage
from footnote.platform.inference.gateway.budgets import Budgets, cost_of
from footnote.platform.inference.gateway.estimate import Meter, most_read, most_written
from footnote.platform.inference.gateway.line import Line
from footnote.platform.inference.gateway.spending import Reservation
from footnote.platform.principal import Principal
from footnote.platform.telemetry.model_calls import ModelCall

Stage = Literal["unsent", "sent", "refused", "ended"]


class Charge:
    """Reserved before anything is sent; settled once, for what the provider says or what can be estimated."""

    def __init__(self, budgets: Budgets, principal: Principal, line: Line, request: ChatRequest) -> None:
        self.stage: Stage = "unsent"
        self.meter = Meter(request)
        self._budgets = budgets
        self._principal = principal
        self._line = line
        self._request = request
        self._held: Reservation | None = None
        self._is_settled = line.is_local

    async def reserve(self) -> None:
        """
        Raises:
            BudgetSpent, PriceUnknown, Unavailable: Nothing may be sent.
        """
        if self._budgets.allowance.is_limited and not self._line.is_local:
            read = most_read(self._request)
            # Putting all of it into the provider's cache is the dearest way to have it read.
            most = Usage(input_tokens=read, cache_written_tokens=read, output_tokens=most_written(self._request))
            self._held = self._budgets.planned(self._principal, self._line.name, self._line.price, most)
        if self._held is None:
            return
        try:
            await self._budgets.take(self._held)
        except FootnoteError:
            self._held = None
            raise

    async def settle(self) -> None:
        if not self._is_settled:
            self._is_settled = True
            line = self._line
            await self._budgets.settle(self._principal, line.name, line.price, self.used, self._held)

    def tell(self, call: ModelCall) -> None:
        used = self.used or Usage()
        call.used(input_tokens=used.input_tokens, output_tokens=used.output_tokens)
        if used.cost_usd is not None:
            call.cost(used.cost_usd)

    @property
    def used(self) -> Usage | None:
        """With its cost. A provider that refused did nothing; one that we or the net cut off did what can be seen."""
        match self.stage:
            case "ended":
                used = self.meter.whole()
            case "sent":
                used = self.meter.begun()
            case "refused" if self.meter.has_seen:
                used = self.meter.begun()
            case _:
                return None
        if self._line.is_local:
            return used
        cost = cost_of(self._line.price, used) if self._line.price else None
        return msgspec.structs.replace(used, cost_usd=cost)
