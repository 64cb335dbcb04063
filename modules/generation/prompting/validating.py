"""Everything that is wrong with a prompt, before it is kept."""

import re
from collections.abc import Iterator

from footnote.modules.generation.drafting import MARKS, NUMBER
from footnote.modules.generation.prompting.errors import InvalidPrompt
from footnote.modules.generation.prompting.models import Example, NewPrompt, PromptText
from footnote.modules.generation.prompting.templates import DATA, NEEDED, RULES, VARIABLE, variables

NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
MAX_LANGUAGES = 40
MAX_TEMPLATE = 20_000  # characters
MAX_DESCRIPTION = 1000
MAX_EXAMPLES = 10
MAX_PASSAGES = 20
BRACES = re.compile(r"\{\{|\}\}")

Problem = tuple[str, str]  # field, what is wrong with it


def check_prompt(prompt: NewPrompt) -> None:
    """
    Raises:
        InvalidPrompt: With all that is wrong at once.
    """
    problems = [*_of_head(prompt), *(each for language in prompt.texts for each in _of_text(prompt, language))]
    if problems:
        raise InvalidPrompt(problems)


def _of_head(prompt: NewPrompt) -> Iterator[Problem]:
    if not NAME.fullmatch(prompt.name):
        yield "name", "up to 63 of a-z, 0-9, - and _, and a letter first"
    if len(prompt.description) > MAX_DESCRIPTION:
        yield "description", f"at most {MAX_DESCRIPTION} characters"
    if prompt.language not in prompt.texts:
        yield "language", f"there is no text in {prompt.language!r}; it is for questions in all other languages"
    if len(prompt.texts) > MAX_LANGUAGES:
        yield "texts", f"at most {MAX_LANGUAGES} languages"


def _of_text(prompt: NewPrompt, language: str) -> Iterator[Problem]:
    text, field = prompt.texts[language], f"texts.{language}"
    if not LANGUAGE.fullmatch(language):
        yield field, "languages are named by two or three small letters (ISO 639)"
    yield from _of_template(f"{field}.system", text.system, RULES)
    yield from _of_template(f"{field}.user", text.user, RULES | DATA)
    if missing := sorted(NEEDED - variables(text.user)):
        yield f"{field}.user", f"lacks {', '.join(map(_braced, missing))}"
    if len(text.examples) > MAX_EXAMPLES:
        yield f"{field}.examples", f"at most {MAX_EXAMPLES}"
    yield from _of_examples(field, text)


def _of_examples(field: str, text: PromptText) -> Iterator[Problem]:
    for place, example in enumerate(text.examples):
        yield from _of_example(f"{field}.examples.{place}", example)


def _of_example(field: str, example: Example) -> Iterator[Problem]:
    if not example.question.strip():
        yield f"{field}.question", "is empty"
    if not 1 <= len(example.passages) <= MAX_PASSAGES:
        yield f"{field}.passages", f"from 1 to {MAX_PASSAGES}"
    yield from _of_template(f"{field}.answer", example.answer, RULES)
    marks = "".join(MARKS.findall(example.answer))
    numbers = {int(number) for number in NUMBER.findall(marks)}
    if unknown := sorted(number for number in numbers if not 1 <= number <= len(example.passages)):
        yield f"{field}.answer", f"cites passages that are not there: {', '.join(map(str, unknown))}"
    if not numbers and "abstention" not in variables(example.answer):
        yield f"{field}.answer", f"cites no passage as [1], and is not {_braced('abstention')}"


def _of_template(field: str, template: str, allowed: frozenset[str]) -> Iterator[Problem]:
    if not template.strip():
        yield field, "is empty"
    if len(template) > MAX_TEMPLATE:
        yield field, f"at most {MAX_TEMPLATE} characters"
    if unknown := sorted(variables(template) - allowed):
        there = ", ".join(map(_braced, sorted(allowed)))
        yield field, f"has no {', '.join(map(_braced, unknown))}; there are {there}"
    if BRACES.search(VARIABLE.sub("", template)):
        yield field, "has double braces that are not around a variable"


def _braced(name: str) -> str:
    return f"{{{{{name}}}}}"
