"""Answers given before, for requests that are the same to the last sign."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

import msgspec

from footnote.platform.inference import ChatEvent, ChatRequest, TextDelta, Usage


class AnswerCache:
    """In the memory of this process; of each tenant apart."""

    def __init__(self, *, seconds: float, entries: int = 512, clock: Callable[[], float] = time.monotonic) -> None:
        """`seconds` is how long an answer is given again; 0: never."""
        self._seconds = seconds
        self._entries = entries
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str], tuple[float, tuple[ChatEvent, ...]]] = OrderedDict()

    @property
    def is_on(self) -> bool:
        return self._seconds > 0

    def find(self, tenant: str, model: str, request: ChatRequest) -> tuple[ChatEvent, ...] | None:
        """The events after `Started`; nothing was used."""
        place = (tenant, key_of(model, request))
        until, events = self._kept.get(place, (0.0, ()))
        if not events or until < self._clock():
            self._kept.pop(place, None)
            return None
        self._kept.move_to_end(place)
        return events

    def keep(self, tenant: str, model: str, request: ChatRequest, events: Sequence[ChatEvent]) -> None:
        """`events` are a whole answer's."""
        place = (tenant, key_of(model, request))
        self._kept[place] = (self._clock() + self._seconds, tuple(_joined(events)))
        self._kept.move_to_end(place)
        while len(self._kept) > self._entries:
            self._kept.popitem(last=False)

    def forget(self, tenant: str) -> int:
        """Drop all of a tenant's; their number."""
        theirs = [place for place in self._kept if place[0] == tenant]
        for place in theirs:
            del self._kept[place]
        return len(theirs)


def key_of(model: str, request: ChatRequest) -> str:
    """Of everything that is sent."""
    sent = msgspec.structs.replace(request, quoting=None)
    return hashlib.sha256(msgspec.msgpack.encode((model, sent))).hexdigest()


def _joined(events: Sequence[ChatEvent]) -> list[ChatEvent]:
    joined: list[ChatEvent] = []
    for event in events:
        match joined, event:
            case [*_, TextDelta() as last], TextDelta():
                joined[-1] = TextDelta(last.text + event.text)
            case _, Usage():
                joined.append(Usage(cost_usd=0.0))
            case _:
                joined.append(event)
    return joined
