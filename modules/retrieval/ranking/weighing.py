"""Whether an embedder can be trusted with a question."""

from typing import Protocol, runtime_checkable

from footnote.platform.inference import Embedder
from footnote.platform.language import language_of

ENOUGH = 1000  # characters to tell a language by: the event loop waits for it, several times a search


@runtime_checkable
class OfLanguages(Protocol):
    """An embedder that was made for some languages only."""

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1."""
        ...


def is_known_language(question: str, embedder: Embedder) -> bool:
    """Whether the embedder was made for the language of `question`; yes where either cannot be told."""
    if not isinstance(embedder, OfLanguages):
        return True
    language = language_of(question[:ENOUGH])
    return language is None or language in embedder.languages
