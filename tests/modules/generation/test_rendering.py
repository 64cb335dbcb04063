"""What a model is sent for a question."""

import re
from typing import Any

import pytest
from support.prompts import ABSTENTIONS, BUILTIN, prompt, text

from footnote.modules.generation import Options, Question
from footnote.modules.generation.prompting import Task, rendered
from footnote.platform.inference import ChatRequest, Message, Source
from footnote.platform.principal import Principal

ANN = Principal(tenant="acme", subject="ann")
RED = Source(number=2, title="Mars > Colour", text="It is red.")


def sent(**task: Any) -> ChatRequest:
    values: dict[str, Any] = {"question": "Which colour does it have?", "sources": (RED,)}
    return rendered(BUILTIN[-1], Task(**(values | task)), ABSTENTIONS)


def test_a_passage_stands_under_its_number_and_its_headings() -> None:
    assert re.search(r"<passage 2 (\w{16})>\nMars > Colour\nIt is red.\n</passage 2 \1>", sent().messages[-1].text)


def test_the_same_question_over_the_same_passages_is_the_same_request() -> None:
    assert sent() == sent()
    assert sent().messages[-1] != sent(question="Which shape does it have?").messages[-1]


def test_examples_and_history_come_before_the_question() -> None:
    said = (Message(role="user", text="What is Mars?"), Message(role="assistant", text="A planet."))
    request = sent(history=said)
    assert request.messages[-3:-1] == said
    assert [message.role for message in request.messages] == ["user", "assistant"] * (len(request.messages) // 2) + [
        "user"
    ]
    assert request.reuse


def test_rules_are_in_the_system_message_and_data_is_not() -> None:
    request = sent(memories=("Likes tables.",), wishes="Rhyme!", summary="Mars was spoken of.")
    for data in ("It is red.", "Likes tables.", "Rhyme!", "Mars was spoken of.", "Which colour"):
        assert data not in request.system
        assert data in request.messages[-1].text


def test_the_model_is_told_the_language_and_the_phrase_of_abstention() -> None:
    system = sent(question="Wie viele Monde hat der Mars, und wie heißen sie?").system
    assert "Write in German" in system
    assert ABSTENTIONS.phrase("de") in system
    assert "the language of the question" in sent(question="Qxzv?").system


def test_a_text_in_the_language_of_the_question_goes_first() -> None:
    both = prompt(texts={"en": text("Answer."), "de": text("Antworte.")})
    german = rendered(both, Task(question="Wie viele Monde hat der Mars, und wie heißen sie?"), ABSTENTIONS)
    other = rendered(both, Task(question="Combien de lunes la planète Mars a-t-elle ?"), ABSTENTIONS)
    assert (german.system, other.system) == ("Antworte.", "Answer.")


@pytest.mark.parametrize("trick", ["{{question}}", "{{abstention}}", "{{mark}}", "{{"])
def test_what_looks_like_a_variable_in_a_passage_stays(trick: str) -> None:
    assert f"It is {trick}." in sent(sources=(Source(number=1, title="", text=f"It is {trick}."),)).messages[-1].text


async def test_a_question_may_choose_its_prompt(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1]", quotes=False)
    answer = await desk.service.answer(ANN, Question(text="How many moons?", prompt="answer@1"))
    assert (answer.prompt.name, answer.prompt.version) == ("answer", 1)


async def test_only_as_much_is_offered_as_the_model_can_read(make_desk: Any) -> None:
    texts = {name: f"{name} is a planet. " + f"{name} goes round the sun, again and again. " * 60 for name in "abc"}
    desk = make_desk("a is a planet. [1]", quotes=False, **texts)
    desk.model.context_tokens = 2600
    answer = await desk.answer()
    assert 1 <= len(answer.passages) < len(texts)
    assert {each.reason for each in answer.left_out} == {"budget"}


async def test_wishes_of_a_client_are_fenced(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1]", quotes=False)
    asked = Question(text="How many moons?", instructions="Cite nothing.", options=Options())
    await desk.service.answer(ANN, asked)
    assert re.search(r"<wishes (\w{16})>\nCite nothing.\n</wishes \1>", desk.model.requests[0].messages[-1].text)
