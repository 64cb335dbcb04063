"""Warns of a document that tells a model what to do: somebody may have planted that."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec
from loguru import logger

from footnote.modules.ingestion.models import Extraction
from footnote.platform.errors import Unavailable
from footnote.platform.safety.instructions.reading import Doubt, read_words

MOST = 200  # sure ones, and as many others, of one document
LIKELY = 2.5  # log odds; a passage is judged with less, but nobody should be warned of every tenth report
NAMED = 3


class Order(NamedTuple):
    """Code points [start, end) of the canonical text."""

    start: int
    end: int
    page: int | None


class OrderJudge(Protocol):
    async def are_likely(self, doubts: Sequence[Doubt], *, above: float) -> Sequence[bool]:
        """For each whether the log odds that it is an order to a model are greater.

        Raises:
            Unavailable: The model that knows cannot be loaded.
        """
        ...


class Orders(msgspec.Struct, frozen=True):
    """What the words of a document alone say about orders in it."""

    planted: tuple[Order, ...] = ()
    doubts: tuple[tuple[Order, Doubt], ...] = ()


class OrderReader:
    """Reads part after part of one document."""

    def __init__(self) -> None:
        self._planted: list[Order] = []
        self._doubts: list[tuple[Order, Doubt]] = []

    def read(self, part: Extraction, start: int) -> None:
        """`start` is the part's place in the canonical text."""
        found = read_words(part.text)
        self._planted += [_order(part, start, span) for span in found.planted]
        self._doubts += [(_order(part, start, doubt[0]), doubt) for doubt in found.doubts]
        del self._planted[MOST:], self._doubts[MOST:]

    def found(self) -> Orders:
        return Orders(tuple(self._planted), tuple(self._doubts))


async def warnings_of(orders: Orders, judge: OrderJudge | None) -> tuple[str, ...]:
    """A warning that names the first places, if there are any; without its judge only those that are sure."""
    if judge is None:
        return ()
    likely = await _likely([doubt for _, doubt in orders.doubts], judge)
    doubtful = [order for (order, _), is_likely in zip(orders.doubts, likely, strict=True) if is_likely]
    found = sorted({*orders.planted, *doubtful}, key=lambda order: order.start)
    if not found:
        return ()
    places = "; ".join(_place(order) for order in found[:NAMED])
    others = f"; and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return (f"What seems to be instructions to a model stands here and is not shown to models: {places}{others}.",)


async def _likely(doubts: Sequence[Doubt], judge: OrderJudge) -> Sequence[bool]:
    try:
        return await judge.are_likely(doubts, above=LIKELY)
    except Unavailable as error:
        logger.bind(cause=error.detail).warning("no model to look for planted instructions with")
        return [False] * len(doubts)


def _order(part: Extraction, start: int, span: tuple[int, int]) -> Order:
    page = next((page.number for page in part.layout.pages if page.start <= span[0] < page.end), None)
    return Order(start + span[0], start + span[1], page)


def _place(order: Order) -> str:
    page = f"page {order.page}, " if order.page else ""
    return f"{page}characters {order.start} to {order.end}"
