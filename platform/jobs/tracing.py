"""The trace of whoever queued a job goes on in the work."""

from collections.abc import Mapping
from typing import Any

from opentelemetry.context import Context
from opentelemetry.propagate import extract, inject

KEY = "trace"


def with_trace(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload and the current trace, if there is one."""
    carrier: dict[str, str] = {}
    inject(carrier)
    return {**payload, KEY: carrier} if carrier else dict(payload)


def trace_of(payload: Mapping[str, Any]) -> Context:
    return extract(payload.get(KEY, {}))
