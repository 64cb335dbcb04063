"""The process pool: whatever a child does, only its own caller notices."""

import asyncio
import copy
import os
import pickle
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from support import reporting

from footnote.platform.errors import Invalid
from footnote.platform.process_child import RAISED, RETURNED, Failure, ProcessLimits
from footnote.platform.processes import ProcessCrashed, ProcessPool, ProcessTimeout, Reply, numbers, outcome_of

# What runs in a child must be importable there: functions of the standard library, and those of `support`.


@pytest.fixture(autouse=True)
def importable_support(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))


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


async def test_an_outcome_that_cannot_be_sent_is_an_error(pool: ProcessPool) -> None:
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


async def test_work_that_reports_may_take_longer_than_the_timeout(pool: ProcessPool) -> None:
    heard: list[tuple[int, int]] = []
    await pool.run(reporting.for_a_second, timeout=0.6, on_report=lambda done, total: heard.append((done, total)))
    assert heard[0] == (0, 10)
    assert len(heard) > 1


async def test_programs_that_the_work_started_are_killed_with_it(pool: ProcessPool, tmp_path: Path) -> None:
    with pytest.raises(ProcessTimeout):
        await pool.run(subprocess.call, ["sh", "-c", f"echo $$ > {tmp_path / 'pid'}; exec sleep 60"], timeout=1)
    pid = int((tmp_path / "pid").read_text())
    async with asyncio.timeout(5):
        while is_running(pid) and not is_zombie(pid):
            await asyncio.sleep(0.02)


async def test_files_that_grow_too_large_are_an_error_of_the_work(tmp_path: Path) -> None:
    pool = ProcessPool(limits=ProcessLimits(file_size=1 << 16))
    with pytest.raises(OSError, match="large"):
        await pool.run(reporting.write, tmp_path / "file", 1 << 20, timeout=10)
    await pool.close()


@pytest.mark.parametrize(
    "answer",
    [
        pickle.dumps(b"x"),
        msgspec.msgpack.encode("a text where a number should be"),
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 200_000,
        b"",
    ],
)
def test_an_answer_of_another_form_is_a_crash(answer: bytes) -> None:
    with pytest.raises(ProcessCrashed):
        outcome_of(reporting.number, Reply(RETURNED, answer))


@pytest.mark.parametrize(
    "place",
    [("os", "system"), ("footnote.config.__main__", "main"), ("footnote.nowhere", "X"), ("builtins", "SystemExit")],
)
def test_a_child_cannot_make_its_parent_run_anything(place: tuple[str, str]) -> None:
    answer = msgspec.msgpack.encode(Failure(*place, ("true",), {}, ()))
    with pytest.raises(ProcessCrashed):
        outcome_of(reporting.number, Reply(RAISED, answer))


def test_what_an_error_carries_changes_no_other() -> None:
    answer = msgspec.msgpack.encode(Failure("footnote.platform.errors", "Invalid", ("Said.",), {"status": 200}, ()))
    with pytest.raises(Invalid, match=r"Said\."):
        outcome_of(reporting.number, Reply(RAISED, answer))
    assert Invalid.status == 422


async def test_an_error_that_cannot_be_sent_is_told_all_the_same(pool: ProcessPool) -> None:
    with pytest.raises(RuntimeError, match="udcff"):
        await pool.run(reporting.fail_with, "\udcff", timeout=10)


async def test_an_outcome_has_the_type_that_the_work_says(pool: ProcessPool) -> None:
    assert await pool.run(reporting.pair, timeout=10) == (1, b"x")


@pytest.mark.parametrize("outcome", [1, "text", None, [1.5, b"x"], ["a", {"b": 2}], ProcessLimits(1, 2, 3)[0]])
async def test_plain_values_come_back(pool: ProcessPool, outcome: object) -> None:
    assert await pool.run(copy.copy, outcome, timeout=10) == outcome


def is_zombie(pid: int) -> bool:
    return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()


@pytest.mark.parametrize("report", [b"", b"1", b"1 2 3", b"x y", b"1 " + b"9" * 20, b"1 " + b"9" * 10_000])
def test_a_report_of_another_form_is_an_error(report: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        numbers(report)


async def test_a_child_does_not_get_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_API_KEYS", "a-secret-key-of-somebody")
    pool = ProcessPool(max_workers=1)
    try:
        assert await pool.run(os.getenv, "FOOTNOTE_API_KEYS", timeout=10) is None
    finally:
        await pool.close()
