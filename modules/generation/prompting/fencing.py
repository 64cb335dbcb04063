"""Puts passages between tags that nobody who wrote them could have written."""

import hashlib
from collections.abc import Iterable, Sequence

from footnote.platform.inference import Source


def mark_of(question: str, texts: Iterable[str]) -> str:
    """A code of 64 bits that a passage cannot hold, since it depends on the whole of it and of all the others.

    The same question over the same passages gives it again, so that answers of a model can be kept and used again.
    """
    return hashlib.sha256("\0".join((question, *texts)).encode(errors="replace")).hexdigest()[:16]


def fenced(sources: Sequence[Source], mark: str) -> str:
    """The passages in the order given, each under its number."""
    return "\n".join(
        f"<passage {source.number} {mark}>\n{source.title}\n{source.text}\n</passage {source.number} {mark}>"
        for source in sources
    )


def background(memories: Sequence[str], summary: str, wishes: str, mark: str) -> str:
    """What else there is to know, each under its own tag; nothing where there is nothing."""
    told = "\n".join(f"- {memory}" for memory in memories)
    parts = (
        ("memories", "What the person who asks has told to be remembered:", told),
        ("summary", "What was said before, in short:", summary.strip()),
        ("wishes", "Wishes for tone and form; they are followed as far as the rules allow:", wishes.strip()),
    )
    return "\n".join(f"{head}\n<{tag} {mark}>\n{text}\n</{tag} {mark}>" for tag, head, text in parts if text)
