"""Makes of a prompt and a task what is sent to a model."""

from collections.abc import Sequence

import msgspec

from footnote.modules.generation.prompting.abstaining import Abstentions
from footnote.modules.generation.prompting.fencing import background, fenced, mark_of
from footnote.modules.generation.prompting.languages import language_name
from footnote.modules.generation.prompting.models import Example, Prompt, PromptText
from footnote.modules.generation.prompting.templates import filled
from footnote.platform.inference import ChatRequest, Message, Source
from footnote.platform.language import language_of

WORDS = 2  # tokens written for each word of an answer, at most, in Latin script
LEAST_WRITTEN = 512  # tokens


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One question, and all that a model may read for it."""

    question: str
    sources: tuple[Source, ...] = ()  # in the order of the prompt
    history: tuple[Message, ...] = ()  # oldest first
    summary: str = ""  # of what came before the history
    memories: tuple[str, ...] = ()
    wishes: str = ""  # of the asker's program, on tone and form
    max_sentences: int = 3
    max_words: int = 80


def rendered(prompt: Prompt, task: Task, abstentions: Abstentions, *, language: str | None = None) -> ChatRequest:
    """Without what is not of the prompt: whether thoughts are asked for, and the task for a model that quotes.

    `language` is that of the question, which otherwise is guessed.
    """
    language = language or language_of(task.question)
    text = prompt.text(language)
    rules = {
        "language": language_name(language),
        "abstention": abstentions.phrase(language),
        "max_sentences": str(task.max_sentences),
        "max_words": str(task.max_words),
    }
    shown = [message for example in text.examples for message in _example(text, example, rules)]
    return ChatRequest(
        system=filled(text.system, rules),
        messages=(*shown, *task.history, Message(role="user", text=_user(text, task, rules))),
        max_tokens=max(LEAST_WRITTEN, WORDS * task.max_words),
        reuse=bool(task.history),
    )


def _user(text: PromptText, task: Task, rules: dict[str, str]) -> str:
    mark = mark_of(
        task.question, (*(source.text for source in task.sources), *task.memories, task.summary, task.wishes)
    )
    data = {
        "question": task.question.strip(),
        "passages": fenced(task.sources, mark),
        "background": background(task.memories, task.summary, task.wishes, mark),
        "mark": mark,
    }
    return filled(text.user, rules | data)


def _example(text: PromptText, example: Example, rules: dict[str, str]) -> Sequence[Message]:
    sources = tuple(_source(number, passage) for number, passage in enumerate(example.passages, start=1))
    asked = _user(text, Task(question=example.question, sources=sources), rules)
    return Message(role="user", text=asked), Message(role="assistant", text=filled(example.answer, rules))


def _source(number: int, passage: str) -> Source:
    title, _, text = passage.partition("\n")
    return Source(number=number, title=title, text=text)
