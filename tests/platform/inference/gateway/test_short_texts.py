"""Short texts that nobody reads as they are, by any chat model."""

import pytest
from support.scripted_chat import ANN, FIRST, HELLO, SECOND, ScriptedChat, bench, refused

from footnote.platform.inference import Message, Stop, TextDelta, Usage
from footnote.platform.inference.calls.errors import ModelFailed
from footnote.platform.inference.errors import BudgetSpent
from footnote.platform.inference.gateway.budgets import Allowance
from footnote.platform.inference.gateway.model import PaidWriter
from footnote.platform.inference.paying import paid_by
from footnote.platform.principal import LOCAL
from footnote.platform.storage.sqlite import SqliteDatabase


async def test_the_prompt_and_a_limit_are_all_that_is_sent(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO))
    assert await PaidWriter(made.gateway, FIRST).complete("Say hello.", max_tokens=9) == "Hello."
    [request] = made.services[FIRST].requests
    assert request.messages == (Message(role="user", text="Say hello."),)
    assert (request.max_tokens, request.temperature, request.effort) == (9, None, "none")


async def test_another_model_takes_over(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [refused()]), ScriptedChat(SECOND, HELLO))
    assert await PaidWriter(made.gateway, FIRST).complete("Say hello.") == "Hello."


async def test_whoever_asks_pays(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO))
    with paid_by(ANN):
        await PaidWriter(made.gateway, FIRST).complete("Say hello.")
    await PaidWriter(made.gateway, FIRST).complete("Say hello.")
    assert [entry.account.person for entry in await made.entries()] == ["ann"]
    assert (await made.spending.left(made.budgets.account(LOCAL))).person > 0


async def test_a_budget_holds_for_short_texts_too(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO), allowance=Allowance(tenant=0.001))
    with pytest.raises(BudgetSpent):
        await PaidWriter(made.gateway, FIRST).complete("Say hello.")
    assert made.asked() == 0


@pytest.mark.parametrize("text", ["", " \n"])
async def test_an_empty_text_is_a_failure(kept: SqliteDatabase, text: str) -> None:
    made = bench(kept, ScriptedChat(FIRST, [TextDelta(text), Usage(), Stop()]))
    with pytest.raises(ModelFailed, match="empty text"):
        await PaidWriter(made.gateway, FIRST).complete("Say hello.")
