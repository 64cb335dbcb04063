"""History in its budget, with a summary of what came before it."""

from typing import Any

from support.talking import ScriptedWriter

from footnote.modules.generation.conversations.reading import Exchange
from footnote.modules.generation.conversations.recalling import fitting_in
from footnote.modules.generation.conversations.summarising import folded
from footnote.modules.generation.conversations.titling import LONGEST, title_of
from footnote.platform.events import DocumentDeleted
from footnote.platform.principal import Principal

ANN = Principal(tenant="acme", subject="ann")
DRAFT = "Mars has two moons. [1]"
LONG = "How many moons has Mars, and what is known about them? " + "Tell me everything. " * 40
MARS_IS_GONE = DocumentDeleted(tenant="acme", document_id="mars")


async def long_talk(desk: Any, turns: int = 16) -> str:
    talk = "new"
    for number in range(turns):
        talk = (await desk.ask(f"Number {number}? {LONG}", conversation_id=talk)).conversation_id
    return talk


async def summaries(desk: Any, talk: str) -> Any:
    return await desk.talks.conversations._repository.summaries(ANN, talk)


async def opened(desk: Any, talk: str) -> Any:
    return await desk.talks.conversations.opened(
        ANN, desk.question("How long is a day on Venus?", conversation_id=talk)
    )


def exchange(number: int, size: int = 10) -> Exchange:
    return Exchange(turn_id=str(number), question=f"Q{number}", standalone=f"Q{number}", answer="a" * size)


def test_the_last_turns_fill_the_budget() -> None:
    found = fitting_in([exchange(number, 100) for number in range(10)], 60)
    assert [each.turn_id for each in found] == ["8", "9"]


def test_a_last_turn_too_long_for_the_budget_is_cut() -> None:
    (found,) = fitting_in([Exchange(turn_id="1", question="Why?", standalone="Why?", answer="word " * 1000)], 40)
    assert found.answer.endswith("word …")
    assert len(found.answer) < 100


def test_a_summary_by_rules_lists_what_was_asked_and_first_said() -> None:
    said = Exchange(turn_id="1", question="And?", standalone="How many?", answer="Two. They are small.")
    assert folded("- Before", [said], 100) == "- Before\n- How many? – Two."
    assert folded("- Before " * 50, [said], 20) == "- How many? – Two."


async def test_turns_beyond_the_budget_are_summarised(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    talk = await long_talk(desk)
    turn = await opened(desk, talk)
    (*_, last) = await summaries(desk, talk)
    assert "Number 15?" in turn.history[-2].text
    assert "Number 0?" in turn.summary
    assert "Number 0?" not in str(turn.history)
    assert (last.written_by, last.document_ids) == ("rules", ("mars",))


async def test_a_text_model_writes_titles_and_summaries(make_desk: Any) -> None:
    writer = ScriptedWriter(title='"Moons of Mars."', Summarise="Mars has moons. They were asked for.", Rewrite="Same?")
    desk = make_desk(DRAFT, writer=writer)
    talk = await long_talk(desk)
    assert (await desk.talks.browsing.view(ANN, talk)).title == "Moons of Mars"
    assert (await summaries(desk, talk))[-1].text == "Mars has moons.\nThey were asked for."


async def test_a_title_by_a_person_is_kept(make_desk: Any) -> None:
    desk = make_desk(DRAFT, writer=ScriptedWriter(title="By the model"))
    talk = await desk.talks.browsing.begin(ANN, "Mine")
    await desk.ask("How many?", conversation_id=talk.id)
    assert (await desk.talks.browsing.view(ANN, talk.id)).title == "Mine"


async def test_a_summary_goes_with_a_document_that_it_is_of(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    talk = await long_talk(desk)
    assert "two moons" in (await opened(desk, talk)).summary
    async with desk.database.transaction() as tx:
        await desk.service.redact(tx, MARS_IS_GONE)
        assert (await desk.talks.conversations.redact(tx, MARS_IS_GONE))["summaries_dropped"] >= 1
    desk.library.hidden.add("mars")
    turn = await opened(desk, talk)
    assert "two moons" not in turn.summary + str(turn.history)


async def test_a_summary_of_what_may_not_be_read_any_more_is_dropped(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    talk = await long_talk(desk)
    desk.library.hidden.add("mars")
    turn = await opened(desk, talk)
    assert "two moons" not in turn.summary + str(turn.history)
    assert "Number 0?" in turn.summary
    assert await summaries(desk, talk) == []


def test_a_title_is_short_and_leaves_out_the_greeting() -> None:
    assert title_of("Hello, can you tell me what the notice period is? Thanks.") == "What the notice period is?"
    assert len(title_of("why " * 100)) <= LONGEST
    assert title_of("Hi") == "Hi"
