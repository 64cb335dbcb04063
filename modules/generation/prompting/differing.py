"""What two versions of a prompt differ in."""

import difflib
from collections.abc import Mapping

import msgspec

from footnote.modules.generation.prompting.models import Prompt


class Change(msgspec.Struct, frozen=True, kw_only=True):
    field: str  # such as `texts.en.system`
    diff: str  # unified, by lines


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    old: int
    new: int
    changes: tuple[Change, ...]


def difference(old: Prompt, new: Prompt) -> Difference:
    before, after = _fields(old), _fields(new)
    changed = [field for field in dict.fromkeys((*before, *after)) if before.get(field) != after.get(field)]
    changes = tuple(
        Change(field=field, diff=_diff(before.get(field, ""), after.get(field, ""), old, new)) for field in changed
    )
    return Difference(name=new.name, old=old.version, new=new.version, changes=changes)


def _diff(before: str, after: str, old: Prompt, new: Prompt) -> str:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"{old.name}@{old.version}", f"{new.name}@{new.version}", lineterm=""
    )
    return "\n".join(lines)


def _fields(prompt: Prompt) -> Mapping[str, str]:
    fields = {"description": prompt.description, "language": prompt.language}
    for language, text in sorted(prompt.texts.items()):
        fields[f"texts.{language}.system"] = text.system
        fields[f"texts.{language}.user"] = text.user
        for place, example in enumerate(text.examples):
            parts = (f"question: {example.question}", *example.passages, f"answer: {example.answer}")
            fields[f"texts.{language}.examples.{place}"] = "\n".join(parts)
    return fields
