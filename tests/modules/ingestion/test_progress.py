"""How far a document is, and what can be said of the time that is left."""

import asyncio

import pytest

from footnote.modules.ingestion import progress
from footnote.modules.ingestion.models import Progress
from footnote.modules.ingestion.progress import Pace, Reporter

PDF = "application/pdf"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ours = Clock()
    monkeypatch.setattr(progress, "monotonic", ours)
    return ours


@pytest.fixture
def written() -> list[Progress]:
    return []


@pytest.fixture
def pace() -> Pace:
    return Pace()


@pytest.fixture
def reporter(clock: Clock, written: list[Progress], pace: Pace) -> Reporter:
    async def write(news: Progress) -> None:
        written.append(news)

    return Reporter(write, pace, PDF)


async def hear(reporter: Reporter, done: int, total: int) -> None:
    reporter.heard(done, total)
    await reporter.settle()


async def test_the_beginning_of_a_stage_is_told_at_once(reporter: Reporter, written: list[Progress]) -> None:
    await reporter.enter("extracting", 7)
    assert written == [Progress(stage="extracting", done=0, total=7)]


async def test_between_is_told_once_a_second(reporter: Reporter, written: list[Progress], clock: Clock) -> None:
    await reporter.enter("chunking")
    for done in range(1, 31):
        clock.now += 0.1
        await hear(reporter, done, 100)
    assert [news.done for news in written[1:]] == [10, 20, 30]


async def test_at_first_nothing_is_said_of_the_time(reporter: Reporter, clock: Clock) -> None:
    await reporter.enter("embedding")
    clock.now += progress.TELLING - 0.5
    news = reporter.due(10, 100)
    assert news
    assert news.seconds_left is None


async def test_the_time_left_follows_the_pace_so_far(reporter: Reporter, clock: Clock) -> None:
    await reporter.enter("embedding")
    clock.now += 10
    news = reporter.due(20, 100)
    assert news
    assert news.seconds_left == 40


async def test_what_an_earlier_run_did_says_nothing_of_the_pace(reporter: Reporter, clock: Clock) -> None:
    await reporter.enter("embedding")
    reporter.skip(80)
    clock.now += 10
    news = reporter.due(90, 100)
    assert news
    assert news.seconds_left == 10


async def test_a_total_that_grows_promises_nothing(reporter: Reporter, written: list[Progress], clock: Clock) -> None:
    await reporter.enter("chunking")
    for done in (1, 2, 3):
        clock.now += 5
        await hear(reporter, done, done + 1)
    assert written[-1].seconds_left is None


async def test_while_reading_what_comes_after_counts_too(reporter: Reporter, clock: Clock, pace: Pace) -> None:
    pace.learn(PDF, seconds=50, total=100)
    await reporter.enter("extracting")
    clock.now += 10
    news = reporter.due(20, 100)
    assert news
    assert news.seconds_left == 40 + 50


async def test_one_kind_says_nothing_of_another(reporter: Reporter, clock: Clock, pace: Pace) -> None:
    pace.learn("text/csv", seconds=50, total=100)
    await reporter.enter("extracting")
    clock.now += 10
    news = reporter.due(20, 100)
    assert news
    assert news.seconds_left is None


async def test_the_pace_is_learned_by_what_reading_counted(reporter: Reporter, pace: Pace) -> None:
    await reporter.enter("extracting")
    await hear(reporter, 3, 40)
    await reporter.enter("chunking")
    await hear(reporter, 1, 2)
    await reporter.enter("embedding", 999)
    reporter.learn(20.0)
    assert pace.after_reading(PDF) == 0.5


async def test_who_read_nothing_teaches_nothing(reporter: Reporter, pace: Pace) -> None:
    await reporter.enter("chunking")
    await hear(reporter, 1, 2)
    await reporter.enter("embedding", 999)
    reporter.learn(20.0)
    assert pace.after_reading(PDF) is None


def test_the_latest_document_changes_the_usual_pace_a_little() -> None:
    pace = Pace()
    pace.learn(PDF, seconds=10, total=10)
    pace.learn(PDF, seconds=20, total=10)
    assert pace.after_reading(PDF) == pytest.approx(1 + progress.MEMORY)


async def test_news_is_left_out_while_the_last_is_being_written(clock: Clock, pace: Pace) -> None:
    writing, written = asyncio.Event(), list[int]()

    async def write(news: Progress) -> None:
        written.append(news.done)
        if news.done:
            await writing.wait()

    reporter = Reporter(write, pace, PDF)
    await reporter.enter("chunking")
    for done in (1, 2):
        clock.now += 5
        reporter.heard(done, 9)
        await asyncio.sleep(0)
    writing.set()
    await reporter.settle()
    assert written == [0, 1]


async def test_what_cannot_be_written_between_stages_ends_nothing(clock: Clock, pace: Pace) -> None:
    async def write(news: Progress) -> None:
        if news.done:
            raise OSError("no room")

    reporter = Reporter(write, pace, PDF)
    await reporter.enter("chunking")
    clock.now += 5
    await hear(reporter, 1, 2)
    await reporter.enter("embedding")
