"""Who works next."""

import asyncio
from typing import Any

from footnote.modules.generation.turn_taking import LET_PASS, TurnTaking


class Watched(TurnTaking):
    passed = 0

    async def let_pass(self, ticket: int) -> None:
        self.passed += 1
        await super().let_pass(ticket)


async def working(turns: TurnTaking, ticket: int, done: list[int], go: asyncio.Event) -> None:
    async with turns.turn(ticket):
        await go.wait()
        done.append(ticket)


async def test_whoever_asked_first_goes_first() -> None:
    turns, go = TurnTaking(1), asyncio.Event()
    tickets = [turns.ticket() for _ in range(4)]
    done: list[int] = []
    async with asyncio.TaskGroup() as group:
        for ticket in (tickets[0], tickets[3], tickets[2], tickets[1]):
            group.create_task(working(turns, ticket, done, go))
        await asyncio.sleep(0)
        go.set()
    assert done == tickets


async def test_who_leaves_while_waiting_takes_no_place() -> None:
    turns, go = TurnTaking(1), asyncio.Event()
    done: list[int] = []
    first, second, third = (asyncio.create_task(working(turns, number, done, go)) for number in range(3))
    await asyncio.sleep(0)
    second.cancel()
    go.set()
    await asyncio.gather(first, second, third, return_exceptions=True)
    async with turns.turn(4):
        assert done == [0, 2]


async def test_who_leaves_when_its_turn_has_come_passes_it_on() -> None:
    turns, go = TurnTaking(1), asyncio.Event()
    go.set()
    done: list[int] = []
    async with turns.turn(0):
        second, third = (asyncio.create_task(working(turns, number, done, go)) for number in (1, 2))
        await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(second, third, return_exceptions=True)
    assert done == [2]


async def test_who_lets_others_pass_goes_before_those_who_asked_much_later() -> None:
    turns, go = TurnTaking(1), asyncio.Event()
    done: list[int] = []

    async def generous() -> None:
        await turns.let_pass(1)
        done.append(1)

    async with asyncio.TaskGroup() as group:
        group.create_task(working(turns, 0, done, go))
        await asyncio.sleep(0)
        group.create_task(generous())
        for ticket in (LET_PASS + 2, LET_PASS):
            group.create_task(working(turns, ticket, done, go))
        await asyncio.sleep(0)
        go.set()
    assert done == [0, LET_PASS, 1, LET_PASS + 2]


async def test_an_answer_lets_others_pass_once_there_is_something_to_read(make_desk: Any) -> None:
    turns = Watched()
    draft = "Mars is ruled by cats. [1] Mars has two moons. [1] A day there lasts 243 days. [2]"
    await make_desk(draft, quotes=False, turns=turns).answer()
    assert turns.passed == 1
