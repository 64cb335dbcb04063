"""Options that only some models take: asked for in the best way first, and differently once a model has refused it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from footnote.platform.inference.calls.answers import Endpoint, fault_of
from footnote.platform.inference.calls.errors import Fault

REFUSALS = {400, 404, 422}  # statuses with which services refuse a request for what is in it
FOREIGN = re.compile(
    r"unsupported parameter|unknown (parameter|field|name)|unrecognized|not permitted|unexpected", re.I
)
# What a service says of an option that it does not know, rather than of its value.


class Option(NamedTuple):
    name: str
    words: str  # a pattern of what a refusal calls it
    ways: tuple[Mapping[str, Any], ...]  # fields of a request, the best way first, the least that can be asked last


class Chosen:
    """The fields of one request."""

    def __init__(self, known: dict[str, int], options: Iterable[Option]) -> None:
        self._known = known
        self._asked = [(option, min(known.get(option.name, 0), len(option.ways) - 1)) for option in options]
        self.fields: dict[str, Any] = {}
        for option, way in self._asked:
            merge(self.fields, option.ways[way])

    def refused(self, words: str) -> bool:
        """Whether a refusal in these words names an option that can be asked for in another way, now known."""
        for option, way in self._asked:
            last = len(option.ways) - 1
            if way < last and re.search(option.words, words, re.IGNORECASE):
                better = last if FOREIGN.search(words) else way + 1
                self._known[option.name] = max(self._known.get(option.name, 0), better)
                return True
        return False


class Options:
    """What is known of one model; it is found out once, by the first request that is refused."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def chosen(self, options: Iterable[Option]) -> Chosen:
        return Chosen(self._known, options)


def refusal_of(
    endpoint: Endpoint,
    status: int,
    headers: Mapping[str, str],
    words: object,
    chosen: Chosen | None,
    *,
    is_paid_up: bool = True,
) -> Fault:
    """As `fault_of`; another attempt goes better where the refusal names an option that is now asked for otherwise."""
    fault = fault_of(endpoint, status, headers, words, is_paid_up=is_paid_up)
    if chosen is not None and status in REFUSALS and chosen.refused(str(words or "")):
        fault.again, fault.retry_after, fault.learned = True, 0.0, True
    return fault


def merge(into: dict[str, Any], fields: Mapping[str, Any]) -> None:
    """Fields of fields are put together, not replaced; `fields` stays as it is."""
    for name, value in fields.items():
        if isinstance(value, Mapping):
            inner = dict(into.get(name) or {})
            merge(inner, value)
            into[name] = inner
        else:
            into[name] = value
