"""Who works next."""

import asyncio

from footnote.modules.generation.turn_taking import TurnTaking


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
