"""The same request gets the same answer, once, for its tenant."""

import pytest
from support.scripted_chat import FIRST, HELLO, SECOND, ScriptedChat, asking, bench, refused, text_of

from footnote.platform.events import DocumentDeleted
from footnote.platform.inference import ChatRequest, Quoting, Started, TextDelta, Usage
from footnote.platform.inference.gateway.cache import AnswerCache
from footnote.platform.principal import Principal
from footnote.platform.storage.sqlite import SqliteDatabase

BOB = Principal(tenant="acme", subject="bob")
OTHER = Principal(tenant="other", subject="ann")


def cache() -> AnswerCache:
    return AnswerCache(seconds=60)


async def test_the_same_request_is_answered_from_memory_and_costs_nothing(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO), cache=cache())
    await made.ask()
    events = await made.ask(principal=BOB)
    assert made.asked() == 1
    assert events[:2] == [Started(model=FIRST), TextDelta("Hello.")]
    assert events[2] == Usage(cost_usd=0.0)


@pytest.mark.parametrize("other", [asking("Goodbye?"), asking(max_tokens=5), asking(system="Be brief.")])
async def test_whatever_is_sent_makes_a_difference(kept: SqliteDatabase, other: ChatRequest) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO), cache=cache())
    await made.ask()
    await made.ask(other)
    assert made.asked() == 2


async def test_what_is_not_sent_makes_none(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO), cache=cache())
    await made.ask()
    await made.ask(asking(quoting=Quoting(question="Hello?", sources=())))
    assert made.asked() == 1


async def test_tenants_do_not_share_answers(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO), cache=cache())
    await made.ask()
    await made.ask(principal=OTHER)
    assert made.asked() == 2


async def test_answers_of_a_model_that_stood_in_are_not_kept(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [refused()], HELLO), ScriptedChat(SECOND, HELLO), cache=cache())
    await made.ask()
    assert (await made.ask())[0] == Started(model=FIRST)


async def test_an_answer_that_broke_off_is_not_kept(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [TextDelta("Hel")], HELLO), cache=cache())
    with pytest.raises(Exception, match="broke"):
        await made.ask()
    assert text_of(await made.ask()) == "Hello."


async def test_a_deleted_document_empties_the_tenants_memory(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO), cache=cache())
    await made.ask()
    async with kept.transaction() as tx:
        await made.gateway.forget(tx, DocumentDeleted(tenant="acme", document_id="1"))
    await made.ask()
    assert made.asked() == 2


def test_answers_are_forgotten_after_a_while_and_the_oldest_first() -> None:
    now = 0.0
    kept = AnswerCache(seconds=60, entries=2, clock=lambda: now)
    for text in ("a", "b", "c"):
        kept.keep("acme", FIRST, asking(text), HELLO)
    assert [kept.find("acme", FIRST, asking(text)) is not None for text in ("a", "b", "c")] == [False, True, True]
    now = 61.0
    assert kept.find("acme", FIRST, asking("c")) is None
