from pathlib import Path

import pytest

from footnote.platform.inference.calls import Price, PriceList

LIST = Path(__file__).parents[3] / "config/prices.toml"


def test_a_price_is_for_a_million_tokens_and_a_thousand_searches() -> None:
    price = Price(input=2.0, output=8.0, search=5.0)
    assert price.of(input_tokens=500_000, output_tokens=250_000, searches=10) == pytest.approx(1 + 2 + 0.05)


def test_the_list_says_when_and_where_it_was_read() -> None:
    prices = PriceList.load(LIST)
    assert prices.read.year >= 2026
    assert prices.sources
    assert prices.models["openai:text-embedding-3-small"].of(input_tokens=1_000_000) == pytest.approx(0.02)
    assert all(price.of(input_tokens=1, output_tokens=1, searches=1) > 0 for price in prices.models.values())
