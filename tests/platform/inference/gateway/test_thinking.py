"""Models that think whether asked to or not."""

import asyncio

import pytest
from support.scripted_chat import FIRST, FOREVER, PRICE, SECOND, ScriptedChat, Step, asking, bench, fault, text_of

from footnote.platform.errors import Unavailable
from footnote.platform.inference import Started, Stop, TextDelta, ThoughtDelta, Usage
from footnote.platform.inference.calls.thinking import ROOM
from footnote.platform.inference.gateway.budgets import Allowance
from footnote.platform.inference.gateway.estimate import most_read
from footnote.platform.inference.gateway.line import Waits
from footnote.platform.inference.gateway.model import PaidWriter
from footnote.platform.inference.gateway.opening import Persistence
from footnote.platform.storage.sqlite import SqliteDatabase

HM = ThoughtDelta("Hm hm hm")  # three tokens, estimated
USED = Usage(input_tokens=10, output_tokens=5)
HELLO = (HM, TextDelta("Hel"), HM, TextDelta("lo."), USED, Stop())
CUT = (HM, USED, Stop(reason="length"))
SHORT = asking("x", max_tokens=9)
ROOMY = 8192 // 2 + SHORT.max_tokens  # half of what the scripted models can hold


async def test_thoughts_that_nobody_asked_for_are_kept_back(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO))
    kinds = [type(event) for event in await made.ask()]
    assert kinds == [Started, TextDelta, TextDelta, Usage, Stop]
    kinds = [type(event) for event in await made.ask(asking(thoughts=True))]
    assert kinds == [Started, ThoughtDelta, TextDelta, ThoughtDelta, TextDelta, Usage, Stop]


async def test_a_model_left_amid_thoughts_that_are_kept_back_is_charged_for_them(kept: SqliteDatabase) -> None:
    script = [Usage(input_tokens=10, output_tokens=1), HM, HM, FOREVER]
    made = bench(kept, ScriptedChat(FIRST, script), allowance=Allowance(tenant=1000.0))
    task = asyncio.create_task(made.ask())
    while not made.open:
        await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.wait([task])
    [entry] = await made.entries()
    assert (entry.input_tokens, entry.output_tokens) == (10, 1 + 2 * 3)
    assert await made.committed() == pytest.approx(PRICE.of(input_tokens=10, output_tokens=7))


@pytest.mark.parametrize(("told", "most"), [((), 2048), ((HM,) * 9, 2048), ((HM,) * 900, 2700), ((USED,), 5)])
async def test_thoughts_that_are_not_told_are_charged_as_what_there_is_room_for(
    kept: SqliteDatabase, told: tuple[Step, ...], most: int
) -> None:
    made = bench(kept, ScriptedChat(FIRST, [ThoughtDelta(""), *told, TextDelta("Hel"), fault(again=False)]))
    with pytest.raises(Unavailable):
        await made.ask(asking(thoughts=True))
    [entry] = await made.entries()
    assert entry.output_tokens == most + 1


async def test_a_thought_that_is_not_told_is_shown_to_nobody(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [ThoughtDelta(""), *HELLO]))
    assert ThoughtDelta("") not in await made.ask(asking(thoughts=True))


async def test_a_thought_that_is_kept_back_is_a_sign_of_life(kept: SqliteDatabase) -> None:
    waits = Waits(first=0.2, next=FOREVER, opening=FOREVER)
    made = bench(kept, ScriptedChat(FIRST, [HM, 0.4, *HELLO]), persistence=Persistence(waits=waits))
    assert text_of(await made.ask()) == "Hello."
    assert made.asked() == 1


async def test_thoughts_without_end_are_given_up_for_another_model(kept: SqliteDatabase) -> None:
    endless, other = ScriptedChat(FIRST, [HM, 0.01] * 2000), ScriptedChat(SECOND, HELLO)
    persistence = Persistence(waits=Waits(opening=2.0), attempts=1)
    made = bench(kept, endless, other, persistence=persistence)
    assert (await made.ask())[0] == Started(model=SECOND)


async def test_a_model_whose_thoughts_left_no_room_is_asked_again_with_more(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, CUT, HELLO))
    assert text_of(await made.ask(SHORT)) == "Hello."
    assert text_of(await made.ask(SHORT)) == "Hello."
    assert [request.max_tokens for request in made.services[FIRST].requests] == [9, ROOMY, ROOMY]
    assert made.pauses == [0.0]
    assert ROOMY - SHORT.max_tokens <= ROOM["medium"]


async def test_all_who_asked_before_that_was_known_are_helped(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, (0.1, *CUT), (0.1, *CUT), HELLO))
    assert list(map(text_of, await asyncio.gather(made.ask(SHORT), made.ask(SHORT)))) == ["Hello."] * 2


async def test_thoughts_get_no_more_room_than_is_left_beside_what_is_read(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, CUT, HELLO))
    await made.ask(SHORT)
    await made.ask(long := asking("fox " * 3000, max_tokens=2000))
    await made.ask(longer := asking("fox " * 8000, max_tokens=1000))
    most = [request.max_tokens for request in made.services[FIRST].requests[-2:]]
    assert most == [8192 - most_read(long), longer.max_tokens]


async def test_one_that_thinks_beyond_all_room_fails_and_is_not_asked_again(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, CUT))
    with pytest.raises(Unavailable, match="thought until"):
        await made.ask(SHORT)
    assert made.asked() == 2
    assert [entry.output_tokens for entry in await made.entries()] == [10]


@pytest.mark.parametrize("script", [HELLO, (TextDelta("Is it [1]?</think>\n\nHel"), TextDelta("lo."), USED, Stop())])
async def test_a_short_text_is_without_the_thoughts_before_it(kept: SqliteDatabase, script: tuple[object, ...]) -> None:
    made = bench(kept, ScriptedChat(FIRST, CUT, script))
    assert (await PaidWriter(made.gateway, FIRST).complete("Say hello.")).strip() == "Hello."
