import asyncio
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest

from footnote.modules.ingestion import watching
from footnote.modules.ingestion.models import DocumentEvent
from footnote.modules.ingestion.watching import DocumentWatcher
from footnote.platform.errors import Unavailable
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


class News:
    """Events that happen when told to; remembers who asked for what."""

    def __init__(self) -> None:
        self.happened = 0
        self.looks = 0
        self.asked_after: list[int] = []
        self.failure: Exception | None = None

    async def last_event(self) -> int:
        self.looks += 1
        if self.failure:
            raise self.failure
        return self.happened

    async def events(
        self, _: Principal, after: int, *, document_id: str | None = None, limit: int
    ) -> list[DocumentEvent]:
        self.asked_after.append(after)
        if document_id == "quiet":
            return []
        numbers = range(after + 1, min(self.happened, after + limit) + 1)
        return [DocumentEvent(sequence=number, document_id="d", document=None) for number in numbers]


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> News:
    monkeypatch.setattr(watching, "POLL", timedelta(milliseconds=5))
    return News()


def watcher_of(news: Any) -> DocumentWatcher:
    return DocumentWatcher(news)


async def settled() -> None:
    """Long enough for some looks at the store."""
    await asyncio.sleep(0.05)


async def test_all_who_watch_share_one_look_at_the_store(news: News) -> None:
    watcher = watcher_of(news)
    waiting = [asyncio.create_task(first_of(watcher)) for _ in range(50)]
    await settled()
    news.looks, news.asked_after = 0, []
    await settled()
    assert news.looks <= 11
    assert news.asked_after == []
    news.happened = 1
    assert [event.sequence for event in await asyncio.gather(*waiting)] == [1] * 50


async def test_nobody_looks_once_the_last_watcher_has_left(news: News) -> None:
    watcher = watcher_of(news)
    waiting = [asyncio.create_task(first_of(watcher)) for _ in range(2)]
    await settled()
    await cancel(waiting[0])
    looks = news.looks
    await settled()
    assert news.looks > looks
    await cancel(waiting[1])
    looks = news.looks
    await settled()
    assert news.looks == looks


async def test_watching_goes_on_after_all_had_left(news: News) -> None:
    watcher = watcher_of(news)
    await cancel(asyncio.create_task(first_of(watcher)))
    waiting = asyncio.create_task(first_of(watcher))
    await settled()
    news.happened = 1
    assert (await waiting).sequence == 1


async def test_everybody_learns_that_the_store_does_not_answer(news: News) -> None:
    watcher = watcher_of(news)
    waiting = [asyncio.create_task(first_of(watcher)) for _ in range(3)]
    await settled()
    news.failure = Unavailable("The disk is gone.")
    outcomes = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)
    assert outcomes == [news.failure] * 3


async def test_who_comes_after_a_failure_is_served(news: News) -> None:
    watcher = watcher_of(news)
    failing = asyncio.create_task(first_of(watcher))
    await settled()
    news.failure = Unavailable("The disk is gone.")
    with pytest.raises(Unavailable):
        await failing
    news.failure = None
    waiting = asyncio.create_task(first_of(watcher))
    await settled()
    news.happened = 1
    assert (await waiting).sequence == 1


async def test_more_events_than_are_read_at_once_all_come(news: News) -> None:
    news.happened = 2 * watching.BATCH + 1
    async with aclosing(watcher_of(news).watch(ANN, after=0)) as events:  # type: ignore[type-var]
        seen = [(await anext(events)).sequence for _ in range(news.happened)]
    assert seen == list(range(1, news.happened + 1))


async def test_what_happened_to_other_documents_is_passed_over_once(news: News) -> None:
    watcher = watcher_of(news)
    waiting = asyncio.create_task(first_of(watcher, document_id="quiet"))
    for happened in (10, 20, 30):
        news.happened = happened
        await settled()
    await cancel(waiting)
    assert news.asked_after[-1] == 20


async def first_of(watcher: DocumentWatcher, **wanted: Any) -> DocumentEvent:
    async with aclosing(watcher.watch(ANN, **wanted)) as events:  # type: ignore[type-var]
        return await anext(events)


async def cancel(task: asyncio.Task[Any]) -> None:
    await settled()
    task.cancel()
    await asyncio.wait([task])
