"""Errors of choosing a chat model and of paying for it."""

from collections.abc import Iterable
from typing import ClassVar

from footnote.platform.errors import Invalid, TooMany, Unavailable


class UnknownModel(Invalid):
    type: ClassVar[str] = "/problems/unknown-model"
    title: ClassVar[str] = "Unknown model"

    def __init__(self, model: str, known: Iterable[str]) -> None:
        names = sorted(known)
        super().__init__(f"No model {model!r} is configured; there are: {', '.join(names)}.", model=model, known=names)


class BudgetSpent(TooMany):
    """Refused before anything was sent."""

    type: ClassVar[str] = "/problems/budget-spent"
    title: ClassVar[str] = "The budget does not suffice"

    def __init__(self, scope: str, limit: float, left: float, estimate: float, retry_after: int) -> None:
        """`scope` says whose budget and of what time; the money is in US dollars; `retry_after` in seconds."""
        super().__init__(
            f"The budget {scope} of {limit:g} US dollars has {max(0.0, left):.4f} left, and this may cost "
            f"{estimate:.4f}. It is renewed at midnight UTC.",
            scope=scope,
            limit_usd=limit,
            left_usd=max(0.0, round(left, 6)),
            estimate_usd=round(estimate, 6),
            retry_after=retry_after,
        )


class PriceUnknown(Unavailable):
    type: ClassVar[str] = "/problems/price-unknown"
    title: ClassVar[str] = "Nobody knows the model's price"

    def __init__(self, model: str) -> None:
        super().__init__(
            f"There is a budget, and the list of prices does not know {model}. Name its price in "
            "FOOTNOTE_MODEL_PRICES, or set FOOTNOTE_BUDGET_ALLOWS_UNPRICED.",
            model=model,
        )
