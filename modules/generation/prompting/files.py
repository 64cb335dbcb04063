"""The prompts that come with the program: a file a version."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from footnote.modules.generation.prompting.models import Prompt


def read_prompts(folder: Path) -> tuple[Prompt, ...]:
    """All of `folder`, by name and version.

    Raises:
        ValueError: A file is not a prompt, or is not named after it.
    """
    prompts = [_read(path) for path in folder.glob("*.toml")]
    return tuple(sorted(prompts, key=lambda prompt: (prompt.name, prompt.version)))


def read_abstentions(path: Path) -> Mapping[str, str]:
    """The phrase of each language."""
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), dict[str, str])


def _read(path: Path) -> Prompt:
    try:
        prompt = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Prompt)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"{path.name} is not a prompt: {error}") from error
    if path.stem != f"{prompt.name}.{prompt.version}":
        raise ValueError(f"{path.name} holds version {prompt.version} of `{prompt.name}`")
    return prompt
