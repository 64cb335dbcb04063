"""Few compute at once."""

import math
import threading
from collections.abc import Iterator

import pytest

from footnote.platform import turns
from footnote.platform.turns import AT_ONCE, MOMENT, Turns, give_way, waiting

THREADS = AT_ONCE + 2


@pytest.fixture
def taking() -> Iterator[Turns]:
    executor = Turns(THREADS, "test", lambda: None)
    yield executor
    executor.shutdown()


class Held:
    """Computes, or waits while others may, until it is let go."""

    def __init__(self, *, lends: bool = False) -> None:
        self.began, self._lends, self._may_go = threading.Event(), lends, threading.Event()

    def __call__(self) -> str:
        self.began.set()
        if self._lends:
            with waiting(), waiting():
                self._may_go.wait()
        else:
            self._may_go.wait()
        return "done"

    def let_go(self) -> None:
        self._may_go.set()


def test_no_more_compute_than_there_are_turns(taking: Turns) -> None:
    held = [Held() for _ in range(AT_ONCE)]
    under_way = [taking.submit(each) for each in held]
    after = taking.submit(threading.get_ident)
    assert all(each.began.wait(30) for each in held)
    assert not after.running()
    held[0].let_go()
    assert after.result(30)
    for each in held:
        each.let_go()
    assert {each.result(30) for each in under_way} == {"done"}


def test_who_waits_lends_its_turn(taking: Turns) -> None:
    held = [Held(lends=True) for _ in range(AT_ONCE)]
    under_way = [taking.submit(each) for each in held]
    assert taking.submit(str, 1).result(30) == "1"
    for each in held:
        each.let_go()
    assert {each.result(30) for each in under_way} == {"done"}


def test_where_all_threads_wait_nothing_is_lost(taking: Turns) -> None:
    held = [Held(lends=True) for _ in range(THREADS)]
    under_way = [taking.submit(each) for each in held]
    assert all(each.began.wait(30) for each in held)
    after = taking.submit(str, 1)
    assert not after.done()
    for each in held:
        each.let_go()
    assert [each.result(30) for each in (*under_way, after)] == ["done"] * THREADS + ["1"]


def test_an_error_is_that_of_the_work_and_the_turn_goes_on(taking: Turns) -> None:
    failing = [taking.submit(int, "no number") for _ in range(3 * THREADS)]
    for each in failing:
        with pytest.raises(ValueError, match="no number"):
            each.result(30)
    assert taking.submit(int, "1").result(30) == 1


def test_what_was_given_up_before_its_turn_is_not_begun(taking: Turns) -> None:
    held, given_up = [Held() for _ in range(AT_ONCE)], Held()
    under_way = [taking.submit(each) for each in held]
    assert taking.submit(given_up).cancel()
    for each in held:
        each.let_go()
    assert {each.result(30) for each in under_way} == {"done"}
    assert taking.submit(given_up.began.is_set).result(30) is False


def test_what_has_come_is_done_before_the_end() -> None:
    executor, held = Turns(THREADS, "test", lambda: None), Held(lends=True)
    came = [executor.submit(held), *(executor.submit(str, number) for number in range(20))]
    held.let_go()
    executor.shutdown()
    assert all(each.done() for each in came)


def test_what_was_done_is_told_before_its_thread_waits(taking: Turns) -> None:
    held, waits = [Held() for _ in range(AT_ONCE)], Held(lends=True)
    under_way = [taking.submit(each) for each in held]
    first, then = taking.submit(str, 1), taking.submit(waits)
    others = [taking.submit(str, number) for number in range(9)]
    for each in held:
        each.let_go()
    assert first.result(30) == "1"
    waits.let_go()
    assert {each.result(30) for each in (*under_way, then)} == {"done"}
    assert [each.result(30) for each in others] == [*"012345678"]


def test_who_has_no_turn_lends_none() -> None:
    with waiting():
        assert getattr(turns._own, "turns", None) is None


def test_writing_gives_way_only_where_others_search(monkeypatch: pytest.MonkeyPatch, taking: Turns) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    monkeypatch.setattr(Turns, "ended", -math.inf)
    give_way()
    assert slept == []
    taking.submit(str).result(30)
    give_way()
    assert slept == [MOMENT]
