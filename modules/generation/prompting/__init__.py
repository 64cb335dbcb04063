"""Prompts: what a model that writes is told, and with what."""

from footnote.modules.generation.prompting.abstaining import Abstentions
from footnote.modules.generation.prompting.models import Example, NewPrompt, Prompt, PromptText
from footnote.modules.generation.prompting.rendering import Task, rendered
from footnote.modules.generation.prompting.shelf import FixedPrompts, Prompts

__all__ = [
    "Abstentions",
    "Example",
    "FixedPrompts",
    "NewPrompt",
    "Prompt",
    "PromptText",
    "Prompts",
    "Task",
    "rendered",
]
