"""Which prompt a question is answered with."""

from collections.abc import Sequence
from typing import Protocol

from footnote.modules.generation.prompting.errors import UnknownPrompt
from footnote.modules.generation.prompting.models import Prompt
from footnote.platform.principal import Principal

DEFAULT = "answer"


class Prompts(Protocol):
    async def chosen(self, principal: Principal, wanted: str | None) -> Prompt:
        """`wanted` is a name, for its newest version, or `name@version`; None is for the default.

        Raises:
            UnknownPrompt: The tenant has no such prompt, or no such version of it.
        """
        ...


class FixedPrompts:
    """Those that come with the program."""

    def __init__(self, prompts: Sequence[Prompt]) -> None:
        self._prompts = prompts

    async def chosen(self, _principal: Principal, wanted: str | None) -> Prompt:
        return picked(self._prompts, wanted)


def picked(prompts: Sequence[Prompt], wanted: str | None) -> Prompt:
    """
    Raises:
        UnknownPrompt: It is not among `prompts`.
    """
    name, _, version = (wanted or DEFAULT).partition("@")
    versions = [prompt for prompt in prompts if prompt.name == name and version in ("", str(prompt.version))]
    if not versions:
        raise UnknownPrompt(wanted or DEFAULT, sorted({prompt.name for prompt in prompts}))
    return max(versions, key=lambda prompt: prompt.version)
