"""What calls of models cost, by a list that somebody has read and dated."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """US dollars."""

    input: float = 0.0  # for a million tokens read
    output: float = 0.0  # for a million tokens written
    cached: float | None = None  # for a million of those read that come from the provider's cache; else as `input`
    written: float | None = None  # for a million of those read that are put into it; else as `input`
    search: float = 0.0  # for a thousand searches, as rerankers count them
    context: int | None = None  # tokens that a request and its answer may have together; not money, but printed beside

    def of(
        self,
        *,
        input_tokens: int = 0,
        output_tokens: int = 0,
        cached_tokens: int = 0,
        cache_written_tokens: int = 0,
        searches: int = 0,
    ) -> float:
        """`cached_tokens` and `cache_written_tokens` are some of `input_tokens`."""
        cached = self.input if self.cached is None else self.cached
        written = self.input if self.written is None else self.written
        fresh = max(0, input_tokens - cached_tokens - cache_written_tokens)
        read = self.input * fresh + cached * cached_tokens + written * cache_written_tokens
        return (read + self.output * output_tokens) / 1_000_000 + self.search * searches / 1000


class PriceList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    read: date  # when the prices were looked up
    sources: tuple[str, ...]
    models: Mapping[str, Price]  # by `provider:model`

    @classmethod
    def load(cls, path: Path) -> "PriceList":
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), cls)
