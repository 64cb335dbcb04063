"""Errors of prompts."""

from collections.abc import Sequence

from footnote.platform.errors import Forbidden, Invalid, NotFound


class UnknownPrompt(Invalid):
    """Of a question that asks for it."""

    type = "/problems/unknown-prompt"
    title = "Unknown prompt"

    def __init__(self, wanted: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no prompt {wanted!r}; there are: {', '.join(known)}.", prompt=wanted, known=known)


class PromptNotFound(NotFound):
    type = "/problems/prompt-not-found"
    title = "Prompt not found"

    def __init__(self, name: str, version: int | None = None) -> None:
        which = f"version {version} of a prompt" if version else "prompt"
        super().__init__(f"There is no {which} named {name!r}.", name=name, version=version)


class InvalidPrompt(Invalid):
    """`errors` has the field and the message of everything that is wrong."""

    type = "/problems/invalid-prompt"
    title = "Invalid prompt"

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        listed = [{"field": field, "message": message} for field, message in errors]
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors), errors=listed)


class PromptsAreForAdmins(Forbidden):
    type = "/problems/prompts-are-for-admins"
    title = "Only an admin changes prompts"

    def __init__(self) -> None:
        super().__init__("Prompts hold for everybody of the tenant, so only an admin adds a version.")
