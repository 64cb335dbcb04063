"""The process pool: whatever a child does, only its own caller notices."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator

import pytest

from footnote.platform.process_child import ProcessLimits
from footnote.platform.processes import ProcessCrashed, ProcessPool, ProcessTimeout

# What runs in a child must be importable there, so these tests run functions of the standard library.


@pytest.fixture
async def pool() -> AsyncIterator[ProcessPool]:
    pool = ProcessPool(max_workers=2, limits=ProcessLimits(memory=1 << 30))
    yield pool
    await pool.close()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_work_runs_in_a_child_that_is_used_again(pool: ProcessPool) -> None:
    first = await pool.run(os.getpid, timeout=10)
    assert first != os.getpid()
    assert await pool.run(os.getpid, timeout=10) == first


async def test_an_error_of_the_function_comes_back_as_itself(pool: ProcessPool) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        await pool.run(divmod, 1, 0, timeout=10)
    assert "In the child process" in caught.value.__notes__[0]


async def test_an_outcome_that_cannot_be_pickled_is_an_error(pool: ProcessPool) -> None:
    with pytest.raises(TypeError):
        await pool.run(open, os.devnull, timeout=10)


async def test_work_that_takes_too_long_is_killed(pool: ProcessPool) -> None:
    pid = await pool.run(os.getpid, timeout=10)
    with pytest.raises(ProcessTimeout):
        await pool.run(time.sleep, 30, timeout=0.05)
    assert not is_running(pid)
    assert await pool.run(abs, -1, timeout=10) == 1


async def test_a_crash_reaches_its_own_caller_only(pool: ProcessPool) -> None:
    crash, sound = await asyncio.gather(
        pool.run(os._exit, 3, timeout=10), pool.run(abs, -2, timeout=10), return_exceptions=True
    )
    assert isinstance(crash, ProcessCrashed)
    assert sound == 2


async def test_a_child_that_died_idle_is_replaced(pool: ProcessPool) -> None:
    pid = await pool.run(os.getpid, timeout=10)
    os.kill(pid, signal.SIGKILL)
    await asyncio.sleep(0.05)
    assert await pool.run(abs, -1, timeout=10) == 1


async def test_memory_is_limited(pool: ProcessPool) -> None:
    pid = await pool.run(os.getpid, timeout=10)
    with pytest.raises(MemoryError):
        await pool.run(bytearray, 1 << 31, timeout=10)
    assert await pool.run(os.getpid, timeout=10) != pid


async def test_cancelling_the_caller_kills_the_work(pool: ProcessPool) -> None:
    pid = await pool.run(os.getpid, timeout=10)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(pool.run(time.sleep, 30, timeout=60), 0.05)
    assert not is_running(pid)


async def test_a_slow_job_holds_back_nobody_while_a_child_is_free(pool: ProcessPool) -> None:
    slow = asyncio.create_task(pool.run(time.sleep, 30, timeout=60))
    assert await pool.run(abs, -1, timeout=10) == 1
    assert not slow.done()
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)


async def test_more_work_than_children_waits_its_turn(pool: ProcessPool) -> None:
    pids = await asyncio.gather(*(pool.run(os.getpid, timeout=10) for _ in range(12)))
    assert len(set(pids)) <= 2


async def test_closing_kills_the_work_too(pool: ProcessPool) -> None:
    slow = asyncio.create_task(pool.run(time.sleep, 30, timeout=60))
    await pool.run(abs, -1, timeout=10)
    await pool.close()
    with pytest.raises(ProcessCrashed):
        await slow
    with pytest.raises(RuntimeError, match="closed"):
        await pool.run(abs, -1, timeout=10)


async def test_what_the_work_prints_does_not_disturb_the_answers(pool: ProcessPool) -> None:
    await pool.run(print, "to standard output", timeout=10)
    assert await pool.run(abs, -1, timeout=10) == 1


async def test_the_work_has_no_standard_input(pool: ProcessPool) -> None:
    assert await pool.run(os.read, 0, 1, timeout=10) == b""


async def test_an_interrupt_at_the_keyboard_is_the_parents_to_handle(pool: ProcessPool) -> None:
    pid = await pool.run(os.getpid, timeout=10)
    os.kill(pid, signal.SIGINT)
    assert await pool.run(os.getpid, timeout=10) == pid
