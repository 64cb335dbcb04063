"""What persons asked to be remembered, in answers."""

from typing import Any

import pytest

from footnote.modules.generation import Options
from footnote.modules.generation.conversations.errors import EmptyMemory, MemoryFull, MemoryTooLong
from footnote.modules.generation.conversations.memories import MOST
from footnote.platform.principal import Principal

ANN = Principal(tenant="acme", subject="ann")
DRAFT = "Mars has two moons. [1]"
REQUEST = "Remember that I work in Munich."


async def texts(desk: Any, principal: Principal = ANN) -> list[str]:
    return [memory.text for memory in (await desk.talks.memories.page(principal)).items]


async def test_a_request_alone_is_acknowledged_and_asks_no_model(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    answer = await desk.ask(REQUEST)
    assert (answer.text, answer.abstained) == ("I will remember that.", False)
    assert (desk.model.requests, desk.library.queries) == ([], [])
    assert await texts(desk) == ["I work in Munich."]


async def test_a_memory_comes_with_later_questions_as_data(make_desk: Any) -> None:
    desk = make_desk(DRAFT, quotes=False)
    await desk.ask(f"{REQUEST} How many moons has Mars?")
    await desk.ask("How many moons has Venus?")
    asked = desk.model.requests[-1]
    assert "I work in Munich." in "".join(message.text for message in asked.messages) + asked.system
    assert desk.library.queries[0].text == "How many moons has Mars?"


async def test_who_wants_no_memories_has_none_used_and_none_made(make_desk: Any) -> None:
    desk = make_desk(DRAFT, quotes=False)
    await desk.talks.memories.add(ANN, "I like tea.")
    await desk.ask(REQUEST, options=Options(memories=False))
    assert await texts(desk) == ["I like tea."]
    assert "I like tea." not in str(desk.model.requests[-1])


@pytest.mark.parametrize("stranger", [Principal(tenant="acme", subject="bob"), Principal(tenant="b", subject="ann")])
async def test_nobody_gets_the_memories_of_another(make_desk: Any, stranger: Principal) -> None:
    desk = make_desk(DRAFT, quotes=False)
    await desk.talks.memories.add(ANN, "I like tea.")
    await desk.ask("How many moons has Mars?", stranger)
    assert "I like tea." not in str(desk.model.requests[-1])


async def test_the_same_is_remembered_once(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    await desk.ask(REQUEST)
    await desk.talks.memories.add(ANN, " i work  in munich. ")
    assert await texts(desk) == ["I work in Munich."]


async def test_what_says_nothing_or_too_much_is_refused(make_desk: Any) -> None:
    memories = make_desk(DRAFT).talks.memories
    with pytest.raises(EmptyMemory):
        await memories.add(ANN, " \n")
    with pytest.raises(MemoryTooLong):
        await memories.add(ANN, "x" * 1001)


async def test_a_full_memory_refuses_and_still_answers(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    for number in range(MOST):
        await desk.talks.memories.add(ANN, f"Number {number}.")
    with pytest.raises(MemoryFull):
        await desk.talks.memories.add(ANN, "One more.")
    assert (await desk.ask(REQUEST)).text
    assert len((await desk.talks.memories.page(ANN, limit=MOST + 1)).items) == MOST


async def test_the_newest_memories_fill_the_room(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    for number in range(10):
        await desk.talks.memories.add(ANN, f"{number} " + "x" * 400)
    used = await desk.talks.memories.used(ANN)
    assert [text[0] for text in used] == ["6", "7", "8", "9"][-len(used) :]
    assert 1 <= len(used) < 10
