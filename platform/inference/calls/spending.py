"""Adds up what the requests of one call took, and tells telemetry once: failed calls cost money too."""

from collections.abc import Iterator
from contextlib import contextmanager

from footnote.platform.inference.calls.prices import Price
from footnote.platform.telemetry.model_calls import ModelCall


class Spending:
    def __init__(self) -> None:
        self.input_tokens = 0
        self.output_tokens = 0
        self.searches = 0

    def add(self, *, input_tokens: int = 0, output_tokens: int = 0, searches: int = 0) -> None:
        self.input_tokens += input_tokens
        self.output_tokens += output_tokens
        self.searches += searches


@contextmanager
def spending(call: ModelCall, price: Price | None) -> Iterator[Spending]:
    """`price` is None where nobody knows it: then there are tokens and no cost."""
    spent = Spending()
    try:
        yield spent
    finally:
        call.used(input_tokens=spent.input_tokens, output_tokens=spent.output_tokens)
        if price is not None:
            cost = price.of(input_tokens=spent.input_tokens, output_tokens=spent.output_tokens, searches=spent.searches)
            call.cost(cost)
