"""How long a model that fails is left alone, and who ends that."""

import pytest
from support.breakers import Clock, breaker_by

from footnote.platform.inference.gateway.breaker import Breaker


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return breaker_by(clock)


def test_the_pause_doubles_with_each_trial_that_fails(breaker: Breaker, clock: Clock) -> None:
    breaker.failed("oh no")
    breaker.failed("oh no")
    pauses = []
    for _ in range(7):
        pauses.append(breaker.wait)
        clock.now += breaker.wait
        assert breaker.admits() == "trial"
        breaker.failed("oh no", admitted="trial")
    assert pauses == [10, 20, 40, 80, 160, 200, 200]


def test_calls_that_fail_together_are_one_reason_for_a_pause(breaker: Breaker) -> None:
    for _ in range(16):
        breaker.failed("oh no")
    assert breaker.wait == 10


def test_a_call_from_before_the_pause_does_not_make_it_longer(breaker: Breaker, clock: Clock) -> None:
    breaker.failed("oh no")
    breaker.failed("oh no")
    clock.now = 11
    breaker.failed("late")
    assert (breaker.state, breaker.problem) == ("half_open", "late")


def test_one_call_tries_and_decides(breaker: Breaker, clock: Clock) -> None:
    breaker.failed("oh no")
    breaker.failed("oh no")
    assert not breaker.admits()
    clock.now = 10
    assert [breaker.admits(), breaker.admits()] == ["trial", None]
    breaker.passed()
    assert (breaker.state, breaker.problem) == ("ready", None)


def test_a_trial_that_is_left_makes_room_for_another(breaker: Breaker, clock: Clock) -> None:
    breaker.failed("oh no")
    breaker.failed("oh no")
    clock.now = 10
    assert breaker.admits() == "trial"
    breaker.left("trial")
    assert breaker.admits() == "trial"


def test_what_becomes_of_calls_from_before_the_pause_ends_no_trial(breaker: Breaker, clock: Clock) -> None:
    breaker.failed("oh no")
    breaker.failed("oh no")
    clock.now = 10
    assert breaker.admits() == "trial"
    breaker.left("call")
    breaker.failed("late", admitted="call")
    assert (breaker.admits(), breaker.wait) == (None, 0)
