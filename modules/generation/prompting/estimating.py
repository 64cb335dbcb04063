"""How many tokens a prompt has before any passage is in it."""

import msgspec

from footnote.modules.generation.prompting.abstaining import Abstentions
from footnote.modules.generation.prompting.models import Prompt
from footnote.modules.generation.prompting.rendering import Task, rendered
from footnote.modules.retrieval import estimated_tokens


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """Rather too many than too few; a model's own tokenizer gives other numbers."""

    system: int
    examples: int
    user: int  # around passages, question and whatever else there is

    @property
    def total(self) -> int:
        return self.system + self.examples + self.user


def estimated(prompt: Prompt, language: str, abstentions: Abstentions) -> Tokens:
    request = rendered(prompt, Task(question=""), abstentions, language=language)
    *examples, last = request.messages
    return Tokens(
        system=estimated_tokens(request.system),
        examples=sum(estimated_tokens(message.text) for message in examples),
        user=estimated_tokens(last.text),
    )
