"""Few searches compute at once."""

import math

import pytest

from footnote.modules.retrieval.repository.memory import turns
from footnote.modules.retrieval.repository.memory.turns import AT_ONCE, MOMENT, computing, give_way, waiting


def free() -> int:
    return turns._turns.qsize()


def test_who_waits_lends_its_turn() -> None:
    with computing():
        assert free() == AT_ONCE - 1
        with waiting():
            assert free() == AT_ONCE
        assert free() == AT_ONCE - 1
    assert free() == AT_ONCE


def test_a_turn_is_lent_once_however_deep_the_wait() -> None:
    with computing(), waiting(), waiting():
        assert free() == AT_ONCE


def test_who_has_no_turn_lends_none() -> None:
    with waiting():
        assert free() == AT_ONCE


def test_writing_gives_way_only_where_others_search(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    monkeypatch.setattr(turns._Computing, "ended", -math.inf)
    give_way()
    assert slept == []
    with computing():
        pass
    give_way()
    assert slept == [MOMENT]
