"""The contract of the spending repository, and of the budgets over it."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime

from support.stores import Store

from footnote.platform.inference import Usage
from footnote.platform.inference.calls.prices import Price
from footnote.platform.inference.errors import BudgetSpent
from footnote.platform.inference.gateway.budgets import Allowance, Budgets
from footnote.platform.inference.gateway.spending import Account, Committed, Entry, Reservation
from footnote.platform.principal import Principal

DAY = date(2026, 11, 22)
ANN = Account(tenant="acme", person="ann", day=DAY)
BOB = Account(tenant="acme", person="bob", day=DAY)
STRANGER = Account(tenant="other", person="ann", day=DAY)
TOMORROW = Account(tenant="acme", person="ann", day=date(2026, 11, 23))


def entry(account: Account = ANN, cost: int = 0, model: str = "test:a") -> Entry:
    return Entry(account=account, model=model, input_tokens=10, output_tokens=5, cost=cost)


async def reserved(store: Store, cost: int, account: Account = ANN) -> Reservation:
    reservation = Reservation(id=f"{account.person} {cost}", account=account, cost=cost)
    async with store.storage.transaction() as tx:
        await store.spending().reserve(tx, reservation)
    return reservation


async def settled(store: Store, of: Entry | None, reservation: Reservation | None = None) -> None:
    async with store.storage.transaction() as tx:
        await store.spending().settle(tx, of, reservation)


async def test_nothing_is_committed_at_first(store: Store) -> None:
    async with store.storage.transaction() as tx:
        assert await store.spending().committed(tx, ANN) == Committed(tenant=0, person=0)


async def test_what_is_reserved_is_committed_to_the_person_and_the_tenant(store: Store) -> None:
    await reserved(store, 7)
    await reserved(store, 5, BOB)
    async with store.storage.transaction() as tx:
        assert await store.spending().committed(tx, ANN) == Committed(tenant=12, person=7)
    assert await store.spending().left(BOB) == Committed(tenant=12, person=5)


async def test_other_tenants_and_days_have_money_of_their_own(store: Store) -> None:
    await reserved(store, 7)
    assert await store.spending().left(STRANGER) == Committed(tenant=0, person=0)
    assert await store.spending().left(TOMORROW) == Committed(tenant=0, person=0)


async def test_what_was_spent_takes_the_place_of_what_was_reserved(store: Store) -> None:
    await settled(store, entry(cost=3), await reserved(store, 7))
    assert await store.spending().left(ANN) == Committed(tenant=3, person=3)
    assert await store.spending().entries("acme", DAY, DAY) == [entry(cost=3)]


async def test_a_reservation_is_settled_once(store: Store) -> None:
    reservation = await reserved(store, 7)
    await settled(store, entry(cost=3), reservation)
    await settled(store, entry(cost=3), reservation)
    assert await store.spending().left(ANN) == Committed(tenant=3, person=3)
    assert [each.calls for each in await store.spending().entries("acme", DAY, DAY)] == [1]


async def test_what_was_not_used_is_free_again(store: Store) -> None:
    await settled(store, None, await reserved(store, 7))
    assert await store.spending().left(ANN) == Committed(tenant=0, person=0)
    assert await store.spending().entries("acme", DAY, DAY) == []


async def test_what_was_not_reserved_is_committed_as_well(store: Store) -> None:
    await settled(store, entry(cost=3))
    assert await store.spending().left(ANN) == Committed(tenant=3, person=3)


async def test_a_call_that_ends_the_next_day_is_of_the_day_on_which_it_began(store: Store) -> None:
    reservation = await reserved(store, 7)
    await settled(store, entry(TOMORROW, cost=1), await reserved(store, 2, TOMORROW))
    await settled(store, entry(cost=3), reservation)
    assert await store.spending().left(TOMORROW) == Committed(tenant=1, person=1)
    assert await store.spending().left(ANN) == Committed(tenant=3, person=3)


async def test_calls_of_a_person_a_day_and_a_model_are_added_up(store: Store) -> None:
    for account, model in ((ANN, "test:a"), (ANN, "test:a"), (ANN, "test:b"), (BOB, "test:a"), (TOMORROW, "test:a")):
        await settled(store, entry(account, cost=2, model=model))
    found = await store.spending().entries("acme", DAY, TOMORROW.day)
    assert [(each.account, each.model, each.calls, each.cost) for each in found] == [
        (TOMORROW, "test:a", 1, 2),
        (ANN, "test:a", 2, 4),
        (BOB, "test:a", 1, 2),
        (ANN, "test:b", 1, 2),
    ]
    assert (found[1].input_tokens, found[1].output_tokens) == (20, 10)


async def test_entries_are_of_the_days_and_the_person_asked_for(store: Store) -> None:
    for account in (ANN, BOB, STRANGER, TOMORROW):
        await settled(store, entry(account))
    found = await store.spending().entries("acme", DAY, DAY, person="ann")
    assert [each.account for each in found] == [ANN]


async def test_processes_at_once_do_not_spend_the_same_money(store: Store) -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    async with AsyncExitStack() as stack:
        doors = [store, *[await stack.enter_async_context(store.again()) for _ in range(2)]]
        budgets = [Budgets(door.storage, door.spending(), Allowance(tenant=4.0), clock=lambda: noon) for door in doors]
        ended = await asyncio.gather(*(take(each) for each in budgets for _ in range(4)), return_exceptions=True)
    assert sum(each is None for each in ended) == 4
    assert sum(isinstance(each, BudgetSpent) for each in ended) == 8
    assert await store.spending().left(ANN) == Committed(tenant=4_000_000_000, person=4_000_000_000)


async def take(budgets: Budgets) -> None:
    """A dollar."""
    ann = Principal(tenant="acme", subject="ann")
    planned = budgets.planned(ann, "test:a", Price(input=1_000_000.0), Usage(input_tokens=1))
    assert planned is not None
    await budgets.take(planned)
