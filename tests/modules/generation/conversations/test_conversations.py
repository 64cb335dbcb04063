"""Questions in conversations, from the first to the deletion."""

import asyncio
from typing import Any

import pytest

from footnote.modules.generation import Options
from footnote.modules.generation.conversations.errors import ConversationNotFound, TurnNotFound
from footnote.modules.generation.errors import AnswerNotFound
from footnote.modules.generation.models import Said
from footnote.platform.events import DocumentDeleted
from footnote.platform.principal import Principal

ANN = Principal(tenant="acme", subject="ann")
BOB = Principal(tenant="acme", subject="bob")
DRAFT = "Mars has two moons. [1]"


async def said(desk: Any, conversation_id: str, **where: Any) -> list[str]:
    view = await desk.talks.browsing.view(ANN, conversation_id, **where)
    return [turn.answer.question for turn in view.branch]


async def test_a_conversation_begins_with_a_question_and_is_named_after_it(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    answer = await desk.ask("hello, how many moons has Mars? I wonder.", conversation_id="new")
    (found,) = (await desk.talks.browsing.page(ANN)).items
    assert (found.id, found.title, found.turns) == (answer.conversation_id, "How many moons has Mars?", 1)


async def test_a_question_without_a_conversation_stays_outside(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    assert (await desk.ask("How many moons has Mars?")).conversation_id is None
    assert (await desk.talks.browsing.page(ANN)).items == ()


async def test_what_was_said_before_comes_with_the_next_question(make_desk: Any) -> None:
    desk = make_desk(DRAFT, quotes=False)
    first = await desk.ask("How many moons has Mars?", conversation_id="new")
    await desk.ask("How long is a day on Venus?", conversation_id=first.conversation_id)
    told = [(message.role, message.text) for message in desk.model.requests[1].messages]
    assert told[-3:-1] == [("user", "How many moons has Mars?"), ("assistant", "Mars has two moons.")]


async def test_a_follow_up_is_searched_as_it_would_be_asked_alone(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    first = await desk.ask("How many moons has Mars?", conversation_id="new")
    second = await desk.ask("What about Venus?", conversation_id=first.conversation_id)
    assert (first.standalone_question, second.standalone_question) == (None, "How many moons has Venus?")
    assert (second.question, desk.library.queries[-1].text) == ("What about Venus?", "How many moons has Venus?")


async def test_a_follow_up_leans_on_the_last_question_and_not_on_a_request_to_remember(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    talk = (await desk.ask("How many moons has Mars?", conversation_id="new")).conversation_id
    await desk.ask("Remember that I like Saturn.", conversation_id=talk)
    answer = await desk.ask("What about Venus?", conversation_id=talk)
    assert answer.standalone_question == "How many moons has Venus?"


async def test_the_status_says_how_a_follow_up_was_understood(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    first = await desk.ask("How many moons has Mars?", conversation_id="new")
    question = desk.question("And Venus?", conversation_id=first.conversation_id)
    steps = [event async for event in desk.service.stream(ANN, question)]
    assert "How many moons has Venus?" in [getattr(event, "question", None) for event in steps]


async def test_editing_a_question_makes_another_branch(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    first = await desk.ask("First?", conversation_id="new")
    talk = first.conversation_id
    second = await desk.ask("Second?", conversation_id=talk)
    edited = await desk.ask("Edited?", conversation_id=talk, parent_id=first.id)
    view = await desk.talks.browsing.view(ANN, talk)
    assert [turn.answer.question for turn in view.branch] == ["First?", "Edited?"]
    assert view.branch[1].alternatives == (second.id, edited.id)
    assert await said(desk, talk, turn_id=second.id) == ["First?", "Second?"]


async def test_the_first_question_can_be_edited_too(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    first = await desk.ask("First?", conversation_id="new")
    talk = first.conversation_id
    await desk.ask("Instead?", conversation_id=talk, parent_id="root")
    assert await said(desk, talk) == ["Instead?"]
    await desk.talks.browsing.go_on_after(ANN, talk, first.id)
    await desk.ask("And then?", conversation_id=talk)
    assert await said(desk, talk) == ["First?", "And then?"]


async def test_history_is_that_of_the_branch_alone(make_desk: Any) -> None:
    desk = make_desk(DRAFT, quotes=False)
    first = await desk.ask("First?", conversation_id="new")
    await desk.ask("Left behind?", conversation_id=first.conversation_id)
    await desk.ask("Edited?", conversation_id=first.conversation_id, parent_id=first.id)
    assert "Left behind?" not in str(desk.model.requests[-1].messages)


async def test_long_branches_are_read_from_their_end(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    talk = "new"
    for number in range(5):
        talk = (await desk.ask(f"Number {number}?", conversation_id=talk)).conversation_id
    last = await desk.talks.browsing.view(ANN, talk, limit=2)
    assert await said(desk, talk, limit=2) == ["Number 3?", "Number 4?"]
    assert await said(desk, talk, limit=2, before=last.before) == ["Number 1?", "Number 2?"]
    assert (await desk.talks.browsing.view(ANN, talk, limit=5)).before is None


@pytest.mark.parametrize("stranger", [BOB, Principal(tenant="other", subject="ann")])
async def test_nobody_else_reads_or_asks_in_it(make_desk: Any, stranger: Principal) -> None:
    desk = make_desk(DRAFT)
    talk = (await desk.ask("First?", conversation_id="new")).conversation_id
    for attempt in (
        desk.ask("Mine?", stranger, conversation_id=talk),
        desk.talks.browsing.view(stranger, talk),
        desk.talks.browsing.rename(stranger, talk, "Mine"),
        desk.talks.browsing.delete(stranger, talk),
    ):
        with pytest.raises(ConversationNotFound):
            await attempt
    assert desk.model.requests == desk.model.requests[:1]


async def test_a_turn_of_another_conversation_is_none_of_this_one(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    first = await desk.ask("First?", conversation_id="new")
    other = await desk.ask("Other?", conversation_id="new")
    with pytest.raises(TurnNotFound):
        await desk.ask("Mixed?", conversation_id=first.conversation_id, parent_id=other.id)


async def test_two_who_ask_at_once_are_both_kept(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    first = await desk.ask("First?", conversation_id="new")
    talk = first.conversation_id
    left, right = await asyncio.gather(*(desk.ask(text, conversation_id=talk) for text in ("Left?", "Right?")))
    view = await desk.talks.browsing.view(ANN, talk)
    assert (view.turns, set(view.branch[-1].alternatives)) == (3, {left.id, right.id})


async def test_deleting_leaves_nothing_of_it_in_the_store(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1]")
    talk = (await desk.ask("What is a pumpernickel?", conversation_id="new")).conversation_id
    kept = await desk.ask("What is a zwieback?")
    answer = await desk.ask("Is pumpernickel black?", conversation_id=talk)
    report = await desk.talks.browsing.delete(ANN, talk)
    assert (report.turns, report.answers) == (2, 2)
    with pytest.raises(AnswerNotFound):
        await desk.service.read(ANN, answer.id)
    assert (await desk.service.read(ANN, kept.id)).question == "What is a zwieback?"


async def test_a_deleted_conversation_stands_nowhere_in_the_file(make_desk: Any) -> None:
    desk = make_desk("Pumpernickel is black. [1]", bread="Pumpernickel is black. " + "It is baked slowly. " * 200)
    talk = "new"
    for number in range(20):
        talk = (await desk.ask(f"Is zwieback {number} like pumpernickel?", conversation_id=talk)).conversation_id
    await desk.talks.browsing.rename(ANN, talk, "Zwieback")
    await desk.talks.browsing.delete(ANN, talk)
    async with desk.database.transaction():
        pass
    await desk.database.read(lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone())
    content = (await asyncio.to_thread(desk.database.path.read_bytes)).lower()
    assert (b"zwieback" in content, b"pumpernickel" in content) == (False, False)


async def test_an_answer_to_a_deleted_conversation_is_not_kept(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    talk = (await desk.ask("First?", conversation_id="new")).conversation_id
    turn = await desk.talks.conversations.opened(ANN, desk.question("Second?", conversation_id=talk))
    answer = await desk.ask("Second?")
    await desk.talks.browsing.delete(ANN, talk)
    with pytest.raises(ConversationNotFound):
        async with desk.database.transaction() as tx:
            await desk.talks.conversations.kept(tx, ANN, turn, answer)
    assert (await desk.talks.browsing.page(ANN)).items == ()


async def test_what_may_not_be_read_any_more_is_in_no_history(make_desk: Any) -> None:
    desk = make_desk(DRAFT, quotes=False)
    talk = (await desk.ask("How many moons has Mars?", conversation_id="new")).conversation_id
    desk.library.hidden.add("mars")
    await desk.ask("How long is a day on Venus?", conversation_id=talk)
    view = await desk.talks.browsing.view(ANN, talk)
    assert "two moons" not in str(desk.model.requests[-1].messages[:-1])
    assert view.branch[0].answer.text == ""


async def test_deleting_a_document_redacts_what_was_borrowed_from_it(make_desk: Any) -> None:
    desk = make_desk("Phobos is the larger of the two. [1]")
    talk = (await desk.ask("Which moon of Mars is larger?", conversation_id="new")).conversation_id
    asked = await desk.ask("Who found it?", conversation_id=talk)
    assert "Phobos" in (asked.standalone_question or "")
    async with desk.database.transaction() as tx:
        await desk.service.redact(tx, DocumentDeleted(tenant="acme", document_id="mars"))
    assert "Phobos" not in await desk.stored()


async def test_history_that_a_client_keeps_is_used_and_not_stored(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    history = (Said(role="user", text="How many moons has Mars?"), Said(role="assistant", text="Two."))
    answer = await desk.ask("What about Venus?", history=history)
    assert answer.standalone_question == "How many moons has Venus?"
    assert (await desk.talks.browsing.page(ANN)).items == ()


async def test_options_decide_whether_memories_are_used(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    await desk.talks.memories.add(ANN, "I work in Munich.")
    for uses, expected in ((True, ("I work in Munich.",)), (False, ())):
        question = desk.question("Where is my office?", options=Options(memories=uses))
        assert (await desk.talks.conversations.opened(ANN, question)).memories == expected
