import gc
import sys
from collections.abc import Iterator

import pytest

from footnote.platform.interpreter import settle_in


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)
    sys.setswitchinterval(interval)


def test_garbage_is_looked_for_only_among_what_is_new() -> None:
    loaded = [[] for _ in range(1000)]
    settle_in()
    assert gc.get_freeze_count() > len(loaded)
    assert not any(each is loaded for each in gc.get_objects())


def test_no_thread_keeps_the_interpreter_for_long() -> None:
    settle_in()
    assert sys.getswitchinterval() <= 0.001


def test_no_answer_waits_for_garbage_to_be_looked_for_several_times() -> None:
    settle_in()
    assert gc.get_threshold()[0] >= 10_000
