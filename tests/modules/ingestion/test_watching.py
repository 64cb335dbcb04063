from contextlib import aclosing
from typing import Any

import pytest

from footnote.modules.ingestion.models import DocumentEvent
from footnote.modules.ingestion.watching import DocumentWatcher
from footnote.platform.principal import Principal

ANN = Principal(tenant="t", subject="ann")


class ThreeEvents:
    """Three have been; a fourth happens as soon as somebody watches."""

    async def last_event(self) -> int:
        return 3

    async def events(self, _: Principal, after: int, **_bounds: Any) -> list[DocumentEvent]:
        return [DocumentEvent(sequence=number, document_id="d", document=None) for number in range(after + 1, 5)]


@pytest.mark.parametrize(
    ("after", "first"),
    [
        pytest.param(None, 4, id="from now on"),
        pytest.param(0, 1, id="from the beginning"),
        pytest.param(2, 3, id="after the one that was seen"),
        pytest.param(999, 4, id="after one of another store"),
    ],
)
async def test_watching_begins(after: int | None, first: int) -> None:
    documents: Any = ThreeEvents()
    async with aclosing(DocumentWatcher(documents).watch(ANN, after=after)) as events:  # type: ignore[type-var]
        assert (await anext(events)).sequence == first
