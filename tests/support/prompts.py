"""Prompts as they are made and as they come with the program."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from footnote.modules.generation.prompting import Abstentions, Example, NewPrompt, Prompt, PromptText
from footnote.modules.generation.prompting.files import read_abstentions, read_prompts

CONFIG = Path(__file__).parents[2] / "config"
BUILTIN = read_prompts(CONFIG / "prompts")
ABSTENTIONS = Abstentions(read_abstentions(CONFIG / "abstentions.toml"))

USER = "{{mark}} {{passages}} {{background}} {{question}}"


def text(system: str = "Answer in {{language}}.", user: str = USER, *examples: Example) -> PromptText:
    return PromptText(system=system, user=user, examples=examples)


def new_prompt(name: str = "short", **changes: Any) -> NewPrompt:
    values: dict[str, Any] = {"name": name, "texts": {"en": text()}, "description": "Short answers"}
    return NewPrompt(**(values | changes))


def prompt(name: str = "short", version: int = 1, **changes: Any) -> Prompt:
    created = datetime(2026, 1, 1, tzinfo=UTC)
    values: dict[str, Any] = {"name": name, "texts": {"en": text()}, "created_at": created, "created_by": "ann"}
    return Prompt(version=version, **(values | changes))
